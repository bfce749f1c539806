// Sources and disputed matters, as elements: shared by the panel and the page of statements.
//
// Every text from data is set as textContent, and an address becomes a link only if it is a web address.
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = text;
  return made;
}

function filled(tag, className, children) {
  const made = element(tag, className);
  made.append(...children.filter(Boolean));
  return made;
}

function link(address, text) {
  const made = element("a", "", text);
  if (!/^https?:\/\//.test(address)) return element("span", "", text);
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer nofollow";
  return made;
}

function sourceRow(source, text) {
  const grade = element("b", "", source.grade);
  grade.title = source.gradeText;
  const name = element("span", "", `${source.name} `);
  const links = source.links.map((address, i) => [link(address, source.links.length > 1 ? `${text.link} ${i + 1}` : text.link), " "]).flat();
  const small = element("small", "", [source.read, source.caveat].filter(Boolean).join(" · "));
  return filled("li", "", [grade, name, ...links, small]);
}

function fold(title, count, open, children) {
  const summary = element("summary", "", `${title} `);
  summary.append(element("span", "count", `(${count})`));
  const made = filled("details", "", [summary, ...children]);
  made.open = open;
  return made;
}

function disagreementBlock(item, text) {
  const side = (account) => filled("div", "", [
    element("p", "", account.text),
    element("p", "where", account.saidBy),
    filled("ul", "sources", account.sources.map((source) => sourceRow(source, text))),
  ]);
  return filled("article", "claim", [
    element("h4", "", item.topic),
    side(item.a),
    side(item.b),
    element("p", "notice", item.reading),
  ]);
}

function eventBlock(event, text, go) {
  const when = go ? element("button", "go", event.dayText) : element("strong", "", event.dayText);
  if (go) when.addEventListener("click", () => go(event));
  return filled("article", "claim", [
    filled("h4", "", [when, element("span", "", ` ${event.title}`)]),
    element("p", "where", event.tags.join(" · ")),
    event.note && element("p", "where", event.note),
    filled("ul", "sources", event.sources.map((source) => sourceRow(source, text))),
  ]);
}
