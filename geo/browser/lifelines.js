// The roads into a town: a Streamlit component (v2).
//
// Receives  data  {text, language: "en-GB", date: ISO, places: [[key, name], ...], story: [{iso, label}, ...],
//                  period: [ISO, ISO] shown as weeks, notices: [text], told: see geo/lifelines/told.py}
// Owns      the day. What counts on it is looked up in `told`; nothing is sent to Python while it changes
// Tells     the address: place and date; Python: setStateValue("view", {place, date}) once another town is chosen
// Needs     source.js before it
// Returns   clean-up
//
// Days are whole numbers counted from told.firstDay, in UTC. Every text from data is set as textContent.
const SVG = "http://www.w3.org/2000/svg";
const UNKNOWN = 0, OPEN = 1, RISKY = 2, BLOCKED = 3; // as in geo/lifelines/days.py
// Colours of theme.css and lifelines.css, light and dark.
const [INK, PAPER, PALE, SPECK, BLOCK, AMBER, STROKE] = ["ink", "paper", "pale", "speck", "block", "amber", "stroke"].map((name) => `var(--${name})`);
const NARROW = 640; // px; below it a road is drawn from top to bottom
const MARGIN = 90; // days shown on either side of a day outside the period
let serial = 0; // of patterns: their ids are shared by all drawings of the page

// ---- small things ----------------------------------------------------------------------------------

function svg(tag, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter(Boolean));
  return made;
}

function words(x, y, text, attributes = {}) {
  const made = svg("text", { x, y, "font-size": 12, ...attributes });
  made.textContent = text;
  return made;
}

// The entry of [[day, ...], ...] that holds on a day.
function on(entries, day) { return entries.findLast(([from]) => from <= day); }

function within(span, day) { return span.from <= day && (span.to === null || day < span.to); }

function join(parts, separator) {
  return parts.flatMap((part, i) => (i ? [separator, part] : [part]));
}

// ---- how a state looks: the same on the weeks, on the roads and in the legend ----------------------------------

function patterns(id) {
  const hatch = svg("pattern", { id: `hatch-${id}`, width: 4.5, height: 4.5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, [
    svg("rect", { width: 4.5, height: 4.5, fill: AMBER }),
    svg("rect", { width: 1.3, height: 4.5, fill: STROKE }),
  ]);
  const dots = svg("pattern", { id: `dots-${id}`, width: 12, height: 8, patternUnits: "userSpaceOnUse" }, [
    svg("rect", { width: 12, height: 8, fill: PALE }),
    svg("circle", { cx: 6, cy: 4, r: 0.8, fill: SPECK }),
  ]);
  return svg("defs", {}, [hatch, dots]);
}

function drawing(width, height, attributes = {}) {
  serial += 1;
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, "data-id": serial, ...attributes }, [patterns(serial)]);
  return made;
}

// A stretch as a line from one point to another.
function stroke(id, state, x1, y1, x2, y2) {
  const line = (attributes) => svg("line", { x1, y1, x2, y2, ...attributes });
  if (state === BLOCKED) return [line({ stroke: PAPER, "stroke-width": 10 }), line({ stroke: BLOCK, "stroke-width": 7, "stroke-dasharray": "9 4" })];
  if (state === RISKY) return [line({ stroke: STROKE, "stroke-width": 8 }), line({ stroke: `url(#hatch-${id})`, "stroke-width": 6 })];
  if (state === OPEN) return [line({ stroke: INK, "stroke-width": 4 })];
  return [line({ stroke: SPECK, "stroke-width": 2.6, "stroke-dasharray": "0.1 6", "stroke-linecap": "round" })];
}

// A span of days as a band.
function band(id, state, x, y, width, height) {
  const rect = (attributes) => svg("rect", { x, y, width: Math.max(width, 0.6), height, ...attributes });
  if (state === BLOCKED) return [rect({ fill: BLOCK })];
  if (state === RISKY) return [rect({ fill: `url(#hatch-${id})` })];
  if (state === OPEN) return [rect({ fill: PAPER }), svg("rect", { x, y: y + height / 2 - 0.9, width, height: 1.8, fill: INK })];
  return [rect({ fill: `url(#dots-${id})` })];
}

function swatch(state) {
  const made = drawing(34, 14, { "aria-hidden": "true" });
  made.append(...stroke(made.dataset.id, state, 1, 7, 33, 7));
  return made;
}

function attackMark(x, y) {
  return svg("path", { d: `M${x - 5} ${y - 4.5}h10l-5 8.5z`, fill: INK, stroke: PAPER, "stroke-width": 1.4, "paint-order": "stroke", class: "attack" });
}

// ---- the page --------------------------------------------------------------------------------------

class Lifelines {
  constructor(root, data, setStateValue) {
    this.root = root;
    this.setStateValue = setStateValue;
    this.opened = new Set();
    this.build();
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(root);
    this.update(data);
  }

  // What stays while the day changes.
  build() {
    const part = (tag, className) => (this[className] = element(tag, className));
    this.title = element("h1");
    this.lead = element("p", "lead");
    this.select = element("select");
    this.typed = element("input");
    this.typed.type = "date";
    this.townLabel = element("span");
    this.dayLabel = element("span");
    this.slider = element("input");
    this.slider.type = "range";
    this.slider.step = 1;
    this.chart = element("div");
    this.headline = element("p", "headline");
    this.headline.setAttribute("role", "status");
    this.map = element("a");
    this.sameTitle = element("summary");
    this.sameList = element("ul");
    const ask = filled("div", "ask", [
      filled("label", "", [this.townLabel, this.select]),
      filled("label", "", [this.dayLabel, this.typed]),
    ]);
    const weeks = filled("figure", "weeks", [part("figcaption", "quiet"), this.chart, this.slider]);
    const same = filled("details", "same", [this.sameTitle, this.sameList]);
    this.root.replaceChildren(
      this.title, this.lead, part("div", "notices"), ask, part("ol", "story"), weeks, this.headline, part("ul", "counts"), filled("p", "quiet", [this.map]),
      part("section", "said"), part("section", "list"), same, part("details", "meaning"),
    );
    this.meaning.classList.add("words");
    this.select.addEventListener("change", () => this.choose());
    this.typed.addEventListener("change", () => { if (this.typed.value) this.show(this.number(this.typed.value)); });
    this.slider.addEventListener("input", () => this.show(+this.slider.value));
    this.chart.addEventListener("click", (event) => this.point(event));
  }

  // Whatever is unfolded stays so on the next day. Asked of the page itself just before it is drawn again: the event
  // that tells of unfolding comes later than the next key can.
  remember() {
    for (const fold of this.root.querySelectorAll("details[data-key]")) {
      this.opened[fold.open ? "add" : "delete"](fold.dataset.key);
    }
  }

  update(data) {
    const { text, told } = data;
    this.data = data;
    this.told = told;
    this.text = text;
    this.origin = Date.parse(`${told.firstDay}T00:00:00Z`);
    const format = (options) => new Intl.DateTimeFormat(data.language, { timeZone: "UTC", ...options });
    this.written = format({ dateStyle: "long" });
    this.short = format({ day: "numeric", month: "short", year: "numeric" });
    this.month = format({ month: "short" });
    this.title.textContent = text.title.replace("{town}", told.name);
    this.lead.textContent = text.lead.replace("{town}", told.name);
    this.notices.replaceChildren(...data.notices.map((notice) => element("p", "notice", notice)));
    this.quiet.textContent = text.weeksHint.replace("{town}", told.name);
    this.map.textContent = text.map;
    this.townLabel.textContent = text.town;
    this.dayLabel.textContent = text.day;
    this.select.replaceChildren(...data.places.map(([key, name]) => new Option(name, key, key === told.place, key === told.place)));
    this.typed.min = told.firstDay;
    this.typed.max = this.iso(told.last);
    this.slider.setAttribute("aria-label", text.day);
    this.dressStory();
    this.dressMeaning();
    this.day = null;
    this.show(this.number(data.date));
  }

  iso(day) { return new Date(this.origin + day * 864e5).toISOString().slice(0, 10); }

  number(iso) { return Math.round((Date.parse(`${iso}T00:00:00Z`) - this.origin) / 864e5); }

  long(day) { return this.written.format(this.origin + day * 864e5); }

  dressStory() {
    this.story.hidden = !this.data.story.length;
    this.story.replaceChildren(...this.data.story.map(({ iso, label }, i) => {
      const day = this.number(iso);
      const button = element("button");
      button.type = "button";
      button.dataset.day = day;
      button.append(element("i", "", i + 1), element("b", "", this.short.format(this.origin + day * 864e5)), element("span", "", label));
      button.addEventListener("click", () => this.show(day));
      return filled("li", "", [button]);
    }));
  }

  dressMeaning() {
    const rows = Object.values(this.text.meaning).flatMap(({ word, means }) => [element("dt", "", word), element("dd", "", means)]);
    this.meaning.replaceChildren(element("summary", "", this.text.words), filled("dl", "", rows));
  }

  // ---- the day -------------------------------------------------------------------------------------

  show(day) {
    const bounded = Math.max(0, Math.min(this.told.last, day));
    if (Number.isNaN(bounded) || bounded === this.day) return;
    this.day = bounded;
    this.typed.value = this.iso(bounded);
    const [first, last] = this.period();
    this.slider.min = first;
    this.slider.max = last;
    this.slider.value = bounded;
    this.slider.setAttribute("aria-valuetext", this.long(bounded));
    for (const button of this.story.querySelectorAll("button")) button.setAttribute("aria-pressed", +button.dataset.day === bounded);
    this.draw();
    this.writeAddress();
  }

  // The period of the story if the day lies in it, else some weeks around the day.
  period() {
    const [first, last] = this.data.period.map((iso) => this.number(iso));
    if (first <= this.day && this.day <= last) return [first, last];
    const from = Math.max(0, Math.min(this.day - MARGIN, this.told.last - 2 * MARGIN));
    return [from, Math.min(this.told.last, from + 2 * MARGIN)];
  }

  // The address is ours: Python hears of it only with another town.
  writeAddress() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const query = new URLSearchParams(window.location.search);
      query.set("place", this.told.place);
      query.set("date", this.iso(this.day));
      window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}${window.location.hash}`);
    }, 150);
  }

  choose() { this.setStateValue("view", { place: this.select.value, date: this.iso(this.day) }); }

  // A click on the weeks: the day under the pointer.
  point(event) {
    const box = this.chart.firstElementChild.getBoundingClientRect();
    const [first, last] = this.period();
    const share = (event.clientX - box.left - this.gutter) / (box.width - this.gutter);
    if (share >= 0 && share < 1) this.show(Math.floor(first + share * (last + 1 - first)));
  }

  fit() {
    const width = this.root.clientWidth;
    if (width && width !== this.width && this.told) this.draw();
  }

  draw() {
    this.width = this.root.clientWidth || 1100;
    this.narrow = this.width < NARROW;
    this.gutter = this.narrow ? 0 : 218;
    this.slider.style.marginLeft = `${Math.max(0, this.gutter - 8)}px`;
    this.slider.style.width = `calc(100% - ${Math.max(0, this.gutter - 8)}px)`;
    this.chart.replaceChildren(this.drawWeeks());
    this.tell();
    this.remember();
    this.said.replaceChildren(...this.saidRows());
    this.list.replaceChildren(...this.told.roads.map((road) => this.roadBlock(road)));
    this.sameTitle.textContent = this.text.same;
    this.sameList.replaceChildren(...this.told.roads.map((road) => this.sameRow(road)));
  }

  // Which roads are in which state: the answer in words, and the legend.
  tell() {
    const states = this.told.roads.map((road) => on(road.runs, this.day)[1]);
    const graver = [BLOCKED, RISKY, OPEN, UNKNOWN];
    const named = (state) => this.told.roads.filter((_, i) => states[i] === state).map((road) => road.name);
    const count = graver.filter((state) => states.includes(state)).map((state) => this.counted(state, named(state).length));
    this.headline.textContent = (states.length > 1 ? this.text.headline : this.text.headlineOne)
      .replace("{day}", this.long(this.day)).replace("{n}", states.length)
      .replace("{states}", count.join(", ")).replace("{state}", this.told.states[states[0]]);
    this.counts.replaceChildren(...graver.map((state) => filled("li", "", [
      swatch(state),
      filled("span", "", [element("b", "", this.told.states[state]), element("span", "", ` ${named(state).join(", ") || this.text.none}`)]),
    ])), this.key(attackMark(17, 7), this.text.attack), this.key(svg("circle", { cx: 17, cy: 7, r: 3.2, fill: INK }), this.text.saying));
    this.map.href = `./?date=${this.iso(this.day)}`;
  }

  counted(state, n) { return n > 1 ? this.text.countMany[state].replace("{n}", n) : this.text.countOne[state]; }

  key(mark, text) {
    const made = drawing(34, 14, { "aria-hidden": "true" });
    made.append(mark);
    return filled("li", "", [made, element("span", "", text)]);
  }

  // ---- weeks and roads --------------------------------------------------------------------------------

  // Every road as a band over the weeks: its stretches below one another, the one at the town on top.
  drawWeeks() {
    const [first, last] = this.period();
    const rows = [this.told.name, ...this.told.roads.map((road) => road.name)];
    const [pitch, height, top] = this.narrow ? [43, 22, 30] : [33, 25, 30];
    const y = (row) => top + row * pitch + (this.narrow ? 18 : (pitch - height) / 2);
    const bottom = y(rows.length - 1) + height;
    const made = drawing(this.width, bottom + 26, { role: "img", "aria-label": `${this.text.weeks}. ${this.text.sameHint}` });
    const x = (day) => this.gutter + ((day - first) / (last + 1 - first)) * (this.width - this.gutter);
    this.told.roads.forEach((road, i) => this.drawBand(made, road, first, last, x, y(i + 1), height));
    this.drawMonths(made, first, last, x, rows.map((_, row) => [y(row), y(row) + height]));
    this.drawTown(made, first, last, x, y(0) + height / 2);
    this.drawMarks(made, first, last, x, top, bottom);
    // Last, with a casing: on a phone a name stands over its band, and lines run past it.
    const casing = { stroke: PAPER, "stroke-width": 3, "paint-order": "stroke" };
    rows.forEach((name, row) => made.append(this.narrow
      ? words(0, y(row) - 5, name, { "font-size": 12.5, "font-weight": row ? 500 : 700, ...casing })
      : words(this.gutter - 12, y(row) + height / 2 + 4.5, name, { "font-size": 13.5, "text-anchor": "end", "font-weight": row ? 400 : 700 })));
    return made;
  }

  drawBand(made, road, first, last, x, y, height) {
    const { id } = made.dataset;
    const thin = height / road.stretches.length;
    road.stretches.forEach((stretch, i) => {
      for (const [from, to, state] of spans(stretch.runs, first, last)) made.append(...band(id, state, x(from), y + i * thin, x(to) - x(from), thin));
    });
    // One blocked stretch blocks the road: a frame around the whole.
    for (const [from, to, state] of spans(road.runs, first, last)) {
      if (state === BLOCKED) made.append(svg("rect", { x: x(from), y: y - 1, width: x(to) - x(from), height: height + 2, fill: BLOCK, "fill-opacity": 0.12, stroke: BLOCK, "stroke-width": 2 }));
    }
    for (const [day, item] of road.attacks) {
      if (day < first || day > last) continue;
      const { stretches } = road.reasons.find((reason) => reason.item === item).effects[0];
      const middle = stretches.reduce((sum, i) => sum + i + 0.5, 0) / stretches.length;
      made.append(attackMark(x(day) + (x(day + 1) - x(day)) / 2, y + middle * thin));
    }
  }

  // A line through the rows for every first of a month, a tick below them for every Monday.
  drawMonths(made, first, last, x, rows) {
    const bottom = rows.at(-1)[1];
    let named = null;
    for (let day = first; day <= last; day += 1) {
      const date = new Date(this.origin + day * 864e5);
      if (date.getUTCDay() === 1) made.append(svg("line", { x1: x(day), x2: x(day), y1: bottom + 3, y2: bottom + 7, stroke: "currentColor", "stroke-opacity": 0.45 }));
      if (date.getUTCDate() !== 1) continue;
      for (const [y1, y2] of rows) made.append(svg("line", { x1: x(day), x2: x(day), y1, y2, stroke: "currentColor", "stroke-opacity": 0.28, "stroke-width": 0.8 }));
      const year = date.getUTCFullYear();
      const name = this.narrow ? this.month.format(date).slice(0, 1) : this.month.format(date);
      const text = year === named ? name : `${name} ${this.narrow ? `\u2019${year % 100}` : year}`;
      if (x(day) < this.width - 24) made.append(words(x(day) + 2, bottom + 20, text, { "font-size": 11.5, class: "quiet-text" }));
      named = year;
    }
  }

  // The town itself: sieges and blockades as a line, dashed for a blockade, as its ring on the map; and what is said of it.
  drawTown(made, first, last, x, y) {
    let named = null;
    for (const [from, to, status, colour] of this.told.towns[this.told.place].rings) {
      const [a, b] = [Math.max(from, first), Math.min(to ?? last + 1, last + 1)];
      if (a >= b) continue;
      made.append(svg("line", { x1: x(a) + 1, x2: x(b) - 1, y1: y, y2: y, stroke: colour, "stroke-width": 5, "stroke-dasharray": status === "blockade" ? "9 4" : "none" }));
      if (status !== named) made.append(words(Math.max(x(a) + 2, this.narrow ? 74 : 0), y - (this.narrow ? 15 : 7), this.text.status[status], { "font-size": 11.5, class: "quiet-text" }));
      named = status;
    }
    for (const { item, from } of this.told.said.filter((saying) => first <= saying.from && saying.from <= last)) {
      const { of, attack } = this.told.items[item];
      if (attack) made.append(attackMark(x(from + 0.5), y));
      else if (of === "event") made.append(svg("circle", { cx: x(from + 0.5), cy: y, r: 3.2, fill: INK, stroke: PAPER, "stroke-width": 1.4 }));
    }
  }

  drawMarks(made, first, last, x, top, bottom) {
    this.data.story.forEach(({ iso }, i) => {
      const day = this.number(iso);
      if (day < first || day > last) return;
      const here = x(day + 0.5);
      made.append(svg("circle", { cx: here, cy: 10, r: 8.5, fill: "none", stroke: "currentColor", "stroke-opacity": 0.6 }));
      made.append(words(here, 14, i + 1, { "font-size": 11, "text-anchor": "middle" }));
      made.append(svg("line", { x1: here, x2: here, y1: 19, y2: top + 2, stroke: "currentColor", "stroke-opacity": 0.6 }));
    });
    const now = x(this.day + 0.5);
    made.append(svg("line", { x1: now, x2: now, y1: top, y2: bottom + 2, stroke: PAPER, "stroke-width": 4.5 }));
    made.append(svg("line", { x1: now, x2: now, y1: top, y2: bottom + 26, stroke: "currentColor", "stroke-width": 2, class: "now" }));
  }

  sameRow(road) {
    const [first, last] = this.period();
    const parts = spans(road.runs, first, last).map(([from, to, state]) => this.text.span
      .replace("{state}", this.told.states[state]).replace("{from}", this.long(from)).replace("{to}", this.long(to - 1)));
    return filled("li", "", [element("b", "", `${road.name}: `), element("span", "", `${parts.join("; ")}.`)]);
  }

  // ---- what is said of the town ------------------------------------------------------------------------

  saidRows() {
    const live = this.told.said.filter((saying) => within(saying, this.day));
    const counting = live.filter((saying) => saying.counts).sort((a, b) => b.from - a.from);
    const old = live.filter((saying) => !saying.counts);
    const disputed = this.disputes((place) => place === this.told.place);
    const block = (saying) => this.itemBlock(saying.item, "said");
    return [
      element("h2", "", this.text.said.replace("{town}", this.told.name)),
      element("p", "quiet", counting.length ? this.text.saidHint : this.text.saidNothing),
      ...counting.filter((saying) => this.told.items[saying.item].of === "claim").map(block),
      ...counting.filter((saying) => this.told.items[saying.item].of === "event").map((saying) => this.itemRow(saying.item)),
      old.length > 0 && this.fold("said-old", this.text.old, old.length, false, old.map(block)),
      disputed,
    ].filter(Boolean);
  }

  disputes(about) {
    const live = this.told.disputed.filter((matter) => within(matter, this.day) && about(matter.place));
    if (!live.length) return null;
    const blocks = live.map((matter) => disagreementBlock(matter, this.text));
    return this.fold(`disputed ${live[0].topic}`, this.text.disputed, live.length, false, blocks);
  }

  fold(key, title, count, open, children) {
    const made = fold(title, count, open, children);
    made.dataset.key = key;
    if (this.opened.has(key)) made.open = true;
    return made;
  }

  // An item in one line, that unfolds.
  itemRow(id) {
    const item = this.told.items[id];
    const made = filled("details", "row", [
      filled("summary", "", [element("span", "where", item.period), element("span", "", ` ${item.heading}`)]),
      ...this.itemRest(item),
    ]);
    made.dataset.key = `row ${id}`;
    made.open = this.opened.has(`row ${id}`);
    return made;
  }

  itemRest(item) {
    return [
      item.note && element("p", "", item.note),
      filled("ul", "tags", item.tags.map((tag) => element("li", "", tag))),
      filled("ul", "sources", item.sources.map((key) => sourceRow(this.told.sources[key], this.text))),
    ].filter(Boolean);
  }

  itemBlock(id, where, effects = null) {
    const item = this.told.items[id];
    const rest = this.itemRest(item);
    const sources = rest.pop();
    return filled("article", "claim", [
      element("h4", "", item.heading),
      effects,
      element("p", "where", item.period),
      ...rest,
      this.fold(`${where} ${id}`, this.text.sources, item.sources.length, false, [sources]),
    ]);
  }

  // ---- a road -----------------------------------------------------------------------------------------

  roadBlock(road) {
    const state = on(road.runs, this.day)[1];
    const states = road.stretches.map((stretch) => on(stretch.runs, this.day)[1]);
    const [deciding, others] = this.reasons(road, states);
    const pill = filled("span", "pill", [swatch(state), element("span", "", this.told.states[state])]);
    const blocks = (list) => list.map(([item, effects]) => this.itemBlock(item, road.key, this.effectRows(road, effects)));
    const places = new Set(road.stops.slice(1).map((stop) => stop.place));
    const made = filled("article", "road", [
      filled("header", "", [element("h3", "", road.name), pill]),
      this.narrow ? this.drawDown(road, states) : this.drawAcross(road, states),
      this.summary(road, states),
      deciding.length > 0 && this.fold(`why ${road.key}`, this.text.why, deciding.length, false, blocks(deciding)),
      others.length > 0 && this.fold(`others ${road.key}`, this.text.others, others.length, false, blocks(others)),
      this.disputes((place) => places.has(place)),
    ]);
    made.dataset.state = this.told.states[state];
    made.dataset.road = road.key;
    return made;
  }

  // Items with an effect on this day: those that speak for the state of some stretch, each with these stretches only,
  // and those that are outweighed or too old. An attack on a stretch that is blocked speaks for it too.
  reasons(road, states) {
    const deciding = [], others = [];
    for (const { item, effects } of road.reasons) {
      const live = effects.filter((effect) => within(effect, this.day));
      if (!live.length) continue;
      const decides = live
        .map((effect) => ({ ...effect, stretches: effect.stretches.filter((i) => states[i] === effect.state) }))
        .filter((effect) => effect.stretches.length);
      if (decides.length) deciding.push([item, decides]);
      else (live[0].state >= RISKY ? deciding : others).push([item, live]);
    }
    return [deciding, others];
  }

  effectRows(road, effects) {
    return filled("ul", "effects", effects.map((effect) => {
      const labels = effect.stretches.map((i) => road.stretches[i].label).join(", ");
      const state = effect.state === null ? "" : this.told.states[effect.state];
      return filled("li", "", [
        effect.state !== null && swatch(effect.state),
        filled("span", "", [element("b", "", state), element("span", "", `${state && ": "}${labels}. `), element("span", "where", effect.how)]),
      ]);
    }));
  }

  // The picture in words: gravest first, stretches that follow each other as one.
  summary(road, states) {
    const town = (index) => this.told.towns[road.stops[index].place].name;
    const parts = [BLOCKED, RISKY, OPEN, UNKNOWN].filter((state) => states.includes(state)).map((state) => {
      const runs = grouped(states).filter((group) => group.state === state)
        .map((group) => `${town(road.stretches[group.first].first)} \u2013 ${town(road.stretches[group.last].last)}`);
      return filled("span", "", [element("b", "", this.told.states[state]), element("span", "", ` ${runs.join(", ")}`)]);
    });
    return filled("p", "sum", join(parts, "; ").concat("."));
  }

  attacked(road, stretch) {
    return road.reasons.some(({ item, effects }) => this.told.items[item].of === "event" && effects.some((effect) => within(effect, this.day) && effect.state === RISKY && effect.stretches.includes(stretch)));
  }

  drawAcross(road, states) {
    const left = 46, right = 46, y = 40;
    const step = (this.width - left - right) / (road.stops.length - 1);
    const x = (index) => left + index * step;
    const tight = step < 92;
    const made = drawing(this.width, tight ? 94 : 78, { role: "img", "aria-label": this.summary(road, states).textContent });
    for (const { first, last, state } of grouped(states)) {
      const [a, b] = [x(road.stretches[first].first), x(road.stretches[last].last)];
      made.append(words((a + b) / 2, 15, this.told.states[state], { "font-size": 11.5, "text-anchor": "middle", class: state > OPEN ? "" : "quiet-text", "font-weight": state === BLOCKED ? 700 : 400 }));
    }
    road.stretches.forEach((stretch, i) => {
      made.append(...stroke(made.dataset.id, states[i], x(stretch.first), y, x(stretch.last), y));
      if (this.attacked(road, i)) made.append(attackMark((x(stretch.first) + x(stretch.last)) / 2, y - 11));
    });
    road.stops.forEach((stop, index) => {
      made.append(...this.station(stop, x(index), y, index === 0));
      made.append(words(x(index), tight && index % 2 ? 82 : 66, this.told.towns[stop.place].name, { "text-anchor": "middle", "font-size": stop.via ? 11 : 12.5, "font-weight": index ? 400 : 700, class: stop.via ? "quiet-text" : "" }));
    });
    return made;
  }

  drawDown(road, states) {
    const x = 18, step = 36;
    const y = (index) => 16 + index * step;
    const made = drawing(this.width, y(road.stops.length - 1) + 16, { role: "img", "aria-label": this.summary(road, states).textContent });
    road.stretches.forEach((stretch, i) => {
      made.append(...stroke(made.dataset.id, states[i], x, y(stretch.first), x, y(stretch.last)));
      if (this.attacked(road, i)) made.append(attackMark(this.width - 92, (y(stretch.first) + y(stretch.last)) / 2));
      made.append(words(this.width, (y(stretch.first) + y(stretch.last)) / 2 + 4, this.told.states[states[i]], { "text-anchor": "end", "font-size": 12, class: states[i] > OPEN ? "" : "quiet-text", "font-weight": states[i] === BLOCKED ? 700 : 400 }));
    });
    road.stops.forEach((stop, index) => {
      made.append(...this.station(stop, x, y(index), index === 0));
      made.append(words(x + 22, y(index) + 4.5, this.told.towns[stop.place].name, { "font-size": stop.via ? 12.5 : 14, "font-weight": index ? 400 : 700, class: stop.via ? "quiet-text" : "" }));
    });
    return made;
  }

  // A town: the colours of who a claim says holds it, hollow if none does; a ring if it is besieged or blockaded.
  station(stop, x, y, start) {
    const town = this.told.towns[stop.place];
    const [, text, colours] = on(town.holders, this.day) ?? [0, "", []];
    const radius = start ? 7.5 : stop.via ? 4.2 : 6;
    const rings = town.rings.filter(([from, to]) => within({ from, to }, this.day))
      .map(([, , status, colour]) => svg("circle", { cx: x, cy: y, r: radius + 4, fill: "none", stroke: colour, "stroke-width": 2.4, "stroke-dasharray": status === "blockade" ? "5 3" : "none", class: status }));
    const made = svg("g", {}, [svg("circle", { cx: x, cy: y, r: radius + (rings.length ? 5.5 : 1.5), fill: PAPER }), ...rings, svg("circle", { cx: x, cy: y, r: radius, fill: PAPER, stroke: INK, "stroke-width": 1.2 }), ...pie(x, y, radius - 1.6, colours)]);
    if (text) {
      const title = svg("title");
      title.textContent = text;
      made.prepend(title);
    }
    return [made];
  }

  stop() {
    clearTimeout(this.timer);
    this.resized.disconnect();
  }
}

// Runs as [from, to, state] between two days, `last` included.
function spans(runs, first, last) {
  return runs.map(([from, state], i) => [Math.max(from, first), Math.min(runs[i + 1]?.[0] ?? last + 1, last + 1), state]).filter(([from, to]) => from < to);
}

// Neighbours of one state.
function grouped(states) {
  const groups = [];
  states.forEach((state, i) => {
    if (groups.at(-1)?.state === state) groups.at(-1).last = i;
    else groups.push({ state, first: i, last: i });
  });
  return groups;
}

function pie(x, y, radius, colours) {
  if (colours.length < 2) return colours.map((fill) => svg("circle", { cx: x, cy: y, r: radius, fill }));
  return colours.map((fill, i) => {
    const at = (share) => `${x + radius * Math.sin(share * 2 * Math.PI)} ${y - radius * Math.cos(share * 2 * Math.PI)}`;
    return svg("path", { d: `M${x} ${y}L${at(i / colours.length)}A${radius} ${radius} 0 0 1 ${at((i + 1) / colours.length)}Z`, fill });
  });
}

export default function mount({ data, parentElement, setStateValue }) {
  const known = parentElement.lifelines;
  if (known) {
    known.setStateValue = setStateValue;
    known.update(data);
    return undefined;
  }
  parentElement.lifelines = new Lifelines(parentElement.querySelector(".lifelines"), data, setStateValue);
  return () => {
    parentElement.lifelines.stop();
    delete parentElement.lifelines;
  };
}
