// How a state looks: colours, hatches and symbols, drawn on any canvas.
//
// Receives  nothing; defines window.mcmPaint once
// Owns      no state but a cache of pattern tiles
// Returns   {GROUND, INK, FACE, NONE, fill, nothing, dot, centre, ring, road, badge, spark, clock, swatch}
//
// look     {kind: "control"|"shared"|"contested"|"influence"|"none", actors: [i], influence: [i], stale: bool};
//          between two days "same", or "changed" with gained: [i], lost: [i];
//          where sources differ "split"|"dissent"|"agree"|"single"
// palette  [{colour: "#rrggbb", pattern: "plain"|"lines"|"dots"|"cross", badge: "UN"}, ...]
(function definePaint() {
  "use strict";
  if (window.mcmPaint) return;

  const GROUND = "#e9e8e3"; // no information: pale grey ...
  const SAME = "#d9d7cf"; // unchanged between two days
  const SPECK = "#bfbdb4"; // ... with sparse dots
  // How far sources agree: yellow against blue, which no colour blindness confuses, and a pattern each.
  const DIFFER = "#f4c74a";
  const DISSENT = "#fae9b4";
  const AGREE = "#9dbfca";
  const ALONE = "#dbe8ea";
  const SPOT = "#5f8f9e";
  const INK = "#2b2a27";
  const FACE = "'Map Sans', system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"; // of names, see overlay.css
  const NONE = { kind: "none", actors: [], influence: [], stale: false, level: null }; // how no information looks
  const tiles = new Map();
  const swatches = new Map();

  function channels(hex) {
    return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  }

  // Towards the ground colour: 0 keeps the colour, 1 is ground.
  function blend(hex, share) {
    const to = channels(GROUND);
    return `rgb(${channels(hex).map((c, i) => Math.round(c + (to[i] - c) * share)).join(",")})`;
  }

  function tile(key, width, height, draw) {
    let made = tiles.get(key);
    if (!made) {
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      const canvas = document.createElement("canvas");
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      const ctx = canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      draw(ctx, width, height);
      made = { canvas, ratio };
      tiles.set(key, made);
    }
    return made;
  }

  function pattern(ctx, made) {
    const result = ctx.createPattern(made.canvas, "repeat");
    if (made.ratio !== 1) result.setTransform(new DOMMatrix().scale(1 / made.ratio));
    return result;
  }

  // Diagonal bands that meet at the edges of the tile: each colour takes `band` pixels of every period.
  function stripes(ctx, colours, size) {
    const band = size / colours.length;
    colours.forEach((colour, n) => {
      if (!colour) return;
      ctx.fillStyle = colour;
      for (let shift = -size; shift <= size; shift += size) {
        const x = n * band + shift;
        ctx.beginPath();
        ctx.moveTo(x, 0);
        ctx.lineTo(x + band, 0);
        ctx.lineTo(x + band - size, size);
        ctx.lineTo(x - size, size);
        ctx.moveTo(x + size, 0);
        ctx.lineTo(x + size + band, 0);
        ctx.lineTo(x + band, size);
        ctx.lineTo(x, size);
        ctx.fill();
      }
    });
  }

  // A mark inside the fill tells two actors of like colour apart.
  function marks(ctx, name, size) {
    ctx.strokeStyle = ctx.fillStyle = "rgba(255,255,255,.75)";
    ctx.lineWidth = 1.1;
    ctx.beginPath();
    if (name === "dots") ctx.arc(size / 2, size / 2, 1.3, 0, 7);
    if (name === "lines" || name === "cross") { ctx.moveTo(0, size / 2); ctx.lineTo(size, size / 2); }
    if (name === "cross") { ctx.moveTo(size / 2, 0); ctx.lineTo(size / 2, size); }
    if (name === "dots") ctx.fill(); else ctx.stroke();
  }

  // share: how far towards the ground colour.
  function plain(ctx, actor, share) {
    const colour = blend(actor.colour, share);
    if (!actor.pattern || actor.pattern === "plain") return colour;
    return pattern(ctx, tile(`p|${colour}|${actor.pattern}`, 9, 9, (c, w, h) => {
      c.fillStyle = colour;
      c.fillRect(0, 0, w, h);
      marks(c, actor.pattern, w);
    }));
  }

  function hatch(ctx, colours, size, ground) {
    return pattern(ctx, tile(`h|${colours}|${size}|${ground}`, size, size, (c, w, h) => {
      c.fillStyle = ground;
      c.fillRect(0, 0, w, h);
      stripes(c, colours, size);
    }));
  }

  function nothing(ctx) {
    return pattern(ctx, tile("none", 18, 18, (c, w, h) => {
      c.fillStyle = GROUND;
      c.fillRect(0, 0, w, h);
      c.fillStyle = SPECK;
      for (const [x, y] of [[4.5, 4.5], [13.5, 13.5]]) { c.beginPath(); c.arc(x, y, 0.8, 0, 7); c.fill(); }
    }));
  }

  // The fill of a state. Country shows towns through: `town` fills are stronger.
  function fill(ctx, look, palette, town) {
    const faded = look.stale ? 0.45 : 0;
    const of = (i, share) => blend(palette[i].colour, share + (1 - share) * faded);
    if (look.kind === "control") return plain(ctx, palette[look.actors[0]], (town ? 0.05 : 0.3) + faded * 0.7);
    if (look.kind === "shared") return hatch(ctx, look.actors.map((i) => of(i, town ? 0.05 : 0.3)), 16, GROUND);
    if (look.kind === "contested") {
      const colours = look.actors.map((i) => of(i, town ? 0 : 0.3));
      // Neutral ground between the bands says that nobody holds it; wider in the country than in a town.
      const bands = colours.flatMap((c) => (town ? [c, null] : [c, null, null]));
      return hatch(ctx, bands, (town ? 3.5 : 2.4) * bands.length, "#f6f5f1");
    }
    if (look.kind === "influence") {
      const tints = look.influence.map((i) => of(i, 0.68));
      return tints.length === 1 ? tints[0] : hatch(ctx, tints, 14, GROUND);
    }
    if (look.kind === "same") return SAME;
    if (look.kind === "changed") return changed(ctx, look, palette);
    return answers(ctx, look.kind) ?? nothing(ctx);
  }

  // How far sources agree: crossed lines, one line, plain, dots. A tile of the dots is wider than that of no information.
  function answers(ctx, kind) {
    if (kind === "agree") return AGREE;
    if (kind === "split" || kind === "dissent") {
      return pattern(ctx, tile(kind, 9, 9, (c, w, h) => {
        c.fillStyle = kind === "split" ? DIFFER : DISSENT;
        c.fillRect(0, 0, w, h);
        c.strokeStyle = INK;
        c.lineWidth = kind === "split" ? 1.5 : 1.1;
        for (const shift of [-w, 0, w]) {
          c.moveTo(shift, h);
          c.lineTo(shift + w, 0);
          if (kind === "split") { c.moveTo(shift, 0); c.lineTo(shift + w, h); }
        }
        c.stroke();
      }));
    }
    if (kind !== "single") return null;
    return pattern(ctx, tile(kind, 9, 9, (c, w, h) => {
      c.fillStyle = ALONE;
      c.fillRect(0, 0, w, h);
      c.fillStyle = SPOT;
      for (const [x, y] of [[2.25, 2.25], [6.75, 6.75]]) { c.beginPath(); c.arc(x, y, 0.95, 0, 7); c.fill(); }
    }));
  }

  // Whoever gained fills the ground; whoever lost is a thin hatch on it. Ground that nobody gained is bare between.
  function changed(ctx, look, palette) {
    const colours = (list) => list.map((i) => palette[i].colour);
    const gained = look.gained.length ? colours(look.gained) : ["#fbfaf7"];
    if (gained.length === 1 && !look.lost.length) return gained[0];
    const bands = [...gained.flatMap((colour) => [colour, colour]), ...colours(look.lost)];
    return hatch(ctx, bands, 3 * bands.length, GROUND);
  }

  function disc(ctx, x, y, r) { ctx.beginPath(); ctx.arc(x, y, r, 0, Math.PI * 2); }

  // A town: a pie of its holders, a white casing; hollow when nothing is known.
  function dot(ctx, x, y, r, look, palette) {
    ctx.lineWidth = 1.4;
    disc(ctx, x, y, r + 1);
    ctx.fillStyle = "#fff";
    ctx.fill();
    const faded = look.stale ? 0.5 : 0;
    if (look.kind === "changed") {
      change(ctx, x, y, r + 2, look, palette);
      return;
    }
    if (ANSWERED.has(look.kind)) {
      answered(ctx, x, y, r, look.kind);
      return;
    }
    if (!look.actors.length) {
      disc(ctx, x, y, r);
      ctx.fillStyle = "#fbfaf8";
      ctx.fill();
      ctx.strokeStyle = "#8d8b84";
      ctx.lineWidth = 1;
      ctx.stroke();
      return;
    }
    look.actors.forEach((i, n) => {
      const share = (Math.PI * 2) / look.actors.length;
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.arc(x, y, r, n * share - Math.PI / 2, (n + 1) * share - Math.PI / 2);
      ctx.closePath();
      ctx.fillStyle = blend(palette[i].colour, faded);
      ctx.fill();
    });
    disc(ctx, x, y, r);
    ctx.strokeStyle = look.kind === "contested" ? "#2b2a27" : "rgba(43,42,39,.55)";
    ctx.setLineDash(look.kind === "contested" ? [2, 1.5] : []);
    ctx.lineWidth = look.kind === "contested" ? 1.2 : 0.8;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  // A town, by how far sources agree: half dark where they differ, a quarter where few do, a ring where one speaks.
  const ANSWERED = new Set(["split", "dissent", "agree", "single"]);
  function answered(ctx, x, y, r, kind) {
    disc(ctx, x, y, r);
    ctx.fillStyle = { split: DIFFER, dissent: DIFFER, agree: AGREE, single: "#fff" }[kind];
    ctx.fill();
    const dark = { split: Math.PI, dissent: Math.PI / 2 }[kind];
    if (dark) {
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.arc(x, y, r, -Math.PI / 2, dark - Math.PI / 2);
      ctx.fillStyle = INK;
      ctx.fill();
    }
    disc(ctx, x, y, kind === "single" ? r - 0.6 : r);
    ctx.strokeStyle = kind === "single" ? SPOT : "rgba(43,42,39,.75)";
    ctx.lineWidth = kind === "single" ? 1.8 : 1;
    ctx.stroke();
  }

  // A town that changed: a disc of those who gained it in a ring of those who lost it.
  function change(ctx, x, y, r, look, palette) {
    const pie = (list, radius) => list.forEach((i, n) => {
      const turn = (k) => (k / list.length) * Math.PI * 2 - Math.PI / 2;
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.arc(x, y, radius, turn(n), turn(n + 1));
      ctx.closePath();
      ctx.fillStyle = palette[i].colour;
      ctx.fill();
    });
    disc(ctx, x, y, r + 3.4);
    ctx.fillStyle = "#fff";
    ctx.fill();
    pie(look.lost, r + 2);
    disc(ctx, x, y, r - 0.6);
    ctx.fillStyle = "#fff";
    ctx.fill();
    pie(look.gained, r - 1.6);
    disc(ctx, x, y, r + 2);
    ctx.strokeStyle = "rgba(43,42,39,.65)";
    ctx.lineWidth = 0.8;
    ctx.stroke();
  }

  // A town whose ground is large enough to be seen needs only its middle marked.
  function centre(ctx, x, y) {
    disc(ctx, x, y, 2.4);
    ctx.fillStyle = "#fff";
    ctx.fill();
    ctx.lineWidth = 1.3;
    ctx.strokeStyle = "#2b2a27";
    ctx.stroke();
  }

  function ring(ctx, x, y, r, colour, dashed) {
    for (const [width, stroke] of [[5, "rgba(255,255,255,.9)"], [2.6, colour]]) {
      disc(ctx, x, y, r);
      ctx.lineWidth = width;
      ctx.strokeStyle = stroke;
      ctx.setLineDash(dashed && stroke === colour ? [5, 3.5] : []);
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  function road(ctx, path, colour) {
    ctx.lineCap = "butt";
    ctx.lineJoin = "round";
    for (const [width, stroke, dash] of [[6, "rgba(255,255,255,.85)", []], [3.4, colour, [8, 5]]]) {
      ctx.lineWidth = width;
      ctx.strokeStyle = stroke;
      ctx.setLineDash(dash);
      ctx.stroke(path);
    }
    ctx.setLineDash([]);
  }

  // Forces based in a place: a small plate, with letters once there is room for them.
  function badge(ctx, x, y, actor, large, stale) {
    const w = large ? 8 + 6 * (actor.badge || "").length : 6;
    const h = large ? 13 : 6;
    ctx.beginPath();
    ctx.roundRect(x, y - h / 2, w, h, large ? 3 : 1.5);
    ctx.fillStyle = blend(actor.colour, stale ? 0.45 : 0);
    ctx.fill();
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = "#fff";
    ctx.stroke();
    if (large) {
      ctx.fillStyle = "#fff";
      ctx.font = "700 8.5px system-ui, sans-serif";
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(actor.badge || "", x + w / 2, y + 0.5);
    }
    return w + 2;
  }

  // Something happened here a few days ago: a small star that fades.
  function spark(ctx, x, y, strength) {
    ctx.beginPath();
    for (let i = 0; i < 10; i += 1) {
      const r = i % 2 ? 2.2 : 5.2;
      const angle = (i * Math.PI) / 5 - Math.PI / 2;
      ctx.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    ctx.closePath();
    ctx.globalAlpha = 0.35 + 0.65 * strength;
    ctx.lineWidth = 2;
    ctx.strokeStyle = "#fff";
    ctx.stroke();
    ctx.fillStyle = "#2b2a27";
    ctx.fill();
    ctx.globalAlpha = 1;
  }

  // Stale: the evidence is older than its shelf-life.
  function clock(ctx, x, y, r) {
    disc(ctx, x, y, r);
    ctx.fillStyle = "rgba(255,255,255,.92)";
    ctx.fill();
    ctx.strokeStyle = "#6d6b64";
    ctx.lineWidth = 1;
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x, y - r * 0.6);
    ctx.lineTo(x, y);
    ctx.lineTo(x + r * 0.45, y + r * 0.25);
    ctx.stroke();
  }

  // A legend key as an image address; what is drawn here is what is drawn on the map.
  function drawSwatch(kind, look, palette, actor) {
    const canvas = document.createElement("canvas");
    canvas.width = 60;
    canvas.height = 40;
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    if (kind === "area") {
      ctx.fillStyle = fill(ctx, look, palette, false);
      ctx.fillRect(1, 2, 28, 16);
      ctx.strokeStyle = "rgba(0,0,0,.28)";
      ctx.lineWidth = 0.8;
      ctx.strokeRect(1, 2, 28, 16);
    } else if (kind === "dot") dot(ctx, 15, 10, 5.5, look, palette);
    else if (kind === "siege") ring(ctx, 15, 10, 6.5, actor.colour, false);
    else if (kind === "blockade") {
      const line = new Path2D();
      line.moveTo(1, 10);
      line.lineTo(29, 10);
      road(ctx, line, actor.colour);
    } else if (kind === "event") spark(ctx, 15, 10, 1);
    else if (kind === "claimed") {
      ctx.strokeStyle = actor.colour;
      ctx.lineWidth = 2.2;
      ctx.setLineDash([5, 3]);
      ctx.strokeRect(3, 4, 24, 12);
    } else if (kind === "presence") badge(ctx, 5, 10, actor, true, false);
    else if (kind === "stale") clock(ctx, 15, 10, 6.5);
    return canvas.toDataURL();
  }

  // Encoding an image takes longer than painting a frame: every key is made once.
  function swatch(kind, look, palette, actor) {
    const key = JSON.stringify([kind, look && [look.kind, look.actors, look.influence, look.stale, look.gained, look.lost], actor?.colour, actor?.badge]);
    if (!swatches.has(key)) swatches.set(key, drawSwatch(kind, look, palette, actor));
    return swatches.get(key);
  }

  window.mcmPaint = { GROUND, INK, FACE, NONE, fill, nothing, dot, centre, ring, road, badge, spark, clock, swatch };
})();
