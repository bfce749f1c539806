// The page of uploaded layers: a Streamlit component (v2).
//
// Receives  data  {part: "heading", level, title, lead, notices: [text], link: [address, text] or null}, or
//                 {part: "report", id, verdict, standing, about: [text], text,
//                  columns: [[column, field], ...], fields: [[field, name], ...], given: [[key, text], ...],
//                  problems: [{severity, said, remedy, choices: [text], number, link}], refused: whether some can be left out,
//                  outline: [[[lon, lat], ...], ...], dots: [[lon, lat, number], ...], ghosts: [[lon, lat, number, choice], ...]}, or
//                 {part: "sheet", caption, lead, columns: [[heading, whether numbers], ...], rows: [[text or [text, value], ...], ...]}, or
//                 {part: "shelf", none, layers: [{layer, rev, title, state, lines: [text], link, actions: [[action, text], ...], reason}]}
//                 {part: "links", links: [[address, text], ...], notes: [text]}
// Needs     source.js before it
// Tells     Python: setTriggerValue("answer", …) of a report {id, choose: [problem, choice]}, {id, columns: {column: field}},
//           {id, undo: key} or {id, leave: true}; of the shelf {layer, rev, action, reason}
//
// Every text from data is set as textContent.
const SVG = "http://www.w3.org/2000/svg";
const LONGEST = 15000; // ms an answer is waited for
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

// In a tab of its own: the file that was brought would be lost in this one.
function elsewhere(link) {
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function heading(data) {
  return [
    data.title && element(data.level, "", data.title),
    data.lead && element("p", "lead", data.lead),
    ...data.notices.map((notice) => element("p", "notice", notice)),
    data.link && filled("p", "", [toMap(...data.link)]),
  ];
}

// Where the doubts lie: the outline of the country, a number on each, and dashed where an answer would put it.
function sketch({ outline, dots, ghosts, text }, choose) {
  if (!dots.length && !ghosts.length) return null;
  const at = ([lon, lat]) => [lon * NARROWER, -lat];
  const points = [...outline.flat(), ...dots, ...ghosts].map(at);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const edge = 0.03 * (Math.max(...xs) - Math.min(...xs));
  const [left, top] = [Math.min(...xs) - edge, Math.min(...ys) - edge];
  const whole = [left, top, Math.max(...xs) - left + edge, Math.max(...ys) - top + edge];
  const map = drawn("svg", { role: "group", "aria-label": text.where });
  const back = pressed(text.whole, "choice", () => look(whole));
  const path = outline.map((ring) => `M${ring.map((point) => at(point).map((n) => n.toFixed(3)).join(" ")).join("L")}Z`).join("");
  // Numbers keep their size on the screen, whatever is looked at.
  function look(box) {
    const unit = Math.max(box[2], box[3]) / 17;
    map.setAttribute("viewBox", box.join(" "));
    map.replaceChildren(drawn("path", { d: path, class: "country", "stroke-width": 0.06 * unit }));
    for (const [lon, lat, number] of ghosts) {
      const from = dots.find((dot) => dot[2] === number);
      if (!from) continue;
      const [[x1, y1], [x2, y2]] = [at(from), at([lon, lat])];
      map.append(drawn("line", { x1, y1, x2, y2, class: "way", "stroke-width": 0.07 * unit, "stroke-dasharray": 0.2 * unit }));
    }
    for (const [lon, lat, number, choice] of ghosts) spot([lon, lat], number, "ghost", unit, choice);
    for (const [lon, lat, number] of dots) spot([lon, lat], number, "dot", unit);
    back.hidden = box === whole;
  }
  function spot(where, number, kind, unit, choice) {
    const [x, y] = at(where);
    const made = drawn("g", { class: kind, tabindex: 0, role: "button", "aria-label": text.closer.replace("{number}", number) });
    made.append(drawn("circle", { cx: x, cy: y, r: 0.44 * unit, "stroke-width": 0.09 * unit, "stroke-dasharray": kind === "ghost" ? 0.2 * unit : "none" }));
    made.append(drawn("text", { x, y: y + 0.18 * unit, class: "number", "font-size": 0.52 * unit }, `${number}${kind === "ghost" ? "?" : ""}`));
    const open = () => choose(number, choice);
    made.addEventListener("click", open);
    made.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); } });
    map.append(made);
  }
  look(whole);
  const figure = filled("figure", "sketch", [map, element("figcaption", "small", text.where), back]);
  figure.closer = (number) => {
    const spots = [...dots, ...ghosts].filter((one) => one[2] === number).map(at);
    const [cx, cy] = [0, 1].map((i) => (Math.min(...spots.map((one) => one[i])) + Math.max(...spots.map((one) => one[i]))) / 2);
    const half = Math.max(1.6, ...spots.map(([x, y]) => 1.2 * Math.max(Math.abs(x - cx), Math.abs(y - cy))));
    look([cx - half, cy - half, 2 * half, 2 * half]);
  };
  return figure;
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

function numbered(number, text, closer) {
  const button = pressed(number, "spot", () => closer(+number));
  button.setAttribute("aria-label", text.closer.replace("{number}", number));
  return button;
}

function problemOf(problem, index, text, tell, closer) {
  const choices = problem.choices.map((label, choice) => pressed(label, "choice", () => tell({ choose: [index, choice] })));
  const made = filled("li", problem.severity, [
    filled("p", "", [
      problem.number && numbered(problem.number, text, closer),
      element("span", "tag", problem.told),
      element("span", "", ` ${problem.said}`),
    ]),
    problem.remedy && element("p", "small", problem.remedy),
    choices.length && filled("div", "choices", choices),
    problem.link && filled("p", "small", [elsewhere(toMap(problem.link, text.look))]),
  ]);
  return made;
}

function report(data, tellAll) {
  const tell = (answer) => tellAll({ id: data.id, ...answer });
  const given = data.given.map(([key, said]) => filled("li", "", [
    element("span", "", `${said} `),
    pressed(data.text.undo, "choice", () => tell({ undo: key })),
  ]));
  const rows = data.problems.map((problem, i) => problemOf(problem, i, data.text, tell, (number) => show(number)));
  const list = filled("ol", "problems", rows);
  // From a number on the map to its row, or to the answer that a dashed one stands for.
  const map = sketch(data, (number, choice) => {
    const row = show(number);
    row.scrollIntoView({ block: "nearest" });
    if (choice !== undefined) row.querySelectorAll(".choices button")[choice]?.focus();
  });
  function show(number) {
    const shown = data.problems.findIndex((problem) => problem.number === String(number));
    rows.forEach((row, i) => row.classList.toggle("shown", i === shown));
    map.closer(number);
    return rows[shown];
  }
  const left = filled("div", "", [
    list,
    data.refused && pressed(data.text.leave, "choice", () => tell({ leave: true })),
    given.length && element("h3", "", data.text.given),
    given.length && filled("ul", "given", given),
  ]);
  return [
    filled("section", data.standing, [element("h2", "", data.verdict), ...data.about.map((line) => element("p", "small", line))]),
    columnsOf(data, tell),
    filled("div", "beside", [left, map]),
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

function wake(root) {
  root.inert = false;
  root.removeAttribute("aria-busy");
}

export default function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".uploads");
  const made = { heading, report, sheet, shelf, links }[data.part](data, (answer) => {
    // One answer at a time: a second click would interrupt what the first one began.
    root.inert = true;
    root.setAttribute("aria-busy", "true");
    setTimeout(() => wake(root), LONGEST);
    setTriggerValue("answer", answer);
  });
  wake(root);
  root.replaceChildren(...made.filter(Boolean));
}
