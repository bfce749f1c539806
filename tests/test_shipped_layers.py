"""The layers as shipped: built from their tables, and at one with themselves."""

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely

from geo import boundaries, claims, ground, layers, places

LARGEST = 400_000  # bytes of a file people still open, and code hosts still show


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


def outlines(shipped):
    """Every level of boundaries."""
    levels = {"communes": shipped.communes, "units": shipped.units, "cercles": shipped.cercles}
    return levels | {f"regions of {name}": frame for name, frame in shipped.regions.items()}


def test_every_layer_is_what_its_tables_make():
    assert layers.check() == [], "run: python -m geo build"


@pytest.mark.parametrize("path", sorted(layers.FOLDER.glob("*.geojson")), ids=lambda p: p.name)
def test_every_layer_is_small_enough_to_be_read(path):
    assert path.stat().st_size < LARGEST


def test_boundaries_of_every_level_fit_without_a_gap_and_are_the_country(shipped):
    for level, frame in outlines(shipped).items():
        shapes = frame.geometry.to_numpy()
        assert shapely.coverage_is_valid(shapes), level
        assert shapely.coverage_union_all(shapes).equals(shipped.outline), level


def test_mali_has_8_then_10_then_19_regions_and_bamako(shipped):
    assert [len(frame) for frame in shipped.regions.values()] == [9, 11, 20]
    assert len(shipped.cercles) == 50


def test_regions_have_their_french_names_with_accents(shipped):
    names = shipped.regions["2023"]["name_fr"]
    assert names["segou"] == "Ségou"
    assert names["menaka"] == "Ménaka"
    assert names["taoudenit"] == "Taoudénit"
    assert names["dioila"] == "Dioïla"
    assert shipped.regions["2012"].loc["tombouctou", "name_en"] == "Timbuktu"


def test_only_the_line_of_taoudenit_is_approximate(shipped):
    for edition, lines in shipped.borders.items():
        drawn = lines[lines["certainty"] == "approximate"]
        pairs = set(zip(drawn["region_a"], drawn["region_b"], strict=True))
        assert pairs == (set() if edition == "2012" else {("taoudenit", "tombouctou")})


def test_every_place_lies_in_its_commune(shipped):
    for place, commune, point in zip(
        shipped.places.index, shipped.places["commune"], shipped.places.geometry, strict=True
    ):
        home = ground.geometry(f"commune:{commune}", shipped.gazetteer)
        assert home.covers(point), place


def test_every_place_is_found_by_each_of_its_names(shipped):
    for town in shipped.places.itertuples():
        for name in (town.Index, town.name_fr, town.name_en, *town.aliases):
            assert places.find(shipped.places, name) == town.Index


def test_discs_of_two_towns_with_claims_do_not_overlap(shipped):
    towns = shipped.claims[shipped.claims["area_ref"].str.startswith("place:")]
    discs = towns.drop_duplicates("area_ref")
    one, other = shapely.STRtree(discs.geometry.to_numpy()).query(
        discs.geometry.to_numpy(), predicate="overlaps"
    )
    refs = discs["area_ref"].to_numpy()
    assert {(refs[i], refs[j]) for i, j in zip(one, other, strict=True) if i < j} == set()


def test_every_claim_has_ground_of_its_own(shipped):
    shapes = shipped.claims.geometry.to_numpy()
    assert not shapely.is_empty(shapes).any()
    assert shapely.is_valid(shapes).all()
    assert (shipped.claims["area_ref"] != "drawn").all()


def test_every_claim_says_how_local_it_is(shipped):
    assert shipped.claims["level"].tolist() == [
        ground.level(ref) for ref in shipped.claims["area_ref"]
    ]


def test_every_key_a_claim_uses_is_known(shipped):
    for column, known in (
        ("actor", shipped.actors.index),
        ("partners", shipped.actors.index),
        ("sources", shipped.bibliography.index),
    ):
        used = shipped.claims[column]
        keys = set(used if column == "actor" else itertools.chain.from_iterable(used))
        assert keys <= set(known), column


def test_those_who_only_ever_stand_beside_hold_no_ground(shipped):
    base = shipped.claims[shipped.claims["status"].isin(claims.BASE)]
    holders = set(base["actor"]).union(*base["partners"])
    assert shipped.actors.loc[sorted(holders), "holds_ground"].all()


def test_no_source_gives_one_place_to_different_holders_on_one_day(shipped):
    base = shipped.claims[
        shipped.claims["status"].isin(claims.BASE) & (shipped.claims["assertion"] == "assessed")
    ].reset_index(drop=True)
    shapes = base.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = pd.DataFrame({"a": one, "b": other}).query("a < b")
    a, b = base.loc[pairs["a"]].reset_index(drop=True), base.loc[pairs["b"]].reset_index(drop=True)

    end = pd.Timestamp.max.floor("D")
    together = (a["valid_from"] < b["valid_to"].fillna(end)) & (
        b["valid_from"] < a["valid_to"].fillna(end)
    )
    together &= a["level"] == b["level"]
    a, b = a[together], b[together]
    contradicting = [
        (first.claim_id, second.claim_id)
        for first, second in zip(a.itertuples(), b.itertuples(), strict=True)
        if set(first.sources) & set(second.sources)
        and {first.actor, *first.partners} != {second.actor, *second.partners}
        and shapely.area(shapely.intersection(first.geometry, second.geometry)) > 1e-9
    ]
    assert contradicting == []


def test_claims_lie_within_the_days_the_dataset_can_answer_for(shipped):
    day = np.datetime64(shipped.dataset.supported_until)
    assert (shipped.claims["valid_from"] <= day).all()
    assert (shipped.claims["last_confirmed"] <= day).all()
    assert (shipped.claims["valid_from"] >= np.datetime64(shipped.dataset.first_day)).all()


def test_every_edition_has_its_regions_and_its_borders(shipped):
    names = [edition.name for edition in boundaries.EDITIONS]
    assert list(shipped.regions) == list(shipped.borders) == names
    for name in names:
        lines = shipped.borders[name]
        assert set(lines["region_a"]) | set(lines["region_b"]) == set(shipped.regions[name].index)
