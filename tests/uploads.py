"""Files that somebody uploads, as the store is given them, and stores to give them to."""

import hashlib
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import geopandas as gpd
import sqlalchemy as sa
from shapely import LineString, box

from geo import claims
from geo.store import desk, people

MONDAY = datetime(2026, 7, 6, 9, 30, tzinfo=UTC)
EDITOR = people.Person("Awa", people.EDITOR)
ANALYST = people.Person("Bakary", people.ANALYST)
VIEWER = people.Person("Coumba", people.VIEWER)
OTHER_ANALYST = people.Person("Demba", people.ANALYST)

NOTHING = MappingProxyType({})


def later(days):
    return MONDAY + timedelta(days=days)


@dataclass(frozen=True)
class Report:
    """What the store needs of a report."""

    sha256: str
    layer: object
    verdict: str = "accept"
    filename: str = "front lines.geojson"
    mapping: dict = field(default_factory=dict)
    defaults: dict = field(default_factory=dict)
    sources: dict = field(default_factory=dict)
    actors: dict = field(default_factory=dict)

    def to_json(self):
        return json.dumps({"verdict": self.verdict, "claims": len(self.layer)})


def row(claim_id, actor="JNIM", ground=None, **more):
    said = dict(
        claim_id=claim_id,
        actor=actor,
        status="control",
        level="commune",
        valid_from="2024-01-01",
        reported_on="2024-02-01",
        confidence="high",
        sources="afp",
        geometry=ground if ground is not None else box(-2, 15, -1, 16),
    )
    return said | more


def table(*rows):
    frame = gpd.GeoDataFrame(list(rows) or [row("c1")], geometry="geometry", crs=claims.CRS)
    return claims.parse(frame)


def upload(*rows, data=b"as received", title="Front lines", corrects=None, **more):
    told = {"sources": {"afp": "AFP, 3 February 2024"}, **more}
    report = Report(hashlib.sha256(data).hexdigest(), table(*rows), **told)
    return desk.Upload(data, report, title, corrects)


def many(count, seed=0):
    """As many claims as asked for, each of its own ground."""
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        west, south = dice.uniform(-12, 4), dice.uniform(10.5, 24)
        ground = box(west, south, west + 0.1, south + 0.1)
        if number % 7 == 6:
            ground = LineString([(west, south), (west + 0.3, south + 0.2)])
        status = "blockade" if number % 7 == 6 else "control"
        rows.append(row(f"c{number:04d}", ground=ground, status=status))
    return rows


def unguarded(connection):
    """Switch the triggers off, as somebody would who may do everything in the database."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        return
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for name in connection.execute(sa.text(triggers)).scalars().all():
        connection.execute(sa.text(f"DROP TRIGGER {name}"))
