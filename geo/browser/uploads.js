// The page of uploaded layers: a Streamlit component (v2).
//
// Receives  data  {part: "heading", level, title, lead, notices: [text], link: [address, text] or null}, or
//                 {part: "report", id, verdict, standing, about: [text], text,
//                  columns: [[column, field], ...], fields: [[field, name], ...], given: [[key, text], ...],
//                  problems: [{severity, said, remedy, choices: [text], number, link}], refused: whether some can be left out,
//                  outline: [[[lon, lat], ...], ...], dots: [[lon, lat, number], ...]}, or
//                 {part: "sheet", caption, lead, columns: [[heading, whether numbers], ...], rows: [[text or [text, value], ...], ...]}, or
//                 {part: "shelf", none, layers: [{layer, rev, title, state, lines: [text], link, actions: [[action, text], ...], reason}]}
//                 {part: "links", links: [[address, text], ...], notes: [text]}
// Needs     source.js before it
// Tells     Python: setTriggerValue("answer", …) of a report {id, choose: [problem, choice]}, {id, columns: {column: field}},
//           {id, undo: key} or {id, leave: true}; of the shelf {layer, rev, action, reason}
//
// Every text from data is set as textContent.
const SVG = "http://www.w3.org/2000/svg";
const NARROWER = 0.95; // a degree of longitude in Mali, in degrees of latitude

function drawn(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function pressed(text, className, tell) {
  const button = element("button", className, text);
  button.type = "button";
  button.addEventListener("click", tell);
  return button;
}

function toMap(address, text) {
  const made = element("a", "", text);
  made.href = `./?${new URLSearchParams(address)}`;
  made.target = "_self";
  return made;
}

function heading(data) {
  return [
    data.title && element(data.level, "", data.title),
    data.lead && element("p", "lead", data.lead),
    ...data.notices.map((notice) => element("p", "notice", notice)),
    data.link && filled("p", "", [toMap(...data.link)]),
  ];
}

// Where the doubts lie: the outline of the country, and a number on each.
function sketch({ outline, dots, text }) {
  if (!dots.length) return null;
  const at = ([lon, lat]) => [lon * NARROWER, -lat];
  const points = outline.flat().map(at);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs) - 0.3, Math.min(...ys) - 0.3];
  const [wide, high] = [Math.max(...xs) - left + 0.3, Math.max(...ys) - top + 0.3];
  const map = drawn("svg", { viewBox: `${left} ${top} ${wide} ${high}`, role: "img", "aria-label": text.where });
  const path = outline.map((ring) => `M${ring.map((point) => at(point).map((n) => n.toFixed(3)).join(" ")).join("L")}Z`).join("");
  map.append(drawn("path", { d: path, class: "country" }));
  for (const [lon, lat, number] of dots) {
    const [x, y] = at([lon, lat]);
    if (x < left || x > left + wide || y < top || y > top + high) continue;
    map.append(drawn("circle", { cx: x, cy: y, r: 0.42, class: "dot" }));
    map.append(drawn("text", { x, y: y + 0.17, class: "number" }, String(number)));
  }
  return filled("figure", "", [map, element("figcaption", "small", text.where)]);
}

function columnsOf(data, tell) {
  const rows = data.columns.map(([column, field]) => {
    const select = element("select");
    for (const [value, name] of data.fields) {
      const option = element("option", "", name);
      option.value = value;
      option.selected = value === field;
      select.append(option);
    }
    select.addEventListener("change", () => tell({ columns: { [column]: select.value } }));
    return filled("label", "", [element("span", "", column), select]);
  });
  const made = filled("details", "columns", [element("summary", "", data.text.columns), filled("div", "grid", rows)]);
  made.open = data.problems.some((problem) => problem.mapping);
  return rows.length ? made : null;
}

function problemOf(problem, index, text, tell) {
  const choices = problem.choices.map((label, choice) => pressed(label, "choice", () => tell({ choose: [index, choice] })));
  const made = filled("li", problem.severity, [
    filled("p", "", [
      problem.number && element("b", "spot", problem.number),
      element("span", "tag", problem.told),
      element("span", "", ` ${problem.said}`),
    ]),
    problem.remedy && element("p", "small", problem.remedy),
    choices.length && filled("div", "choices", choices),
    problem.link && filled("p", "small", [toMap(problem.link, text.look)]),
  ]);
  return made;
}

function report(data, tellAll) {
  const tell = (answer) => tellAll({ id: data.id, ...answer });
  const given = data.given.map(([key, said]) => filled("li", "", [
    element("span", "", `${said} `),
    pressed(data.text.undo, "choice", () => tell({ undo: key })),
  ]));
  const list = filled("ol", "problems", data.problems.map((problem, i) => problemOf(problem, i, data.text, tell)));
  const left = filled("div", "", [
    list,
    data.refused && pressed(data.text.leave, "choice", () => tell({ leave: true })),
    given.length && element("h3", "", data.text.given),
    given.length && filled("ul", "given", given),
  ]);
  return [
    filled("section", data.standing, [element("h2", "", data.verdict), ...data.about.map((line) => element("p", "small", line))]),
    columnsOf(data, tell),
    filled("div", "beside", [left, sketch(data)]),
  ];
}

function sheet({ caption, lead, columns, rows }) {
  const textOf = (cell) => (Array.isArray(cell) ? cell[0] : cell);
  const heads = columns.map(([name, numbers]) => {
    const head = element("th", numbers ? "number" : "", name);
    head.scope = "col";
    return head;
  });
  const lines = rows.map((cells) => filled("tr", "", cells.map((cell, i) => {
    const made = element(i ? "td" : "th", columns[i][1] ? "number" : "", textOf(cell));
    if (!i) made.scope = "row";
    return made;
  })));
  const table = filled("table", "", [filled("thead", "", [filled("tr", "", heads)]), filled("tbody", "", lines)]);
  const wide = filled("div", "wide", [table]);
  wide.tabIndex = 0; // where it is broader than the screen, the arrow keys move it
  wide.setAttribute("role", "region");
  wide.setAttribute("aria-label", caption);
  return [element("h3", "", caption), element("p", "small", lead), rows.length ? wide : null];
}

function shelf(data, tell) {
  if (!data.layers.length) return [element("p", "small", data.none)];
  return data.layers.map((one) => {
    const reason = element("input");
    reason.maxLength = 500;
    const asked = one.reason && filled("label", "", [element("span", "", one.reason), reason]);
    const buttons = one.actions.map(([action, text]) => (
      pressed(text, "choice", () => tell({ layer: one.layer, rev: one.rev, action, reason: reason.value }))
    ));
    return filled("article", "", [
      filled("h3", "", [element("span", "", `${one.layer} · ${one.title} `), element("span", "tag", one.state)]),
      ...one.lines.map((line) => element("p", "small", line)),
      filled("div", "choices", [asked, ...buttons, one.link && toMap(...one.link)]),
    ]);
  });
}

function links(data) {
  return [
    filled("ul", "links", data.links.map((one) => filled("li", "", [toMap(...one)]))),
    ...data.notes.map((note) => element("p", "small", note)),
  ];
}

export default function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".uploads");
  const made = { heading, report, sheet, shelf, links }[data.part](data, (answer) => setTriggerValue("answer", answer));
  root.replaceChildren(...made.filter(Boolean));
}
