// Two dates compared: a Streamlit component (v2) that stands on the page in five parts, by data.part.
//
//   title   {title, lead}: a heading
//   side    {side: "from" | "to" | "both", days: of changes, for both, day, firstDay, last, language, text}: a date above its map
//   legend  {text}: what is in view on the two maps
//   story   {view: {from, to, map, known, confidence, without, layers, without_layers}, firstDay, looks, said, translated: {lang, name, said}, events, notices, text}: what
//           changed, in words; it keeps the three maps at the same place, tells them their days, and writes the address
//   ledger  {rows, language, text}: the same, line by line
//   twin    see twin.js, which needs this file before it
// Needs     source.js before it
// Tells     the maps by postMessage (same origin): {cmd: who | day | view | changes}; the parts each other by
//           CustomEvents on window; Python, once a date has settled: the state "view"
//
// Every text from data is set as textContent. Days are whole numbers counted from firstDay, in UTC.
const CHANNEL = "mali-control-map";
const MOVED = `${CHANNEL}:compare`; // {side, day, settled}: a date was moved by the reader
const PUSHED = `${CHANNEL}:push`; // {side, day}: a date must follow, the other has passed it
const LEGEND = `${CHANNEL}:compare-legend`; // {side, entries}: what is in view on a map
const SETTLE = 200; // ms
const LOOK = 500; // ms after a map has moved before the address follows
const MAPS = ["from", "to", "changes"];
const HEADINGS = ["control", "shared", "contested", "influence", "siege", "blockade", "presence"];

const calendar = (firstDay) => {
  const origin = Date.parse(`${firstDay}T00:00:00Z`);
  return {
    iso: (day) => new Date(origin + day * 864e5).toISOString().slice(0, 10),
    number: (iso) => {
      const time = Date.parse(`${iso}T00:00:00Z`);
      return Number.isNaN(time) ? null : Math.round((time - origin) / 864e5);
    },
  };
};

// The same day of an earlier month; the last of that month where it has no such day.
function monthsBefore(iso, months) {
  const [year, month, day] = iso.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(day, last))).toISOString().slice(0, 10);
}

function legendRows(entries, text) {
  const rows = [];
  let kind = null;
  const order = (entry) => (HEADINGS.indexOf(entry.kind) + 99) % 99;
  for (const entry of [...entries].sort((a, b) => order(a) - order(b))) {
    if (entry.kind !== kind && text.kinds[entry.kind]) rows.push(element("li", "heading", text.kinds[entry.kind]));
    kind = entry.kind;
    const image = element("img");
    image.src = entry.image;
    image.alt = "";
    rows.push(filled("li", "", [image, element("span", "", entry.label)]));
  }
  return rows;
}

// ---- a date above its map --------------------------------------------------------------------------

class Side {
  constructor(root, data) {
    this.data = data;
    this.day = data.day;
    this.other = data.other;
    Object.assign(this, calendar(data.firstDay));
    this.written = new Intl.DateTimeFormat(data.language, { dateStyle: "long", timeZone: "UTC" });
    const { text, side } = data;
    this.title = element("span");
    this.typed = element("input", "typed");
    this.typed.type = "date";
    this.typed.min = data.firstDay;
    this.typed.max = this.iso(data.last);
    this.typed.setAttribute("aria-label", text[`${side}Date`]);
    this.slider = element("input", "slider");
    this.slider.type = "range";
    this.slider.max = data.last;
    this.slider.setAttribute("aria-label", text[`${side}Slider`]);
    this.jumping = this.jumps().map(([name, to]) => {
      const button = element("button", name, text[name]);
      button.type = "button";
      button.addEventListener("click", () => { const day = to(); if (day !== undefined) this.show(day, true); });
      return [button, to];
    });
    root.querySelector(".compare").replaceChildren(filled("section", "side", [
      filled("div", "bar", [
        filled("h2", "", [element("small", "", text[side]), this.title]),
        this.jumping.length && filled("span", "jumps", this.jumping.map(([button]) => button)),
        this.typed,
      ]),
      this.slider,
    ]));
    this.bind();
    this.paint();
  }

  jumps() {
    const { side, days } = this.data;
    if (side === "both") {
      return [["earlier", () => days.findLast((day) => day < this.day)], ["later", () => days.find((day) => day > this.day)]];
    }
    const before = (months) => () => this.number(monthsBefore(this.iso(this.other), months));
    return side === "from" ? [["month", before(1)], ["year", before(12)]] : [];
  }

  bind() {
    this.slider.addEventListener("input", () => this.show(+this.slider.value, false));
    this.slider.addEventListener("change", () => this.tell(true));
    this.typed.addEventListener("change", () => {
      const day = this.number(this.typed.value);
      if (day !== null) this.show(day, true);
    });
    this.typed.addEventListener("blur", () => this.paint()); // what could not be shown is not left standing
    this.onMoved = ({ detail }) => { if (detail.side !== this.data.side) this.other = detail.day; };
    this.onPushed = ({ detail }) => {
      if (detail.side !== this.data.side) return;
      this.day = detail.day;
      this.paint();
    };
    window.addEventListener(MOVED, this.onMoved);
    window.addEventListener(PUSHED, this.onPushed);
  }

  show(day, settled) {
    this.day = Math.max(0, Math.min(this.data.last, day));
    this.paint();
    this.tell(settled);
  }

  tell(settled) {
    window.dispatchEvent(new CustomEvent(MOVED, { detail: { side: this.data.side, day: this.day, settled } }));
  }

  paint() {
    const iso = this.iso(this.day);
    // French calls the first of a month "1er", which browsers do not.
    this.title.textContent = this.written.formatToParts(new Date(`${iso}T00:00:00Z`))
      .map(({ type, value }) => (type === "day" && value === "1" ? this.data.text.first : value)).join("");
    this.slider.value = this.day;
    for (const [button, to] of this.jumping) button.setAttribute("aria-disabled", to() === undefined);
    this.slider.setAttribute("aria-valuetext", this.title.textContent);
    if (this.typed.getRootNode().activeElement !== this.typed) this.typed.value = iso;
  }

  update() {}

  stop() {
    window.removeEventListener(MOVED, this.onMoved);
    window.removeEventListener(PUSHED, this.onPushed);
  }
}

// ---- what is in view on either of the two maps

class Legend {
  constructor(root, data) {
    this.data = data;
    this.entries = {};
    this.list = element("ul", "legend");
    const folded = filled("details", "both", [element("summary", "", data.text.legend), this.list]);
    folded.open = window.innerWidth > 640;
    root.querySelector(".compare").replaceChildren(folded);
    this.onLegend = ({ detail }) => {
      this.entries[detail.side] = detail.entries;
      const all = Object.values(this.entries).flat().map((entry) => [`${entry.kind}|${entry.label}`, entry]);
      this.list.replaceChildren(...legendRows([...new Map(all).values()], this.data.text));
    };
    window.addEventListener(LEGEND, this.onLegend);
  }

  update() {}

  stop() { window.removeEventListener(LEGEND, this.onLegend); }
}

// ---- what changed, and the three maps --------------------------------------------------------------

class Story {
  constructor(root, data, setStateValue) {
    this.root = root.querySelector(".compare");
    this.view = { ...data.view };
    this.setStateValue = setStateValue;
    Object.assign(this, calendar(data.firstDay));
    this.days = { from: this.number(data.view.from), to: this.number(data.view.to) };
    this.legend = element("ul", "legend");
    this.onMessage = (event) => this.hear(event);
    this.onMoved = (event) => this.moved(event.detail);
    window.addEventListener("message", this.onMessage);
    window.addEventListener(MOVED, this.onMoved);
    this.update(data);
    this.writeAddress();
    for (const map of MAPS) this.tell(map, { cmd: "who", live: true });
  }

  update(data) {
    this.data = data;
    const { text, said, translated, events, notices } = data;
    const other = filled("details", "translated", [element("summary", "", translated.name), element("p", "said", translated.said)]);
    other.lang = translated.lang;
    this.root.replaceChildren(filled("section", "story", [
      ...notices.map((notice) => element("p", "notice", notice)),
      element("h2", "", text.story),
      element("p", "said", said),
      other,
      events.length > 0 && fold(text.events, events.length, false, events.map((event) => eventBlock(event, text))),
      element("h2", "", text.key),
      this.legend,
      element("p", "small", text.gaining),
    ]));
    this.tellChanges();
  }

  // ---- the maps: they say hello, or are asked who they are; either order works

  frame(map) { return document.querySelector(`.st-key-compare-${map} iframe`)?.contentWindow; }

  tell(map, message) { this.frame(map)?.postMessage({ channel: CHANNEL, ...message }, window.location.origin); }

  tellChanges() {
    this.tell("changes", { cmd: "changes", ...this.data.looks });
    this.tell("changes", { cmd: "day", day: this.number(this.data.view.to) });
  }

  hear({ origin, source, data: message }) {
    if (origin !== window.location.origin || !message || message.channel !== CHANNEL) return;
    const map = MAPS.find((name) => this.frame(name) === source);
    if (!map) return;
    if (message.ev === "hello") this.tell(map, { cmd: "who", live: true });
    if (message.ev === "ready") this.greet(map);
    if ((message.ev === "moving" || message.ev === "view") && !message.led) this.follow(map, message);
    if (message.ev === "legend") this.showLegend(map, message.entries);
  }

  greet(map) {
    if (this.view.map) {
      const [zoom, lat, lon] = this.view.map.split("/").map(Number);
      this.tell(map, { cmd: "view", zoom, lat, lon });
    }
    if (map === "changes") this.tellChanges();
    else this.tell(map, { cmd: "day", day: this.days[map] });
  }

  follow(map, { ev, zoom, lat, lon }) {
    this.target = { map, zoom, lat, lon };
    this.request ??= requestAnimationFrame(() => {
      this.request = null;
      const { map: leader, ...camera } = this.target;
      for (const other of MAPS) if (other !== leader) this.tell(other, { cmd: "view", ...camera });
    });
    if (ev === "view") this.change({ map: `${zoom}/${lat}/${lon}` }, LOOK);
  }

  showLegend(map, entries) {
    if (map === "changes") this.legend.replaceChildren(...legendRows(entries.filter((e) => e.kind !== "stale"), this.data.text));
    else window.dispatchEvent(new CustomEvent(LEGEND, { detail: { side: map, entries } }));
  }

  // ---- the dates

  moved({ side, day, settled }) {
    this.days[side] = day;
    this.tell(side, { cmd: "day", day });
    if (!settled) return;
    const other = side === "from" ? "to" : "from";
    if (this.days.from > this.days.to) {
      this.days[other] = day;
      this.tell(other, { cmd: "day", day });
      window.dispatchEvent(new CustomEvent(PUSHED, { detail: { side: other, day } }));
    }
    this.change({ from: this.iso(this.days.from), to: this.iso(this.days.to) }, SETTLE);
  }

  change(part, wait) {
    const view = { ...this.view, ...part };
    if (JSON.stringify(view) === JSON.stringify(this.view)) return;
    this.view = view;
    this.writeAddress();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.setStateValue("view", this.view), wait);
  }

  // In place: Back leaves the page, and does not go through every day that was seen.
  writeAddress() {
    const query = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(this.view)) if (value) query.set(name, value);
    window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}${window.location.hash}`);
  }

  stop() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.request);
    window.removeEventListener("message", this.onMessage);
    window.removeEventListener(MOVED, this.onMoved);
  }
}

// ---- line by line ----------------------------------------------------------------------------------

class Still {
  constructor(root, data) {
    this.root = root.querySelector(".compare");
    this.update(data);
  }

  update(data) {
    this.root.replaceChildren(...(data.part === "title" ? titleBlock(data) : ledgerBlock(data)));
  }

  stop() {}
}

function titleBlock({ level, title, lead }) { return [element(level, "", title), element("p", "lead", lead)]; }

function ledgerBlock({ rows, text, language }) {
  if (!rows.length) return [element("h2", "", text.ledger), element("p", "", text.noChange)];
  const written = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const heads = [text.where, text.before, text.after, "km²", text.sources];
  const head = filled("tr", "", heads.map((name) => {
    const cell = element("th", name === "km²" ? "km2" : "", name);
    cell.scope = "col";
    return cell;
  }));
  const table = filled("table", "", [
    element("caption", "", text.ledger),
    filled("thead", "", [head]),
    filled("tbody", "", rows.map((row) => ledgerRow(row, text, written))),
  ]);
  return [table, element("p", "small", text.foot)];
}

function ledgerRow(row, text, written) {
  const where = element("th", "", row.where);
  where.scope = "row";
  const said = (name, label) => {
    const cell = element("td", "from", row[name] || "–");
    cell.dataset.label = label;
    return cell;
  };
  const area = element("td", "km2", row.km2 === null ? "–" : written.format(row.km2));
  area.dataset.label = "km²";
  const list = (sources) => filled("ul", "sources", sources.map((source) => sourceRow(source, text)));
  const cell = filled("td", "", [list(row.sources.slice(0, 2)), row.sources.length > 2 && fold(text.more, row.sources.length - 2, false, [list(row.sources.slice(2))])]);
  return filled("tr", "", [where, said("before", text.before), said("after", text.after), area, cell]);
}

const PARTS = { title: Still, side: Side, legend: Legend, story: Story, ledger: Still };

export default function mount({ data, parentElement, setStateValue }) {
  const part = parentElement.part;
  if (part) {
    part.setStateValue = setStateValue;
    part.update(data);
    return undefined;
  }
  parentElement.part = new PARTS[data.part](parentElement, data, setStateValue);
  return () => {
    parentElement.part.stop();
    delete parentElement.part;
  };
}
