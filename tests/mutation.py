"""Plant faults in the engine, one at a time, and show that the tests catch each of them.

    make mutation        (about ten minutes on two quiet cores)

A fault is a line of the program written wrongly in the way a person might. Each is planted in a
copy of the repository; the tests named with it must fail there. A fault that survives is a test
that is missing.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("geo", "tests", "layers", "docs", "pyproject.toml", "app.py")


@dataclass(frozen=True)
class Fault:
    """What is planted where, and which tests must notice."""

    name: str
    file: str
    right: str
    wrong: str
    tests: str


FAULTS = (
    Fault(
        "the day after control still counts",
        "geo/slices.py",
        "~(runs.stop <= today)",
        "~(runs.stop < today)",
        "tests/test_timeline.py tests/test_slices.py",
    ),
    Fault(
        "outlines are noded without a grid",
        "geo/composite.py",
        "grid_size=GRID))",
        "))",
        "tests/test_composite.py",
    ),
    Fault(
        "a piece is labelled by its centroid",
        "geo/composite.py",
        "= shapely.point_on_surface(shapes)",
        "= shapely.centroid(shapes)",
        "tests/test_composite.py",
    ),
    Fault(
        "pieces of two units become one face",
        "geo/composite.py",
        "(pieces.unit[order] + 1) * (claims_of.max(initial=0) + 1) + claims_of[order]",
        "claims_of[order]",
        "tests/test_composite.py",
    ),
    Fault(
        "a region's claim speaks beside a town's",
        "geo/timeline/rule.py",
        "level == _highest(group, level)",
        "level == level",
        "tests/test_timeline.py",
    ),
    Fault(
        "a source contradicts itself",
        "geo/timeline/rule.py",
        "    (_SUPERSEDED, _not_superseded),\n",
        "",
        "tests/test_timeline.py",
    ),
    Fault(
        "weak evidence counts as much as strong",
        "geo/timeline/rule.py",
        "    (_WEAKER, _best_known),\n",
        "",
        "tests/test_timeline.py",
    ),
    Fault(
        "several holders who disagree share",
        "geo/timeline/rule.py",
        'disagrees | (status == BASE.index("contested"))',
        'status == BASE.index("contested")',
        "tests/test_timeline.py",
    ),
    Fault(
        "influence of a holder is drawn",
        "geo/timeline/rule.py",
        "step[beside[_within(codes, group[beside], claim[beside], holders)]] = _ALREADY_HOLDER",
        "pass",
        "tests/test_timeline.py tests/test_slices.py",
    ),
    Fault(
        "a report of the day itself is not yet known",
        "geo/timeline/codes.py",
        "_days(claims.reported_on) > known",
        "_days(claims.reported_on) >= known",
        "tests/test_timeline.py",
    ),
    Fault(
        "the future is known",
        "geo/timeline/codes.py",
        "np.where(after > known, FAR, after)",
        "after",
        "tests/test_timeline.py",
    ),
    Fault(
        "evidence keeps a day less",
        "geo/timeline/rule.py",
        "stale_from=newest + _SHELF_LIFE[state] + 1",
        "stale_from=newest + _SHELF_LIFE[state]",
        "tests/test_timeline.py",
    ),
    Fault(
        "the Earth is a ball",
        "geo/areas.py",
        "_AXIS_KM = 6378.137",
        "_AXIS_KM = 6371.0",
        "tests/test_areas.py",
    ),
    Fault(
        "a claim may end on the day it begins",
        "geo/claims.py",
        'claims["valid_to"] <= claims["valid_from"]',
        'claims["valid_to"] < claims["valid_from"]',
        "tests/test_claims.py",
    ),
    Fault(
        "the low end of a range hears weak claims",
        "geo/figures/readings.py",
        '_CAREFUL = "medium"',
        '_CAREFUL = "low"',
        "tests/test_figures.py",
    ),
    Fault(
        "what is contested does not widen the range",
        "geo/figures/readings.py",
        "_pairs(widely) | contested,",
        "_pairs(widely),",
        "tests/test_figures.py",
    ),
    Fault(
        "who gains is who lost",
        "geo/changes.py",
        "now.get(actor, 0) > then.get(actor, 0)",
        "now.get(actor, 0) < then.get(actor, 0)",
        "tests/test_changes.py",
    ),
    Fault(
        "a siege is there on the day it ends",
        "geo/changes.py",
        '~(table["stop"] <= day)',
        '~(table["stop"] < day)',
        "tests/test_changes.py",
    ),
    Fault(
        "two answers are no disagreement",
        "geo/disagreement.py",
        'differ=counted["answers"] > 1',
        'differ=counted["answers"] > 2',
        "tests/test_disagreement.py",
    ),
    Fault(
        "the sources that agree are those of any answer",
        "geo/disagreement.py",
        "np.maximum.at(agreeing, said // most, count)",
        "np.add.at(agreeing, said // most, count)",
        "tests/test_disagreement.py",
    ),
    Fault(
        "tiles forget in which unit a face lies",
        "geo/tiles/merge.py",
        "(unit + 1) * (claims_of.max(initial=0) + 1) + claims_of",
        "claims_of",
        "tests/test_tiles.py",
    ),
    Fault(
        "a slab keeps the claims that ended before it",
        "geo/tiles/slabs.py",
        "return replace(share, claims=claims[valid], slab=slab)",
        "return replace(share, claims=claims, slab=slab)",
        "tests/test_tiles.py",
    ),
    Fault(
        "a shape that crosses tiles loses its outer part",
        "geo/tiles/cut.py",
        "    _check_whole(shapes, row, pieces, names)\n",
        "    pieces[-1:] = shapely.Polygon()\n",
        "tests/test_tiles.py",
    ),
    Fault(
        "crossings are counted too high from a sample",
        "geo/areas.py",
        "hits / share**2 if share",
        "hits / share**4 if share",
        "tests/test_awkward.py",
    ),
    Fault(
        "an uncertain beginning is certain",
        "geo/slices.py",
        "(number < codes.certain_first) | (codes.certain_after <= number)",
        "codes.certain_after <= number",
        "tests/test_slices.py tests/test_timeline.py",
    ),
)


def main() -> int:
    survivors = [fault for fault in FAULTS if not caught(fault)]
    print(f"{len(FAULTS) - len(survivors)} of {len(FAULTS)} faults were caught.")
    return bool(survivors)


def caught(fault: Fault) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        file = copy / fault.file
        text = file.read_text()
        if text.count(fault.right) != 1:
            sys.exit(f"{fault.file} no longer has {fault.right!r} once: mend this list.")
        file.write_text(text.replace(fault.right, fault.wrong))
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        run = subprocess.run(
            [*command, *fault.tests.split()], cwd=copy, capture_output=True, text=True, check=False
        )
    noticed = run.returncode == 1 and " failed" in run.stdout
    last = next((line for line in run.stdout.splitlines() if line.startswith("FAILED")), "")
    print(f"{'caught  ' if noticed else 'SURVIVED'}  {fault.name:45} {last[:90]}", flush=True)
    return noticed


if __name__ == "__main__":
    sys.exit(main())
