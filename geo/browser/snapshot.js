// What goes out, and what is said of it: a Streamlit component (v2) on the snapshot page.
//
// Receives  data  {part: "preview", image: data address of the PNG, alt, width: pixels at which it is mostly seen, about: [text],
//                  blocks, warns: [text], blocked, warned: headings}
//           or    {part: "heading", level: "h1" | "h2", title, lead, notices: [text]}
//           or    {part: "check", file, code, hint, check: labels}
//           or    {part: "verdict", standing: "unchanged" | "reworded" | "changed" | "refused", headline, groups: [[text], ...]}
// Tells     Python: setStateValue("check", {record, code, digest}) of a file or a code that is to be checked. The file itself
//           stays with the reader: only its record is read from it, and its SHA-256.
// Returns   nothing; every text from data is set as textContent
const RECORD = /mcm-record:[A-Za-z0-9_-]+\./;
const CODE = /MCM-[0-9A-F]{4}-[0-9A-F]{4}/;

// The comment of a GIF, which the format cuts into pieces that each begin with their length.
function comment(bytes, text) {
  if (!text.startsWith("GIF8")) return "";
  const start = text.indexOf("\x21\xfe");
  let said = "";
  for (let at = start + 2; start >= 0 && bytes[at]; at += bytes[at] + 1) said += text.slice(at + 1, at + 1 + bytes[at]);
  return said;
}

async function read(file) {
  const buffer = await file.arrayBuffer();
  const bytes = new Uint8Array(buffer);
  const text = new TextDecoder("latin1").decode(bytes);
  const record = (RECORD.exec(text) ?? RECORD.exec(comment(bytes, text)))?.[0] ?? "";
  const code = CODE.exec(text)?.[0] ?? "";
  // Browsers hash for pages that came by a safe way only.
  const hash = crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", buffer)) : [];
  return { record, code, digest: [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
}

function check(data, tell) {
  const file = element("input");
  file.type = "file";
  file.addEventListener("change", async () => { if (file.files[0]) tell(await read(file.files[0])); });
  const typed = element("input");
  typed.type = "text";
  typed.maxLength = 40;
  typed.placeholder = "MCM-7F3A-91C2";
  typed.autocomplete = "off";
  const button = element("button", "", data.check);
  button.type = "submit";
  const form = filled("form", "", [filled("label", "", [element("span", "", data.code), typed]), button]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (typed.value.trim()) tell({ record: "", code: typed.value.trim(), digest: "", typed: true });
  });
  return [filled("div", "check", [filled("label", "", [element("span", "", data.file), file, element("small", "", data.hint)]), form])];
}
function list(className, heading, texts) {
  if (!texts.length) return null;
  const made = filled("section", className, [element("h3", "", heading), filled("ul", "", texts.map((text) => element("li", "", text)))]);
  made.setAttribute("role", className === "blocks" ? "alert" : "status");
  return made;
}

function preview(data) {
  const image = element("img");
  image.src = data.image;
  image.alt = data.alt;
  return [
    list("blocks", data.blocked, data.blocks),
    filled("figure", "", [image, filled("figcaption", "", data.about.map((text) => element("p", "small", text)))]),
    list("warns", data.warned, data.warns),
  ];
}

function heading(data) {
  return [element(data.level, "", data.title), element("p", "lead", data.lead), ...data.notices.map((notice) => element("p", "notice", notice))];
}

function verdict(data) {
  const said = filled("section", `verdict ${data.standing}`, [
    element("h3", "", data.headline),
    ...data.groups.filter((group) => group.length).map((group) => filled("ul", "", group.map((text) => element("li", "", text)))),
  ]);
  said.setAttribute("role", "status");
  return [said];
}

export default function mount({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".snapshot");
  // What is being chosen is not thrown away by a rerun.
  if (data.part === "check" && root.childElementCount) return;
  const parts = { preview, heading, verdict, check }[data.part](data, (told) => setStateValue("check", told));
  root.replaceChildren(...parts.filter(Boolean));
}
