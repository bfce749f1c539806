"""Published layers beside the shipped ones: one map, and every known-on day as it was."""

from datetime import date

import pandas as pd
import pytest
import small
import uploads
from pandas.testing import assert_frame_equal
from shapely import box
from uploads import EDITOR, later

from geo import cache, claims, composite, details, layers, slices, timeline, words
from geo.languages import ENGLISH, FRENCH
from geo.store import desk, engine, known, published, purging, shelf, where
from geo.store.published import Spell
from geo.store.shelf import Turn

KIDAL = box(1.2, 18.2, 1.6, 18.6)  # where the small world has CMA until 14 November 2023, then FAMA
POINT = (1.41, 18.44)
LAST = date(2026, 7, 14)  # of the small world, published on days around it: see `uploads.MONDAY`


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = small.built(tmp_path_factory.mktemp("world") / "layers")
    return path


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A store in SQLite, which is the one that is asked."""
    monkeypatch.setenv(where.FOLDER, str(tmp_path / "store"))
    opened = engine.opened(where.address())
    yield opened
    opened.close()


def kidal(claim_id="k1", actor="JNIM", **more):
    told = dict(level="place", valid_from="2025-01-01", valid_to="2026-01-01", sources="v01 v02")
    return uploads.row(claim_id, actor, KIDAL, **(told | more))


def put_up(store, *rows, day=0, rev=None, **more):
    corrects = None if rev is None else ("up1", rev)
    given = uploads.upload(*(rows or [kidal()]), corrects=corrects, **more)
    return desk.put_up(store, EDITOR, given, at=later(day)).layer


def state(folder, day=date(2025, 6, 1), known_on=None):
    told = known.load(folder)
    resolved = timeline.resolve(composite.build(told.claims, told.units), known_on=known_on)
    return holders(resolved, day)


def holders(resolved, day):
    face = slices.locate(resolved.composite, *POINT)
    return slices.at(resolved, day)["actors"].iloc[face]


# ---- without a store


def test_without_a_store_the_layers_are_handed_on_as_they_are_and_no_file_appears(folder, own):
    shipped = layers.load(folder)
    assert known.joined(shipped) is shipped
    assert known.stamp(folder) == layers.stamp(folder) == shipped.fingerprint
    assert not own.file.exists()


def test_drafts_change_nothing(folder, own):
    desk.save(own, EDITOR, uploads.upload(kidal()), at=later(0))
    shipped = layers.load(folder)
    assert known.joined(shipped) is shipped
    assert known.stamp(folder) == shipped.fingerprint


# ---- on the map


def test_a_published_layer_is_on_the_map_and_gone_when_it_is_withdrawn(folder, own):
    assert state(folder) == ("FAMA",)
    up1 = put_up(own)
    assert state(folder) == ("JNIM",)
    gone = desk.withdraw(own, EDITOR, "up1", rev=up1.rev, at=later(1)).layer
    assert state(folder) == ("FAMA",)
    desk.restore(own, EDITOR, "up1", rev=gone.rev, at=later(2))
    assert state(folder) == ("JNIM",)


def test_a_known_on_day_shows_nothing_of_what_was_removed_for_good_and_says_so(folder, own):
    shown = put_up(own)
    desk.withdraw(own, EDITOR, "up1", rev=shown.rev, at=later(5))
    before = known.stamp(folder)
    assert state(folder, known_on=later(1).date()) == ("JNIM",)
    purging.purge(own, EDITOR, "up1", at=later(6), reason="an address")
    assert state(folder, known_on=later(1).date()) == ("FAMA",)
    told = known.load(folder)
    assert told.fingerprint == known.stamp(folder) != before
    assert told.published.empty
    [said] = words.removed(ENGLISH, told.removed, later(1).date())
    assert "that this map showed on 7 July 2026 was removed on 12 July 2026, for safety." in said
    for day in (None, later(-1).date(), later(5).date()):
        assert words.removed(FRENCH, told.removed, day) == []


def test_what_was_known_on_a_day_is_shown_for_ever_as_it_was(folder, own):
    up1 = put_up(own, day=0)
    mended = put_up(own, kidal(actor="CMA"), day=2, rev=up1.rev)
    gone = desk.withdraw(own, EDITOR, "up1", rev=mended.rev, at=later(4)).layer
    desk.restore(own, EDITOR, "up1", rev=gone.rev, at=later(6))
    told = [state(folder, known_on=later(day).date()) for day in range(-1, 8)]
    assert told == [
        ("FAMA",),
        *[("JNIM",)] * 2,
        *[("CMA",)] * 2,
        *[("FAMA",)] * 2,
        *[("CMA",)] * 2,
    ]


def test_a_layer_counts_as_known_only_once_it_was_published_whatever_its_sources_say(folder, own):
    put_up(own, kidal(reported_on="2025-01-02"))
    assert state(folder, known_on=date(2025, 12, 1)) == ("FAMA",)
    explained = resolved_explained(folder, date(2026, 7, 5))
    assert explained["up1:k1"] == "published-later"


def resolved_explained(folder, known_on):
    told = known.load(folder)
    resolved = timeline.resolve(composite.build(told.claims, told.units), known_on=known_on)
    rows = slices.explain(resolved, *POINT, date(2025, 6, 1))
    return dict(zip(rows["claim_id"], rows["step"], strict=True))


def test_the_fingerprint_changes_with_what_is_on_the_map_and_with_nothing_else(folder, own):
    stamps = [known.stamp(folder)]
    up1 = put_up(own)
    stamps.append(known.stamp(folder))
    assert known.load(folder).fingerprint == stamps[-1]
    draft = desk.save(own, EDITOR, uploads.upload(corrects=("up1", up1.rev)), at=later(1)).layer
    assert known.stamp(folder) == stamps[-1]
    shown = desk.publish(own, EDITOR, "up1", rev=draft.rev, at=later(2)).layer
    stamps.append(known.stamp(folder))
    desk.withdraw(own, EDITOR, "up1", rev=shown.rev, at=later(3))
    stamps.append(known.stamp(folder))
    assert len(set(stamps)) == 4


def test_claims_of_two_layers_and_the_shipped_ones_never_clash(folder, own):
    put_up(own, kidal("C001"))
    put_up(own, kidal("C001", actor="CMA"))
    told = known.load(folder)
    assert {"C001", "up1:C001", "up2:C001"} <= set(told.claims["claim_id"])
    assert not told.claims.duplicated(list(claims.KEY)).any()


def test_what_is_joined_are_claims_like_any_others(folder, own):
    up1 = put_up(own, kidal(), kidal("k2", version=1))
    put_up(own, kidal(note_en="mended"), kidal("k3"), day=3, rev=up1.rev)
    told = known.load(folder).claims
    assert_frame_equal(pd.DataFrame(claims.parse(told)), pd.DataFrame(told))


def test_ground_that_a_correction_left_alone_is_not_cut_twice(folder, own):
    rows = [kidal(f"k{n}") for n in range(20)]
    up1 = put_up(own, *rows)
    put_up(own, kidal("k0", note_en="mended"), *rows[1:], day=3, rev=up1.rev)
    told = known.load(folder).claims
    of_layer = told[told["claim_id"].str.startswith("up1:")]
    assert len(of_layer) == 21
    mended = of_layer[of_layer["claim_id"] == "up1:k0"]
    assert mended["version"].tolist() == [1, 2]
    assert mended["corrected_on"].dt.date.tolist()[0] == later(3).date()
    assert mended["published_on"].dt.date.tolist() == [later(0).date(), later(3).date()]


def test_corrections_that_an_upload_brings_count_within_its_days(folder, own):
    rows = (
        kidal(actor="CMA", corrected_on="2026-07-08"),
        kidal(actor="JNIM", version=2, corrected_on="2026-07-10"),
        kidal(actor="MNLA", version=3),
    )
    up1 = put_up(own, *rows, day=0)
    desk.withdraw(own, EDITOR, "up1", rev=up1.rev, at=later(6))
    told = [state(folder, known_on=date(2026, 7, day)) for day in (5, 6, 8, 9, 10, 11, 12)]
    assert told == [
        ("FAMA",),
        ("CMA",),
        ("JNIM",),
        ("JNIM",),
        ("MNLA",),
        ("MNLA",),
        ("FAMA",),
    ]


def test_what_was_reported_only_after_it_was_gone_is_left_out(folder, own):
    up1 = put_up(own, kidal("k1"), kidal("k2", reported_on="2026-08-01"))
    desk.withdraw(own, EDITOR, "up1", rev=up1.rev, at=later(3))
    assert "up1:k2" not in set(known.load(folder).claims["claim_id"])


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ("publish 1 06, publish 2 06", [(2, 6, None)]),
        ("publish 1 06, withdraw 1 06", []),
        ("publish 1 06, withdraw 1 06, restore 1 08", [(1, 8, None)]),
        ("publish 1 06, publish 2 07, withdraw 2 09", [(1, 6, 7), (2, 7, 9)]),
    ],
)
def test_what_came_and_went_on_one_day_was_never_there(turns, told):
    parsed = [one.split() for one in turns.split(", ")]
    given = [Turn(a, int(v), date(2026, 7, int(day))) for a, v, day in parsed]
    spells = [
        Spell(v, date(2026, 7, first), after and date(2026, 7, after)) for v, first, after in told
    ]
    assert list(published.spells(given)) == spells


# ---- sources, actors, titles


def test_sources_of_ours_stay_ours_and_others_say_where_they_come_from(folder, own):
    texts = {"afp": "AFP https://afp.example/1?a=b", "Été 24!": "https://b.example/x", "x": "x"}
    put_up(own, kidal(sources=["v01", *texts]), sources=texts)
    told = known.load(folder)
    cited = told.claims.set_index("claim_id").loc["up1:k1", "sources"]
    assert cited == ("v01", "up1-afp", "up1-ete-24", "up1-x")
    assert told.bibliography.loc["up1-afp"].to_dict() == {
        "publisher": "AFP",
        "title": "Front lines",
        "address": ("https://afp.example/1?a=b",),
        "kind": "dataset",
        "reliability": "F",
        "published_on": "",
        "newest": "",
        "read": "not-opened",
        "caveat_en": "Named by the uploaded layer “Front lines” (up1), which was published here on "
        "6 July 2026. This map has not checked it.",
        "caveat_fr": "Source nommée par la couche déposée «\u00a0Front lines\u00a0» (up1), "
        "publiée ici le 6 juillet 2026. Cette carte ne l\u2019a pas vérifiée.",
    }
    assert told.bibliography.loc["up1-ete-24", "publisher"] == "b.example"
    assert told.bibliography.loc[["v01", "v02"]].equals(layers.load(folder).bibliography)


def test_who_confirmed_a_claim_of_an_upload_has_an_entry_too(folder, own):
    put_up(own, kidal(sources="afp", confirmed_by="rfi", last_confirmed="2025-05-01"))
    told = known.load(folder)
    claim = told.claims.set_index("claim_id").loc["up1:k1"]
    assert (claim["sources"], claim["confirmed_by"]) == (("up1-afp",), ("up1-rfi",))
    resolved = timeline.resolve(composite.build(told.claims, told.units))
    said = details.at(told, resolved, *POINT, date(2025, 6, 1), ENGLISH)
    [one] = [one for one in said["claims"] if one["id"] == "up1:k1"]
    assert [source["name"].split(":")[0] for source in one["sources"]] == [
        "AFP, 3 February 2024",
        "rfi",
    ]


def test_keys_that_look_alike_stay_apart(folder, own):
    put_up(own, kidal(sources=["A F P", "a-f-p", "!!!", "???"]), sources={})
    told = known.load(folder)
    cited = told.claims.set_index("claim_id").loc["up1:k1", "sources"]
    assert len(set(cited)) == 4
    assert set(cited) <= set(told.bibliography.index)


def test_an_actor_without_an_entry_gets_a_grey_one_that_says_so(folder, own):
    put_up(own, kidal(actor="NEW_GROUP", partners="OTHERS"), actors={"NEW_GROUP": "New Group"})
    told = known.load(folder)
    new = told.actors.loc["NEW_GROUP"]
    assert (new["name_fr"], new["short_en"], new["kind"]) == ("New Group", "New Group", "other")
    assert (new["colour"], new["pattern"]) != tuple(
        told.actors.loc["OTHERS", ["colour", "pattern"]]
    )
    assert told.actors.dtypes.equals(layers.load(folder).actors.dtypes)


def test_the_details_of_a_claim_name_the_layer_it_comes_from(folder, own):
    put_up(own, kidal(sources="afp"), title="Lignes de front")
    told = known.load(folder)
    resolved = timeline.resolve(composite.build(told.claims, told.units))
    for language, tag in ((ENGLISH, "layer “Lignes de front”"), (FRENCH, "couche")):
        said = details.at(told, resolved, *POINT, date(2025, 6, 1), language)
        [claim] = [one for one in said["claims"] if one["id"] == "up1:k1"]
        assert tag in claim["tags"][-1]
        assert claim["sources"][0]["name"].endswith("Lignes de front")


def test_the_layers_table_says_what_is_and_was_on_the_map(folder, own):
    up1 = put_up(own)
    put_up(own, day=2, title="Second")
    desk.withdraw(own, EDITOR, "up1", rev=up1.rev, at=later(5))
    told = known.load(folder).published
    assert told.loc["up2"].to_dict() == {
        "title": "Second",
        "day": pd.Timestamp(later(2).date()),
        "version": 1,
        "shown": True,
    }
    assert not told.loc["up1", "shown"]
    assert told.dtypes.equals(layers.load(folder).published.dtypes)


# ---- days


def test_the_days_reach_as_far_as_what_is_published_and_the_shipped_claims_only_as_before(
    folder, own
):
    put_up(own, kidal(valid_from="2026-09-01", valid_to=None), day=100)
    told = known.load(folder)
    assert told.dataset.supported_until == later(100).date()
    assert told.opening_day == LAST
    resolved = timeline.resolve(composite.build(told.claims, told.units))
    days = [LAST, date(2026, 7, 15), date(2026, 8, 31), date(2026, 9, 1)]
    assert [holders(resolved, day) for day in days] == [("FAMA",), (), (), ("JNIM",)]
    fama = told.claims.set_index("claim_id").loc["C002"]
    assert fama["note_en"].endswith("ends on 14 July 2026: it knows nothing of later days.")
    assert fama["note_fr"].startswith("L'armée prend Kidal. Le jeu de données")
    before = timeline.resolve(composite.build(told.claims, told.units), known_on=LAST)
    assert holders(before, LAST) == ("FAMA",)


@pytest.mark.parametrize(
    ("row", "last"),
    [
        (dict(valid_to="2026-01-01"), LAST),
        (dict(valid_to=None), date(2026, 7, 20)),  # it lasts: vouched for until it was published
        (dict(valid_to="2026-07-17"), date(2026, 7, 16)),
        (dict(valid_to="2031-01-01"), date(2026, 7, 20)),  # nobody knows what is yet to come
    ],
)
def test_no_day_after_the_publication_is_supported(folder, own, row, last):
    put_up(own, kidal(**row), day=14)
    assert known.load(folder).dataset.supported_until == last


def test_a_composite_with_a_layer_is_kept_and_found_again_by_its_content(folder, own):
    up1 = put_up(own)
    told = known.load(folder)
    first = cache.key(told.claims, told.units)
    gone = desk.withdraw(own, EDITOR, "up1", rev=up1.rev, at=later(3)).layer
    desk.restore(own, EDITOR, "up1", rev=gone.rev, at=later(3))
    again = known.load(folder)
    assert cache.key(again.claims, again.units) == first
    assert shelf.layer(own, EDITOR, "up1").shown is not None


def test_joining_is_the_same_from_either_database(folder, store):
    up1 = put_up(store)
    put_up(store, kidal(actor="NEW_GROUP"), day=3, rev=up1.rev)
    told = known.load(folder)
    assert told.claims["claim_id"].str.startswith("up1:").sum() == 2
    assert holders(timeline.resolve(composite.build(told.claims, told.units)), LAST) == ("FAMA",)


@pytest.mark.parametrize("correct", [False, True])
def test_what_is_foreseen_is_what_is_on_the_map_once_it_is_published(folder, own, correct):
    shipped, rev = layers.load(folder), None
    if correct:
        rev = put_up(own, kidal("k1"), kidal("k2")).rev
    corrects = ("up1", rev) if correct else None
    rows = (kidal("k1", actor="NEW_GROUP"), kidal("k2", valid_to=None))
    given = uploads.upload(*rows, corrects=corrects, title="Foreseen")
    before = known.stamp(folder)
    foreseen = known.foreseen(shipped, given, later(4).date())
    assert known.stamp(folder) == before
    assert own.file.exists() == correct
    desk.put_up(own, EDITOR, given, at=later(4))
    told = known.load(folder)
    assert_frame_equal(pd.DataFrame(foreseen.claims), pd.DataFrame(told.claims))
    for table in ("bibliography", "actors", "published"):
        assert_frame_equal(getattr(foreseen, table), getattr(told, table))
    assert foreseen.dataset == told.dataset
    # What was computed for one is found again for the other.
    assert foreseen.fingerprint == told.fingerprint == known.stamp(folder) != before


def test_two_uploads_foreseen_have_fingerprints_of_their_own(folder):
    shipped = layers.load(folder)
    first, second = uploads.upload(kidal()), uploads.upload(kidal(actor="CMA"))
    stamps = {known.foreseen(shipped, one, LAST).fingerprint for one in (first, second)}
    assert len(stamps) == 2
