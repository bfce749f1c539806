// Legend, and the answer to "who says so?", as elements: shared by the panel of the map and the page that stands alone.
//
// Receives  entries of the legend (see overlay.js); claims, states and histories (see geo/details.py); text: the words around them
// Tells     the scrubber, by a CustomEvent "mali-control-map:go" on window: {iso}, the day the reader asks for
// Returns   elements; every text from data is set as textContent
//
// Needs source.js before it.

// ---- the legend ------------------------------------------------------------------------------------

const ORDER = ["split", "dissent", "agree", "single", "control", "shared", "contested", "influence", "claimed", "siege", "blockade", "presence", "event", "stale", "none"];

function legendRows(entries, text) {
  const rows = [];
  for (const kind of ORDER) {
    const group = entries.filter((entry) => entry.kind === kind).sort((a, b) => a.label.localeCompare(b.label));
    if (!group.length) continue;
    if (text.kinds[kind]) rows.push(element("li", "heading", text.kinds[kind]));
    for (const entry of group) {
      const image = element("img");
      image.src = entry.image;
      image.alt = "";
      rows.push(filled("li", "", [image, element("span", "", entry.label)]));
    }
  }
  return rows;
}

// ---- the details -----------------------------------------------------------------------------------

function claimBlock(claim, text) {
  return filled("article", "claim", [
    element("h4", "", claim.heading),
    claim.aside && element("p", "aside", claim.aside),
    filled("ul", "tags", claim.tags.map((tag) => element("li", "", tag))),
    element("p", "", claim.period),
    claim.note && element("p", "", claim.note),
    claim.reason && element("p", "where", claim.reason),
    filled("ul", "sources", claim.sources.map((source) => sourceRow(source, text))),
  ]);
}

function stateBlock(state) {
  const spot = element("i");
  spot.style.background = state.colours.length > 1
    ? `conic-gradient(${state.colours.map((c, i) => `${c} ${(i * 100) / state.colours.length}% ${((i + 1) * 100) / state.colours.length}%`).join(",")})`
    : state.colours[0] ?? "transparent";
  return filled("div", "state", [spot, filled("div", "", [element("strong", "", state.text), element("span", "", state.since), ...state.marks.map((mark) => element("em", "", mark))])]);
}

// ---- the history of a place: a strip, and the same as a list

function paintOf(colours) {
  if (!colours.length) return "repeating-linear-gradient(45deg, #e9e8e3 0 5px, #dcdad3 5px 6px)";
  if (colours.length === 1) return colours[0];
  return `repeating-linear-gradient(135deg, ${colours.map((c, i) => `${c} ${i * 4}px ${(i + 1) * 4}px`).join(", ")})`;
}

function historyBlock(history, date, text) {
  const strip = element("div", "strip");
  strip.setAttribute("aria-hidden", "true"); // the list below says the same
  const rows = history.map((span) => {
    const here = span.from <= date && date <= span.to;
    const part = element("i", here ? "here" : "");
    part.style.flexGrow = span.share;
    part.style.background = paintOf(span.colours);
    part.title = `${span.text}. ${span.period}`;
    part.addEventListener("click", () => goTo(span.from));
    strip.append(part);
    const button = element("button", "go", span.period);
    button.addEventListener("click", () => goTo(span.from));
    const key = element("i", "key");
    key.style.background = paintOf(span.colours);
    return filled("li", here ? "here" : "", [key, button, element("span", "", ` ${span.text}`)]);
  });
  const years = filled("div", "ends", [element("span", "", history[0].from.slice(0, 4)), element("span", "", history.at(-1).to.slice(0, 4))]);
  return [element("h4", "", text.history), strip, years, fold(text.spans, rows.length, false, [filled("ul", "spans", rows)])];
}

// The scrubber owns the date: it is asked to go there.
function goTo(iso) {
  window.dispatchEvent(new CustomEvent("mali-control-map:go", { detail: { iso } }));
}
