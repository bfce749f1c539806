// Legend, place search and details: a Streamlit component (v2) beside the map.
//
// Receives  data  {text, view: {date, map, at, known, confidence, without, layers, without_layers, claimed, show, lang, ...}, sources: [{key, name, grade, claims}],
//                  layers: see roster.js,
//                  kinds: [{name, kinds: [[key, name, count], ...]}, ...], event: see details.event, or null,
//                  effect: see geo/effects.py, or null, payload: address of the data under these filters, answers: address of where sources differ or null,
//                  alone: whether the layer is one that only this reader has, differ: see geo/answers.py, or null, places: [[name, lon, lat], ...], details: see geo/details.py, notices: [text]}
// Hears     the map: legend (what is in view), select (a click), event (a click on one), view (a pan or zoom), ready and data (all events);
//           the scrubber: a CustomEvent "mali-control-map" once the date has settled, and
//           "mali-control-map:scrubber" with parameters of the address that are its own: loop, of;
//           "mali-control-map:event" with an event that was clicked
// Tells     Python: setStateValue("view", {date, map, at, ...}), the parameters of the address; nothing while scrubbing
// Returns   clean-up
//
// Every text from data is set as textContent.
const CHANNEL = "mali-control-map";
const PARAMETERS = ["date", "map", "at", "known", "confidence", "without", "layers", "without_layers", "claimed", "show", "of", "loop", "kinds", "event", "lang"]; // of the address

// ---- the details -----------------------------------------------------------------------------------

function detailRows(details, date, text, open) {
  if (!details) return [element("h2", "", text.details), element("p", "where", text.prompt)];
  const { claims, aside, overlays, disagreements, events } = details;
  return [
    element("h2", "", details.dayText),
    element("h3", "", details.title),
    element("p", "where", details.where),
    stateBlock(details.state),
    ...details.notices.map((notice) => element("p", "notice", notice)),
    ...historyBlock(details.history, date, text),
    fold(text.claims, claims.length, true, claims.length ? claims.map((c) => claimBlock(c, text)) : [element("p", "where", text.noClaims)]),
    disagreements.length > 0 && fold(text.disagreements, disagreements.length, true, disagreements.map((d) => disagreementBlock(d, text))),
    overlays.length > 0 && fold(text.overlays, overlays.length, true, overlays.map((c) => claimBlock(c, text))),
    aside.length > 0 && fold(text.aside, aside.length, false, aside.map((c) => claimBlock(c, text))),
    events.length > 0 && fold(text.events, events.length, false, events.map((e) => eventBlock(e, text, open))),
  ].filter(Boolean);
}

// ---- what the choice of what counts changes

function effectRows(effect) {
  if (effect.same) return [element("h2", "", effect.title), element("p", "", effect.same)];
  const head = (name) => { const cell = element("th", "", name); cell.scope = "col"; return cell; };
  const rows = effect.rows.map((row) => {
    const name = element("th", "", row.name);
    name.scope = "row";
    const key = element("i");
    key.style.background = row.colour || "transparent";
    name.prepend(key);
    return filled("tr", "", [name, element("td", "", row.before), element("td", "", row.after)]);
  });
  return [
    element("h2", "", effect.title),
    filled("table", "", [
      filled("thead", "", [filled("tr", "", [element("td"), ...effect.heads.map(head)])]),
      filled("tbody", "", rows),
    ]),
    element("p", "where", effect.note),
  ];
}

const AROUND = 5; // events on either side of the day

function boxRow(className, value, name) {
  const box = element("input");
  box.type = "checkbox";
  box.value = value;
  return filled("li", className, [filled("label", "", [box, element("span", "", name)])]);
}

// What a fold or a button is told from others by: its words without their count, in the row it stands in.
function called(one) {
  const row = one.closest("article, li")?.querySelector("h3, h4, strong");
  return [one.closest("ul")?.className, row?.textContent, one.firstChild?.textContent ?? ""].join("\n");
}

// New rows in place of old ones: what was folded or unfolded stays so, and a button that had the focus keeps it.
function refresh(part, rows) {
  const focused = part.getRootNode().activeElement;
  const name = focused && part.contains(focused) ? called(focused) : null;
  const summaries = () => [...part.querySelectorAll("details > summary")];
  const open = new Map(summaries().map((summary) => [called(summary), summary.parentElement.open]));
  part.replaceChildren(...rows);
  for (const summary of summaries()) summary.parentElement.open = open.get(called(summary)) ?? summary.parentElement.open;
  if (name !== null) [...part.querySelectorAll("button, summary")].find((one) => called(one) === name)?.focus({ preventScroll: true });
}

// ---- where sources differ ---------------------------------------------------------------------------

const CLOSE = 8; // the zoom at which a town that sources differ about is looked at

function goButton(name, go) {
  const button = element("button", "go", name);
  button.type = "button";
  button.addEventListener("click", go);
  return button;
}

function answerRow(answer, text) {
  const sources = fold(text.sourcesOf, answer.sources.length, false, [
    filled("ul", "sources", answer.sources.map((source) => sourceRow(source, text))),
  ]);
  return filled("li", "", [filled("p", "", [element("strong", "", answer.text), element("span", "where", ` ${answer.count}`)]), sources]);
}

function differRows(differ, text, go) {
  const ground = differ.ground.map((item) => filled("li", "", [
    filled("h3", "", [goButton(item.name, () => go(item)()), element("span", "where", ` ${item.area}`)]),
    element("p", "where", item.shown),
    filled("ul", "answers", item.answers.map((answer) => answerRow(answer, text))),
  ]));
  const times = differ.elsewhen.map((item) => filled("li", "", [
    goButton(item.name, () => go(item)(item.from)),
    element("span", "", ` ${item.period}`),
  ]));
  const recorded = differ.recorded.map((item) => {
    const block = disagreementBlock(item, text);
    if (item.name) block.querySelector("h4").after(filled("p", "where", [goButton(item.name, () => go(item)())]));
    return block;
  });
  return [
    filled("ul", "ground", ground),
    recorded.length > 0 && fold(text.recorded, recorded.length, ground.length === 0, recorded),
    times.length > 0 && fold(text.elsewhen, times.length, false, [filled("ul", "times", times)]),
    element("p", "where", differ.caution),
  ].filter(Boolean);
}

function folded(name) {
  return name.normalize("NFD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase();
}

// ---- the panel -------------------------------------------------------------------------------------

class Panel {
  constructor(root, data, setStateValue) {
    this.root = root;
    this.view = data.view;
    this.events = []; // the map says
    this.setStateValue = setStateValue;
    this.onMessage = (event) => this.hear(event);
    this.onSettled = (event) => this.change({ date: event.detail.iso, ...this.closing(event.detail.iso) });
    this.onEvent = (event) => this.openEvent(event.detail.event);
    window.addEventListener(`${CHANNEL}:event`, this.onEvent);
    window.addEventListener("message", this.onMessage);
    this.onScrubber = (event) => this.change(event.detail, 300);
    window.addEventListener(CHANNEL, this.onSettled);
    window.addEventListener(`${CHANNEL}:scrubber`, this.onScrubber);
    const search = root.querySelector(".search input");
    search.addEventListener("change", () => this.search(search.value));
    search.addEventListener("input", (event) => { // a name chosen from the list is an answer already
      if (event.inputType === "insertReplacementText" || !event.inputType) this.search(search.value);
      else this.root.querySelector(".search p").textContent = "";
    });
    root.querySelector(".share .copy").addEventListener("click", () => this.copy());
    this.roster = new Roster(root.querySelector(".roster"), (chosen) => this.hearLayers(chosen));
    this.bindFilters();
    this.update(data);
    this.writeAddress();
    this.showLegend([]);
    this.tell({ cmd: "who" }); // a map that was there first has said already what is in view, and what happened when
  }

  update(data) {
    this.data = data;
    const find = (selector) => this.root.querySelector(selector);
    find(".legend h2").textContent = data.text.legend;
    find(".legend .take").textContent = data.text.take;
    find(".legend .tables").textContent = data.text.tables;
    find(".legend .method").textContent = data.text.method;
    this.linkPages();
    find(".search span").textContent = data.text.search;
    find(".search input").placeholder = data.text.searchHint;
    find("datalist").replaceChildren(...data.places.filter(([, , , alias]) => !alias).map(([name]) => new Option(name, name)));
    this.roster.show(data.layers, this.view, data.text);
    this.showFilters();
    this.showShare();
    this.showEffect();
    this.showDiffer();
    this.showKinds();
    this.showHappened();
    this.showEvent();
    this.tellMaps();
    const notices = data.notices.map((notice) => element("p", "notice", notice));
    refresh(find(".details"), [...notices, ...detailRows(data.details, data.view.date, data.text, (event) => this.openEvent(event.event)), ...this.figures()]);
  }

  showShare() {
    const { text, cite, alone } = this.data;
    for (const part of [".share", ".happened", ".filters .show"]) this.root.querySelector(part).hidden = Boolean(alone);
    this.root.querySelector(".search").hidden = !this.data.places.length;
    if (alone) return;
    const find = (selector) => this.root.querySelector(`.share ${selector}`);
    find("h2").textContent = text.share;
    find(".copy").textContent = text.copyLink;
    find("summary").textContent = text.cite;
    const shown = Object.entries(text.citeAs).flatMap(([form, name]) => [
      element("strong", "", name),
      element("pre", "", cite[form].replaceAll("ADDRESS", window.location.href)),
    ]);
    find("details").replaceChildren(find("summary"), ...shown);
  }

  async copy() {
    await navigator.clipboard.writeText(window.location.href);
    this.root.querySelector(".share p").textContent = this.data.text.copied;
  }

  // ---- what counts: these change the data of the map, not the map

  bindFilters() {
    const find = (selector) => this.root.querySelector(`.filters ${selector}`);
    find(".known input").addEventListener("change", (event) => this.change({ known: event.target.value }));
    find(".confidence select").addEventListener("change", (event) => this.change({ confidence: event.target.value }));
    find(".claimed input").addEventListener("change", (event) => this.change({ claimed: event.target.checked ? "1" : "" }));
    find(".show input").addEventListener("change", (event) => this.change({ show: event.target.checked ? "disagreement" : "" }));
    find("ul").addEventListener("change", () => {
      const off = [...this.root.querySelectorAll(".filters ul input:not(:checked)")].map((input) => input.value);
      this.change({ without: off.sort().join(",") }, 300);
    });
    find(".reset").addEventListener("click", () => this.change({ known: "", confidence: "", without: "", layers: "", without_layers: "", claimed: "" }));
  }

  hearLayers(chosen) {
    this.change(chosen, 300);
    this.roster.show(this.data.layers, this.view, this.data.text);
  }

  showFilters() {
    const { text, view, sources } = this.data;
    const find = (selector) => this.root.querySelector(`.filters ${selector}`);
    find(".title").textContent = text.filters;
    const off = (view.without ?? "").split(",").filter(Boolean);
    find("summary .count").textContent = `(${text.heard})`;
    find(".known span").textContent = text.known;
    find(".known").title = text.knownHint;
    find(".known input").value = view.known ?? "";
    find(".confidence span").textContent = text.confidence;
    find(".confidence select").replaceChildren(...Object.entries(text.confidences).map(([value, name]) => new Option(name, value, false, value === (view.confidence ?? ""))));
    find(".claimed span").textContent = text.claimed;
    find(".claimed input").checked = view.claimed === "1";
    find(".show span").textContent = text.show;
    find(".show input").checked = view.show === "disagreement";
    find("legend").textContent = text.sources;
    find(".reset").textContent = text.reset;
    if (find("ul").childElementCount !== sources.length) {
      find("ul").replaceChildren(...sources.map((source) => {
        const box = element("input");
        box.type = "checkbox";
        box.value = source.key;
        return filled("li", "", [filled("label", "", [box, element("span", "", `${source.name} (${source.grade}, ${source.claims})`)])]);
      }));
    }
    for (const box of this.root.querySelectorAll(".filters ul input")) box.checked = !off.includes(box.value);
  }

  // The maps are told which data to show and whether to outline what is only claimed.
  tellMaps(frames) {
    this.tell({ cmd: "data", src: this.data.payload }, frames);
    this.tell({ cmd: "answers", src: this.data.answers }, frames);
    this.tell({ cmd: "claimed", on: this.view.claimed === "1" }, frames);
    this.tell({ cmd: "kinds", kinds: this.chosenKinds() }, frames);
  }

  showLegend(entries) {
    this.root.querySelector(".legend ul").replaceChildren(...legendRows(entries, this.data.text));
  }

  // With or without accents and capitals; a part of a name will do, the larger place first.
  search(typed) {
    const wanted = folded(typed);
    if (!wanted) return;
    const { places, text } = this.data;
    const fits = [(name) => name === wanted, (name) => name.startsWith(wanted), (name) => name.includes(wanted)];
    const place = fits.reduce((found, fit) => found ?? places.find(([name]) => fit(folded(name))), undefined);
    this.root.querySelector(".search p").textContent = place ? "" : text.notFound;
    if (place) this.open(place[1], place[2]);
  }

  // ---- events

  // A date takes the map there, and a place opens its details.
  openEvent(key) {
    const event = this.events.find((known) => known.event === key);
    if (!event) return;
    this.change({ event: key, date: event.iso, at: event.at ? event.at.join(",") : "" });
    goTo(event.iso);
    this.tell({ cmd: "select", lon: event.at?.[0] ?? null, lat: event.at?.[1] ?? null });
  }

  // What is left of an open event once the date is another one.
  closing(iso) {
    const open = this.events.find((known) => known.event === this.view.event);
    return open && open.iso !== iso ? { event: "" } : {};
  }

  showEvent() {
    const { event, text } = this.data;
    const section = this.root.querySelector("section.event");
    section.hidden = !event;
    if (!event) { section.replaceChildren(); return; }
    const close = goButton(text.closeEvent, () => this.change({ event: "" }));
    section.replaceChildren(element("h2", "", text.event), eventBlock(event, text), close);
  }

  // The events before and after the day that has settled, of the kinds that are shown.
  showHappened() {
    const { text, view } = this.data;
    const find = (selector) => this.root.querySelector(`.happened > ${selector}`);
    const kinds = this.chosenKinds();
    const shown = this.events.filter((event) => !kinds || kinds.includes(event.kind));
    find("summary .title").textContent = text.happened;
    find("summary .count").textContent = `(${shown.length})`;
    const before = shown.filter((event) => event.iso <= view.date).slice(-AROUND);
    const after = shown.filter((event) => event.iso > view.date).slice(0, AROUND);
    const row = (event) => filled("li", event.event === this.view.event ? "here" : "", [
      goButton(event.when, () => this.openEvent(event.event)),
      element("span", "", ` ${event.title}`),
    ]);
    const heading = (name, some) => some.length > 0 && element("li", "heading", name);
    refresh(find(".around"), [heading(text.until, before), ...before.map(row), heading(text.after, after), ...after.map(row)].filter(Boolean));
  }

  // null: all.
  chosenKinds() { return this.view.kinds ? this.view.kinds.split(",") : null; }

  // A box for every kind, and one above those of a group.
  showKinds() {
    const { text, kinds: groups } = this.data;
    const fold = this.root.querySelector(".kinds");
    const chosen = this.chosenKinds();
    const keys = groups.flatMap((group) => group.kinds.map(([key]) => key));
    fold.querySelector(".title").textContent = text.eventKinds;
    fold.querySelector(".count").textContent = chosen ? `(${keys.filter((key) => chosen.includes(key)).length} / ${keys.length})` : `(${text.allKinds})`;
    const list = fold.querySelector("ul");
    if (!list.childElementCount) {
      list.addEventListener("change", (event) => this.chooseKinds(event.target, keys));
      list.replaceChildren(...groups.flatMap((group) => [
        boxRow("group", group.kinds.map(([key]) => key).join(" "), group.name),
        ...group.kinds.map(([key, name, count]) => boxRow("", key, `${name} (${count})`)),
      ]));
    }
    for (const box of list.querySelectorAll("input")) {
      const own = box.value.split(" ").map((key) => !chosen || chosen.includes(key));
      box.checked = own.every(Boolean);
      box.indeterminate = own.some(Boolean) && !box.checked;
    }
  }

  chooseKinds(box, keys) {
    const chosen = new Set(this.chosenKinds() ?? keys);
    for (const key of box.value.split(" ")) {
      if (box.checked) chosen.add(key);
      else chosen.delete(key);
    }
    const left = keys.filter((key) => chosen.has(key)).sort();
    this.change({ kinds: left.length === keys.length ? "" : left.join(",") || "none" }, 300);
    this.showKinds();
    this.showHappened();
    this.tellKinds();
  }

  tellKinds() {
    const kinds = this.chosenKinds();
    this.tell({ cmd: "kinds", kinds });
    window.dispatchEvent(new CustomEvent(`${CHANNEL}:kinds`, { detail: { kinds } }));
  }

  tell(message, frames = [...Array(window.frames.length).keys()].map((i) => window.frames[i])) {
    for (const frame of frames) frame.postMessage({ channel: CHANNEL, ...message }, window.location.origin);
  }

  // Select a place, as if the reader had clicked it; with a zoom the map goes there too.
  open(lon, lat, zoom) {
    this.change({ at: `${lon},${lat}`, event: "" });
    if (zoom) this.tell({ cmd: "view", lon, lat, zoom });
    this.tell({ cmd: "select", lon, lat });
  }

  // What the choice of what counts does to the figures.
  showEffect() {
    const { effect } = this.data;
    const section = this.root.querySelector(".effect");
    section.hidden = !effect;
    section.replaceChildren(...(effect ? effectRows(effect) : []));
  }

  // Where sources differ on the day that has settled, and when else they do.
  showDiffer() {
    const { differ, text } = this.data;
    const section = this.root.querySelector(".differ");
    section.hidden = !differ;
    section.querySelector("h2").textContent = differ?.title ?? "";
    section.querySelector(".summary").textContent = differ?.summary ?? "";
    const go = (item) => (iso) => {
      if (iso) goTo(iso);
      this.open(item.lon, item.lat, CLOSE);
    };
    refresh(section.querySelector("div"), differ ? differRows(differ, text, go) : []);
  }

  hear(event) {
    const message = event.data;
    if (event.origin !== window.location.origin || !message || message.channel !== CHANNEL) return;
    if (message.ev === "legend") this.showLegend(message.entries);
    if (message.ev === "select") this.change({ at: `${message.lon},${message.lat}`, event: "" });
    if (message.ev === "event") this.openEvent(message.event);
    if (message.ev === "ready" || message.ev === "data") {
      this.events = message.events;
      this.showHappened();
    }
    if (message.ev === "view") this.change({ map: `${message.zoom}/${message.lat}/${message.lon}` }, 500);
    if (message.ev === "ready") this.select(event.source);
  }

  // A map that opens late is told what is selected.
  select(frame) {
    this.tellMaps([frame]);
    if (!this.view.at) return;
    const [lon, lat] = this.view.at.split(",").map(Number);
    frame.postMessage({ channel: CHANNEL, cmd: "select", lon, lat }, window.location.origin);
  }

  change(part, wait = 0) {
    const view = { ...this.view, ...part };
    for (const name of Object.keys(view)) if (!view[name]) delete view[name];
    if (JSON.stringify(view) === JSON.stringify(this.view)) return;
    this.view = view;
    this.writeAddress();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.setStateValue("view", this.view), wait);
  }

  // Always with the date, and in place: Back leaves the page, and does not go through every day that was seen.
  writeAddress() {
    if (this.data.alone) return; // no address leads to a layer that only this reader has
    const query = new URLSearchParams(window.location.search);
    for (const name of PARAMETERS) {
      if (this.view[name]) query.set(name, this.view[name]);
      else query.delete(name);
    }
    window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}${window.location.hash}`);
    this.linkPages();
  }

  // The figures of the region that the ground lies in, on the day.
  figures() {
    const { details, view } = this.data;
    if (!details?.region) return [];
    const made = element("a", "", details.region.figures);
    made.href = `figures?${new URLSearchParams({ date: view.date, region: details.region.key, lang: view.lang ?? "en" })}`;
    made.target = "_self";
    return [filled("p", "elsewhere", [made])];
  }

  // The pages that say the same in other ways open on the same view.
  linkPages() {
    this.root.querySelector(".legend .elsewhere").hidden = Boolean(this.data.alone);
    if (this.data.alone) return;
    const query = new URLSearchParams(this.view);
    this.root.querySelector(".legend .take").href = `snapshot?${query}`;
    this.root.querySelector(".legend .tables").href = `table?${query}`;
    this.root.querySelector(".legend .method").href = `method?${new URLSearchParams({ lang: this.view.lang ?? "en" })}`;
  }

  stop() {
    clearTimeout(this.timer);
    window.removeEventListener("message", this.onMessage);
    window.removeEventListener(CHANNEL, this.onSettled);
    window.removeEventListener(`${CHANNEL}:scrubber`, this.onScrubber);
    window.removeEventListener(`${CHANNEL}:event`, this.onEvent);
  }
}

export default function mount({ data, parentElement, setStateValue }) {
  const panel = parentElement.panel;
  if (panel) {
    panel.setStateValue = setStateValue;
    panel.update(data);
    return undefined;
  }
  parentElement.panel = new Panel(parentElement, data, setStateValue);
  return () => {
    parentElement.panel.stop();
    delete parentElement.panel;
  };
}
