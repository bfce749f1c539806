"""Files of strangers, made in sight of the test that needs them, and looked at."""

import functools
import json
from datetime import date

from shapely import box
from shapely.geometry import mapping

from geo.ingest import LIMITS, gate, known
from geo.ingest.examine import examine

DAY = date(2026, 1, 15)  # of upload
KIDAL, GAO, MOPTI = box(1.2, 18.2, 1.6, 18.6), box(-0.3, 16.0, 0.1, 16.5), box(-4.5, 14.2, -4, 14.7)


@functools.cache
def world():
    return known.load()


def look(data, filename, *, limits=LIMITS, mapping=None, defaults=None, day=DAY):
    """What `validate` finds, in this process: without the guards, and faster."""
    kind, refused = gate.kind(data, filename, limits)
    assert refused is None, refused.message
    asked = dict(
        filename=filename,
        kind=kind,
        mapping=mapping or {},
        defaults=defaults or {},
        day=day.isoformat(),
    )
    return examine(data, asked, world(), limits)


def feature(ground=KIDAL, **said):
    row = dict(actor="JNIM", status="control", valid_from="2024-05-01", source="RFI") | said
    return dict(type="Feature", properties=row, geometry=drawn(ground))


def drawn(ground):
    return mapping(ground) if hasattr(ground, "wkt") else ground


def collection(*features, **more):
    return json.dumps(dict(type="FeatureCollection", features=features) | more).encode()


def geojson(*features, **options):
    return look(collection(*features), "front.geojson", **options)


def table(*lines, name="front.csv", encoding="utf-8", **options):
    return look("\n".join(lines).encode(encoding), name, **options)


def rules(report):
    return {found.rule for found in report.problems if found.severity != "note"}


def found(report, rule):
    return next(problem for problem in report.problems if problem.rule == rule)


def accounted(report):
    """Whether every feature has become a claim or stands in a problem, and none in neither."""
    told = {number for problem in report.problems for number in problem.features}
    return set(range(1, report.features + 1)) <= told | set(report.origin.values())
