// A period that plays again and again: a bracket on the scrubber, with two ends that a pointer or the arrow keys move.
//
// Receives  scrubber  {data, find, told, chart}: told(day) says a day in words
//           period    [first, last] day, or null
//           changed   called with the period once it has been changed
// Owns      the period and its bracket
// Returns   {period, toggle, mark, within, round}
const SHORTEST = 7; // days
const ROUND = 2; // seconds that a round takes at least: a quick one would flash
const YEAR = 365;

class Loop {
  constructor(scrubber, period, changed) {
    this.scrubber = scrubber;
    this.last = scrubber.data.last;
    this.changed = changed;
    this.period = period;
    for (const [n, name] of ["from", "to"].entries()) this.bindEnd(scrubber.find(name), n);
    this.paint();
  }

  bindEnd(end, n) {
    end.setAttribute("aria-label", this.scrubber.data.text[n ? "loopEnds" : "loopBegins"]);
    end.setAttribute("aria-valuemin", 0);
    end.setAttribute("aria-valuemax", this.last);
    end.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30, Home: -this.last, End: this.last }[event.key];
      if (step) this.move(n, this.period[n] + step);
      else if (["Delete", "Backspace"].includes(event.key)) this.set(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    end.addEventListener("pointerdown", (event) => {
      end.setPointerCapture(event.pointerId);
      event.preventDefault();
      end.focus({ preventScroll: true });
    });
    end.addEventListener("pointermove", (event) => {
      if (end.hasPointerCapture(event.pointerId)) this.move(n, this.scrubber.chart.dayAt(event.clientX));
    });
  }

  // One end goes to a day, and stops before the other.
  move(n, day) {
    const [first, last] = this.period;
    if (n) this.set([first, Math.max(first + SHORTEST, Math.min(this.last, Math.round(day)))]);
    else this.set([Math.min(last - SHORTEST, Math.max(0, Math.round(day))), last]);
  }

  // From a day on, or until a day; the other end follows where it has to.
  mark(n, day) {
    const [first, last] = this.period ?? [day - YEAR, day + YEAR];
    if (n) this.set(this.fitted(first < day ? first : day - YEAR, day));
    else this.set(this.fitted(day, last > day ? last : day + YEAR));
  }

  toggle(day) { this.set(this.period ? null : this.fitted(day - YEAR, day)); }

  // A year that begins before the data begins then; one day is no period.
  fitted(first, last) {
    const begin = Math.max(0, Math.min(first, this.last - SHORTEST));
    return [begin, Math.min(this.last, Math.max(last, begin + SHORTEST))];
  }

  set(period) {
    if (JSON.stringify(period) === JSON.stringify(this.period)) return;
    this.period = period;
    this.paint();
    this.changed(period);
  }

  // The day to start from, and the one `days` later, going round.
  within(day) { return this.period && (day < this.period[0] || day >= this.period[1]) ? this.period[0] : day; }

  round(day) {
    if (!this.period) return day;
    const [first, last] = this.period;
    return first + ((day - first) % (last - first + 1));
  }

  pace(speed) { return this.period ? Math.min(speed, (this.period[1] - this.period[0]) / ROUND) : speed; }

  paint() {
    const { scrubber, period } = this;
    const bracket = scrubber.find("loop");
    bracket.hidden = !period;
    scrubber.find("looping").setAttribute("aria-pressed", !!period);
    if (!period) return;
    for (const [n, name] of ["from", "to"].entries()) {
      const end = scrubber.find(name);
      bracket.style.setProperty(`--${name}`, period[n] / this.last);
      end.setAttribute("aria-valuenow", period[n]);
      end.setAttribute("aria-valuetext", scrubber.told(period[n]));
      end.title = `${end.getAttribute("aria-label")}: ${scrubber.told(period[n])}`;
    }
  }
}
