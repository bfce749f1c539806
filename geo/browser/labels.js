// The names on the map: of towns at their dots and discs, of regions and of neighbours.
//
// Receives  nothing; defines window.mcmLabels, methods of the overlay
// Owns      which towns have a label (_labelled), and how far off it stands (_drawnSpreads)
// Returns   {_drawLabels, _drawAreaNames, _halo, _dotRadius, _spread, _spreads, _ringsNow}
(function defineLabels() {
  "use strict";
  const { project } = window.mcmGeometry;
  const { INK, FACE, NONE } = window.mcmPaint;
  const RANK_ZOOM = [0, 0, 5.4, 6.4, 7.4, 8.4]; // a place of rank r is labelled from this zoom on
  const RANK_FONT = [0, 14.5, 13.5, 12.5, 12, 11.5];

  window.mcmLabels = {
    // Greedy, most important first; a label that would touch another or a town is tried on the other sides, then
    // left out.
    _drawLabels(ctx) {
      this._plain(ctx);
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      const taken = [];
      const free = (box) => taken.every((b) => box[2] < b[0] || box[0] > b[2] || box[3] < b[1] || box[1] > b[3]);
      const zoom = this._zoom;
      const places = this._data.places.filter((p) => zoom >= RANK_ZOOM[p.rank] && this._inView([...project(p.lon, p.lat), ...project(p.lon, p.lat)], 20));
      for (const place of this._data.places) {
        if (!place.claimed || zoom < RANK_ZOOM[place.rank] - 1) continue;
        const [x, y] = this._pixel(place.lon, place.lat);
        taken.push([x - 4, y - 4, x + 4, y + 4]);
        if (place.based && zoom >= 5.9) taken.push(zoom >= 7 ? [x, y - 22, x + 24, y - 6] : [x, y - 12, x + 10, y - 4]);
      }
      this._labelled = new Set();
      this._drawnSpreads = this._spreads();
      for (const place of places.sort((a, b) => a.rank - b.rank)) {
        const [x, y] = this._pixel(place.lon, place.lat);
        const size = RANK_FONT[place.rank] * (zoom >= 8 ? 1.1 : 1);
        ctx.font = `${place.rank === 1 ? 600 : place.rank === 2 ? 500 : 400} ${size}px ${FACE}`;
        const width = ctx.measureText(place.name).width;
        const gap = this._spread(place) + (place.ringed ? 8 : 4);
        const spots = [[x + gap, y], [x - gap - width, y], [x - width / 2, y - gap - size / 2], [x - width / 2, y + gap + size / 2]];
        const spot = spots.find(([left, middle]) => free([left - 2, middle - size / 2, left + width + 2, middle + size / 2]));
        if (!spot) continue;
        taken.push([spot[0] - 2, spot[1] - size / 2, spot[0] + width + 2, spot[1] + size / 2]);
        this._labelled.add(place);
        this._halo(ctx, place.name, spot[0], spot[1], INK, "left");
      }
      this._drawAreaNames(ctx, free, taken);
    },

    _drawAreaNames(ctx, free, taken) {
      const put = (name, lon, lat, colour, spacing) => {
        const [x, y] = this._pixel(lon, lat);
        ctx.letterSpacing = spacing;
        const width = ctx.measureText(name).width;
        const box = [x - width / 2, y - 8, x + width / 2, y + 8];
        if (free(box)) {
          taken.push(box);
          this._halo(ctx, name, x, y, colour, "center");
        }
        ctx.letterSpacing = "0px";
      };
      if (this._zoom >= 5.9 && this._zoom < 9) {
        ctx.font = `600 11.5px ${FACE}`;
        for (const region of this._drawnEdition.regions) put(region.name.toUpperCase(), ...region.at, "rgba(88,85,76,.85)", "1.6px");
      }
      ctx.font = `italic 500 14px ${FACE}`;
      for (const country of this._neighbours) put(country.name, ...country.at, "#98958b", "1px");
    },

    _halo(ctx, text, x, y, colour, align) {
      ctx.textAlign = align;
      ctx.lineWidth = 3.4;
      ctx.strokeStyle = "rgba(255,255,255,.88)";
      ctx.strokeText(text, x, y);
      ctx.fillStyle = colour;
      ctx.fillText(text, x, y);
    },

    _dotRadius(place) { return (place.rank <= 2 ? 4.6 : 3.6) * (this._zoom < 6 ? 0.85 : this._zoom >= 8 ? 1.2 : 1); },

    // How far a town reaches: over its disc and the ring around it on days that have them, else over its dot.
    _spread(place) {
      const dot = this._dotRadius(place);
      const disc = Math.min(place.radius * this._km(place.lat), 26);
      if (!place.claimed || disc <= dot + 3) return dot;
      return this._townLook(place) !== NONE || this._ringsNow().some((o) => this._data.places[o.place] === place) ? disc : dot;
    },

    // Which labels stand how far off: from this zoom on it shows.
    _spreads() { return this._zoom < 7 ? "" : this._data.places.map((place) => (place.claimed ? Math.round(this._spread(place)) : "")).join(); },

    _ringsNow() { return this._sited.filter((o) => (o.kind === "siege" || o.kind === "blockade") && this._lives(o)); },
  };
})();
