// Ground that is pointed out: it stays as it is, with a line around it, and everything else fades.
//
// Receives  by setMarks: [{c: rings as of a face, r: [from, to, from, to, …] days on which it is pointed out}, …]
// Owns      a canvas between the fills and the lines, once there is something to point out
// Returns   window.mcmMarks, methods of the overlay
(function defineMarks() {
  "use strict";
  const { shape } = window.mcmGeometry;
  const FADED = "rgba(250, 249, 246, .66)";
  const LINE = "#1d1c1a";
  const WIDTH = 2.2; // px outside the ground
  const FOUND = 26; // px; ground that is smaller than this gets a ring around it
  const CLOSEST = 8.5; // zoom at which small ground is looked at first

  window.mcmMarks = {
    setMarks(marks) {
      const first = !this._marks;
      this._marks = marks.map((mark) => ({ ...mark, shape: shape(mark.c) }));
      if (first && !this.moved) this._lookAtMarks();
      if (this._map && this._scale) this._drawMarks();
    },

    // The ground that is pointed out on this day, or on any, until the reader looks elsewhere.
    _lookAtMarks() {
      const now = this._marksNow();
      const boxes = (now.length ? now : this._marks).map((mark) => mark.shape.box);
      if (!boxes.length) return;
      const edge = (pick, i) => pick(...boxes.map((box) => box[i]));
      const at = (x, y) => this._map.unproject([x, y], 0);
      const bounds = L.latLngBounds(at(edge(Math.min, 0), edge(Math.max, 3)), at(edge(Math.max, 2), edge(Math.min, 1)));
      this.moved = true;
      this._map.fitBounds(bounds, { animate: false, padding: [50, 50], maxZoom: CLOSEST });
    },

    _marksNow() {
      const lasts = ({ r }) => {
        for (let i = 0; i < r.length; i += 2) if (r[i] <= this._day && this._day < r[i + 1]) return true;
        return false;
      };
      return (this._marks ?? []).filter(lasts);
    },

    // Which are pointed out, as a text: most days change nothing.
    _marksSignature() { return this._marks ? this._marksNow().map((mark) => this._marks.indexOf(mark)).join() : ""; },

    // Over the fills, and as large: only a map that points something out pays for it.
    _layVeil() {
      const under = this._ctx[1].canvas;
      const veil = under.cloneNode();
      veil.className = "mcm-marks";
      under.after(veil);
      return veil.getContext("2d");
    },

    _drawMarks() {
      this._drawnMarks = this._marksSignature();
      if (!this._marks || this._day === null) return;
      const ctx = (this._veil ??= this._layVeil());
      this._clear(ctx);
      const ground = new Path2D();
      const move = new DOMMatrix();
      const rings = new Path2D();
      for (const { shape: item } of this._marksNow()) {
        const path = this._path(item, true);
        this._ring(rings, item.box);
        move.e = path.corner[0] - this._left;
        move.f = path.corner[1] - this._top;
        ground.addPath(path, move);
      }
      this._plain(ctx);
      ctx.fillStyle = FADED;
      ctx.fillRect(0, 0, this._size.x, this._size.y);
      ctx.strokeStyle = LINE;
      ctx.lineWidth = 2 * WIDTH;
      ctx.lineJoin = "round";
      ctx.stroke(ground);
      // Whatever lies inside goes: half of every line, and those between two pieces.
      ctx.globalCompositeOperation = "destination-out";
      ctx.fill(ground, "evenodd");
      ctx.lineWidth = 1; // and what is left of them by smoothing
      ctx.stroke(ground);
      ctx.globalCompositeOperation = "source-over";
      ctx.lineWidth = WIDTH;
      ctx.stroke(rings);
    },

    _ring(rings, [x0, y0, x1, y1]) {
      const s = this._scale;
      if (Math.max(x1 - x0, y1 - y0) * s > FOUND) return;
      const [x, y] = [((x0 + x1) / 2) * s - this._left, ((y0 + y1) / 2) * s - this._top];
      rings.moveTo(x + FOUND / 2, y);
      rings.arc(x, y, FOUND / 2, 0, 2 * Math.PI);
    },
  };
})();
