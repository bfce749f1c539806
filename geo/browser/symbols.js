// What is drawn on top of the ground: towns, sieges, blockades, forces, events, outlines, the selection.
//
// Receives  nothing; defines window.mcmSymbols, methods of the overlay
// Owns      nothing: the fourth canvas is the overlay's
// Returns   {_townLook, _drawSymbols, _lives, _drawClocks, _eventsNow, _sparkNear, ...}
(function defineSymbols() {
  "use strict";
  const { INK, NONE } = window.mcmPaint;
  const EVENT_DAYS = 15; // an event stays on the map this long

  window.mcmSymbols = {
    // The state of a town is that of the face under its middle, if a claim about the town itself decides it.
    _townLook(place) {
      if (place.face === null) return NONE;
      const look = this._states[this._shown[place.face]] ?? NONE;
      return look.level === "place" ? look : NONE;
    },

    _drawSymbols() {
      const ctx = this._ctx[3];
      this._clear(ctx);
      if (this._day === null) return;
      const live = (o) => this._lives(o);
      for (const road of this._roads) {
        if (!live(road) || !this._inView(road.shape.box, 10)) continue;
        const path = this._path(road.shape, false);
        this._at(ctx, path);
        mcmPaint.road(ctx, path, this._data.actors[road.actor].colour);
      }
      if (this._outlined) this._drawClaimed(ctx, live);
      this._plain(ctx);
      const sited = this._sited.filter(live);
      const told = (p) => sited.filter((o) => o.place === p);
      this._data.places.forEach((place, p) => this._drawTown(ctx, place, told(p)));
      const rings = this._drawRings(ctx, sited); // over the dots of other towns
      if (this._zoom >= 5.9) this._data.places.forEach((place, p) => this._drawPlates(ctx, place, told(p), rings));
      this._drawEvents(ctx);
      if (this._selected) this._drawSelection(ctx);
    },

    // Which sieges, blockades, presences and outlines are drawn: they say nothing about where sources differ.
    _lives(o) { return !this._answers && o.from <= this._day && (o.to === null || this._day < o.to); },

    // The mark of stale evidence, once in every stale face that has room for it.
    _drawClocks(ctx) {
      this._data.faces.forEach((face, f) => {
        if (!face.m || !this._states[this._shown[f]]?.stale || this._states[this._shown[f]].level === "place") return;
        const [lon, lat, room] = face.m;
        const [x, y] = this._pixel(lon, lat);
        if (room * this._km(lat) > 15) mcmPaint.clock(ctx, x, y, 4.5);
      });
    },

    _drawTown(ctx, place, overlays) {
      const look = this._townLook(place);
      const told = look !== NONE || overlays.length > 0;
      if (!told && !this._labelled?.has(place)) return;
      if (told && place.rank >= 4 && this._zoom < 5.2 && overlays.every((o) => o.kind === "presence") && look === NONE) return;
      const [x, y] = this._pixel(place.lon, place.lat);
      if (x < -30 || y < -30 || x > this._size.x + 30 || y > this._size.y + 30) return;
      const r = told ? this._dotRadius(place) : 2.4;
      if (look !== NONE && place.radius * this._km(place.lat) > r + 3) mcmPaint.centre(ctx, x, y);
      else mcmPaint.dot(ctx, x, y, r, look, this._data.actors);
      if (look.stale && this._zoom >= 6.4) mcmPaint.clock(ctx, x - r - 1, y - r - 1, 3.6);
    },

    // Returns where they are: [x, y, radius].
    _drawRings(ctx, sited) {
      return sited.filter((o) => o.kind === "siege" || o.kind === "blockade").map((o) => {
        const place = this._data.places[o.place];
        const [x, y] = this._pixel(place.lon, place.lat);
        const reach = Math.max(this._dotRadius(place) + 4.5, Math.min(place.radius * this._km(place.lat) + 3, 60));
        mcmPaint.ring(ctx, x, y, reach, this._data.actors[o.actor].colour, o.kind === "blockade");
        return [x, y, reach];
      });
    },

    // Forces based in a place: plates above its dot; below it where a ring would cross them.
    _drawPlates(ctx, place, overlays, rings) {
      const present = overlays.filter((o) => o.kind === "presence");
      if (!present.length) return;
      const [x, y] = this._pixel(place.lon, place.lat);
      const large = this._zoom >= 7;
      const r = this._dotRadius(place);
      const off = r + (large ? 8 : 4);
      const crossed = (middle) => rings.some(([cx, cy, reach]) => {
        const far = [x + r * 0.5, x + r * 0.5 + (large ? 22 : 7) * present.length].map((left) => Math.hypot(left - cx, middle - cy));
        return (x !== cx || y !== cy) && Math.min(...far) < reach + 10 && Math.max(...far) > reach - 10;
      });
      const middle = large && crossed(y - off) && !crossed(y + off) ? y + off : y - off;
      let left = x + r * 0.5;
      for (const o of present) {
        const stale = o.stale !== null && o.stale <= this._day;
        left += mcmPaint.badge(ctx, left, middle, this._data.actors[o.actor], large, stale);
      }
    },

    // What happened in the last days, fading.
    _drawEvents(ctx) {
      for (const event of this._eventsNow()) {
        const place = this._data.places[event.place];
        const [x, y] = this._pixel(place.lon, place.lat);
        mcmPaint.spark(ctx, x, y + this._sparkBelow(place), 1 - (this._day - event.day) / EVENT_DAYS);
      }
    },

    _sparkBelow(place) { return this._dotRadius(place) + 7; },

    _eventsNow() {
      return this._answers ? [] : this._data.events.filter((e) => e.place !== null && e.day <= this._day && this._day < e.day + EVENT_DAYS
        && (!this._kinds || this._kinds.includes(e.kind)));
    },

    // Claimed and not corroborated: an outline, never a fill.
    _drawClaimed(ctx, live) {
      for (const claim of this._claimed.filter(live)) {
        this._strokeAll(ctx, [claim], "rgba(255,255,255,.9)", 4.4);
        this._strokeAll(ctx, [claim], this._data.actors[claim.actor].colour, 2.2, [7, 4]);
      }
    },

    _drawSelection(ctx) {
      const [x, y] = this._pixel(...this._selected);
      for (const [width, style] of [[4.5, "rgba(255,255,255,.95)"], [2, INK]]) {
        ctx.beginPath();
        ctx.arc(x, y, 11, 0, Math.PI * 2);
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
          ctx.moveTo(x + dx * 11, y + dy * 11);
          ctx.lineTo(x + dx * 16, y + dy * 16);
        }
        ctx.lineWidth = width;
        ctx.strokeStyle = style;
        ctx.stroke();
      }
    },

    // The event whose star is under the pointer; of several at one place the last.
    _sparkNear(point) {
      return this._eventsNow().findLast((event) => {
        const place = this._data.places[event.place];
        const at = this._map.latLngToContainerPoint([place.lat, place.lon]);
        return Math.hypot(at.x - point.x, at.y + this._sparkBelow(place) - point.y) < 7;
      });
    },
  };
})();
