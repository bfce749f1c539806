// The chart behind the slider's handle: how much is held, what happened when, and how far evidence reaches.
//
// Receives  canvas, slider  elements of scrubber.html; the chart reaches further to the right than the slider
//           last            the day the data end
//           outlook         see outlook.js: {days, series, stale, whole}; events [{day, kind, title}, ...]
// Owns      nothing but the pixels of the canvas
// Returns   {draw, dayAt, eventAt}
const EDGE = 7; // px: half a handle
const EVENT_ROW = 12; // px above the chart where events stand
const THIN_ROW = 5; // px below it: how much rests on old evidence
const KINDS = ["control", "contested", "influence"]; // from the bottom up
// In either theme: ground without information, and the hatch of what is contested.
const LIGHT = { nothing: "#e9e8e3", between: "#f6f5f1", hatch: "#8d8779" };
const DARK = { nothing: "#35363a", between: "#26272a", hatch: "#a19c8f" };

class Chart {
  constructor(canvas, slider, last) {
    this.canvas = canvas;
    this.slider = slider;
    this.last = last;
  }

  // Behind the handle: who held, influenced or contested how much of the country, and what happened when.
  draw(outlook, events) {
    const { canvas } = this;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width || !outlook) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const style = getComputedStyle(canvas);
    this.colours = { ink: style.color, ...(style.colorScheme.includes("dark") ? DARK : LIGHT) };
    const span = this.slider.clientWidth - 2 * EDGE;
    this.x = (day) => EDGE + (span * day) / this.last; // where the middle of the handle is
    this.drawAreas(ctx, outlook, EVENT_ROW, height - 1 - THIN_ROW);
    this.drawThin(ctx, outlook, height - THIN_ROW);
    this.drawEnd(ctx, this.x(this.last), width, height);
    this.drawEvents(ctx, events);
  }

  // A band that is the stronger, the more of what is told rests on evidence past its shelf-life.
  drawThin(ctx, { days, stale }, top) {
    const { x, last } = this;
    ctx.fillStyle = this.colours.ink;
    stale.forEach((share, i) => {
      const end = Math.min(last, days[i + 1] ?? last);
      if (!share || days[i] >= end) return;
      ctx.globalAlpha = share;
      ctx.fillRect(x(days[i]), top, x(end) - x(days[i]) + 0.4, THIN_ROW - 1);
    });
    ctx.globalAlpha = 1;
  }

  // After the last day that sources support nothing is known here.
  drawEnd(ctx, left, right, height) {
    ctx.strokeStyle = this.colours.ink;
    ctx.lineWidth = 1;
    ctx.globalAlpha = 0.35;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, EVENT_ROW, right - left, height - EVENT_ROW - 1);
    ctx.clip();
    ctx.beginPath();
    for (let at = left - height; at < right; at += 6) {
      ctx.moveTo(at, height);
      ctx.lineTo(at + height, 0);
    }
    ctx.stroke();
    ctx.restore();
    ctx.globalAlpha = 1;
    ctx.fillStyle = ctx.strokeStyle;
    ctx.fillRect(left, EVENT_ROW, 1.5, height - EVENT_ROW);
  }

  drawAreas(ctx, { days, series, whole }, top, bottom) {
    const { x, last } = this;
    ctx.fillStyle = this.colours.nothing; // the rest
    ctx.fillRect(x(0), top, x(last) - x(0), bottom - top);
    const base = new Float64Array(days.length);
    const ordered = [...series].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || `${a.colour}`.localeCompare(`${b.colour}`));
    for (const { kind, colour, sums } of ordered) {
      ctx.fillStyle = kind === "contested" ? this.hatch(ctx) : colour;
      ctx.globalAlpha = kind === "influence" ? 0.42 : 1;
      ctx.beginPath();
      sums.forEach((area, i) => {
        if (!area || days[i] >= last) return;
        const left = x(Math.max(0, days[i]));
        const right = x(i + 1 < days.length ? Math.min(last, days[i + 1]) : last);
        const y = bottom - ((bottom - top) * (base[i] + area)) / (whole || 1);
        ctx.rect(left, y, right - left + 0.4, ((bottom - top) * area) / (whole || 1));
      });
      ctx.fill();
      sums.forEach((area, i) => { base[i] += area; });
    }
    ctx.globalAlpha = 1;
  }

  hatch(ctx) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 5;
    const lines = tile.getContext("2d");
    lines.fillStyle = this.colours.between;
    lines.fillRect(0, 0, 5, 5);
    lines.strokeStyle = this.colours.hatch;
    lines.lineWidth = 1.1;
    for (const shift of [-5, 0, 5]) {
      lines.moveTo(shift, 5);
      lines.lineTo(shift + 5, 0);
    }
    lines.stroke();
    return ctx.createPattern(tile, "repeat");
  }

  drawEvents(ctx, events) {
    ctx.fillStyle = this.colours.ink;
    for (const { day } of events) {
      const at = this.x(day);
      ctx.beginPath();
      ctx.moveTo(at, EVENT_ROW - 1);
      ctx.lineTo(at - 2.4, EVENT_ROW - 6);
      ctx.lineTo(at + 2.4, EVENT_ROW - 6);
      ctx.fill();
    }
  }

  // The day at a pixel of the window.
  dayAt(left) {
    const box = this.slider.getBoundingClientRect();
    return ((left - box.left - EDGE) * this.last) / (box.width - 2 * EDGE);
  }

  // The event under the pointer, if it is in the row of events.
  eventAt(event, events) {
    const box = this.slider.getBoundingClientRect();
    if (event.clientY - box.top > EVENT_ROW + 2) return null;
    const day = this.dayAt(event.clientX);
    const reach = (5 * this.last) / (box.width - 2 * EDGE);
    const near = events.filter((e) => Math.abs(e.day - day) < reach);
    return near.sort((a, b) => Math.abs(a.day - day) - Math.abs(b.day - day))[0] ?? null;
  }
}
