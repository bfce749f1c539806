// What is in view now, told to the page: the entries of its legend, and the days on which something changes here.
//
// Receives  nothing; defines window.mcmLegend, methods of the overlay
// Owns      what was told last (_legend, _within)
// Returns   {_legendSoon, _window, _tellLegend, _tellWithin, _reaches}
(function defineLegend() {
  "use strict";
  const { project, inside, around } = window.mcmGeometry;
  const { NONE } = window.mcmPaint;

  window.mcmLegend = {
    _legendSoon() {
      if (this._legendTimer) return;
      this._legendTimer = setTimeout(() => {
        this._legendTimer = 0;
        if (!this._map || this._day === null) return;
        this._tellLegend();
        this._tellWithin();
      }, 80);
    },

    // What of the world is in the window: [x0, y0, x1, y1] in pixels of zoom 0. The canvas reaches further.
    _window() {
      const size = this._map.getSize();
      const pan = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
      const [x, y] = [this._left + pan.x, this._top + pan.y];
      return [x, y, x + size.x, y + size.y].map((pixel) => pixel / this._scale);
    },

    _tellLegend() {
      const entries = new Map();
      const [x0, y0, x1, y1] = this._window();
      const visible = (box) => box[0] < x1 && box[2] > x0 && box[1] < y1 && box[3] > y0;
      let stale = false;
      this._shapes.forEach((item, f) => {
        const state = this._shown[f];
        if (state < 1 || !visible(item.box)) return; // 0: no information, -1: not painted yet
        const look = this._states[state];
        stale ||= look.stale;
        const key = `${look.kind}|${look.legend}`;
        if (!entries.has(key)) entries.set(key, { kind: look.kind, label: look.legend, image: mcmPaint.swatch("area", { ...look, stale: false }, this._data.actors) });
      });
      const inBox = (o) => {
        if (o.shape) return visible(o.shape.box);
        const place = this._data.places[o.place];
        return visible([...project(place.lon, place.lat), ...project(place.lon, place.lat)]);
      };
      for (const o of [...this._roads, ...this._sited]) {
        if (!this._lives(o) || !inBox(o)) continue;
        const actor = this._data.actors[o.actor];
        const key = `${o.kind}|${actor.short}`;
        if (!entries.has(key)) entries.set(key, { kind: o.kind, label: actor.short, image: mcmPaint.swatch(o.kind, null, this._data.actors, actor) });
      }
      if (this._eventsNow().some((e) => inBox(e))) entries.set("event", { kind: "event", label: this._data.text.event, image: mcmPaint.swatch("event", null, this._data.actors) });
      for (const claim of this._outlined ? this._claimed : []) {
        if (!this._lives(claim) || !visible(claim.shape.box)) continue;
        const actor = this._data.actors[claim.actor];
        entries.set(`claimed|${actor.short}`, { kind: "claimed", label: actor.short, image: mcmPaint.swatch("claimed", null, this._data.actors, actor) });
      }
      if (stale) entries.set("stale", { kind: "stale", label: this._data.text.stale, image: mcmPaint.swatch("stale", null, this._data.actors) });
      entries.set("none", { kind: "none", label: this._label(0), image: mcmPaint.swatch("area", NONE, this._data.actors) });
      const list = [...entries.values()];
      const message = JSON.stringify(list.map((e) => [e.kind, e.label]));
      if (message === this._legend) return;
      this._legend = message;
      this._tell({ ev: "legend", day: this._day, entries: list });
    },

    // The days on which something changes in the window: a face as it is painted, or a symbol.
    _tellWithin() {
      const here = this._window();
      const key = JSON.stringify([here, this._src, this._answersSrc]);
      if (key === this._within) return;
      this._within = key;
      const days = new Set();
      const add = (...some) => some.forEach((day) => { if (day !== null && day >= 0 && day <= this._data.last) days.add(day); });
      this._runs.forEach((runs, f) => {
        if (runs.length && this._reaches(this._shapes[f], here)) add(...runs.filter((_, i) => i % 3 < 2));
      });
      if (!this._answers) {
        for (const road of this._roads) if (this._reaches(road.shape, here)) add(road.from, road.to);
        for (const mark of this._sited) {
          const place = this._data.places[mark.place];
          if (inside(project(place.lon, place.lat), here)) add(mark.from, mark.to);
        }
      }
      this._tell({ ev: "within", days: [...days].sort((a, b) => a - b) });
    },

    // Whether a shape reaches into a window: a point of it lies there, or the window lies in it.
    _reaches({ rings, box }, here) {
      if (box[0] > here[2] || box[2] < here[0] || box[1] > here[3] || box[3] < here[1]) return false;
      for (const ring of rings) {
        for (let i = 0; i < ring.length; i += 2) if (inside([ring[i], ring[i + 1]], here)) return true;
      }
      const corners = [[here[0], here[1]], [here[2], here[1]], [here[0], here[3]], [here[2], here[3]]];
      return corners.some((corner) => around(rings, corner));
    },
  };
})();
