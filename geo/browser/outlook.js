// What the scrubber draws behind its handle: how much is held, contested or under influence on every day of a change.
//
// Receives  nothing; defines window.mcmOutlook once
// Owns      nothing
// Returns   {stateOn, measured}
//
// payload  see geo/overlay.py; measure "km2" | "places" | "people"
(function defineOutlook() {
  "use strict";
  if (window.mcmOutlook) return;

  // The state of a run list [from, to, state, from, to, state, ...] on a day; to = null: still lasting.
  function stateOn(runs, day) {
    for (let i = 0; i < runs.length; i += 3) {
      if (runs[i] > day) return 0;
      if (runs[i + 1] === null || day < runs[i + 1]) return runs[i + 2];
    }
    return 0;
  }

  // What each face counts for: its km², the listed places in it, or those of their inhabitants that are known.
  function weights({ faces, places }, measure) {
    if (measure === "km2") return faces.map((face) => face.a);
    const sums = new Float64Array(faces.length);
    for (const place of places) {
      if (place.face !== null) sums[place.face] += measure === "places" ? 1 : place.people ?? 0;
    }
    return sums;
  }

  // The first place in sorted `days` that is not before `day`.
  function placeOf(days, day) {
    let low = 0;
    let high = days.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (days[middle] < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // {days, whole, series: [{kind, actor, colour, sums}, ...], stale}: sums on each of days, which begin with 0. Contested
  // ground has no one actor; what several share is shared out. stale: of what is told, the share whose evidence is old.
  function measured(payload, measure) {
    const days = [...new Set([0, ...payload.days])];
    const weight = weights(payload, measure);
    const steps = new Map(); // by kind and actor: what comes and goes on each day
    const add = (key, first, after, amount) => {
      if (!steps.has(key)) steps.set(key, new Float64Array(days.length + 1));
      steps.get(key)[first] += amount;
      steps.get(key)[after] -= amount;
    };
    payload.faces.forEach(({ r }, f) => {
      for (let i = 0; weight[f] && i < r.length; i += 3) {
        const look = payload.states[r[i + 2]];
        if (!look) continue;
        const first = placeOf(days, r[i]);
        const after = r[i + 1] === null ? days.length : placeOf(days, r[i + 1]);
        const actors = { contested: [null], influence: look.influence }[look.kind] ?? look.actors;
        const kind = look.kind === "shared" ? "control" : look.kind;
        for (const actor of actors) add(`${kind}|${actor}`, first, after, weight[f] / actors.length);
        add("told", first, after, weight[f]);
        if (look.stale) add("stale", first, after, weight[f]);
      }
    });
    const summed = (key) => {
      let sum = 0;
      return Array.from(steps.get(key) ?? new Float64Array(days.length + 1), (step) => { sum += step; return sum; }).slice(0, -1);
    };
    const told = summed("told");
    const stale = summed("stale").map((old, d) => (told[d] > 1e-6 ? old / told[d] : 0));
    const series = [...steps.keys()].filter((key) => key.includes("|")).map((key) => {
      const [kind, actor] = key.split("|");
      return { kind, colour: actor === "null" ? null : payload.actors[+actor].colour, sums: summed(key) };
    });
    return { days, measure, series, stale, whole: weight.reduce((sum, one) => sum + one, 0) };
  }

  window.mcmOutlook = { stateOn, measured };
})();
