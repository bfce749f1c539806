// The date scrubber: a Streamlit component (v2) that owns the date; the maps on the page follow it.
//
// Receives  data  {firstDay: "2012-01-01", last: integer, day: integer, view: {zoom, lat, lon} or null,
//                  loop: [first, last] day or null, measure: "km2", kinds: of the events shown, or null: all, language: "en-GB", text: {...}}
// Owns      the day, the play loop and the period it goes round (see loop.js), the chart (see chart.js), the map frames that have said hello
// Tells     the maps by postMessage (same origin): {cmd: who | day | view | measure};
//           the page by a CustomEvent "mali-control-map" on window: {day, iso} once the date has settled,
//           "mali-control-map:scrubber": {loop?, of?}, parameters of the address, and
//           "mali-control-map:event": {event}, one on the timeline that was clicked
// Hears     "mali-control-map:go": {iso}, and "mali-control-map:kinds": {kinds}
// Returns   clean-up
//
// Nothing is sent to Python from here: see panel.js. Days are whole numbers counted from firstDay, in UTC.
const CHANNEL = "mali-control-map";
const SETTLE = 150; // ms after the last movement before details are asked for
const PACE = 1000; // ms a change stays, for readers who want no motion
const SPEEDS = [["30", 30], ["120", 120], ["365", 365], ["1461", 1461]]; // days a second
const DARKNESS = window.matchMedia("(prefers-color-scheme: dark)");
const ICONS = {
  play: "M4 2l10 6-10 6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  previous: "M12 2v12L4 8zM2 2h2v12H2z",
  next: "M4 2v12l8-6zM12 2h2v12h-2z",
  looping: "M11 1l3.5 3L11 7V5H5v3H3V3h8zM5 9v2h6V8h2v5H5v2l-3.5-3z",
};

function icon(button, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  button.replaceChildren(svg);
}

function label(element, text) {
  element.setAttribute("aria-label", text);
  element.title = text;
}

class Scrubber {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.day = data.day;
    this.view = data.view;
    this.days = []; // on which something changes; the map says
    this.within = null; // those of them on which it does in the window of the map
    this.measure = data.measure;
    this.events = [];
    this.kinds = data.kinds;
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.frames = new Set();
    this.playing = false;
    this.speed = 365;
    this.origin = Date.parse(`${data.firstDay}T00:00:00Z`);
    this.spoken = new Intl.DateTimeFormat(data.language, { dateStyle: "full", timeZone: "UTC" });
    this.written = new Intl.DateTimeFormat(data.language, { dateStyle: "long", timeZone: "UTC" });
    this.find = (name) => root.querySelector(`.${name}`);
    this.chart = new Chart(this.find("chart"), this.find("slider"), data.last);
    this.dress();
    this.loop = new Loop(this, data.loop, (period) => this.looped(period));
    this.bind();
    this.paint();
    this.callFrames();
  }

  iso(day) { return new Date(this.origin + day * 864e5).toISOString().slice(0, 10); }

  // A day in words. French calls the first of a month "1er", which browsers do not.
  said(format, date) {
    return format.formatToParts(date)
      .map(({ type, value }) => (type === "day" && value === "1" ? this.data.text.first : value)).join("");
  }

  told(day) { return this.said(this.written, new Date(this.origin + day * 864e5)); }

  number(iso) {
    const time = Date.parse(`${iso}T00:00:00Z`);
    return Number.isNaN(time) ? null : Math.round((time - this.origin) / 864e5);
  }

  // ---- the look ----------------------------------------------------------------------------------

  dress() {
    const { text, last, firstDay } = this.data;
    label(this.find("scrubber"), text.scrubber);
    const slider = this.find("slider");
    slider.max = last;
    slider.setAttribute("aria-label", text.date);
    const typed = this.find("typed");
    label(typed, text.typeDate);
    typed.min = firstDay;
    typed.max = this.iso(last);
    for (const name of ["previous", "next", "play", "looping"]) {
      icon(this.find(name), name);
      label(this.find(name), text[name]);
    }
    this.root.querySelector(".below label span").textContent = text.chart;
    this.find("measure").replaceChildren(...Object.entries(text.measures).map(([key, name]) => new Option(name, key, false, key === this.measure)));
    this.root.querySelector(".below label").hidden = Object.keys(text.measures).length < 2;
    this.find("limit").textContent = text.limit;
    this.find("foot").textContent = text.foot;
    const speed = this.find("speed");
    label(speed, text.speed);
    speed.replaceChildren(...SPEEDS.map(([key, value]) => new Option(text.speeds[key], value, value === this.speed, value === this.speed)));
    const years = this.find("years");
    years.replaceChildren();
    for (let year = +firstDay.slice(0, 4); year <= +this.iso(last).slice(0, 4); year += 1) {
      const mark = document.createElement("span");
      mark.textContent = year;
      mark.style.left = `${(100 * Math.max(0, this.number(`${year}-01-01`))) / last}%`;
      years.append(mark);
    }
    this.drawChart();
  }

  // Behind the handle, once a map has said what is known.
  drawChart() { this.chart.draw(this.outlook, this.happened()); }

  happened() { return this.events.filter((event) => !this.kinds || this.kinds.includes(event.kind)); }

  paint() {
    const date = new Date(this.origin + this.day * 864e5);
    const slider = this.find("slider");
    slider.value = this.day;
    slider.setAttribute("aria-valuetext", this.said(this.spoken, date));
    this.find("day").textContent = this.said(this.written, date);
    const typed = this.find("typed");
    if (this.root.activeElement !== typed && document.activeElement !== typed) typed.value = this.iso(this.day);
  }

  // ---- the date ----------------------------------------------------------------------------------

  show(day) {
    const bounded = Math.max(0, Math.min(this.data.last, Math.round(day)));
    if (bounded === this.day) return;
    this.day = bounded;
    this.paint();
    this.dressSteps();
    this.tell({ cmd: "day", day: bounded });
  }

  settle(wait = SETTLE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      window.dispatchEvent(new CustomEvent(CHANNEL, { detail: { day: this.day, iso: this.iso(this.day) } }));
      this.find("said").textContent = this.said(this.spoken, new Date(this.origin + this.day * 864e5));
    }, wait);
  }

  // The next day, or the one before, on which something changes in the window of the map; where nothing ever does, anywhere.
  change(direction) {
    const days = this.within?.length ? this.within : this.days;
    return direction > 0 ? days.find((d) => d > this.day) : days.findLast((d) => d < this.day);
  }

  step(direction) {
    this.pause();
    const day = this.change(direction);
    if (day === undefined) {
      this.find("said").textContent = this.find(direction > 0 ? "next" : "previous").title;
      return;
    }
    this.show(day);
    this.settle();
  }

  // The buttons say whether they look at the window or everywhere, and that there is nothing further.
  dressSteps() {
    const anywhere = this.within?.length ? "" : this.within && this.days.length ? "Anywhere" : "";
    for (const [name, direction] of [["previous", -1], ["next", 1]]) {
      const button = this.find(name);
      const none = this.change(direction) === undefined;
      const text = this.data.text[none ? `${name}None` : `${name}${anywhere}`];
      if (button.title === text) continue;
      label(button, text);
      button.setAttribute("aria-disabled", none);
    }
  }

  looped(period) {
    const { text } = this.data;
    if (this.playing) { this.pause(); this.play(); }
    this.find("said").textContent = period ? text.looped.replace("{from}", this.told(period[0])).replace("{to}", this.told(period[1])) : text.unlooped;
    this.parameters({ loop: period ? period.map((day) => this.iso(day)).join(",") : "" });
  }

  parameters(detail) { window.dispatchEvent(new CustomEvent(`${CHANNEL}:scrubber`, { detail })); }

  // The date is a function of the clock: a slow frame skips days and never slows the film down.
  play() {
    if (this.day >= this.data.last && !this.loop.period) this.show(0);
    this.show(this.loop.within(this.day));
    this.playing = true;
    icon(this.find("play"), "pause");
    label(this.find("play"), this.data.text.pause);
    if (this.still.matches) {
      this.steps = setInterval(() => this.stepOn(), PACE);
      return;
    }
    let began = null;
    const from = this.day;
    const pace = this.loop.pace(this.speed);
    const tick = (now) => {
      began ??= now;
      this.show(this.loop.round(from + ((now - began) / 1000) * pace));
      if (this.day >= this.data.last && !this.loop.period) this.pause();
      else this.request = requestAnimationFrame(tick);
    };
    this.request = requestAnimationFrame(tick);
  }

  // For readers who want no motion: from change to change, a second each.
  stepOn() {
    const { period } = this.loop;
    const day = this.change(1);
    if (period && (day === undefined || day > period[1])) this.show(period[0]);
    else if (day === undefined) this.pause();
    else this.show(day);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.request);
    clearInterval(this.steps);
    icon(this.find("play"), "play");
    label(this.find("play"), this.data.text.play);
    this.settle(0);
  }

  toggle() { if (this.playing) this.pause(); else this.play(); }

  // ---- events ------------------------------------------------------------------------------------

  bind() {
    const slider = this.find("slider");
    slider.addEventListener("input", () => { this.pause(); this.show(+slider.value); });
    slider.addEventListener("change", () => this.settle());
    this.find("typed").addEventListener("blur", () => this.paint()); // what could not be shown is not left standing
    this.find("typed").addEventListener("change", (event) => {
      const day = this.number(event.target.value);
      if (day === null) return;
      this.pause();
      this.show(day);
      this.settle();
    });
    this.find("play").addEventListener("click", () => this.toggle());
    this.find("previous").addEventListener("click", () => this.step(-1));
    this.find("next").addEventListener("click", () => this.step(1));
    this.find("looping").addEventListener("click", () => this.loop.toggle(this.day));
    this.find("measure").addEventListener("change", (event) => {
      this.measure = event.target.value;
      this.tell({ cmd: "measure", measure: this.measure });
      this.parameters({ of: this.measure === "km2" ? "" : this.measure });
    });
    this.find("speed").addEventListener("change", (event) => {
      const again = this.playing;
      this.pause();
      this.speed = +event.target.value;
      if (again) this.play();
    });
    this.find("scrubber").addEventListener("keydown", (event) => {
      if (["SELECT", "BUTTON"].includes(event.target.tagName) && event.key === " ") return;
      if (event.target === this.find("typed")) return;
      if (this.key(event.key)) event.preventDefault();
    });
    this.onMessage = (event) => this.hear(event);
    this.onGo = (event) => {
      const day = this.number(event.detail.iso);
      if (day === null) return;
      this.pause();
      this.show(day);
      this.settle(0);
    };
    window.addEventListener(`${CHANNEL}:go`, this.onGo);
    window.addEventListener("message", this.onMessage);
    this.onResize = new ResizeObserver(() => this.drawChart());
    this.onResize.observe(this.find("chart"));
    this.onTheme = () => setTimeout(() => this.drawChart(), 300); // once Streamlit has followed
    DARKNESS.addEventListener("change", this.onTheme);
    slider.addEventListener("pointermove", (event) => {
      const under = event.buttons ? null : this.chart.eventAt(event, this.happened());
      slider.title = under?.title ?? "";
      slider.style.cursor = under ? "pointer" : "";
    });
    // A mouse hits a triangle; a finger that pulls the handle by its top means the handle.
    slider.addEventListener("mousedown", (event) => {
      const under = event.button === 0 && slider.style.cursor ? this.chart.eventAt(event, this.happened()) : null;
      if (!under) return;
      event.preventDefault();
      window.dispatchEvent(new CustomEvent(`${CHANNEL}:event`, { detail: { event: under.event } }));
    });
    this.onKinds = ({ detail }) => {
      this.kinds = detail.kinds;
      this.drawChart();
    };
    window.addEventListener(`${CHANNEL}:kinds`, this.onKinds);
  }

  key(key) {
    const month = { PageUp: 30, PageDown: -30 }[key];
    if (month) { this.pause(); this.show(this.day + month); this.settle(); }
    else if (key === " ") this.toggle();
    else if (key === ".") this.step(1);
    else if (key === ",") this.step(-1);
    else if (key === "[") this.loop.mark(0, this.day);
    else if (key === "]") this.loop.mark(1, this.day);
    else if (key === "l") this.loop.toggle(this.day);
    else return false;
    return true;
  }

  // ---- the maps: they say hello, or are asked who they are; either order works ---------------------

  callFrames() { for (let i = 0; i < window.frames.length; i += 1) this.ask(window.frames[i]); }

  ask(frame) { frame.postMessage({ channel: CHANNEL, cmd: "who", measure: this.measure }, window.location.origin); }

  tell(message) {
    for (const frame of this.frames) {
      if (frame.closed) this.frames.delete(frame);
      else frame.postMessage({ channel: CHANNEL, ...message }, window.location.origin);
    }
  }

  hear(event) {
    const message = event.data;
    if (event.origin !== window.location.origin || !message || message.channel !== CHANNEL) return;
    if (message.ev === "hello") this.ask(event.source);
    if (message.ev === "ready") {
      this.frames.add(event.source);
      if (this.view) event.source.postMessage({ channel: CHANNEL, cmd: "view", ...this.view }, window.location.origin);
      event.source.postMessage({ channel: CHANNEL, cmd: "day", day: this.day }, window.location.origin);
    }
    if (message.ev === "ready" || message.ev === "data") {
      this.days = message.days;
      this.events = message.events;
      this.outlook = message.chart;
      this.drawChart();
      this.dressSteps();
    }
    if (message.ev === "within") {
      this.within = message.days;
      this.dressSteps();
    }
    if (message.ev === "view") this.view = { zoom: message.zoom, lat: message.lat, lon: message.lon };
    if (message.ev === "key") this.key(message.key);
  }

  stop() {
    this.pause();
    clearTimeout(this.timer);
    window.removeEventListener("message", this.onMessage);
    window.removeEventListener(`${CHANNEL}:go`, this.onGo);
    window.removeEventListener(`${CHANNEL}:kinds`, this.onKinds);
    this.onResize.disconnect();
    DARKNESS.removeEventListener("change", this.onTheme);
  }
}

export default function mount({ data, parentElement }) {
  // Streamlit calls this again with new data; the scrubber on the page keeps its date.
  if (parentElement.scrubber) return undefined;
  parentElement.scrubber = new Scrubber(parentElement, data);
  return () => {
    parentElement.scrubber.stop();
    delete parentElement.scrubber;
  };
}
