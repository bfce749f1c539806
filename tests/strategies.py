"""Claims as nasty as they get, for tests that must hold for all of them.

Shapes are drawn on a coarse lattice, so that they share edges, touch at corners and repeat; some
are moved off it by less than the grid, or by a little more.
"""

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import shapely
from builders import KIDAL, KIDAL_REGION, claim, make
from hypothesis import strategies as st
from shapely import affinity

WEST, SOUTH, STEP = -6.0, 13.0, 0.5
FIRST_DAY = date(2012, 1, 17)
OFFSETS = [0.0, 0.0, 1e-9, 4e-7, 6e-7, 1e-5, 1e-3]

corners = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(
    lambda xy: (WEST + xy[0] * STEP, SOUTH + xy[1] * STEP)
)


@st.composite
def boxes(draw):
    x, y = draw(corners)
    return shapely.box(x, y, x + draw(st.integers(1, 5)) * STEP, y + draw(st.integers(1, 5)) * STEP)


# A ring of corners in any order crosses itself more often than not: bow-ties, spikes, slivers.
rings = st.lists(corners, min_size=3, max_size=7).map(shapely.Polygon)
with_heights = st.lists(corners, min_size=3, max_size=4).map(
    lambda xy: shapely.Polygon([(x, y, 300.0) for x, y in xy])
)
with_hole = boxes().map(lambda b: b - b.buffer(-0.2, join_style="mitre"))
two_parts = st.tuples(boxes(), boxes()).map(shapely.MultiPolygon)


@st.composite
def stars(draw):
    x, y = draw(corners)
    radii = np.array(draw(st.lists(st.floats(0.05, 1.5), min_size=5, max_size=9)))
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return shapely.Polygon(np.column_stack([x + radii * np.cos(angle), y + radii * np.sin(angle)]))


@st.composite
def grounds(draw):
    shape = draw(st.one_of(boxes(), rings, with_heights, with_hole, two_parts, stars()))
    return affinity.translate(
        shape, draw(st.sampled_from(OFFSETS)), -draw(st.sampled_from(OFFSETS))
    )


def days(low=0, high=12):
    """Days far enough apart for evidence to go stale in between."""
    return st.integers(low, high).map(lambda i: FIRST_DAY + timedelta(days=60 * i))


@st.composite
def rows(draw, claim_id, ground=None, *, plain=False):
    """One claim; a plain one differs from its like only in ground, actor, period and status."""
    start = draw(days())
    stop = draw(st.one_of(st.none(), st.integers(1, 400).map(lambda n: start + timedelta(days=n))))
    row = claim(
        claim_id,
        draw(st.sampled_from(["FAMA", "JNIM", "ISSP"])),
        draw(grounds()) if ground is None else ground,
        start,
        stop,
        status=draw(st.sampled_from(["control", "control", "contested", "influence"])),
    )
    if plain:
        return row
    return row | dict(
        partners=draw(st.sampled_from(["", "", "DOZO", "DOZO FAMA"])),
        status=draw(
            st.sampled_from(["control"] * 3 + ["contested", "shared", "influence", "siege"])
        ),
        assertion=draw(st.sampled_from(["assessed"] * 4 + ["claimed", "denied"])),
        level=draw(st.sampled_from(["place", "region"])),
        last_confirmed=draw(st.sampled_from([None, start, start + timedelta(days=200)])),
        confirmed_by=draw(st.sampled_from(["", "", "v01", "v03", "v02 v03"])),
        reported_on=draw(days(0, 6)),
        withdrawn_on=draw(st.sampled_from([None, None, None, date(2014, 3, 1)])),
        confidence=draw(st.sampled_from(["low", "medium", "high"])),
        date_precision=draw(st.sampled_from(["day"] * 3 + ["month", "quarter", "year"])),
        valid_from_latest=draw(st.sampled_from([None, None, start + timedelta(days=7)])),
        valid_to_earliest=draw(st.sampled_from([None, None, start])),
        sources=draw(st.sampled_from(["v01", "v02", "v01 v02", "v02 v03", "v01 v02 v03"])),
    )


@st.composite
def tables(draw, *, plain=False, max_size=8):
    """Claims; one ground may be drawn twice, vertex for vertex."""
    count = draw(st.integers(1, max_size))
    drawn = [draw(rows(f"c{i:02d}", plain=plain)) for i in range(count)]
    if draw(st.booleans()):
        drawn.append(draw(rows("copy", drawn[0]["geometry"], plain=plain)))
    return make(*drawn)


@st.composite
def stacks(draw):
    """Claims on one town and its region: there is much for the rule to decide."""
    count = draw(st.integers(2, 9))
    grounds_of = [draw(st.sampled_from([KIDAL, KIDAL, KIDAL_REGION])) for _ in range(count)]
    layer = st.sampled_from(["", "", "up1:", "up2:"])
    return make(
        *(draw(rows(f"{draw(layer)}c{i:02d}", ground)) for i, ground in enumerate(grounds_of))
    )


def units():
    """Two regions with a common border off lattice and grid; some claims reach beyond them."""
    knee = [(-4.1000003, 12.0), (-3.7000004, 15.2000007), (-4.3000002, 17.4)]
    return gpd.GeoDataFrame(
        {"region": ["ouest", "est"]},
        geometry=[
            shapely.Polygon([(-7.0, 12.0), *knee, (-7.0, 17.4)]),
            shapely.Polygon([*knee, (-1.0000005, 17.4), (-1.0000005, 12.0)]),
        ],
        crs=4326,
    )


filters = st.fixed_dictionaries(
    {},
    optional={
        "known_on": days(1, 8),
        "sources": st.sampled_from([["v01"], ["v02", "v03"], ["v04"]]),
        "min_confidence": st.sampled_from(["medium", "high"]),
        "layers": st.sampled_from([["shipped"], ["up1"], ["up1", "up2"], []]),
        "claimed": st.just(True),  # noqa: FBT003 (a value, not a switch)
    },
)
