"""The colours and hatches of pictures are those of the web map, whose script is run here."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from geo.snapshots import ink
from geo.snapshots.ink import Actor, Look

PAINT = Path(ink.__file__).parents[1] / "browser" / "paint.js"
PALETTE = {
    "FAMA": Actor("#42629a"),
    "JNIM": Actor("#ce7337"),
    "HCUA": Actor("#5f9c6e", "lines"),
    "MIA": Actor("#6aa394", "cross"),
    "DOZO": Actor("#a5788a", "dots"),
}
LOOKS = [
    Look(kind, actors, stale, town)
    for kind, actors in (
        ("control", ("FAMA",)),
        ("control", ("HCUA",)),
        ("control", ("MIA",)),
        ("control", ("DOZO",)),
        ("shared", ("FAMA", "JNIM")),
        ("contested", ("FAMA", "JNIM")),
        ("contested", ("JNIM",)),
        ("influence", ("JNIM",)),
        ("influence", ("FAMA", "JNIM")),
        ("none", ()),
    )
    for stale in (False, True)
    for town in (False, True)
]
# A canvas that only remembers: what the tile was filled with, which colours lie on it, how large.
STAGE = """
const fs = require("fs");
globalThis.window = { devicePixelRatio: 1 };
globalThis.DOMMatrix = class { scale() { return this; } };
let last = null;
globalThis.document = { createElement() {
  const canvas = { width: 0, height: 0, base: null, colours: [] };
  canvas.getContext = () => ({
    set fillStyle(v) { this.style = v; }, get fillStyle() { return this.style; },
    fillRect() { canvas.base = this.style; },
    fill() { if (!canvas.colours.includes(this.style)) canvas.colours.push(this.style); },
    stroke() {}, scale() {}, beginPath() {}, moveTo() {}, lineTo() {}, arc() {},
  });
  return canvas;
} };
eval(fs.readFileSync(process.argv[1], "utf8"));
const { looks, palette } = JSON.parse(fs.readFileSync(0, "utf8"));
const ctx = { createPattern(canvas) { return { canvas, setTransform() {} }; } };
console.log(JSON.stringify(looks.map(([look, town]) => {
  const style = window.mcmPaint.fill(ctx, look, palette, town);
  if (typeof style === "string") return { base: style, colours: [], size: 0 };
  const { base, colours, width } = style.canvas;
  return { base, colours, size: width };
})));
"""


@pytest.fixture(scope="module")
def painted():
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    numbers = {actor: row for row, actor in enumerate(PALETTE)}
    looks = []
    for look in LOOKS:
        actors = [numbers[actor] for actor in look.actors]
        held, influence = ([], actors) if look.kind == "influence" else (actors, [])
        told = {"kind": look.kind, "actors": held, "influence": influence, "stale": look.stale}
        looks.append((told, look.town))
    palette = [
        {"colour": actor.colour, "pattern": actor.pattern, "badge": ""}
        for actor in PALETTE.values()
    ]
    run = subprocess.run(
        ["node", "-e", STAGE, str(PAINT)],
        input=json.dumps({"looks": looks, "palette": palette}),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(LOOKS, json.loads(run.stdout), strict=True))


def hexed(colour):
    if colour.startswith("#"):
        return colour
    return "#" + "".join(f"{int(part):02x}" for part in colour[4:-1].split(","))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_look_is_painted_as_on_the_web_map(painted, look):
    web, fill = painted[look], ink.fill(look, PALETTE)
    assert fill.ground == hexed(web["base"])
    if fill.bands:
        assert list(dict.fromkeys(filter(None, fill.bands))) == [hexed(c) for c in web["colours"]]
        assert fill.period == pytest.approx(web["size"])
    if fill.specks:
        assert web["colours"] == [ink.SPECK]
        assert web["size"] == ink.SPECKS_APART
    if fill.marks:
        assert web["size"] == ink.MARKS_APART
