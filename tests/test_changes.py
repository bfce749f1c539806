from datetime import date

import oracle
import pandas as pd
import pytest
from builders import GAO, KIDAL, KIDAL_REGION, arbitrary, claim, make, resolved
from hypothesis import given
from shapely import box
from strategies import days, filters, stacks, tables, units

from geo import areas, changes, composite, figures, layers, slices, timeline
from geo.errors import ViewError

BEFORE, AFTER = date(2014, 5, 1), date(2014, 6, 1)
KIDAL_FALLS = (
    claim("fama", "FAMA", KIDAL, "2013-07-05", "2014-05-21", area_ref="place:kidal", sources="v02"),
    claim("cma", "CMA", KIDAL, "2014-05-21", area_ref="place:kidal@12km", sources="v14 v02"),
    claim("gao", "FAMA", GAO, "2013-01-26", area_ref="place:gao"),
)
SAID = ["from_state", "from_actors", "from_influence", "to_state", "to_actors", "to_influence"]


def said(table):
    return table[["kind", "key", *SAID]].to_numpy().tolist()


def test_a_change_says_what_was_and_what_is():
    told = changes.between(resolved(*KIDAL_FALLS), BEFORE, AFTER)
    control = ["control", ("FAMA",), (), "control", ("CMA",), ()]
    assert said(told) == [["place", "kidal", *control]]
    row = told.iloc[0]
    assert (row.gained, row.lost) == (("CMA",), ("FAMA",))
    assert row.km2 == pytest.approx(areas.km2(KIDAL)[0], abs=1e-4)
    assert (row.claim_ids, row.ended_ids, row.sources) == (("cma",), ("fama",), ("v02", "v14"))


def test_what_ended_has_the_sources_of_what_ended():
    told = changes.between(resolved(KIDAL_FALLS[0]), BEFORE, AFTER)
    assert said(told) == [["place", "kidal", "control", ("FAMA",), (), "none", (), ()]]
    assert (told.claim_ids[0], told.ended_ids[0], told.sources[0]) == ((), ("fama",), ("v02",))


def test_evidence_that_grew_old_is_no_change():
    t = resolved(*KIDAL_FALLS)
    assert on_two_days(t, date(2014, 6, 1), date(2016, 6, 1)) == []
    assert slices.at(t, date(2016, 6, 1)).stale.all()


def test_what_came_and_went_between_the_days_is_no_change():
    raid = claim("raid", "JNIM", GAO, "2014-05-10", "2014-05-12", sources="v99", confidence="high")
    assert on_two_days(resolved(*KIDAL_FALLS[2:], raid), BEFORE, AFTER) == []


def test_influence_that_comes_is_a_change_of_its_own():
    told = on_two_days(
        resolved(
            claim("cma", "CMA", KIDAL, "2014-01-01", area_ref="place:kidal"),
            claim("jnim", "JNIM", KIDAL, "2014-05-10", status="influence", level="cercle"),
        )
    )
    assert told == [["place", "kidal", "control", ("CMA",), (), "control", ("CMA",), ("JNIM",)]]


def on_two_days(t, first=BEFORE, second=AFTER):
    return said(changes.between(t, first, second))


def test_ground_without_a_place_is_called_after_its_cercle():
    region = units().assign(cercle=["mopti", "kidal"], unit=["mopti-x", "kidal-y"])
    rule = claim(
        "1", "JNIM", box(-4, 13, -3, 14), "2014-05-10", level="cercle", area_ref="cercle:kidal"
    )
    t = timeline.resolve(composite.build(make(rule), region))
    assert [row[:2] for row in on_two_days(t)] == [["unit", "kidal"], ["unit", "mopti"]]
    bare = timeline.resolve(composite.build(make(rule), region[["geometry"]]))
    assert [row[:2] for row in on_two_days(bare)] == [["unit", "1"], ["unit", "0"]]


def test_drawn_ground_without_units_has_no_name():
    assert on_two_days(resolved(claim("1", "JNIM", KIDAL_REGION, "2014-05-10"))) == [
        ["drawn", "", "none", (), (), "control", ("JNIM",), ()]
    ]


def test_ground_in_two_towns_at_once_is_called_after_both():
    t = resolved(
        claim("1", "JNIM", box(-4.3, 14.3, -4.0, 14.6), "2014-05-10", area_ref="place:mopti"),
        claim("2", "JNIM", box(-4.2, 14.4, -3.9, 14.7), "2014-05-10", area_ref="place:sevare"),
    )
    assert {row[1] for row in on_two_days(t)} == {"mopti", "sevare", "mopti sevare"}


def test_places_come_first_then_the_larger_ground():
    t = resolved(
        claim("1", "JNIM", KIDAL_REGION, "2014-05-10", level="region", status="influence"),
        claim("2", "CMA", KIDAL, "2014-05-21", area_ref="place:kidal"),
        claim("3", "CMA", GAO, "2014-05-21", area_ref="place:gao"),
    )
    assert [row[:2] for row in on_two_days(t)] == [
        ["place", "gao"],
        ["place", "kidal"],
        ["drawn", ""],
    ]


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(ViewError, match=r"2014-05-01 comes before 2014-06-01\. Name the earlier"):
        changes.between(resolved(*KIDAL_FALLS), AFTER, BEFORE)


def test_a_day_that_nothing_supports_is_refused():
    with pytest.raises(ViewError, match=r"Nothing is known of 2014-06-01"):
        changes.between(resolved(*KIDAL_FALLS, supported_until=BEFORE), BEFORE, AFTER)


def test_nothing_changes_within_a_day():
    none = changes.between(resolved(*KIDAL_FALLS), AFTER, AFTER)
    assert len(none) == 0
    assert list(none.columns) == list(
        changes.between(resolved(*KIDAL_FALLS), BEFORE, AFTER).columns
    )


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        (("none", (), ()), ("influence", (), ("JNIM",)), ("JNIM",), ()),
        (("influence", (), ("JNIM",)), ("contested", ("FAMA", "JNIM"), ()), ("FAMA", "JNIM"), ()),
        (("contested", ("FAMA", "JNIM"), ()), ("control", ("JNIM",), ()), ("JNIM",), ("FAMA",)),
        (("control", ("JNIM",), ()), ("shared", ("CMA", "JNIM"), ()), ("CMA",), ("JNIM",)),
        (("control", ("CMA",), ()), ("control", ("CMA",), ("JNIM",)), ("JNIM",), ()),
        (("control", ("FAMA",), ()), ("influence", (), ("FAMA",)), (), ("FAMA",)),
    ],
)
def test_who_has_more_gained_and_who_has_less_lost(before, after, gained, lost):
    assert changes.moved(before, after) == (gained, lost)


def test_sieges_that_began_or_ended_are_told_apart():
    t = resolved(
        claim("old", "JNIM", KIDAL, "2014-01-01", "2014-05-10", status="siege"),
        claim("new", "JNIM", GAO, "2014-05-10", status="blockade", area_ref="place:gao"),
        claim("on", "MINUSMA", GAO, "2013-07-01", status="presence"),
    )
    told = changes.marks(t, BEFORE, AFTER)
    assert told[["status", "actor", "area_ref", "claim_id", "began"]].to_numpy().tolist() == [
        ["blockade", "JNIM", "place:gao", "new", True],
        ["siege", "JNIM", "drawn", "old", False],
    ]
    assert told.sources.tolist() == [("source-of-new",), ("source-of-old",)]


def test_a_siege_is_over_on_the_day_after_its_last():
    t = resolved(claim("siege", "JNIM", GAO, "2014-01-01", "2014-02-01", status="siege"))
    last, after = date(2014, 1, 31), date(2014, 2, 1)
    assert changes.marks(t, date(2014, 1, 1), last).empty
    assert changes.marks(t, last, after).began.tolist() == [False]


# ---- properties


@given(tables(), filters, days(), days())
def test_the_rows_are_the_difference_of_the_figures(claims, chosen, one, other):
    first, second = sorted((one, other))
    t = timeline.resolve(composite.build(claims, units()), **chosen)
    told = changes.between(t, first, second)
    r = figures.ranges(t)
    then, now = (figures.on(r, day).set_index(["actor", "state"]).km2 for day in (first, second))
    for state in (*timeline.STATES, timeline.NONE):
        net = told.km2[told.to_state == state].sum() - told.km2[told.from_state == state].sum()
        assert net == pytest.approx(now["", state] - then["", state], abs=1e-4)
    for actor in ("FAMA", "JNIM", "ISSP", "DOZO"):
        held = [
            told.km2[
                told[f"{end}_actors"].map(lambda actors: actor in actors)  # noqa: B023
                & told[f"{end}_state"].isin(["control", "shared"])
            ].sum()
            for end in ("to", "from")
        ]
        difference = now.get((actor, "held"), 0) - then.get((actor, "held"), 0)
        assert held[0] - held[1] == pytest.approx(difference, abs=1e-4)


@given(stacks(), days(), days())
def test_every_face_is_in_one_row_or_did_not_change(claims, one, other):
    first, second = sorted((one, other))
    t = timeline.resolve(composite.build(claims))
    faces = changes.faces(t, first, second)
    for face, point in faces.geometry.representative_point().items():
        then, now = (oracle.state_at(t.composite.claims, point, d)[0] for d in (first, second))
        expected = [then[n] != now[n] for n in ("state", "actors", "influence")]
        assert faces.changed[face] == any(expected)
        assert faces.claim_ids[face] == now["claim_ids"]
        assert faces.ended_ids[face] == tuple(
            c for c in then["claim_ids"] if c not in now["claim_ids"]
        )
    told = changes.between(t, first, second)
    assert told.km2.sum() == pytest.approx(faces.area_km2[faces.changed].sum())
    assert not told[["kind", "key", *SAID]].duplicated().any()


@given(stacks(), days(), days())
def test_whoever_gains_or_loses_is_named_before_or_after(claims, one, other):
    told = changes.between(timeline.resolve(composite.build(claims)), *sorted((one, other)))
    for row in told.itertuples():
        before = {*row.from_actors, *row.from_influence}
        after = {*row.to_actors, *row.to_influence}
        assert set(row.gained) <= after
        assert set(row.lost) <= before
        assert not set(row.gained) & set(row.lost)
        assert before ^ after <= {*row.gained, *row.lost}


# ---- in words


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


@pytest.fixture(scope="module")
def known(shipped):
    until = shipped.dataset.supported_until
    cut = composite.build(shipped.claims, shipped.units)
    return timeline.resolve(cut, supported_until=until)


def paragraph(shipped, table, language):
    return " ".join(changes.sentences(shipped, table, BEFORE, AFTER, language=language))


def test_a_paragraph_says_it_in_english(shipped):
    told = changes.between(
        resolved(
            *KIDAL_FALLS[:2],
            claim("1", "JNIM", GAO, "2014-05-10", status="influence", area_ref="place:gao"),
        ),
        BEFORE,
        AFTER,
    )
    assert paragraph(shipped, told, "en") == (
        "Between 1 May 2014 and 1 June 2014 what is known of 4,237 km² changed. "
        "Gao: no information, then influence of JNIM (2,366 km²). "
        "Kidal: control by State (FAMa), then control by CMA (1,871 km²). "
        "A change is one in what sources say; areas are those of town discs and whole cercles, "
        "not of front lines. "
        "That no source reported a change does not mean that there was none."
    )


def test_a_paragraph_says_it_in_french(shipped):
    told = changes.between(resolved(*KIDAL_FALLS[:2]), BEFORE, AFTER)
    text = paragraph(shipped, told, "fr").replace("\u202f", "_").replace("\u00a0", "~")
    assert text == (
        "Entre le 1er mai 2014 et le 1er juin 2014, ce que l\u2019on sait de 1_871~km² a changé. "
        "Kidal~: contrôle par État (FAMa), puis contrôle par CMA (1_871~km²). "
        "Un changement est un changement dans ce que disent les sources_; les surfaces sont celles "
        "de disques autour des villes et de cercles entiers, pas de lignes de front. "
        "Qu\u2019aucune source n\u2019ait rapporté de changement ne prouve pas "
        "qu\u2019il n\u2019y en a pas eu."
    )


@pytest.mark.parametrize(
    ("towns", "english", "french"),
    [
        (changes.LISTED + 1, "Hombori and one more", "Hombori et un autre"),
        (changes.LISTED + 3, "Hombori and 3 more", "Hombori et 3 autres"),
    ],
)
def test_a_sentence_counts_the_places_that_it_does_not_name(shipped, towns, english, french):
    keys = [
        "ansongo",
        "ber",
        "bourem",
        "dire",
        "douentza",
        "gao",
        "goundam",
        "hombori",
        "kidal",
        "lere",
        "menaka",
    ]
    rows = [
        claim(key, "JNIM", box(x, 14, x + 0.5, 14.5), "2014-05-10", area_ref=f"place:{key}")
        for x, key in enumerate(keys[:towns], start=-9)
    ]
    told = changes.between(resolved(*rows), BEFORE, AFTER)
    assert english in paragraph(shipped, told, "en")
    assert french in paragraph(shipped, told, "fr")


@pytest.mark.parametrize(
    ("kinds", "english", "french"),
    [
        (changes.NAMED + 1, "are in one further change.", "sont dans un autre changement."),
        (changes.NAMED + 2, "are in 2 further changes.", "sont dans 2 autres changements."),
    ],
)
def test_a_paragraph_counts_the_changes_that_it_does_not_tell(shipped, kinds, english, french):
    rows = [
        claim(actor, actor, box(x, 14, x + 0.5, 14.5), "2014-05-10")
        for x, actor in enumerate(
            ["CMA", "CSP", "FAMA", "FLA", "HCUA", "ISGS", "JNIM", "MAA"][:kinds], start=-9
        )
    ]
    told = changes.between(resolved(*rows), BEFORE, AFTER)
    assert english in paragraph(shipped, told, "en")
    assert french in paragraph(shipped, told, "fr")


def test_where_nothing_changed_the_paragraph_does_not_say_that_nothing_happened(shipped):
    told = changes.between(resolved(*KIDAL_FALLS), AFTER, AFTER)
    assert paragraph(shipped, told, "en") == (
        "Between 1 May 2014 and 1 June 2014 nothing changed on this map. "
        "That no source reported a change does not mean that there was none."
    )
    assert "rien n\u2019a changé sur cette carte" in paragraph(shipped, told, "fr")


@pytest.mark.parametrize(
    ("said", "english", "french"),
    [
        (
            ("contested", ("JNIM",), ()),
            "contested between JNIM and others not named",
            "terrain disputé entre JNIM et d\u2019autres non nommés",
        ),
        (
            ("shared", ("AQIM", "ANSARDINE"), ("MNLA",)),
            "joint control by AQIM and Ansar Dine, with influence of MNLA",
            "contrôle partagé entre AQMI et Ansar Dine, avec influence\u00a0: MNLA",
        ),
        (("none", (), ()), "no information", "aucune information"),
        (("control", ("NEW",), ()), "control by NEW", "contrôle par NEW"),
    ],
)
def test_a_state_in_a_few_words(shipped, said, english, french):
    assert changes.state(shipped, said, language="en") == english
    assert changes.state(shipped, said, language="fr") == french


@pytest.mark.parametrize(
    ("kind", "key", "english", "french"),
    [
        ("place", "tombouctou", "Timbuktu", "Tombouctou"),
        ("place", "gao kidal", "Gao and Kidal", "Gao et Kidal"),
        ("unit", "kidal", "the cercle of Kidal", "le cercle de Kidal"),
        ("unit", "abeibara", "the cercle of Abeïbara", "le cercle d\u2019Abeïbara"),
        ("unit", "elsewhere", "the cercle of elsewhere", "le cercle d\u2019elsewhere"),
        ("drawn", "", "drawn ground", "un terrain dessiné"),
    ],
)
def test_ground_has_its_name_in_both_languages(shipped, kind, key, english, french):
    assert changes.name(shipped, kind, key, language="en") == english
    assert changes.name(shipped, kind, key, language="fr") == french


def test_january_2013_is_told_in_a_paragraph_that_counts_what_it_does_not_name(shipped, known):
    first, second = date(2013, 1, 1), date(2013, 2, 1)
    table = changes.between(known, first, second)
    for language in ("en", "fr"):
        told = changes.sentences(shipped, table, first, second, language=language)
        assert len(told) == 1 + changes.NAMED + 3
    total = table.km2.sum()
    told = changes.sentences(shipped, table, first, second, language="en")
    assert told[0].endswith(f"what is known of {total:,.0f} km² changed.")
    kidal = table[table.key == "kidal"].iloc[0]
    assert (kidal.to_state, kidal.to_actors) == ("shared", ("MIA", "MNLA"))


def test_early_november_2025_changed_loulouni_and_soumpi(known):
    table = changes.between(known, date(2025, 11, 1), date(2025, 11, 15))
    assert set(table.key) == {"loulouni", "soumpi"}
    marks = changes.marks(known, date(2025, 11, 1), date(2025, 11, 15))
    assert set(marks.area_ref) == {"road:sikasso-zegoua/1", "road:sikasso-zegoua/2"}
    assert marks.began.all()


def test_the_shipped_changes_are_the_difference_of_the_shipped_figures(shipped, known):
    r = figures.ranges(known, shipped.places)
    first, second = shipped.dataset.first_day, shipped.dataset.supported_until
    told = changes.between(known, first, second)
    net = told.groupby("to_state").km2.sum().sub(told.groupby("from_state").km2.sum(), fill_value=0)
    then, now = (
        figures.on(r, day).query("actor == ''").set_index("state").km2 for day in (first, second)
    )
    assert pd.concat([net, now - then], axis=1).fillna(0).diff(axis=1).abs().max().max() < 1e-3


@pytest.mark.parametrize("seed", range(3))
def test_swapping_what_is_heard_does_not_change_how_ground_is_called(seed):
    t = timeline.resolve(composite.build(arbitrary(seed), units()))
    now = slices.at(t, date(2016, 1, 1))
    named = slices.named(t.composite, now["unit"], now["claim_ids"])
    assert set(named.kind) <= {"place", "unit", "drawn"}
    assert named.index.equals(now.index)
