import json
from datetime import date

import pytest

from geo import citation, layers
from geo.languages import FRENCH
from geo.view import View

ACCESSED = date(2026, 11, 22)
SEEN = View(date(2025, 11, 7), known_on=date(2025, 12, 1))


@pytest.fixture(scope="module")
def formats():
    return citation.formats(SEEN, layers.load().dataset, ACCESSED)


@pytest.mark.parametrize("form", ["text", "bibtex", "csl"])
def test_every_format_has_both_dates_the_version_and_the_address(formats, form):
    said = formats[form]
    assert "7 November 2025" in said
    assert "as known on 1 December 2025" in said
    assert "data version 2026.11" in said
    assert citation.ADDRESS in said


def test_csl_is_json_with_the_day_of_access(formats):
    (item,) = json.loads(formats["csl"])
    assert item["type"] == "map"
    assert item["accessed"] == {"date-parts": [[2026, 11, 22]]}


def test_bibtex_is_one_entry_with_balanced_braces(formats):
    said = formats["bibtex"]
    assert said.startswith("@misc{mali-control-map-2025-11-07-2026-11,")
    assert said.count("{") == said.count("}")


def test_a_french_view_is_cited_in_french():
    seen = View(date(2026, 5, 1), language=FRENCH)
    said = citation.formats(seen, layers.load().dataset, ACCESSED)
    for form in ("text", "bibtex", "csl"):
        assert "1er mai 2026, telle que connue le 22 novembre 2026" in said[form]
        assert "Carte du contrôle territorial au Mali\u00a0: 1er mai" in said[form]
    assert json.loads(said["csl"])[0]["language"] == "fr-FR"


def test_a_view_of_everything_known_was_known_on_the_day_of_access():
    said = citation.formats(View(date(2025, 11, 7)), layers.load().dataset, ACCESSED)
    assert "as known on 22 November 2026" in said["text"]
