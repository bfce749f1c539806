"""What rows say, and what becomes of it."""

import pytest
import shapely
from brought import GAO, KIDAL, accounted, feature, found, geojson, rules, table
from shapely import box

HEADER = "id,actor,valid_from,valid_to,place,source"


def one(line, **options):
    return table(HEADER, line, **options)


def only(report):
    assert report.verdict != "reject", [problem.message for problem in report.problems]
    (claim,) = report.layer.itertuples()
    return claim


# ---- the least a file must say


def test_the_least_columns_make_a_claim_with_the_documented_defaults():
    report = table("actor,valid_from,place,source", "JNIM,2024-05-01,Kidal,RFI")
    claim = only(report)
    assert report.verdict == "accept"
    assert (claim.actor, claim.status, claim.confidence) == ("JNIM", "control", "low")
    assert (claim.area_ref, claim.level) == ("place:kidal", "place")
    assert str(claim.reported_on.date()) == "2026-01-15"
    assert claim.sources[0] in report.sources
    told = {problem.rule for problem in report.problems}
    assert {"status-default", "confidence-default", "reported-default", "id-made"} <= told


def test_a_file_without_a_source_stands_for_itself_and_that_is_doubtful():
    report = table("actor,valid_from,place", "JNIM,2024-05-01,Kidal")
    assert report.verdict == "warn"
    assert only(report).sources == ("file-front",)
    assert report.sources == {"file-front": "front.csv"}
    named = table("actor,valid_from,place", "JNIM,2024-05-01,Kidal", defaults={"source": "RFI"})
    assert named.verdict == "accept"


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("valid_from,place", "column-actor-missing"),
        ("actor,place", "column-start-missing"),
        ("actor,valid_from", "column-ground-missing"),
    ],
)
def test_a_file_that_cannot_say_who_when_or_where_is_refused_with_columns_offered(header, rule):
    report = table(f"{header},xyz", ",".join(["1"] * (header.count(",") + 2)))
    assert report.verdict == "reject"
    assert found(report, rule).offer.choices[0].mapping.keys() == {"xyz"}


def test_a_mapping_and_a_default_stand_for_what_columns_do_not_say():
    lines = ("Bande,Jour,Endroit", "JNIM,2024-05-01,Kidal")
    mapped = {"Bande": "actor", "Jour": "valid_from", "Endroit": "place"}
    report = table(*lines, mapping=mapped)
    assert only(report).actor == "JNIM"
    assert report.mapping == mapped
    report = table(*lines, mapping=mapped | {"Bande": "-"}, defaults={"actor": "FAMA"})
    assert only(report).actor == "FAMA"


def test_columns_are_told_by_their_cells_where_their_names_say_nothing():
    report = table("a,b,place,source", "JNIM,2024-05-01,Kidal,RFI", "FAMa,2024-06-01,Gao,RFI")
    assert report.mapping == {
        "a": "actor",
        "b": "valid_from",
        "place": "place",
        "source": "sources",
    }


@pytest.mark.parametrize(
    ("mapping", "defaults", "rule"),
    [
        ({"nobody": "actor"}, {}, "mapping-column"),
        ({"actor": "colour"}, {}, "mapping-field"),
        ({"actor": "actor", "id": "actor"}, {}, "mapping-twice"),
        ({}, {"colour": "red"}, "default-unknown"),
        ({}, {"dates": "any"}, "default-wrong"),
    ],
)
def test_a_mapping_or_default_that_cannot_be_is_refused(mapping, defaults, rule):
    report = one("1,JNIM,2024-05-01,,Kidal,RFI", mapping=mapping, defaults=defaults)
    assert report.verdict == "reject"
    assert rule in rules(report)


# ---- who


@pytest.mark.parametrize("name", ["FAMa", "Forces armées maliennes", "armee malienne", "État"])
def test_an_actor_is_known_by_its_names_in_both_languages(name):
    assert only(one(f"1,{name},2024-05-01,,Kidal,RFI")).actor == "FAMA"


def test_an_unknown_actor_is_asked_about_kept_and_taken_as_answered():
    report = one("1,JNMI,2024-05-01,,Kidal,RFI")
    assert (report.verdict, only(report).actor) == ("warn", "JNMI")
    offered = found(report, "actor-unknown").offer.choices
    assert offered[0].defaults == {"actor:JNMI": "JNIM"}
    mended = one("1,JNMI,2024-05-01,,Kidal,RFI", defaults=offered[0].defaults)
    assert (mended.verdict, only(mended).actor) == ("accept", "JNIM")
    new = one("1,JNMI,2024-05-01,,Kidal,RFI", defaults=offered[-1].defaults)
    assert (new.verdict, new.actors) == ("accept", {"JNMI": "JNMI"})


def test_several_actors_in_one_cell_are_asked_how_they_hold_it():
    report = one("1,JNIM / FLA,2024-05-01,,Kidal,RFI")
    assert rules(report) == {"actors-several"}
    answer = found(report, "actors-several").offer.choices[0].defaults
    claim = only(one("1,JNIM / FLA,2024-05-01,,Kidal,RFI", defaults=answer))
    assert (claim.actor, claim.partners, claim.status) == ("JNIM", ("FLA",), "contested")


@pytest.mark.parametrize(("name", "rule"), [("", "actor-missing"), ("???", "actor-unreadable")])
def test_a_row_without_an_actor_is_refused(name, rule):
    report = one(f"c7,{name},2024-05-01,,Kidal,RFI")
    assert report.verdict == "reject"
    assert (found(report, rule).claim_id, found(report, rule).line) == ("c7", 2)


# ---- what


@pytest.mark.parametrize(
    ("word", "status"), [("Contrôlé", "control"), ("disputed", "contested"), ("Blocus", "blockade")]
)
def test_a_status_is_known_by_its_words_in_both_languages(word, status):
    report = table("actor,valid_from,place,statut", f"JNIM,2024-05-01,Kidal,{word}")
    assert only(report).status == status


def test_an_unknown_status_is_refused_and_can_be_answered():
    lines = ("actor,valid_from,place,status,source", "JNIM,2024-05-01,Kidal,purple,RFI")
    report = table(*lines)
    assert report.verdict == "reject"
    answer = found(report, "word-unknown").offer.choices[1].defaults
    assert only(table(*lines, defaults=answer)).status == "contested"


# ---- when


def test_a_year_and_a_month_are_widened_with_their_precision():
    claim = only(one("1,JNIM,2023,2024-06,Kidal,RFI"))
    assert str(claim.valid_from.date()) == "2023-01-01"
    assert (claim.date_precision, str(claim.valid_to.date())) == ("year", "2024-07-01")
    assert str(claim.valid_to_earliest.date()) == "2024-06-01"


def test_an_end_that_may_be_the_last_day_is_asked_about():
    lines = ("actor,start,end,place,source", "JNIM,2024-05-01,2024-05-31,Kidal,RFI")
    report = table(*lines)
    assert rules(report) == {"ends-meaning"}
    assert str(only(report).valid_to.date()) == "2024-05-31"
    answered = table(*lines, defaults={"ends": "inclusive"})
    assert (answered.verdict, str(only(answered).valid_to.date())) == ("accept", "2024-06-01")


@pytest.mark.parametrize(
    ("start", "end", "rule"),
    [
        ("2023-02-29", "", "day-impossible"),
        ("", "", "start-missing"),
        ("2024-05-01", "2024-05-01", "ends-before"),
        ("2024-05-01", "2023-05-01", "ends-before"),
        ("45413", "", "day-number"),
        ("03/04/2025", "", "day-ambiguous"),
    ],
)
def test_days_that_cannot_be_are_refused_with_the_claim(start, end, rule):
    report = one(f"c9,JNIM,{start},{end},Kidal,RFI")
    assert report.verdict == "reject"
    assert found(report, rule).feature == 1
    assert found(report, rule).remedy


def test_days_to_come_and_days_long_past_are_doubtful():
    report = table(HEADER, "1,JNIM,2031-05-01,,Kidal,RFI", "2,FAMa,1890-05-01,,Gao,RFI")
    assert report.verdict == "warn"
    assert rules(report) == {"day-future", "day-old"}


# ---- where


@pytest.mark.parametrize(
    ("column", "cell", "ref"),
    [
        ("ville", "tombouctou", "place:tombouctou"),
        ("place", "Timbuktu", "place:tombouctou"),
        ("cercle", "Ansongo", "cercle:ansongo"),
        ("region", "Ségou", "region:segou"),
        ("admin2Pcod", "ML0702", "cercle:ansongo"),
        ("adm1_pcode", "ML08", "region:kidal"),
        ("area_ref", "place:kidal@12km", "place:kidal@12km"),
    ],
)
def test_ground_is_found_by_its_names_and_codes(column, cell, ref):
    assert only(table(f"actor,valid_from,{column}", f"JNIM,2024-05-01,{cell}")).area_ref == ref


def test_an_unknown_place_is_refused_with_near_ones_on_the_map():
    report = one("1,JNIM,2024-05-01,,Tombouktou,RFI")
    choice = found(report, "place-unknown").offer.choices[0]
    assert choice.place["type"] == "Polygon"
    assert only(one("1,JNIM,2024-05-01,,Tombouktou,RFI", defaults=choice.defaults)).area_ref == (
        "place:tombouctou"
    )


def test_a_name_of_several_kinds_is_asked_about_where_the_column_does_not_say_which():
    report = table("actor,valid_from,zone", "JNIM,2024-05-01,Kidal")
    assert set(found(report, "place-several").values["names"]) == {
        "place:kidal",
        "cercle:kidal",
        "region:kidal",
    }


def test_a_region_is_that_of_its_day():
    old, new = (
        only(table("actor,valid_from,region", f"FAMa,{day},Mopti")).geometry
        for day in ("2014-01-01", "2024-01-01")
    )
    assert new.area < old.area
    report = table("id,actor,valid_from,region", "1,FAMa,2014-01-01,Douentza")
    assert rules(report) >= {"ground-not-then"}


def test_longitude_and_latitude_become_a_disc_and_that_is_said():
    report = table("actor,valid_from,lon,lat", "JNIM,2024-05-01,1.41,18.44")
    assert "point-disc" in rules(report)
    assert only(report).level == "place"
    sized = table("actor,valid_from,lon,lat,radius_km", "JNIM,2024-05-01,1.41,18.44,3")
    assert only(sized).geometry.area < only(report).geometry.area / 5
    assert "point-disc" not in rules(sized)


def test_a_decimal_comma_is_read_as_a_point_and_that_is_said():
    report = table("actor;valid_from;lon;lat", "JNIM;2024-05-01;1,41;18,44")
    assert "decimal-comma" in rules(report)
    assert only(report).geometry.contains(shapely.Point(1.41, 18.44))


@pytest.mark.parametrize(
    ("lon", "rule"),
    [("1.41°E", "coordinates-wrong"), ("200", "coordinates-off-earth"), ("", "coordinates-wrong")],
)
def test_coordinates_that_are_none_are_refused(lon, rule):
    report = table(
        "actor,valid_from,lon,lat", f"JNIM,2024-05-01,{lon},18.44", "FAMa,2024-05-01,1,18"
    )
    assert rule in rules(report)
    assert found(report, rule).features == (1,)


def test_wkt_is_read():
    report = table("actor;valid_from;wkt", f"JNIM;2024-05-01;{KIDAL.wkt}")
    assert only(report).geometry.equals(KIDAL)
    broken = table("actor;valid_from;wkt", "JNIM;2024-05-01;POLYGON((1 2, 3")
    assert rules(broken) >= {"wkt-damaged"}


def test_swapped_coordinates_are_shown_and_turned_only_when_told():
    turned = shapely.transform(KIDAL, lambda xy: xy[:, ::-1])
    report = geojson(feature(turned))
    problem = found(report, "axes-swapped")
    assert only(report).geometry.equals(turned)
    assert [choice.label for choice in problem.offer.choices] == ["swap", "keep"]
    assert only(geojson(feature(turned), defaults={"axes": "swap"})).geometry.equals(KIDAL)
    assert rules(geojson(feature(turned), defaults={"axes": "keep"})) == {"ring-order"}


def test_ground_outside_mali_is_asked_about():
    report = geojson(feature(box(32, 15, 33, 16)))
    assert (report.verdict, rules(report)) == ("warn", {"outside"})
    assert geojson(feature(box(32, 15, 33, 16)), defaults={"outside": "keep"}).verdict == "accept"


def test_ground_that_reaches_far_beyond_the_border_is_doubtful():
    assert rules(geojson(feature(box(3, 18, 6, 20)))) == {"reaches-outside"}


# ---- rows among each other


def test_the_same_row_twice_is_one_claim_and_that_is_said():
    report = table(HEADER, *["c1,JNIM,2024-05-01,,Kidal,RFI"] * 3)
    assert only(report).claim_id == "c1"
    assert found(report, "repeated").features == (2, 3)


def test_one_id_for_two_claims_is_refused():
    report = table(HEADER, "c1,JNIM,2024-05-01,,Kidal,RFI", "c1,FAMa,2024-05-01,,Gao,RFI")
    assert (report.verdict, rules(report)) == ("reject", {"id-twice"})


def test_a_version_that_corrects_another_is_no_second_claim():
    report = table(
        "id,version,actor,valid_from,place,source,reported_on,corrected_on",
        "c1,1,JNIM,2024-05-01,Kidal,RFI,2024-05-02,2024-06-01",
        "c1,2,FLA,2024-05-01,Kidal,RFI,2024-05-02,",
    )
    assert report.verdict == "accept"
    assert report.layer.version.tolist() == [1, 2]


def test_an_id_made_from_what_a_claim_says_is_the_same_next_time():
    lines = ["actor,valid_from,place", "JNIM,2024-05-01,Kidal", "FAMa,2024-05-01,Gao"]
    first = table(*lines)
    again = table(lines[0], "FLA,2024-01-01,Mopti", *lines[1:])
    assert set(first.layer.claim_id) < set(again.layer.claim_id)


def test_two_holders_of_one_ground_in_one_source_are_asked_about():
    report = geojson(feature(KIDAL), feature(KIDAL, actor="FLA"))
    problem = found(report, "conflict")
    assert (report.verdict, problem.features) == ("warn", (1, 2))
    assert problem.values["names"] == ("FLA", "JNIM")
    apart = (
        (feature(KIDAL), feature(GAO, actor="FLA")),
        (feature(KIDAL), feature(KIDAL, actor="FLA", source="AFP")),
        (
            feature(KIDAL, valid_to="2024-06-01"),
            feature(KIDAL, actor="FLA", valid_from="2024-06-01"),
        ),
    )
    assert all("conflict" not in rules(geojson(*pair)) for pair in apart)


def test_features_that_are_refused_can_be_left_out_and_each_is_named():
    lines = (HEADER, "1,JNIM,2024-05-01,,Kidal,RFI", "2,,2024-05-01,,Gao,RFI", "3,FLA,x,,Gao,RFI")
    assert table(*lines).verdict == "reject"
    report = table(*lines, defaults={"leave_out": "refused"})
    assert (report.verdict, report.claims) == ("warn", 1)
    assert found(report, "left-out").features == (2, 3)
    assert accounted(report)
    chosen = table(*lines, defaults={"leave_out": "2"})
    assert (chosen.verdict, chosen.problems[0].features) == ("reject", (3,))


def test_text_loses_what_cannot_be_seen_and_nothing_else():
    note = "Kidal \u202eevil\u202c \u0643\u064a\u062f\u0627\u0644 \u2d3d {{7*7}} <b> =1+1"
    report = geojson(feature(note_en=note))
    assert rules(report) == {"text-cleaned"}
    assert only(report).note_en == note.replace("\u202e", "").replace("\u202c", "")


def test_every_field_of_a_claim_goes_through_as_it_is():
    said = dict(
        claim_id="c1",
        version=1,
        partners="FAMA",
        status="contested",
        assertion="claimed",
        level="cercle",
        valid_to="2024-06-01",
        date_precision="day",
        valid_from_latest="2024-05-03",
        valid_to_earliest="2024-05-20",
        last_confirmed="2024-05-15",
        reported_on="2024-05-02",
        reported_basis="dated",
        confidence="high",
        confidence_reason="Two sources",
        verification="read",
        sources="v01 v02",
        note_en="A note",
        note_fr="Une note",
    )
    report = geojson(feature(KIDAL, **said))
    claim = only(report)
    assert report.verdict == "accept"
    assert (claim.sources, claim.partners) == (("v01", "v02"), ("FAMA",))
    for name in ("assertion", "level", "confidence", "note_fr", "verification"):
        assert getattr(claim, name) == said[name]
    assert str(claim.last_confirmed.date()) == "2024-05-15"


def test_thousands_of_rows_on_one_ground_are_compared_in_time_and_shown_by_examples():
    rows = [f"c{at},{('JNIM', 'FLA')[at % 2]},2024-05-01,,Kidal,RFI" for at in range(3_000)]
    report = table(HEADER, *rows)
    assert (report.verdict, report.claims) == ("warn", 3_000)
    assert rules(report) == {"conflict", "conflicts-many"}
