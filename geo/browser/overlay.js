// The map that scrubs: every face of the composite on one canvas, repainted when the date changes.
//
// Receives  map      L.Map
//           payload  see geo/overlay.py: {language, firstDay, last, days, text, bounds, actors, states, units, faces, places, overlays, base}
//           options  {day: integer, or null to wait until the page says; src: address of the payload; alone: true
//                    where no page above is to be told, see offline.js}
// Owns      the day that is shown, and its canvases: ground | fills | marks, if any: see marks.js | lines and labels | symbols
// Tells     the page above it, by postMessage to the same origin: hello, ready, view, moving, select, event, key, legend, within
// Obeys     {cmd: "who" | "day" | "view" | "select" | "data" | "claimed" | "changes" | "marks" | "answers" | "measure" | "kinds"} from that page
// Returns   the Leaflet layer, also as window.mcmOverlay
//
// Days are whole numbers counted from payload.firstDay. Text from data is only ever drawn on a canvas or set as
// textContent.
(function defineOverlay() {
  "use strict";
  const CHANNEL = "mali-control-map";

  const { stateOn } = window.mcmOutlook;
  const { WORLD, project, shape } = window.mcmGeometry;
  const { FACE, NONE } = window.mcmPaint;

  const Overlay = L.Renderer.extend({
    ...window.mcmFills,
    ...window.mcmLabels,
    ...window.mcmSymbols,
    ...window.mcmLegend,
    ...window.mcmMarks,
    ...window.mcmGraticule,

    options: { pane: "overlayPane", padding: 0.2 },

    initialize(payload, options) {
      L.Renderer.prototype.initialize.call(this, options);
      this._take(payload);
      this._src = this.options.src; // where the payload came from
      this._day = Number.isInteger(this.options.day) ? this._clamp(this.options.day) : null; // null: wait to be told
      this._legendTimer = 0;
      this.stats = { frames: 0, painted: 0, paintMs: [] };
    },

    _take(payload) {
      this._data = payload;
      this._choosePaint();
      const shaped = (list) => list.map((item) => ({ ...item, shape: shape(item.c) }));
      this._shapes = payload.faces.map((face) => shape(face.c));
      this._neighbours = shaped(payload.base.neighbours);
      this._lakes = shaped(payload.base.lakes);
      this._rivers = shaped(payload.base.rivers);
      this._outline = { shape: shape(payload.base.outline) };
      this._editions = payload.base.editions.map((edition) => ({ ...edition, borders: shaped(edition.borders) }));
      this._roads = shaped(payload.overlays.filter((o) => o.c));
      this._sited = payload.overlays.filter((o) => !o.c);
      this._claimed = shaped(payload.claimed);
      this._shown = new Int32Array(payload.faces.length).fill(-1);
    },

    // What the faces are painted with: who holds the ground, or how far sources agree about it.
    _choosePaint() {
      const { faces, text } = this._data;
      const own = { states: this._data.states, runs: faces.map((face) => face.r), none: text.none };
      const { states, runs, none } = this._answers ?? own;
      this._states = states.map((state) => state ?? { ...NONE, label: none });
      this._runs = runs;
    },

    // Other data for the same map: another known-on date, other sources. The view and the day stay.
    setData(payload) {
      this._take(payload);
      if (!this._map || !this._scale) return;
      this._paths = new Map();
      this._repaint();
      this._tell({ ev: "data", ...this._outlook() });
    },

    // Where sources differ in place of who holds what, see answers.looks; null: who holds what again.
    setAnswers(answers) {
      this._answers = answers;
      this._choosePaint();
      if (this._map && this._scale) this._repaint();
    },

    _repaint() {
      this._drawGround();
      this._drawFills();
      this._drawLines();
      this._drawSymbols();
      this._legend = this._within = "";
      this._legendSoon();
    },

    // Gains and losses between two days in place of who holds what: see comparison.looks.
    setChanges({ states, runs, none }) {
      const { faces, text } = this._data; // both days are told of who holds what
      const bare = { days: [], overlays: [], claimed: [], events: [], text: { ...text, none } };
      this.setData({ ...this._data, ...bare, states, faces: faces.map((face, f) => ({ ...face, r: runs[f] })) });
    },

    // ---- what tests and the page may ask ---------------------------------------------------------

    day() { return this._day; },

    setDay(day) {
      this._day = this._clamp(day);
      if (!this._request) this._request = requestAnimationFrame(() => { this._request = 0; this._frame(); });
      return this;
    },

    // The state shown at a point, for tests and for the pointer.
    stateAt(lon, lat) {
      const face = this._faceAt(lon, lat);
      return face < 0 ? null : this._states[stateOn(this._runs[face], this._day)];
    },

    // The place of the face at a point in payload.faces; -1 outside the country.
    face(lon, lat) { return this._faceAt(lon, lat); },

    select(lon, lat) {
      this._selected = lon === null ? null : [this._along(lon), lat];
      this._drawSymbols();
    },

    // ---- Leaflet's contract ------------------------------------------------------------------------

    getEvents() {
      return { ...L.Renderer.prototype.getEvents.call(this), mousemove: this._hover, mouseout: this._unhover, click: this._click };
    },

    _initContainer() {
      this._container = L.DomUtil.create("div", "mcm-overlay");
      this._ctx = ["ground", "fills", "lines", "symbols"].map((name) => {
        const canvas = L.DomUtil.create("canvas", `mcm-${name}`, this._container);
        canvas.style.cssText = "position:absolute;left:0;top:0;pointer-events:none";
        return canvas.getContext("2d");
      });
      this._veil = null; // see marks.js
      this._tip = L.DomUtil.create("div", "mcm-tip");
      this._tip.hidden = true;
    },

    onAdd() {
      L.Renderer.prototype.onAdd.call(this);
      this._map.getContainer().appendChild(this._tip);
      // The styles, and the face with them, may arrive after the scripts, and again: whoever asks before finds none.
      this._onStyles = ({ target }) => { if (target instanceof HTMLLinkElement) this._askForFace(); };
      document.addEventListener("load", this._onStyles, true); // it does not bubble
      this._askForFace();
    },

    _askForFace() {
      const draw = (faces) => {
        if (!faces.length || !this._map || !this._paths) return;
        this._drawLines();
        this._drawSymbols(); // which towns have a label decides which have a dot
      };
      document.fonts?.load(`12px ${FACE}`).then(draw, () => {}); // without it the names stay in the face that they have
    },

    _destroyContainer() {
      cancelAnimationFrame(this._request);
      clearTimeout(this._resting);
      document.removeEventListener("load", this._onStyles, true);
      this._tip.remove();
      this._container.remove();
      delete this._container;
    },

    _updatePaths() {},
    _onZoomEnd() { this._unhover(); },
    _reset() { this._update(); this._updateTransform(this._center, this._zoom); },

    _update() {
      if (!this._map || (this._map._animatingZoom && this._bounds)) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      this._ratio = Math.min(2, window.devicePixelRatio || 1);
      this._size = size;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      for (const { canvas } of [...this._ctx, this._veil].filter(Boolean)) {
        if (canvas.width !== Math.round(size.x * this._ratio) || canvas.height !== Math.round(size.y * this._ratio)) {
          canvas.width = Math.round(size.x * this._ratio);
          canvas.height = Math.round(size.y * this._ratio);
          canvas.style.width = `${size.x}px`;
          canvas.style.height = `${size.y}px`;
        }
      }
      const scale = this._map.getZoomScale(this._zoom, 0);
      const origin = this._map.getPixelOrigin();
      this._left = origin.x + this._bounds.min.x; // world pixels of this zoom -> canvas pixels
      this._top = origin.y + this._bounds.min.y;
      if (scale !== this._scale) {
        this._scale = scale;
        this._paths = new Map();
      }
      this._drawGround();
      this._drawFills();
      this._drawMarks();
      this._drawLines();
      this._drawSymbols();
      this._legendSoon();
    },

    // ---- geometry on the screen --------------------------------------------------------------------

    // A path in pixels of this zoom, relative to its own corner so that numbers stay small. Points closer than
    // half a pixel to the last one are left out.
    _path(item, closed) {
      let path = this._paths.get(item);
      if (path) return path;
      path = new Path2D();
      const s = this._scale;
      const ox = Math.floor(item.box[0] * s);
      const oy = Math.floor(item.box[1] * s);
      for (const ring of item.rings) {
        let lastX = ring[0] * s - ox;
        let lastY = ring[1] * s - oy;
        path.moveTo(lastX, lastY);
        for (let i = 2; i < ring.length; i += 2) {
          const x = ring[i] * s - ox;
          const y = ring[i + 1] * s - oy;
          const end = i >= ring.length - 2;
          if (!end && Math.abs(x - lastX) + Math.abs(y - lastY) < 0.5) continue;
          path.lineTo(x, y);
          lastX = x;
          lastY = y;
        }
        if (closed) path.closePath();
      }
      path.corner = [ox, oy];
      this._paths.set(item, path);
      return path;
    },

    _at(ctx, path) {
      const r = this._ratio;
      ctx.setTransform(r, 0, 0, r, r * (path.corner[0] - this._left), r * (path.corner[1] - this._top));
    },

    _plain(ctx) { ctx.setTransform(this._ratio, 0, 0, this._ratio, 0, 0); },

    _clear(ctx) {
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    },

    _inView(box, margin = 0) {
      const s = this._scale;
      return box[0] * s - this._left < this._size.x + margin && box[2] * s - this._left > -margin
        && box[1] * s - this._top < this._size.y + margin && box[3] * s - this._top > -margin;
    },

    _pixel(lon, lat) {
      const [x, y] = project(lon, lat);
      return [x * this._scale - this._left, y * this._scale - this._top];
    },

    // Pixels of a kilometre at a latitude.
    _km(lat) { return (WORLD * this._scale) / (40075.017 * Math.cos((lat * Math.PI) / 180)); },

    _faceAt(lon, lat) {
      const ctx = this._ctx[1];
      const [x, y] = project(lon, lat);
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      for (let f = 0; f < this._shapes.length; f += 1) {
        const box = this._shapes[f].box;
        if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
        const path = this._path(this._shapes[f], true);
        if (ctx.isPointInPath(path, x * this._scale - path.corner[0], y * this._scale - path.corner[1], "evenodd")) return f;
      }
      return -1;
    },

    // ---- drawing -----------------------------------------------------------------------------------

    _fillAll(ctx, items, style) {
      ctx.fillStyle = style;
      for (const { shape: item } of items) {
        if (!this._inView(item.box)) continue;
        const path = this._path(item, true);
        this._at(ctx, path);
        ctx.fill(path, "evenodd");
      }
    },

    _strokeAll(ctx, items, style, width, dash = []) {
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.lineJoin = ctx.lineCap = "round";
      ctx.setLineDash(dash);
      for (const { shape: item } of items) {
        if (!this._inView(item.box, 8)) continue;
        const path = this._path(item, false);
        this._at(ctx, path);
        ctx.stroke(path);
      }
      ctx.setLineDash([]);
    },

    _drawGround() {
      const ctx = this._ctx[0];
      const { elsewhere } = this._data.base;
      this._plain(ctx);
      ctx.fillStyle = elsewhere && !this._neighbours.length ? "#f4f3ef" : "#d9e3e8"; // sea, or nothing that we know
      ctx.fillRect(0, 0, this._size.x, this._size.y);
      this._fillAll(ctx, this._neighbours, "#f7f6f3");
      if (elsewhere) this._drawGraticule(ctx);
      this._fillAll(ctx, [this._outline], mcmPaint.GROUND);
      this._strokeAll(ctx, this._neighbours, "#d3d1ca", 1);
    },

    _edition() {
      return this._editions.find((e) => e.to === null || (this._day !== null && this._day < e.to));
    },

    _drawLines() {
      const ctx = this._ctx[2];
      const zoom = this._zoom;
      this._clear(ctx);
      this._drawnEdition = this._edition();
      this._fillAll(ctx, this._lakes, "#c3d5de");
      const rivers = this._rivers.filter((river) => river.rank <= (zoom < 6 ? 1 : zoom < 7 ? 2 : 3));
      for (const river of rivers) this._strokeAll(ctx, [river], "#a9c2cf", river.rank === 1 ? 1.6 : 1);
      const { borders } = this._drawnEdition;
      this._strokeAll(ctx, borders.filter((b) => !b.approximate), "rgba(90,87,78,.5)", 0.9);
      this._strokeAll(ctx, borders.filter((b) => b.approximate), "rgba(90,87,78,.7)", 0.9, [4, 4]);
      this._strokeAll(ctx, [this._outline], "#fff", 3.2);
      this._strokeAll(ctx, [this._outline], "#66635a", 1.2);
      if (this._data.base.elsewhere) this._nameGraticule(ctx);
      this._drawLabels(ctx);
    },

    // ---- the date ----------------------------------------------------------------------------------

    _clamp(day) { return Math.max(0, Math.min(this._data.last, Math.round(day))); },

    // Only what the date changes is repainted: most days change nothing.
    _frame() {
      this.stats.frames += 1;
      if (!this._map || !this._paths) return;
      const changed = this._refill();
      if (this._marksSignature() !== this._drawnMarks) this._drawMarks();
      if (this._edition() !== this._drawnEdition || (changed && this._spreads() !== this._drawnSpreads)) this._drawLines();
      const signature = this._symbolSignature();
      if (changed || signature !== this._symbols) {
        this._symbols = signature;
        this._drawSymbols();
      }
      this._legendSoon();
    },

    _symbolSignature() {
      return [...this._data.overlays, ...(this._outlined ? this._data.claimed : [])]
        .map((o) => (!this._lives(o) ? 0 : o.stale != null && o.stale <= this._day ? 2 : 1))
        .join("") + this._eventsNow().map((e) => this._day - e.day).join(",");
    },

    // ---- the pointer -------------------------------------------------------------------------------

    _townNear(point) {
      let best = null;
      let least = 10;
      for (const place of this._data.places) {
        if (!this._labelled?.has(place) && this._townLook(place) === NONE) continue;
        const at = this._map.latLngToContainerPoint([place.lat, place.lon]);
        const distance = at.distanceTo(point);
        if (distance < least) { least = distance; best = place; }
      }
      return best;
    },

    _hover(event) {
      if (this._map.dragging?.moving() || this.touched) return; // a tap moves the mouse too: it opens the details
      const spark = this._sparkNear(event.containerPoint);
      const town = spark ? this._data.places[spark.place] : this._townNear(event.containerPoint);
      const { lng, lat } = town ? { lng: town.lon, lat: town.lat } : event.latlng;
      const face = this._faceAt(lng, lat);
      this._map.getContainer().style.cursor = face < 0 ? "" : "pointer";
      this._tip.hidden = face < 0;
      if (face < 0) return;
      const name = town ? town.name : this._data.units[this._data.faces[face].u]; // elsewhere ground has no name
      this._tip.textContent = spark?.title ?? [name, this._label(this._shown[face])].filter(Boolean).join(" · ");
      const size = this._map.getSize();
      this._tip.style.left = `${Math.min(event.containerPoint.x + 14, size.x - this._tip.offsetWidth - 6)}px`;
      this._tip.style.top = `${Math.max(4, event.containerPoint.y - 34)}px`;
    },

    _unhover() { if (this._tip) this._tip.hidden = true; },

    _label(state) { return this._states[state]?.label ?? this._data.text.none; },

    _click(event) {
      const spark = this._sparkNear(event.containerPoint);
      if (spark) {
        this._tell({ ev: "event", event: spark.event });
        return;
      }
      const town = this._townNear(event.containerPoint);
      const lon = +(town ? town.lon : event.latlng.lng).toFixed(4);
      const lat = +(town ? town.lat : event.latlng.lat).toFixed(4);
      if (this._faceAt(lon, lat) < 0) return;
      this.select(lon, lat);
      this._tell({ ev: "select", lon: this._round(lon), lat });
    },

    // ---- the page above ----------------------------------------------------------------------------

    _tell(message) { this._peer?.postMessage({ channel: CHANNEL, ...message }, window.location.origin); },

    // What the scrubber draws behind its handle.
    _outlook() {
      const { days, places } = this._data;
      const start = Date.parse(`${this._data.firstDay}T00:00:00Z`);
      const events = this._data.events.map((event) => ({
        ...event,
        iso: new Date(start + event.day * 864e5).toISOString().slice(0, 10),
        at: event.place === null ? null : [places[event.place].lon, places[event.place].lat],
      }));
      return { days, events, chart: mcmOutlook.measured(this._data, this._measure ?? "km2") };
    },

    // Only a file that the app published itself: its name is its content's hash.
    _load(src) {
      if (src === this._src || !/^\.\.\/[\w.-]+\/data-[0-9a-f]{16}\.js$/.test(src)) return;
      this._src = src;
      this._fetch(src, () => { if (src === this._src) this.setData(window.mcmPayload); });
    },

    _loadAnswers(src) {
      if (src === (this._answersSrc ?? null)) return;
      if (src !== null && !/^\.\.\/[\w.-]+\/answers-[0-9a-f]{16}\.js$/.test(src)) return;
      this._answersSrc = src;
      if (src === null) this.setAnswers(null);
      else this._fetch(src, () => { if (src === this._answersSrc) this.setAnswers(window.mcmAnswers); });
    },

    _fetch(src, then) {
      const script = document.createElement("script");
      script.src = src;
      script.onload = then;
      document.head.append(script);
    },

    listen() {
      const map = this._map;
      this._onMessage = (event) => {
        const message = event.data;
        if (event.origin !== window.location.origin || !message || message.channel !== CHANNEL) return;
        if (message.cmd === "who") {
          this._peer = event.source;
          this._live = message.live === true; // every step of a drag is told, not only its end
          this._legend = "";
          this._within = "";
          this._measure = message.measure ?? this._measure;
          this._tell({ ev: "ready", ...this._outlook() });
          this._legendSoon();
        }
        if (message.cmd === "day") this.setDay(message.day);
        if (message.cmd === "view") {
          this.moved = true;
          this._led = true;
          // Leaflet pans by whole pixels. Beside a map that is dragged that will do; an address is exact.
          map.setView([message.lat, this._along(message.lon)], message.zoom, { animate: false, reset: !this._live });
          this._led = false;
        }
        if (message.cmd === "measure") {
          this._measure = message.measure;
          this._tell({ ev: "data", ...this._outlook() });
        }
        if (message.cmd === "kinds" && JSON.stringify(this._kinds ?? null) !== JSON.stringify(message.kinds)) {
          this._kinds = message.kinds;
          if (this._map && this._scale) this._drawSymbols();
          this._legendSoon();
        }
        if (message.cmd === "changes") this.setChanges(message);
        if (message.cmd === "marks") this.setMarks(message.marks);
        if (message.cmd === "claimed") {
          this._outlined = message.on;
          this._drawSymbols();
          this._legendSoon();
        }
        if (message.cmd === "data") this._load(message.src);
        if (message.cmd === "answers") this._loadAnswers(message.src);
        if (message.cmd === "select") this.select(message.lon, message.lat);
      };
      window.addEventListener("message", this._onMessage);
      const tell = (ev) => {
        if (!this.moved) return; // the whole country is nobody's choice, and stands in no address
        const centre = ev === "view" ? this.middle : map.getCenter();
        const led = this._led === true; // the page moved the map, and knows
        this._tell({ ev, led, zoom: map.getZoom(), lat: +centre.lat.toFixed(4), lon: this._round(+centre.lng.toFixed(4)) });
      };
      map.on("move", () => { if (this._live) tell("moving"); });
      map.on("moveend", () => {
        // Leaflet pans by whole pixels, and may tell the middle to half a one: less is no move.
        const centre = map.getCenter();
        if (!this.middle || map.project(centre).distanceTo(map.project(this.middle)) >= 1) this.middle = centre;
        this._legendSoon();
        tell("view");
      });
      map.getContainer().addEventListener("keydown", (event) => {
        if (event.key === "Enter" && event.target === map.getContainer()) { // the ground in the middle
          const latlng = map.getCenter();
          this._click({ latlng, containerPoint: map.latLngToContainerPoint(latlng) });
        }
        if (![" ", ",", ".", "[", "]", "l"].includes(event.key)) return;
        event.preventDefault();
        this._tell({ ev: "key", key: event.key });
      });
      if (window.parent !== window && !this.options.alone) {
        this._peer = window.parent;
        this._tell({ ev: "hello" });
      }
      window.mcmOverlay = this;
      return this;
    },
  });

  window.mcmMount = function mount(map, payload, options) {
    document.documentElement.lang = payload.language;
    // A screen reader passes the keys on, and says what they do; the page around it calls the frame by the same name.
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", payload.text.keys);
    window.frameElement?.setAttribute("aria-label", payload.text.map);
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      Object.assign(map.options, { zoomAnimation: false, fadeAnimation: false, inertia: false });
      map._zoomAnimated = false;
    }
    for (const [name, text] of [["in", payload.text.zoomIn], ["out", payload.text.zoomOut]]) {
      const button = map.getContainer().querySelector(`.leaflet-control-zoom-${name}`);
      button.title = text;
      button.setAttribute("aria-label", text);
    }
    map.attributionControl.setPrefix(false).addAttribution(payload.text.attribution);
    L.control.scale({ imperial: false }).addTo(map);
    const overlay = new Overlay(payload, options);
    // The whole country, until the reader or the address chooses another view.
    const fit = () => { if (!overlay.moved) map.fitBounds(payload.bounds, { animate: false, padding: [4, 4] }); };
    fit();
    // In a frame of another size the middle stays what it was: the reader has not moved the map.
    map.on("resize", () => {
      if (overlay.moved && overlay.middle) map.setView(overlay.middle, map.getZoom(), { reset: true });
      else fit();
    });
    // Leaflet looks at the window only; the frame and our own styles may arrive later.
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
    map.on("dragstart", () => { overlay.moved = true; });
    for (const gesture of ["pointerdown", "pointermove"]) {
      map.getContainer().addEventListener(gesture, (event) => { overlay.touched = event.pointerType === "touch"; }, { passive: true });
    }
    for (const gesture of ["wheel", "pointerdown", "keydown"]) {
      map.getContainer().addEventListener(gesture, () => { overlay.moved = true; }, { passive: true });
    }
    return overlay.addTo(map).listen();
  };
})();
