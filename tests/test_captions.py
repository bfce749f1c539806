from dataclasses import replace
from datetime import date

import pytest

from geo import cache, layers, timeline
from geo.errors import SnapshotError
from geo.languages import ENGLISH, FRENCH
from geo.snapshots import captions, extents, facts, presets, request
from geo.snapshots.request import Snapshot
from geo.timeline import NONE
from geo.view import View

DAY = date(2025, 11, 7)


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


@pytest.fixture(scope="module")
def resolved(shipped):
    composite = cache.composite(shipped.claims, shipped.units)
    return timeline.resolve(composite, supported_until=shipped.dataset.supported_until)


def asked(day=DAY, language=ENGLISH, **more):
    return Snapshot(View(day, language=language), **more)


def test_the_headline_says_who_holds_the_towns_and_the_ground(shipped, resolved):
    said = captions.write(asked(), shipped, resolved)
    assert said.headline == (
        "Mali: State (FAMa) holds most towns with a known holder; JNIM contests the widest area"
    )
    french = captions.write(asked(language=FRENCH), shipped, resolved)
    assert french.headline.startswith("Mali\u00a0: l\u2019État (FAMa) tient la plupart des villes")


def test_the_headline_of_a_place_is_its_state_and_who_presses_it(shipped, resolved):
    kayes = extents.parse("place:kayes", shipped, DAY)
    said = captions.write(asked(extent=kayes), shipped, resolved)
    assert said.headline == "Kayes: Controlled by State (FAMa); blockaded by JNIM"


def test_the_caption_has_dates_ranges_sources_and_licence(shipped, resolved):
    said = captions.write(asked(), shipped, resolved).caption
    assert said.startswith("Mali, 7 November 2025: who held which ground, according to ")
    assert "known on 22 November 2026" in said
    assert "no information 26 to 42%" in said
    assert "of 195" in said
    assert said.endswith("version 2026.11, CC BY 4.0.")


def test_the_shares_of_the_ground_are_of_all_of_it(shipped, resolved):
    told = facts.gather(shipped, resolved, extents.country(shipped), DAY)
    whole = told.km2[NONE].of
    assert sum(share.value for share in told.km2.values()) == pytest.approx(whole)
    for share in told.km2.values():
        assert share.low <= share.value <= share.high


def test_figures_of_a_region_are_of_its_ground_alone(shipped, resolved):
    kidal = extents.parse("region:kidal", shipped, DAY)
    told = facts.gather(shipped, resolved, kidal, DAY)
    own = (resolved.composite.faces["area_km2"] * facts.within(resolved, kidal, DAY)).sum()
    assert told.km2[NONE].of == pytest.approx(own, rel=1e-6)


def test_figures_of_a_box_are_of_the_ground_in_it(shipped, resolved):
    box = extents.parse("-3,15,-2,16", shipped, DAY)
    told = facts.gather(shipped, resolved, box, DAY)
    square = 111.2**2 * 0.9646  # the cosine of 15.3 degrees
    assert told.km2[NONE].of == pytest.approx(square, rel=0.01)
    assert sum(share.value for share in told.km2.values()) == pytest.approx(told.km2[NONE].of)
    border = extents.parse("-12.3,14.4,-11.9,14.8", shipped, DAY)
    said = captions.write(asked(extent=border), shipped, resolved)
    assert "Part of Mali" in said.headline


def test_the_alt_text_names_actors_states_and_sieges(shipped, resolved):
    said = captions.write(asked(), shipped, resolved).alt
    for part in ("Control: ", "Contested: ", "Influence: ", "Besieged by JNIM: ", "No information"):
        assert part in said


def test_known_on_is_the_day_asked_for_or_that_of_the_data(shipped, resolved):
    assert captions.write(asked(), shipped, resolved).known == "As known on 22 November 2026"
    early = replace(asked().view, known_on=date(2025, 12, 1), min_confidence="medium")
    said = captions.write(replace(asked(), view=early), shipped, resolved).known
    assert said == "As known on 1 December 2025, at least medium confidence"


def test_the_strongest_caveat_is_told(shipped, resolved):
    early = captions.write(asked(date(2012, 6, 15)), shipped, resolved)
    assert early.caveat == "No information on 59 to 64% of the area."
    late = captions.write(asked(date(2026, 6, 1)), shipped, resolved)
    assert "past its shelf-life" in late.caveat


def test_sources_are_three_and_a_count(shipped, resolved):
    said = captions.write(asked(), shipped, resolved).sources
    assert said.startswith("Sources: ")
    assert said.count(", ") == 2
    assert said.endswith(" others.")


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_every_picture_says_what_boundaries_do_not_mean(shipped, resolved, language):
    said = captions.write(asked(language=language), shipped, resolved)
    assert said.disclaimer == language.field(shipped.dataset, "boundaries")
    assert "geoBoundaries" in said.credit


def test_what_an_editor_wrote_stays(shipped, resolved):
    said = captions.write(asked(headline="Gao, $10 {x}", alt=" "), shipped, resolved)
    assert said.headline == "Gao, $10 {x}"
    assert said.alt.startswith("Map: Mali")


def test_text_is_one_line_without_what_cannot_be_set():
    assert request.clean("a\x00b\u202ec\n  d\u00a0e", 50) == "abc d\u00a0e"
    assert request.clean("x" * 80, 10) == "xxxxxxxxx…"
    assert request.clean("e\u0301", 10) == "é"


@pytest.mark.parametrize("day", [date(2011, 12, 31), date(2026, 7, 15)])
def test_a_day_outside_the_data_is_refused(shipped, resolved, day):
    with pytest.raises(SnapshotError, match=f"{day} is outside the days"):
        captions.write(asked(day), shipped, resolved)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://a b", "maps.example.org"])
def test_an_address_that_is_none_is_refused(shipped, resolved, address):
    with pytest.raises(SnapshotError, match="The app cannot be at"):
        captions.write(asked(address=address), shipped, resolved)


def test_four_maps_want_four_days_in_order(shipped, resolved):
    four = presets.named("four")
    with pytest.raises(SnapshotError, match="4 against 1"):
        captions.write(asked(preset=four), shipped, resolved)
    days = tuple(date(year, 1, 1) for year in (2013, 2012, 2020, 2025))
    with pytest.raises(SnapshotError, match="out of order"):
        captions.write(asked(preset=four, days=days), shipped, resolved)
    said = captions.write(asked(preset=four, days=tuple(sorted(days))), shipped, resolved)
    assert said.headline == "Mali: who held which ground, 2012 to 2025"
    assert len(said.dates) == 4
