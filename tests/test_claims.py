import re
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from builders import GAO, KIDAL, arbitrary, claim, make
from geopandas.testing import assert_geodataframe_equal
from shapely import Point

from geo import claims
from geo.errors import ClaimError

DOCS = Path(__file__).parents[1] / "docs/claims.md"
CMA = claim("C001", "CMA", KIDAL, "2014-05-21", "2023-11-14")


def table(**change):
    return gpd.GeoDataFrame([CMA | change], geometry="geometry", crs=4326)


def test_an_actor_among_its_own_partners_is_one_holder():
    parsed = make(claim("1", "FAMA", KIDAL, "2014-05-21", partners="DOZO FAMA"))
    assert parsed.partners.tolist() == [("DOZO",)]


def test_every_column_is_documented_as_it_is_enforced():
    documented = re.findall(
        r"^\| `(\w+)` \| (\w+) \| (yes|no) \| (.+) \|$", DOCS.read_text("utf-8"), re.MULTILINE
    )
    assert documented == [
        (c.name, c.kind, "yes" if c.required else "no", c.meaning) for c in claims.COLUMNS
    ]


def test_shelf_lives_are_documented_as_they_are_enforced():
    rows = re.findall(r"^\| ((?:`\w+` ?)+) \| (\d+) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    documented = {name: int(life) for names, life in rows for name in re.findall(r"\w+", names)}
    assert documented == dict(claims.SHELF_LIFE_DAYS)
    assert set(documented) == set(claims.STATUSES)


def test_columns_are_those_of_the_table_and_the_ground():
    parsed = claims.parse(table(rows="C001", colour="#b33"))
    assert list(parsed.columns) == [*(c.name for c in claims.COLUMNS), "geometry"]
    assert parsed.crs == claims.CRS


def test_empty_cells_mean_what_the_documents_say():
    required = {c.name: CMA.get(c.name) for c in claims.COLUMNS if c.required}
    row = claims.parse(gpd.GeoDataFrame([required], geometry=[KIDAL], crs=4326)).iloc[0]
    assert row.version == 1
    assert row.partners == ()
    assert row.assertion == "assessed"
    assert row.area_ref == "drawn"
    assert row.level == "country"
    assert row.date_precision == "day"
    assert row.last_confirmed == row.valid_from
    assert row.reported_basis == "dated"
    assert row.confidence == "low"
    assert row.verification == "general-knowledge"
    assert row.note_en == ""
    assert pd.isna([row.valid_to, row.withdrawn_on, row.valid_from_latest]).all()


@pytest.mark.parametrize(
    ("area_ref", "level", "meant"),
    [
        ("place:kidal@12km", "", "place"),
        ("cercle:tenenkou", None, "cercle"),
        ("region:menaka", "", "region"),
        ("region:menaka", "place", "place"),
        ("road:bamako-kayes/2", "", "country"),
        ("", "", "country"),
    ],
)
def test_an_empty_level_is_that_of_the_ground_named(area_ref, level, meant):
    assert claims.parse(table(area_ref=area_ref, level=level)).level[0] == meant


def test_keys_are_split_at_spaces_each_once():
    row = claims.parse(table(partners=" HCUA  MAA HCUA", sources="v02 v01")).iloc[0]
    assert row.partners == ("HCUA", "MAA")
    assert row.sources == ("v02", "v01")


def test_days_may_be_text_dates_or_midnights():
    for day in ("2023-11-14", date(2023, 11, 14), pd.Timestamp("2023-11-14")):
        assert claims.parse(table(valid_to=day)).valid_to[0] == pd.Timestamp("2023-11-14")


def test_days_of_all_years_are_kept():
    parsed = claims.parse(table(valid_from="0001-01-01", valid_to="9999-12-31"))
    assert parsed.valid_from.dtype == "datetime64[s]"
    assert str(parsed.valid_from[0].date()) == "0001-01-01"
    assert str(parsed.valid_to[0].date()) == "9999-12-31"


@pytest.mark.parametrize(
    "day",
    [
        "17/01/2012",
        "2012-01",
        "2012-02-30",
        "0000-01-01",
        "-0044-03-15",
        "20120117",
        "2012-01-17T00:00:00",
        "10000-01-01",
        "a Friday",
        20120117,
        pd.Timestamp("2012-01-17 14:00"),
        datetime(2012, 1, 17, tzinfo=UTC),
    ],
)
def test_a_day_that_is_not_iso_is_refused_with_claim_value_and_remedy(day):
    with pytest.raises(ClaimError, match=r"^Claim 'C001': valid_from is .+\. .*YYYY-MM-DD\.$"):
        claims.parse(table(valid_from=day))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"valid_to": "2014-05-21"}, r"'C001' ends \(2014-05-21\) on or before .*\*after\* it"),
        ({"valid_to": "2014-05-20"}, r"ends \(2014-05-20\) on or before the day it starts"),
        ({"last_confirmed": "2014-05-20"}, r"last_confirmed \(2014-05-20\) comes before valid_fr"),
        ({"valid_from_latest": "2014-05-20"}, r"valid_from_latest .* comes before valid_from"),
        ({"valid_to_earliest": "2024-01-01"}, r"valid_to \(2023-11-14\) comes before valid_to_ea"),
        ({"withdrawn_on": "2014-05-20"}, r"withdrawn_on .* comes before reported_on .* Correct"),
        ({"corrected_on": "2014-05-20"}, r"corrected_on .* comes before reported_on .* Correct"),
        ({"status": "held"}, r"^Claim 'C001': status is 'held'\. Write one of control, contested,"),
        ({"status": ""}, r"^Claim 'C001': status is empty\. Fill it in"),
        ({"actor": None}, r"^Claim 'C001': actor is empty"),
        ({"sources": "  "}, r"^Claim 'C001': sources is empty"),
        ({"sources": []}, r"^Claim 'C001': sources is empty\. Name at least one"),
        ({"sources": 4}, r"^Claim 'C001': sources is 4\. Write the keys as text"),
        ({"level": "town"}, r"level is 'town'\. Write one of country, region, cercle, commune, pl"),
        ({"confidence": "High"}, r"confidence is 'High'\. Write one of low, medium, high"),
        ({"version": 0}, r"^Claim 'C001': version is 0\. Write 1, 2, 3"),
        ({"version": "2b"}, r"version is '2b'\. Write 1, 2, 3"),
        ({"actor": 1.5}, r"^Claim 'C001': actor is 1\.5\. Write it as text"),
        ({"note_en": True}, r"note_en is True\. Write it as text"),
        ({"claim_id": ""}, r"^Row 1 of this layer: claim_id is empty"),
    ],
)
def test_an_unusable_claim_is_refused_with_its_id_and_a_remedy(change, message):
    with pytest.raises(ClaimError, match=message):
        claims.parse(table(**change))


def test_a_missing_column_is_named_with_those_found():
    rows = gpd.GeoDataFrame({"group": ["CMA"]}, geometry=[KIDAL], crs=4326)
    with pytest.raises(ClaimError, match=r"'claim_id' is missing from a\.kml\. Found: group, geom"):
        claims.parse(rows, layer="a.kml")


def test_a_column_that_stands_twice_is_refused():
    twice = pd.concat([table(), pd.DataFrame({"actor": ["JNIM"]})], axis=1)
    with pytest.raises(ClaimError, match=r"Column 'actor' stands twice in this layer"):
        claims.parse(twice)


def test_one_id_for_two_claims_is_refused():
    with pytest.raises(ClaimError, match=r"Claim 'C001' stands twice\. Give the second an id"):
        make(CMA, CMA | {"version": 2})


def test_versions_of_one_claim_say_since_when_the_next_one_stands():
    first = CMA | {"corrected_on": "2024-01-01"}
    second = CMA | {"version": 2, "actor": "FAMA", "corrected_on": "2025-01-01"}
    made = make(CMA | {"version": 3}, first, second)
    assert made["version"].tolist() == [1, 2, 3]
    with pytest.raises(ClaimError, match=r"'C001' stands twice.* and the first the day: corrected"):
        make(first, second | {"version": 1})
    with pytest.raises(ClaimError, match=r"corrected_on of version 2 \(2024-01-01\) is not after"):
        make(first, second | {"corrected_on": "2024-01-01"})


def test_a_layer_without_crs_is_refused():
    with pytest.raises(ClaimError, match=r"no CRS in this layer\. Save it again as EPSG:4326"):
        claims.parse(table().set_crs(None, allow_override=True))


def test_a_layer_without_ground_is_refused():
    with pytest.raises(ClaimError, match=r"no ground in this layer"):
        claims.parse(gpd.GeoDataFrame([CMA]).rename(columns={"geometry": "shape"}))


def test_ground_comes_back_in_degrees_whatever_it_was_drawn_in():
    parsed = claims.parse(table().to_crs("EPSG:32631"))
    assert parsed.geometry[0].symmetric_difference(KIDAL).area < 1e-9


def test_the_geometry_column_may_have_another_name():
    parsed = claims.parse(table().rename_geometry("shape"))
    assert parsed.active_geometry_name == "geometry"


def test_points_lines_and_nothing_are_left_to_the_composite():
    parsed = make(CMA, CMA | {"claim_id": "C002", "geometry": Point(1.4, 18.4)})
    assert list(parsed.geom_type) == ["Polygon", "Point"]


def test_ids_that_a_reader_made_numbers_are_text():
    assert claims.parse(table(claim_id=np.int64(7), version=2.0)).claim_id[0] == "7"


def test_claims_are_ordered_by_id_whatever_the_order_of_the_rows():
    rows = [claim(i, "CMA", GAO, "2014-05-21") for i in ("b", "c", "a")]
    assert list(make(*rows).claim_id) == ["a", "b", "c"]
    assert_geodataframe_equal(make(*rows), make(*reversed(rows)))


def test_claims_are_claims_when_parsed_again():
    once = arbitrary(1)
    assert_geodataframe_equal(claims.parse(once), once)


def test_a_layer_without_claims_has_the_columns_all_the_same():
    empty = make(CMA).iloc[:0]
    assert_geodataframe_equal(claims.parse(empty), empty)


def test_the_table_is_not_changed():
    rows = table(last_confirmed=None, extra=1)
    before = rows.copy()
    claims.parse(rows)
    assert_geodataframe_equal(rows, before)
