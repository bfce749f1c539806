import pandas as pd
import pytest

from geo import places, tables
from geo.errors import LayerError, UnknownPlaceError


def row(place, name_fr, lon=-1.0, lat=15.0, **more):
    cells = dict.fromkeys((column.name for column in places.COLUMNS), "")
    town = {"kind": "town", "coordinates": "gazetteer", "commune": "A1", "rank": "4"}
    position = {"lon": str(lon), "lat": str(lat)}
    return cells | town | position | {"place": place, "name_fr": name_fr, "name_en": name_fr} | more


def parsed(*rows):
    lines = pd.Index(range(2, len(rows) + 2), name="line")
    return places.parse(pd.DataFrame(rows, index=lines, dtype="str"))


@pytest.fixture
def mali():
    return parsed(
        row("tombouctou", "Tombouctou", name_en="Timbuktu", aliases="Tumbutu|Tinbuktu", rank="1"),
        row("kidal", "Kidal", 1.41, 18.44, rank="1"),
        row("menaka", "Ménaka", rank="2"),
        row("in-khalil", "In-Khalil"),
        row("bamako", "Bamako", rank="1"),
        row("bamako-senou-airport", "Aéroport de Bamako-Sénou", kind="airport"),
        row("ntillit", "N'Tillit"),
        row("gossi", "Gossi"),
        row("goundam", "Goundam"),
    )


def test_a_place_is_a_point_at_its_lon_and_lat(mali):
    assert mali.crs == "EPSG:4326"
    assert mali.geometry["kidal"].coords[0] == (1.41, 18.44)


def test_a_place_without_a_radius_has_eight_kilometres():
    found = parsed(row("kidal", "Kidal"), row("kati", "Kati", radius_km="4.5"))
    assert found["radius_km"].tolist() == [8.0, 4.5]


def test_an_unknown_population_is_missing_and_not_nought():
    found = parsed(row("kidal", "Kidal"), row("gao", "Gao", population="86353"))
    assert found["population"].isna().tolist() == [True, False]
    assert found.loc["gao", "population"] == 86353


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"kind": "hamlet"}, r"places.csv, line 2: kind is 'hamlet'. Use one of: city, town"),
        ({"coordinates": "guess"}, r"coordinates is 'guess'. Use one of: gazetteer"),
        ({"rank": "6"}, r"rank is '6'. Use one of: 1, 2, 3, 4, 5"),
        ({"lon": "-300"}, r"lon is '-300'. Write degrees east"),
        ({"lat": "95"}, r"lat is '95'. Write degrees north"),
        ({"radius_km": "0"}, r"radius_km is '0'. Write kilometres"),
        ({"population": "0"}, r"population is '0'. Write a whole number above 0, or leave it"),
        ({"population": "2.5"}, r"population is '2.5'. Write a whole number"),
        ({"place": "Kidal"}, r"place is 'Kidal'. A key is lower-case ASCII words"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_and_a_remedy(cells, said):
    with pytest.raises(LayerError, match=said):
        parsed(row("kidal", "Kidal") | cells)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("tombouctou", "tombouctou"),
        ("TIMBUKTU", "tombouctou"),
        ("Tinbuktu", "tombouctou"),
        ("menaka", "menaka"),
        ("MÉNAKA", "menaka"),
        ("Me\u0301naka", "menaka"),
        ("in khalil", "in-khalil"),
        ("Inkhalil", "in-khalil"),
        ("N\u2019Tillit", "ntillit"),
        ("n tillit", "ntillit"),
        ("aeroport de bamako senou", "bamako-senou-airport"),
        ("  kid ", "kidal"),
    ],
)
def test_a_place_is_found_however_it_is_typed(mali, typed, place):
    assert places.find(mali, typed) == place


def test_a_whole_name_wins_over_the_beginning_of_another(mali):
    assert places.find(mali, "Bamako") == "bamako"


def test_a_beginning_that_can_mean_two_places_is_refused_with_both(mali):
    with pytest.raises(UnknownPlaceError, match=r"Gossi \(gossi\), Goundam \(goundam\)"):
        places.find(mali, "go")


def test_a_misspelt_place_is_refused_with_the_nearest_names(mali):
    with pytest.raises(UnknownPlaceError, match=r"Did you mean Tombouctou \(tombouctou\)"):
        places.find(mali, "Tombuctu")


@pytest.mark.parametrize("typed", ["", "  ", "'", "Zzyzx"])
def test_what_is_like_no_name_is_refused_without_a_guess(mali, typed):
    with pytest.raises(UnknownPlaceError, match=r"Check the spelling"):
        places.find(mali, typed)


def test_suggestions_put_names_that_begin_so_before_names_that_hold_a_word_that_does(mali):
    assert places.suggest(mali, "ba") == ["bamako", "bamako-senou-airport"]
    assert places.suggest(mali, "sen") == ["bamako-senou-airport"]


def test_suggestions_of_one_kind_come_in_order_of_importance(mali):
    everything = places.suggest(mali, "a", 20)
    assert everything.index("bamako") < everything.index("goundam")


def test_suggestions_forgive_a_slip(mali):
    assert places.suggest(mali, "tombuktou")[0] == "tombouctou"


def test_suggestions_are_at_most_as_many_as_asked_for(mali):
    assert len(places.suggest(mali, "a", 2)) == 2
    assert places.suggest(mali, " ") == []


def test_a_table_of_places_is_read_from_csv():
    header = ",".join(column.name for column in places.COLUMNS)
    text = f"{header}\nkidal,Kidal,Kidal,Kidal Tila|Tidal,city,1.41,18.44,published,B7,,,,1,,\n"
    found = places.parse(tables.read(text, places.COLUMNS, file=places.FILE))
    assert found.loc["kidal", "aliases"] == ("Kidal Tila", "Tidal")
