"""A layer opened on its own: its ground and its words, nothing of Mali, and nothing left behind."""

import gc
import json
import math
from datetime import date

import pytest
import small
import uploads
from shapely import MultiPolygon, box

from geo import composite, details, layers, overlay, timeline
from geo.claims import COLUMNS
from geo.errors import StoreError
from geo.languages import ENGLISH, FRENCH
from geo.pages import alone as page
from geo.pages import assets, loading
from geo.store import joining

DAY = date(2026, 7, 6)
DONBAS = box(37, 47, 39, 49)
FIJI = MultiPolygon([box(177, -19, 180, -16), box(-180, -19, -178, -16)])


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    path = small.copied(tmp_path_factory.mktemp("world") / "layers")
    layers.write(path)
    return layers.load(path)


def opened(shipped, *rows, language=ENGLISH, **more):
    told = joining.alone(shipped, uploads.upload(*rows, **more), DAY)
    cut = composite.build(told.claims, None if told.elsewhere else told.units)
    known = timeline.resolve(cut, supported_until=told.dataset.supported_until)
    return told, known, overlay.payload(told, known, language)


def at(told, known, lon, lat, day, language=ENGLISH):
    return details.at(told, known, lon, lat, day, language)


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_of_ground_elsewhere_nothing_is_said_that_our_data_say(shipped, language):
    row = uploads.row("a", "ARMY", DONBAS, valid_from="2022-05-20")
    told, known, payload = opened(shipped, row, language=language, actors={"ARMY": "An army"})
    assert told.elsewhere
    for nothing in ("places", "events", "disagreements", "statements", "neighbours", "rivers"):
        assert getattr(told, nothing).empty
    assert payload["base"]["elsewhere"]
    assert payload["bounds"] == [[47, 37], [49, 39]]
    said = at(told, known, 38, 48, date(2023, 1, 1), language)
    assert (said["where"], said["region"], said["notices"]) == ("", None, [])
    assert said["title"] == "48° N, 38° E"
    assert [actor["short"] for actor in payload["actors"]] == ["An army"]
    written = json.dumps([payload, said], ensure_ascii=False)
    for word in ("Mali", "Cercle", "cercle", "Gao", "published here"):
        assert word not in written


def test_what_begins_with_the_file_began_on_that_day_and_lasts_until_it_was_opened(shipped):
    told, known, _ = opened(shipped, uploads.row("a", ground=DONBAS, valid_from="2022-05-20"))
    assert told.dataset.supported_until == DAY
    assert at(told, known, 38, 48, DAY)["state"]["since"] == "since 20 May 2022"
    assert at(told, known, 38, 48, date(2022, 5, 19))["state"]["text"] == "No information"


def test_a_layer_across_the_180th_meridian_is_drawn_in_one_piece(shipped):
    told, known, payload = opened(shipped, uploads.row("a", ground=FIJI))
    assert payload["bounds"] == [[-19, 177], [-16, 182]]
    (face,) = payload["faces"]
    assert len(face["c"]) == 1
    assert at(told, known, -179, -17, DAY)["title"] == "17° S, 179° W"


def test_a_layer_at_a_pole_is_drawn_as_far_as_the_projection_goes_and_counted_whole(shipped):
    told, known, payload = opened(shipped, uploads.row("a", ground=box(10, 70, 40, 89)))
    assert payload["bounds"][1][0] == overlay.MERCATOR
    shown = page.figures(told, known, DAY, ENGLISH)
    strip = 2 * math.pi * 6371**2 * (math.sin(math.radians(89)) - math.sin(math.radians(70))) / 12
    assert float(shown.rows[0][1].value) == pytest.approx(strip, rel=0.01)


def test_a_layer_in_the_country_is_drawn_on_our_map_of_it_without_our_claims(shipped):
    told, _, payload = opened(shipped, uploads.row("a", ground=box(0, 16, 1, 17)))
    assert not told.elsewhere
    assert payload["base"]["editions"][0]["regions"]
    assert told.claims["claim_id"].tolist() == ["a"]
    assert told.events.empty
    assert len(told.places) == len(shipped.places)


def test_a_layer_that_goes_on_in_the_next_country_keeps_all_of_its_ground(shipped):
    west, _, east, north = shipped.outline.bounds
    across = box(west + 1, north - 1, east - 1, north + 3)
    told, known, _ = opened(shipped, uploads.row("a", ground=across))
    assert told.elsewhere
    assert known.composite.faces["area_km2"].sum() > 0
    assert details.at(told, known, (west + east) / 2, north + 2, DAY, ENGLISH) is not None


def test_two_unknown_actors_have_colours_of_their_own(shipped):
    rows = [uploads.row(name, name, DONBAS) for name in ("ONE", "TWO")]
    told, _, _ = opened(shipped, *rows)
    assert len({*told.actors.loc[["ONE", "TWO"], "colour"]}) == 2


def test_a_file_without_claims_cannot_be_opened(shipped):
    nothing = uploads.upload()
    empty = nothing.report.layer[:0]
    assert len(empty.columns) == len(COLUMNS) + 1
    given = type(nothing)(nothing.data, uploads.Report("0", empty), "t", None)
    with pytest.raises(StoreError, match="no claims"):
        joining.alone(shipped, given, DAY)


def test_what_was_written_for_a_session_goes_with_it(shipped, monkeypatch):
    session = {}
    monkeypatch.setattr(page.st, "session_state", session)
    page.begin(shipped, uploads.upload(uploads.row("a", ground=DONBAS)))
    name = page.opened().payload(loading.EVERYTHING, ENGLISH)
    assert (assets._folder() / name).exists()
    page.close()
    gc.collect()
    assert not (assets._folder() / name).exists()


def test_a_layer_too_large_to_be_cut_beside_other_readers_is_refused(shipped, monkeypatch):
    monkeypatch.setattr(page, "MOST_CLAIMS", 1)
    rows = [uploads.row(name, ground=DONBAS) for name in ("a", "b")]
    with pytest.raises(StoreError, match="too large"):
        page.begin(shipped, uploads.upload(*rows))
