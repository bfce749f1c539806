// Shapes of the map: from what is sent to pixels of the world at zoom 0, and what lies in what.
//
// Receives  nothing; defines window.mcmGeometry once
// Owns      nothing
// Returns   {WORLD, project, shape, inside, around}
(function defineGeometry() {
  "use strict";
  if (window.mcmGeometry) return;
  const WORLD = 256; // pixels of the world at zoom 0
  const END = 85.0511; // degrees of latitude; the projection ends here

  function project(lon, lat) {
    const sin = Math.sin((Math.max(-END, Math.min(END, lat)) * Math.PI) / 180);
    return [WORLD * (lon / 360 + 0.5), WORLD * (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI))];
  }

  // Rings or lines as sent, [lon, lat, step, step, ...] in ten-thousandths of a degree, become
  // {rings: [Float64Array], box: [x0, y0, x1, y1]} in pixels of zoom 0.
  function shape(sent) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const rings = sent.map((steps) => {
      const ring = new Float64Array(steps.length);
      let lon = 0;
      let lat = 0;
      for (let i = 0; i < steps.length; i += 2) {
        lon += steps[i];
        lat += steps[i + 1];
        const [x, y] = project(lon / 1e4, lat / 1e4);
        ring[i] = x;
        ring[i + 1] = y;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
      return ring;
    });
    return { rings, box };
  }

  // Whether a point lies in a box.
  const inside = ([x, y], [x0, y0, x1, y1]) => x >= x0 && x <= x1 && y >= y0 && y <= y1;

  // Whether rings, even and odd, go around a point.
  function around(rings, [x, y]) {
    let odd = false;
    for (const ring of rings) {
      for (let i = 0; i + 3 < ring.length; i += 2) {
        const [ax, ay, bx, by] = [ring[i], ring[i + 1], ring[i + 2], ring[i + 3]];
        if ((ay > y) !== (by > y) && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) odd = !odd;
      }
    }
    return odd;
  }

  window.mcmGeometry = { WORLD, project, shape, inside, around };
})();
