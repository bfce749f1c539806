from datetime import date

import pytest
import small

from geo import layers, view
from geo.errors import SnapshotError
from geo.languages import ENGLISH, FRENCH
from geo.snapshots import extents, request
from geo.view import Camera

DAY = date(2025, 11, 7)


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


def test_the_country_is_its_bounds(shipped):
    assert extents.parse("Mali", shipped, DAY) == extents.country(shipped)


def test_a_region_is_that_of_the_day(shipped):
    taoudenit = extents.parse("region:Taoudénit", shipped, DAY)
    assert taoudenit.key == "taoudenit"
    assert extents.title(taoudenit, shipped, DAY, FRENCH) == "Région de Taoudénit"
    with pytest.raises(SnapshotError, match="a region there was not on 2012-06-15"):
        extents.parse("region:taoudenit", shipped, date(2012, 6, 15))


def test_bamako_is_a_district_and_no_region(shipped):
    bamako = extents.parse("region:bamako", shipped, DAY)
    assert extents.title(bamako, shipped, DAY, ENGLISH) == "District de Bamako"


def test_a_place_is_in_the_middle_of_as_many_kilometres_as_asked(shipped):
    west, south, east, north = extents.parse("place:timbuktu@50km", shipped, DAY).box
    assert (north - south) * 111.2 == pytest.approx(100, abs=0.1)
    point = shipped.places.geometry["tombouctou"]
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((point.x, point.y), abs=1e-3)


@pytest.mark.parametrize("text", ["mali", "region:kidal", "place:gao@60", "-6,12,-3,15"])
def test_an_extent_is_written_as_it_is_read(shipped, text):
    extent = extents.parse(text, shipped, DAY)
    assert extents.parse(request.written(extent), shipped, DAY) == extent


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read"),
        ("somewhere", "cannot be read"),
        ("region:", "cannot be read"),
        ("1,2,3,x", "cannot be read"),
        ("1,2,3,nan", "cannot be read"),
        ("-3,12,-6,15", "is empty or not on the map"),
        ("-6,12,-6,15", "is empty or not on the map"),
        ("-600,12,-3,15", "is empty or not on the map"),
        ("100,12,103,15", "shows nothing of the country"),
        ("region:atlantis", "a region there was not"),
        ("place:gao@1", "has no usable radius"),
        ("place:gao@far", "has no usable radius"),
        ("place:atlantis", "No place goes by"),
    ],
)
def test_an_extent_that_shows_nothing_is_refused(shipped, text, told):
    with pytest.raises(SnapshotError, match=told):
        extents.parse(text, shipped, DAY)


def test_a_camera_sees_what_the_web_map_shows():
    west, south, east, north = extents.seen(Camera(6, 17, -4)).box
    assert (west + east) / 2 == pytest.approx(-4)
    assert east - west == pytest.approx(360 * 1000 / 256 / 64)
    assert south < 17 < north


def test_an_extent_stands_in_the_address_in_place_of_the_camera(shipped):
    seen = view.View(DAY, Camera(6, 17, -4), language=FRENCH)
    extent = extents.parse("region:kidal", shipped, DAY)
    snapshot = request.Snapshot(seen, extent=extent, address="https://example.org/")
    assert snapshot.query() == {"date": "2025-11-07", "lang": "fr", "extent": "region:kidal"}
    link = "https://example.org/?date=2025-11-07&extent=region:kidal&lang=fr"
    assert snapshot.permalink() == link
    assert request.Snapshot(seen).permalink() == ""


def test_the_small_world_has_extents_too(tmp_path):
    folder = small.built(tmp_path / "layers")
    assert extents.country(layers.load(folder)).box[0] < 0
