"""Claims built in sight of the test that needs them."""

import random

import geopandas as gpd
import shapely
from shapely import box

from geo import claims, composite, slices, timeline

# Squares around towns and regions: corners are easier to discuss than discs.
KIDAL = box(1.2, 18.2, 1.6, 18.6)
AGUELHOK = box(0.6, 19.2, 1.0, 19.6)
GAO = box(-0.3, 16.0, 0.1, 16.5)
KIDAL_REGION = box(0.0, 17.5, 3.0, 21.0)
GAO_REGION = box(-1.0, 15.0, 3.0, 17.5)


def claim(claim_id, actor, area, valid_from, valid_to=None, **more):
    """One row of a table of claims: a town held, as a source of its own says on the first day."""
    row = dict(
        claim_id=claim_id,
        actor=actor,
        geometry=area,
        status="control",
        level="place",
        valid_from=valid_from,
        valid_to=valid_to,
        reported_on=valid_from,
        confidence="medium",
        sources=f"source-of-{claim_id}",
    )
    return row | more


def make(*rows):
    """Rows as claims."""
    return claims.parse(gpd.GeoDataFrame(list(rows), geometry="geometry", crs=claims.CRS))


def resolved(*rows, **filters):
    """Rows as a timeline."""
    return timeline.resolve(composite.build(make(*rows)), **filters)


def on(t, ground, day):
    """What a timeline says of the middle of a ground on one day; None off all faces."""
    lon, lat = ground.centroid.coords[0]
    face = slices.locate(t.composite, lon, lat)
    return None if face is None else slices.at(t, day).loc[face]


def arbitrary(seed, n=12):
    """Random but repeatable claims around Mopti, of every kind the rule tells apart."""
    rng = random.Random(seed)

    def day(first=2012, last=2020):
        return f"{rng.randint(first, last)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"

    rows = []
    for i in range(n):
        x, y = rng.uniform(-5, -3), rng.uniform(14, 16)
        start, stop = sorted((day(), day(2013, 2021)))
        sources = rng.sample(["v01", "v02", "v03", "v04"], rng.randint(1, 2))
        reported = day()
        rows.append(
            claim(
                f"c{i:03d}",
                rng.choice(["FAMA", "JNIM", "ISSP"]),
                box(x, y, x + rng.uniform(0.1, 1), y + rng.uniform(0.1, 1)),
                start,
                stop if start < stop and rng.random() < 0.8 else None,
                partners=rng.choice(["", "", "", "DOZO", "DOZO FAMA"]),
                status=rng.choice([*claims.BASE, *claims.STATUSES]),
                assertion=rng.choice(["assessed"] * 6 + ["claimed", "denied"]),
                level=rng.choice(["place", "cercle", "region"]),
                last_confirmed=rng.choice([None, stop if start < stop else None]),
                confirmed_by=["", "", "v04"][i % 3],
                reported_on=reported,
                withdrawn_on=rng.choice([None] * 7 + ["2021-06-01"]),
                confidence=rng.choice(claims.CONFIDENCES),
                sources=" ".join(sources),
                published_on="2019-07-01" if i % 5 == 4 else None,
            )
        )
    return make(*rows)


def sample_points(faces, seed, n):
    """Points anywhere in and around some faces, none within a metre of a border."""
    rng = random.Random(seed)
    west, south, east, north = faces.total_bounds if len(faces) else (-5, 14, -3, 16)
    points = shapely.points(
        [(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(n)]
    )
    borders = shapely.union_all(shapely.boundary(faces.geometry.to_numpy()))
    return points[~shapely.dwithin(points, borders, 1e-5)]
