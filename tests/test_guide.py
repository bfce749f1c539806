import csv
import io

import pytest

from geo import ingest, layers
from geo.ingest import fields
from geo.languages import Language
from geo.sheets import guide

LANGUAGES = [Language("en"), Language("fr")]


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_the_example_is_taken_as_it_is_and_says_what_the_map_says(shipped, language):
    report = ingest.validate(guide.example(shipped, language).encode(), "example.csv")
    assert report.verdict == ingest.ACCEPT
    found = report.layer.sort_values("valid_from", ignore_index=True)
    said = shipped.claims.set_index("claim_id").loc[["C134", "C199", "C201", "C267"]]
    note = language.column("note")
    for column in ("actor", "status", "valid_from", "valid_to", "reported_on", "confidence", note):
        assert found[column].astype(str).to_list() == said[column].astype(str).to_list(), column
    assert found.geometry.geom_equals(said.geometry.reset_index(drop=True)).all()


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_the_guide_tells_of_every_column_of_the_example_and_each_is_understood(shipped, language):
    told = [row[0].text for row in guide.columns(language).rows]
    assert told == next(csv.reader(io.StringIO(guide.example(shipped, language))))
    assert all(fields.guess(name) for name in told)


@pytest.mark.parametrize("column", [row[0].text for row in guide.columns(LANGUAGES[0]).rows[:3]])
def test_a_file_without_a_column_that_is_needed_is_refused_as_the_guide_says(shipped, column):
    rows = list(csv.DictReader(io.StringIO(guide.example(shipped, LANGUAGES[0]))))
    file = io.StringIO()
    writer = csv.DictWriter(
        file, [name for name in rows[0] if name != column], extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    assert ingest.validate(file.getvalue().encode(), "example.csv").verdict == ingest.REJECT
