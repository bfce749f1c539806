"""Files that mean harm get a sentence, in time, and nothing else happens."""

import re
import time

import pytest
from brought import DAY, accounted
from hostile import FILES, GOOD

from geo import ingest
from geo.languages import ENGLISH, FRENCH

PATIENCE = 30.0  # seconds of the wall, on a machine that does other things as well
# What no reader should be told: where we work, with what, and where in the program it went wrong.
OURS = re.compile(
    r"Traceback|File \"|/tmp/|/usr/|site-packages|<class|0x[0-9a-f]{6}|"
    r"\b(gdal|ogr|pyogrio|shapely|pyarrow|pandas|sqlite3|geos)\b|(?-i:\b[A-Z]\w*(Error|Exception)\b)",
    re.IGNORECASE,
)


def test_there_are_at_least_sixty_files():
    assert len(FILES) >= 60
    assert len({name for name, *_ in FILES}) == len(FILES)


@pytest.mark.parametrize(
    ("filename", "made", "verdict", "rule"),
    [file[1:] for file in FILES],
    ids=[file[0] for file in FILES],
)
def test_a_hostile_file_gets_a_sentence(filename, made, verdict, rule):
    data = made() if callable(made) else made
    begun = time.monotonic()
    report = ingest.validate(data, filename, day=DAY)
    assert time.monotonic() - begun < PATIENCE
    told = [(problem.rule, problem.message) for problem in report.problems]
    assert report.verdict == verdict, told
    assert rule is None or rule in {problem.rule for problem in report.problems}, told
    assert (report.layer is None) == (verdict == "reject")
    assert accounted(report) or any(
        problem.blocks and not problem.features for problem in report.problems
    )
    for problem in report.problems:
        for language in (ENGLISH, FRENCH):
            said = f"{problem.said(language)} {problem.mend(language)}"
            assert 10 < len(said) <= 2_000
            assert not OURS.search(said), said
        assert problem.remedy or not problem.blocks
    report.to_json()


def test_after_all_of_them_a_good_file_is_still_accepted():
    assert ingest.validate(GOOD, "front.geojson", day=DAY).verdict == "accept"
