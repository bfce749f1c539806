// The date scrubber: a Streamlit component (v2) that owns the date; the maps on the page follow it.
//
// Receives  data  {firstDay: "2012-01-01", last: integer, day: integer, view: {zoom, lat, lon} or null, language: "en", text: {...}}
// Owns      the day, the play loop, the map frames that have said hello
// Tells     the maps by postMessage (same origin): {cmd: who | day | view};
//           the page by a CustomEvent "mali-control-map" on window: {day, iso} once the date has settled
// Returns   clean-up
//
// Nothing is sent to Python from here: see panel.js. Days are whole numbers counted from firstDay, in UTC.
const CHANNEL = "mali-control-map";
const SETTLE = 150; // ms after the last movement before details are asked for
const SPEEDS = [["30", 30], ["120", 120], ["365", 365], ["1461", 1461]]; // days a second
const ICONS = {
  play: "M4 2l10 6-10 6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  previous: "M12 2v12L4 8zM2 2h2v12H2z",
  next: "M4 2v12l8-6zM12 2h2v12h-2z",
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
    this.frames = new Set();
    this.playing = false;
    this.speed = 365;
    this.origin = Date.parse(`${data.firstDay}T00:00:00Z`);
    this.spoken = new Intl.DateTimeFormat(data.language, { dateStyle: "full", timeZone: "UTC" });
    this.written = new Intl.DateTimeFormat(data.language, { dateStyle: "long", timeZone: "UTC" });
    this.find = (name) => root.querySelector(`.${name}`);
    this.dress();
    this.bind();
    this.paint();
    this.callFrames();
  }

  iso(day) { return new Date(this.origin + day * 864e5).toISOString().slice(0, 10); }

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
    for (const name of ["previous", "next", "play"]) {
      icon(this.find(name), name);
      label(this.find(name), text[name]);
    }
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
    this.drawDensity();
  }

  // How much changes, month by month.
  drawDensity() {
    const canvas = this.find("density");
    const width = canvas.clientWidth;
    if (!width) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = 30 * ratio;
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const bins = Math.max(1, Math.round(this.data.last / 30.44));
    const counts = new Array(bins).fill(0);
    for (const day of this.days) {
      if (day > 0 && day <= this.data.last) counts[Math.min(bins - 1, Math.floor((day * bins) / this.data.last))] += 1;
    }
    const most = Math.max(...counts, 1);
    ctx.fillStyle = "rgba(120,117,108,.38)";
    const inner = width - 14; // the handle's middle travels this far
    counts.forEach((count, i) => {
      const height = count ? 3 + 24 * Math.sqrt(count / most) : 0;
      ctx.fillRect(7 + (i * inner) / bins, 29 - height, Math.max(1, inner / bins - 0.7), height);
    });
  }

  paint() {
    const date = new Date(this.origin + this.day * 864e5);
    const slider = this.find("slider");
    slider.value = this.day;
    slider.setAttribute("aria-valuetext", this.spoken.format(date));
    this.find("day").textContent = this.written.format(date);
    const typed = this.find("typed");
    if (this.root.activeElement !== typed && document.activeElement !== typed) typed.value = this.iso(this.day);
  }

  // ---- the date ----------------------------------------------------------------------------------

  show(day) {
    const bounded = Math.max(0, Math.min(this.data.last, Math.round(day)));
    if (bounded === this.day) return;
    this.day = bounded;
    this.paint();
    this.tell({ cmd: "day", day: bounded });
  }

  settle(wait = SETTLE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      window.dispatchEvent(new CustomEvent(CHANNEL, { detail: { day: this.day, iso: this.iso(this.day) } }));
      this.find("said").textContent = this.spoken.format(new Date(this.origin + this.day * 864e5));
    }, wait);
  }

  step(direction) {
    this.pause();
    const { days } = this;
    const day = direction > 0 ? days.find((d) => d > this.day) : days.findLast((d) => d < this.day);
    if (day !== undefined) this.show(day);
    this.settle();
  }

  // The date is a function of the clock: a slow frame skips days and never slows the film down.
  play() {
    if (this.day >= this.data.last) this.show(0);
    this.playing = true;
    icon(this.find("play"), "pause");
    label(this.find("play"), this.data.text.pause);
    let began = null;
    const from = this.day;
    const tick = (now) => {
      began ??= now;
      this.show(from + ((now - began) / 1000) * this.speed);
      if (this.day >= this.data.last) this.pause();
      else this.request = requestAnimationFrame(tick);
    };
    this.request = requestAnimationFrame(tick);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.request);
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
    this.onResize = new ResizeObserver(() => this.drawDensity());
    this.onResize.observe(this.find("density"));
  }

  key(key) {
    const month = { PageUp: 30, PageDown: -30 }[key];
    if (month) { this.pause(); this.show(this.day + month); this.settle(); }
    else if (key === " ") this.toggle();
    else if (key === ".") this.step(1);
    else if (key === ",") this.step(-1);
    else return false;
    return true;
  }

  // ---- the maps: they say hello, or are asked who they are; either order works ---------------------

  callFrames() {
    for (let i = 0; i < window.frames.length; i += 1) {
      window.frames[i].postMessage({ channel: CHANNEL, cmd: "who" }, window.location.origin);
    }
  }

  tell(message) {
    for (const frame of this.frames) {
      if (frame.closed) this.frames.delete(frame);
      else frame.postMessage({ channel: CHANNEL, ...message }, window.location.origin);
    }
  }

  hear(event) {
    const message = event.data;
    if (event.origin !== window.location.origin || !message || message.channel !== CHANNEL) return;
    if (message.ev === "hello") event.source.postMessage({ channel: CHANNEL, cmd: "who" }, window.location.origin);
    if (message.ev === "ready") {
      this.frames.add(event.source);
      if (this.view) event.source.postMessage({ channel: CHANNEL, cmd: "view", ...this.view }, window.location.origin);
      event.source.postMessage({ channel: CHANNEL, cmd: "day", day: this.day }, window.location.origin);
    }
    if (message.ev === "ready" || message.ev === "data") {
      this.days = message.days;
      this.drawDensity();
    }
    if (message.ev === "view") this.view = { zoom: message.zoom, lat: message.lat, lon: message.lon };
    if (message.ev === "key") this.key(message.key);
  }

  stop() {
    this.pause();
    clearTimeout(this.timer);
    window.removeEventListener("message", this.onMessage);
    window.removeEventListener(`${CHANNEL}:go`, this.onGo);
    this.onResize.disconnect();
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
