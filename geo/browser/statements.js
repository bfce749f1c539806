// What the press said: a Streamlit component (v2).
//
// Receives  data  {text, statements: [{said, saidBy, verdict, finding, sources, disagreements, events}, ...]}
// Needs     source.js before it
function statementBlock(item, text) {
  return filled("article", "statement", [
    filled("div", "said", [element("blockquote", "", item.said), element("p", "where", item.saidBy)]),
    filled("div", "found", [
      element("strong", "", item.verdict),
      element("p", "", item.finding),
      item.disagreements.length > 0 && fold(text.disagreements, item.disagreements.length, false, item.disagreements.map((d) => disagreementBlock(d, text))),
      item.events.length > 0 && fold(text.events, item.events.length, false, item.events.map((e) => eventBlock(e, text))),
      item.sources.length > 0 && fold(text.sources, item.sources.length, false, [filled("ul", "sources", item.sources.map((source) => sourceRow(source, text)))]),
    ]),
  ]);
}

export default function mount({ data, parentElement }) {
  const { text, statements } = data;
  parentElement.querySelector(".statements").replaceChildren(
    element("h1", "", text.title),
    element("p", "lead", text.lead),
    ...statements.map((item) => statementBlock(item, text)),
  );
}
