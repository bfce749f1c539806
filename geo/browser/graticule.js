// A plain base for ground anywhere: lines of longitude and latitude, as many as can be read, with their degrees.
//
// Receives  nothing; defines window.mcmGraticule, methods of the overlay. Longitudes go on beyond 180 where a layer lies on
//           both sides of that meridian: payload.bounds says so
// Owns      nothing
// Returns   {_drawGraticule, _nameGraticule, _along, _round}
(function defineGraticule() {
  "use strict";
  const { WORLD, project } = window.mcmGeometry;
  const STEPS = [90, 45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01]; // degrees
  const APART = 110; // px between two lines, at least
  const LINE = "rgba(96, 110, 120, .34)";
  const ZERO = "rgba(96, 110, 120, .6)"; // the equator, Greenwich and the 180th meridian
  const INK = "#6c757b";

  window.mcmGraticule = {
    // A longitude as told by the page, where this map has it; and the other way round.
    _along(lon) {
      const [[, west], [, east]] = this._data.bounds;
      return east > 180 && lon < west - 180 + (east - west) / 2 ? lon + 360 : lon;
    },

    _round(lon) { return lon > 180 || lon < -180 ? +((((lon + 180) % 360) + 360) % 360 - 180).toFixed(4) : lon; },

    // Degrees between two lines, where a degree has so many pixels.
    _step(pixels) { return STEPS.findLast((step) => step * pixels >= APART) ?? STEPS[0]; },

    // [lon, x] of the meridians and [lat, y] of the parallels on the canvas.
    _lines() {
      const { x: width, y: height } = this._size;
      const lonAt = (x) => 360 * ((x + this._left) / (WORLD * this._scale) - 0.5);
      const latAt = (y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + this._top)) / (WORLD * this._scale)))) * 180) / Math.PI;
      const degree = (WORLD * this._scale) / 360;
      const middle = Math.cos((latAt(height / 2) * Math.PI) / 180);
      const upTo = (step, from, to) => {
        const found = [];
        for (let n = Math.ceil(from / step); n * step <= to; n += 1) found.push(+(n * step).toFixed(4));
        return found;
      };
      const meridians = upTo(this._step(degree), lonAt(0), lonAt(width)).map((lon) => [lon, project(lon, 0)[0] * this._scale - this._left]);
      const parallels = upTo(this._step(degree / middle), Math.max(-85, latAt(height)), Math.min(85, latAt(0))).map((lat) => [lat, project(0, lat)[1] * this._scale - this._top]);
      return { meridians, parallels };
    },

    _drawGraticule(ctx) {
      const { meridians, parallels } = this._lines();
      this._plain(ctx);
      ctx.setLineDash([]);
      ctx.lineWidth = 1;
      const line = (value, from, to) => {
        ctx.strokeStyle = value % 180 === 0 ? ZERO : LINE;
        ctx.beginPath();
        ctx.moveTo(...from);
        ctx.lineTo(...to);
        ctx.stroke();
      };
      for (const [lon, x] of meridians) line(lon, [Math.round(x) + 0.5, 0], [Math.round(x) + 0.5, this._size.y]);
      for (const [lat, y] of parallels) line(lat, [0, Math.round(y) + 0.5], [this._size.x, Math.round(y) + 0.5]);
    },

    // At the upper and the left edge of the window: 35° E, 47.5° N.
    _nameGraticule(ctx) {
      const { meridians, parallels } = this._lines();
      const { east, west, north, south } = this._data.text;
      const written = new Intl.NumberFormat(this._data.language);
      const named = (value, [more, less]) => `${written.format(Math.abs(value))}°${value % 180 === 0 ? "" : ` ${value > 0 ? more : less}`}`;
      const pan = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
      const size = this._map.getSize();
      this._plain(ctx);
      ctx.font = `500 11px ${mcmPaint.FACE}`;
      ctx.textBaseline = "middle";
      for (const [lon, x] of meridians) {
        if (x > pan.x + 60 && x < pan.x + size.x - 20) this._halo(ctx, named(this._round(lon), [east, west]), x, pan.y + 11, INK, "center");
      }
      for (const [lat, y] of parallels) {
        if (y > pan.y + 90 && y < pan.y + size.y - 50) this._halo(ctx, named(lat, [north, south]), pan.x + 6, y, INK, "left");
      }
    },
  };
})();
