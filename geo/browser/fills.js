// The ground in the colours of its states: all of it, or where the date has changed something.
//
// Receives  nothing; defines window.mcmFills, methods of the overlay
// Owns      which state of each face is painted (_shown); the second canvas is the overlay's
// Returns   {_drawFills, _refill}
//
// On most days little ground changes, and a front line that is drawn anew every day has thousands of faces: they
// are not all painted again for a few of them. What is painted is the same, but for the smoothing of some edges.
(function defineFills() {
  "use strict";
  const { stateOn } = window.mcmOutlook;
  const MARGIN = 2; // px around a face that its edge may colour
  const MOST = 24; // patches; more of them, or over half of the canvas, and all is painted
  const REST = 250; // ms after the last patch: then all is painted once more, edges as smooth as they are
  const NEAR = 24; // px; patches as near as that become one

  // Boxes are [x0, y0, x1, y1].
  const united = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
  const touch = (a, b, gap) => a[0] < b[2] + gap && b[0] < a[2] + gap && a[1] < b[3] + gap && b[1] < a[3] + gap;
  const size = (box) => (box[2] - box[0]) * (box[3] - box[1]);

  window.mcmFills = {
    // Everything.
    _drawFills() {
      const started = performance.now();
      clearTimeout(this._resting);
      const ctx = this._ctx[1];
      this._clear(ctx);
      if (this._day === null) return;
      this._runs.forEach((runs, f) => { this._shown[f] = stateOn(runs, this._day); });
      this._fillBox(ctx, null);
      this._plain(ctx);
      this._drawClocks(ctx);
      this._painted(started);
    },

    // What the date has changed since it was painted last; whether anything has.
    _refill() {
      const started = performance.now();
      const boxes = [];
      let changed = false;
      this._runs.forEach((runs, f) => {
        const state = stateOn(runs, this._day);
        if (state === this._shown[f]) return;
        changed = true;
        this._shown[f] = state;
        if (this._inView(this._shapes[f].box)) boxes.push(this._box(f));
      });
      if (!changed) return false;
      const patches = this._patches(boxes);
      if (patches === null) {
        this._drawFills();
        return true;
      }
      const ctx = this._ctx[1];
      for (const patch of patches) {
        ctx.save();
        ctx.setTransform(1, 0, 0, 1, 0, 0);
        ctx.beginPath();
        ctx.rect(patch[0], patch[1], patch[2] - patch[0], patch[3] - patch[1]);
        ctx.clip();
        this._clear(ctx);
        this._fillBox(ctx, patch);
        this._plain(ctx);
        this._drawClocks(ctx);
        ctx.restore();
      }
      this._painted(started);
      clearTimeout(this._resting);
      this._resting = setTimeout(() => { if (this._map) this._drawFills(); }, REST);
      return true;
    },

    _painted(started) {
      this.stats.painted += 1;
      this.stats.paintMs.push(performance.now() - started);
    },

    // The box of a face in whole pixels of the canvas.
    _box(f) {
      const [x0, y0, x1, y1] = this._shapes[f].box;
      const [s, r] = [this._scale, this._ratio];
      return [
        Math.floor((x0 * s - this._left) * r) - MARGIN, Math.floor((y0 * s - this._top) * r) - MARGIN,
        Math.ceil((x1 * s - this._left) * r) + MARGIN, Math.ceil((y1 * s - this._top) * r) + MARGIN,
      ];
    },

    // Boxes as few patches that do not touch; null where it is better to paint everything.
    _patches(boxes) {
      let patches = [];
      for (const box of boxes) {
        let one = box;
        for (let again = true; again;) {
          const apart = patches.filter((other) => !touch(one, other, NEAR));
          again = apart.length < patches.length;
          one = patches.filter((other) => touch(one, other, NEAR)).reduce(united, one);
          patches = apart;
        }
        patches.push(one);
        if (patches.length > MOST) return null;
      }
      const { width, height } = this._ctx[1].canvas;
      return patches.reduce((sum, patch) => sum + size(patch), 0) > (width * height) / 2 ? null : patches;
    },

    // Faces of one state are filled in one call: no hairlines between them. The states in their own order, so that
    // an edge looks alike whichever of them are painted.
    _fillBox(ctx, patch) {
      const groups = new Map();
      this._shapes.forEach((item, f) => {
        if (!this._inView(item.box) || (patch && !touch(this._box(f), patch, 0))) return;
        const state = this._shown[f];
        if (!groups.has(state)) groups.set(state, []);
        groups.get(state).push(f);
      });
      const states = [...groups.keys()].sort((a, b) => a - b);
      for (const state of states) this._fillState(ctx, this._states[state], groups.get(state));
    },

    _fillState(ctx, look, faces) {
      const town = look.level === "place";
      const joined = new Path2D();
      const move = new DOMMatrix();
      for (const f of faces) {
        const path = this._path(this._shapes[f], true);
        move.e = path.corner[0] - this._left;
        move.f = path.corner[1] - this._top;
        joined.addPath(path, move);
      }
      this._plain(ctx);
      ctx.fillStyle = this._anchored(mcmPaint.fill(ctx, look, this._data.actors, town));
      ctx.fill(joined, "evenodd");
    },

    // A hatch is fixed to the ground, not to the window: it must not swim when the map is dragged.
    _anchored(style) {
      if (!(style instanceof CanvasPattern)) return style;
      const period = 18 * 16 * 9; // a common multiple of the tile sizes, near enough for the eye
      style.setTransform(new DOMMatrix()
        .translate(-(this._left % period), -(this._top % period))
        .scale(1 / this._ratio));
      return style;
    },
  };
})();
