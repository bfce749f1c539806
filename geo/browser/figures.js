// Figures of a day as a table, the words around them, and the address: a Streamlit component (v2).
//
// Receives  data  {part: "heading", level, title, lead, notices: [text], keys: [[colour, name]]}, or
//                 {part: "table", query: {date, region, of}, breaks: [text], notes: [text], caption, heads: [text],
//                  groups: [{name, rows: [{name, colour, cells: [[value, range], ...], total}]}]}
// Needs     source.js before it
// Owns      the parameters of the address; they are written in place: Back leaves the page
//
// Every text from data is set as textContent; a colour is set only if it is one.
function headed(tag, text, scope) {
  const made = element(tag, "", text);
  made.scope = scope;
  return made;
}

function keyed(made, colour, name) {
  if (/^#[0-9a-f]{6}$/.test(colour)) {
    const key = element("i");
    key.style.background = colour;
    made.append(key);
  }
  made.append(name);
  return made;
}

function headingOf({ level, title, lead, notices, keys }) {
  return [
    element(level, "", title),
    element("p", "lead", lead),
    ...notices.map((notice) => element("p", "notice", notice)),
    filled("ul", "keys", keys.map(([colour, name]) => keyed(element("li"), colour, name))),
  ];
}

function rowOf({ name, colour, cells, total }) {
  const head = keyed(headed("th", "", "row"), colour, name);
  const values = cells.map(([value, range]) => filled("td", "", [element("span", "", value), range && element("small", "", range)]));
  return filled("tr", total ? "total" : "", [head, ...values]);
}

function bodyOf({ name, rows }, width) {
  const head = headed("th", name, "colgroup");
  head.colSpan = width;
  return filled("tbody", "", [filled("tr", "group", [head]), ...rows.map(rowOf)]);
}

function tableOf({ caption, heads, groups }) {
  return filled("table", "", [
    element("caption", "", caption),
    filled("thead", "", [filled("tr", "", heads.map((name) => (name ? headed("th", name, "col") : element("td"))))]),
    ...groups.map((group) => bodyOf(group, heads.length)),
  ]);
}

function writeAddress(wanted) {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(wanted)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}${window.location.hash}`);
}

export default function mount({ data, parentElement }) {
  const root = parentElement.querySelector(".figures");
  if (data.part === "heading") {
    root.replaceChildren(...headingOf(data));
    return;
  }
  writeAddress(data.query);
  const wide = filled("div", "wide", [tableOf(data)]);
  wide.tabIndex = 0; // on a narrow screen the arrow keys move it
  wide.setAttribute("role", "region");
  wide.setAttribute("aria-label", data.caption);
  root.replaceChildren(
    filled("ol", "", data.breaks.map((text) => element("li", "", text))),
    wide,
    ...data.notes.map((note) => element("p", "small", note)),
  );
}
