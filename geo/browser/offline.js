// The map as one page of its own: no server, no other host, from a memory stick as well as inside an article.
//
// Receives  mcmPayload  see geo/overlay.py
//           mcmPage     see geo/snapshots/offline.py: {language, day, limits, claimed, scrubber, text, headline, general,
//                       known, kept, back, claims, sources, strings, faces, marks}
//           mcmScrubber the scrubber's mount; source.js and answer.js before this file
// Owns      the two ports by which map and scrubber talk as they do in the app; the answer to a click
// Tells     whoever frames the page its height: {channel, ev: "height", height}, a number and nothing else
//
// Days are whole numbers counted from payload.firstDay. Every text from data is set as textContent.
(function standAlone() {
  "use strict";
  const CHANNEL = "mali-control-map";
  const NEAR = 0.06; // degrees, about 6 km: a click this near a road asks about it too
  const KM = 111.2; // of a degree
  const payload = window.mcmPayload;
  const page = window.mcmPage;
  const { text } = page;
  const origin = Date.parse(`${payload.firstDay}T00:00:00Z`);
  const written = new Intl.DateTimeFormat(page.language, { dateStyle: "long", timeZone: "UTC" });
  const find = (selector) => document.querySelector(selector);
  let day = page.day;
  let at = null;

  const date = (number) => new Date(origin + number * 864e5);
  const iso = (number) => date(number).toISOString().slice(0, 10);
  const valid = (run) => run[0] <= day && (run[1] === null || day < run[1]);

  // French calls the first of a month "1er", which browsers do not.
  const told = (number) => written.formatToParts(date(number))
    .map(({ type, value }) => (type === "day" && value === "1" ? page.scrubber.text.first : value)).join("");

  // ---- the map

  function mountMap() {
    const map = L.map(find(".map"), { ...page.limits, zoomControl: true }).setView([17.4, -4.2], 5.5);
    return window.mcmMount(map, payload, { day: page.day, alone: true });
  }

  // ---- map and scrubber talk in messages; in one page these are handed over by hand

  function join(overlay, scrubber, hear) {
    const deliver = (to, from) => (message) => to({ data: message, origin: window.location.origin, source: from });
    const toMap = { closed: false };
    const toPage = { closed: false };
    toMap.postMessage = deliver((event) => overlay._onMessage(event), toPage);
    toPage.postMessage = deliver((event) => {
      scrubber.hear(event);
      hear(event.data);
    }, toMap);
    scrubber.hear({ data: { channel: CHANNEL, ev: "hello" }, origin: window.location.origin, source: toMap });
    if (page.claimed) toMap.postMessage({ channel: CHANNEL, cmd: "claimed", on: true });
  }

  // ---- who says so

  const source = (i) => page.sources[i];
  const string = (i) => page.strings[i];

  function claim(i) {
    const [heading, tags, period, note, reason, sources] = page.claims[i];
    return {
      heading: string(heading), tags: tags.map(string), period: string(period),
      note: string(note), reason: string(reason), sources: sources.map(source),
    };
  }

  function placeAt(lon, lat) {
    const away = (place) => Math.hypot((place.lon - lon) * Math.cos((lat * Math.PI) / 180), place.lat - lat) * KM;
    const near = payload.places.filter((place) => away(place) <= place.radius);
    return near.sort((a, b) => away(a) - away(b))[0] ?? null;
  }

  // How near a point comes to a line of steps, in degrees.
  function nearness(lines, lon, lat) {
    let least = Infinity;
    for (const steps of lines) {
      let [x, y] = [steps[0] / 1e4 - lon, steps[1] / 1e4 - lat];
      for (let i = 2; i < steps.length; i += 2) {
        const [dx, dy] = [steps[i] / 1e4, steps[i + 1] / 1e4];
        const along = Math.max(0, Math.min(1, -(x * dx + y * dy) / (dx * dx + dy * dy || 1)));
        least = Math.min(least, Math.hypot(x + along * dx, y + along * dy));
        x += dx;
        y += dy;
      }
    }
    return least;
  }

  function overlaysAt(place, lon, lat) {
    return payload.overlays
      .map((mark, i) => ({ mark, claim: page.marks[i] }))
      .filter(({ mark }) => valid([mark.from, mark.to]))
      .filter(({ mark }) => (mark.c ? nearness(mark.c, lon, lat) <= NEAR : place !== null && payload.places[mark.place] === place));
  }

  // The spans of a face, from the first day to the last; evidence growing old ends none.
  function spans(face) {
    const runs = [];
    const add = (from, to, number) => {
      const state = payload.states[number];
      const label = state?.label ?? payload.text.none;
      if (from >= to) return;
      if (runs.at(-1)?.text === label) runs.at(-1).end = to;
      else runs.push({ start: from, end: to, text: label, colours: colours(state) });
    };
    let from = 0;
    const r = payload.faces[face].r;
    for (let i = 0; i < r.length; i += 3) {
      add(from, r[i], 0);
      from = Math.min(r[i + 1] ?? Infinity, payload.last + 1);
      add(Math.max(0, r[i]), from, r[i + 2]);
      if (from > payload.last) break;
    }
    add(from, payload.last + 1, 0);
    return runs.map((run) => ({
      ...run, from: iso(run.start), to: iso(run.end - 1),
      share: (run.end - run.start) / (payload.last + 1), period: `${told(run.start)} – ${told(run.end - 1)}`,
    }));
  }

  const colours = (state) => [...(state?.actors.length ? state.actors : state?.influence ?? [])].map((i) => payload.actors[i].colour);

  function stateOn(face) {
    const r = payload.faces[face].r;
    for (let i = 0; i < r.length; i += 3) if (valid([r[i], r[i + 1]])) return payload.states[r[i + 2]];
    return null;
  }

  function answer(face, lon, lat) {
    const place = placeAt(lon, lat);
    const unit = payload.units[payload.faces[face].u];
    const state = stateOn(face);
    const span = spans(face).find((one) => one.start <= day && day < one.end);
    const claims = (page.faces[face].find(valid)?.[2] ?? []).map(claim);
    const overlays = overlaysAt(place, lon, lat);
    const since = text[span.start ? "since" : "sinceBefore"].replace("{day}", told(span.start));
    const notices = [];
    if (!state) notices.push(text.nothing);
    if (state?.stale) notices.push(payload.text.stale);
    if (!place && state) notices.push(text.cercle);
    return [
      element("h2", "", told(day)),
      element("h3", "", place ? place.name : unit),
      place && element("p", "where", unit),
      stateBlock({ colours: colours(state), text: state?.label ?? payload.text.none, since, marks: [] }),
      ...notices.map((notice) => element("p", "notice", notice)),
      ...historyBlock(spans(face), iso(day), text),
      fold(text.claims, claims.length, true, claims.length ? claims.map((one) => claimBlock(one, text)) : [element("p", "where", text.noClaims)]),
      overlays.length > 0 && fold(text.overlays, overlays.length, true, overlays.map((one) => claimBlock(claim(one.claim), text))),
    ].filter(Boolean);
  }

  // ---- the page

  function show() {
    const face = at ? window.mcmOverlay.face(...at) : -1;
    find(".details").replaceChildren(...(face < 0 ? [element("h2", "", text.details), element("p", "where", text.prompt)] : answer(face, ...at)));
    // A headline was written for its day and would be wrong on another.
    find(".headline").textContent = day === page.day ? page.headline : page.general;
    find(".back").hidden = day === page.day;
    tellHeight();
  }

  function hear(message) {
    if (message.ev === "legend") find(".legend ul").replaceChildren(...legendRows(message.entries, text));
    if (message.ev === "select") ask(message.lon, message.lat);
    if (message.ev === "event") open(message.event);
  }

  // An event takes the page to its day and its place.
  function open(key) {
    const event = payload.events.find((one) => one.event === key);
    if (!event) return;
    goTo(iso(event.day));
    const place = payload.places[event.place];
    if (!place) return;
    window.mcmOverlay.select(place.lon, place.lat);
    ask(place.lon, place.lat);
  }

  function search(name) {
    const place = payload.places.find((one) => one.name === name);
    if (!place) return;
    window.mcmOverlay.select(place.lon, place.lat);
    ask(place.lon, place.lat);
  }

  function ask(lon, lat) {
    at = [lon, lat];
    show();
    // Beside the map the answer stands below the legend, which may fill the column.
    const column = find(".panel");
    if (getComputedStyle(column).overflowY === "auto") column.scrollTop = find(".details").offsetTop - column.offsetTop;
  }

  // A frame in an article can take this height; nothing else is told.
  function tellHeight() {
    if (window.parent === window) return;
    window.parent.postMessage({ channel: CHANNEL, ev: "height", height: document.documentElement.scrollHeight }, "*");
  }

  function dress() {
    find(".map").setAttribute("aria-label", text.map);
    find(".known").textContent = page.known;
    find(".kept").textContent = page.kept;
    find(".back").textContent = page.back;
    find(".back").addEventListener("click", () => goTo(iso(page.day)));
    find(".legend h2").textContent = text.legend;
    find(".search span").textContent = text.search;
    find(".search input").placeholder = text.searchHint;
    find("datalist").replaceChildren(...payload.places.map((place) => new Option(place.name, place.name)));
    find(".search input").addEventListener("change", (event) => search(event.target.value));
  }

  dress();
  const overlay = mountMap();
  const scrub = find(".scrub");
  window.mcmScrubber({ data: page.scrubber, parentElement: scrub });
  window.addEventListener(CHANNEL, (event) => {
    day = event.detail.day;
    show();
  });
  window.addEventListener(`${CHANNEL}:event`, (event) => open(event.detail.event));
  join(overlay, scrub.scrubber, hear);
  show();
  new ResizeObserver(tellHeight).observe(document.body);
})();
