"""What people do with uploaded layers, on SQLite and on PostgreSQL."""

import pytest
import sqlalchemy as sa
import uploads
from geopandas.testing import assert_geodataframe_equal
from shapely import LineString
from uploads import ANALYST, EDITOR, MONDAY, OTHER_ANALYST, VIEWER, later

from geo.errors import StoreError
from geo.store import desk, shelf, trail
from geo.store.people import ROLES, Person


@pytest.fixture
def up1(store):
    """One published layer."""
    return desk.put_up(store, EDITOR, uploads.upload(), at=MONDAY).layer


def test_a_file_is_kept_as_it_was_received_with_its_claims_and_its_report(store):
    rows = [
        uploads.row("é1", note_fr="d'après « AFP »; 100 %", valid_to="2024-03-01", version=2),
        uploads.row("c2", partners="FLA", status="contested", sources="afp v01"),
        uploads.row("r1", ground=LineString([(-4, 14.123456789012345), (-3, 15)]), status="siege"),
    ]
    data = bytes(range(256)) * 1000
    given = uploads.upload(*rows, data=data, mapping={"group": "actor"}, defaults={"day": "dmy"})
    done = desk.save(store, ANALYST, given, at=MONDAY)
    assert (done.layer.layer, done.layer.state, done.layer.draft.version) == ("up1", "draft", 1)
    assert shelf.original(store, ANALYST, "up1", 1) == data
    assert shelf.report(store, ANALYST, "up1", 1) == {"verdict": "accept", "claims": 3}
    assert_geodataframe_equal(shelf.claims(store, ANALYST, "up1", 1), uploads.table(*rows))


def test_a_draft_becomes_published_withdrawn_and_restored(store):
    saved = desk.save(store, ANALYST, uploads.upload(), at=MONDAY).layer
    assert saved.shown is None
    shown = desk.publish(store, EDITOR, "up1", rev=saved.rev, at=later(1)).layer
    assert (shown.state, shown.shown.published_by) == ("published", "Awa")
    assert shown.shown.published_at == "2026-07-07T09:30:00Z"
    gone = desk.withdraw(store, EDITOR, "up1", rev=shown.rev, at=later(2), reason="wrong").layer
    assert (gone.state, gone.shown) == ("withdrawn", None)
    back = desk.restore(store, EDITOR, "up1", rev=gone.rev, at=later(3)).layer
    assert back.shown == shown.shown
    assert [(turn.action, turn.day.day, turn.reason) for turn in back.turns] == [
        ("publish", 7, ""),
        ("withdraw", 8, "wrong"),
        ("restore", 9, ""),
    ]


def test_a_correction_is_a_new_version_and_the_old_one_stays(store, up1):
    given = uploads.upload(uploads.row("c1", actor="FAMA"), corrects=("up1", up1.rev), data=b"new")
    saved = desk.save(store, ANALYST, given, at=later(1)).layer
    assert (saved.shown.version, saved.draft.version) == (1, 2)
    shown = desk.publish(store, EDITOR, "up1", rev=saved.rev, at=later(2)).layer
    assert (shown.shown.version, shown.draft) == (2, None)
    assert shelf.claims(store, EDITOR, "up1", 1)["actor"].tolist() == ["JNIM"]
    assert shelf.original(store, EDITOR, "up1", 1) == b"as received"


def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten(store, up1):
    desk.withdraw(store, EDITOR, "up1", rev=up1.rev, at=later(1))
    with pytest.raises(StoreError, match="at revision 3, and you saw 2"):
        desk.withdraw(store, Person("Fanta", "editor"), "up1", rev=up1.rev, at=later(1))
    given = uploads.upload(corrects=("up1", up1.rev))
    with pytest.raises(StoreError, match="Somebody has changed layer up1"):
        desk.save(store, EDITOR, given, at=later(1))
    assert trail.verify(store, EDITOR).entries == 3


@pytest.mark.usefixtures("up1")
def test_ids_of_layers_are_never_used_again(store):
    draft = desk.save(store, ANALYST, uploads.upload(), at=MONDAY).layer
    desk.discard(store, ANALYST, draft.layer, rev=draft.rev, at=MONDAY)
    assert desk.save(store, ANALYST, uploads.upload(), at=MONDAY).layer.layer == "up3"
    assert [one.layer for one in shelf.layers(store, EDITOR)] == ["up1", "up3"]


def test_a_discarded_draft_takes_its_file_along_unless_another_version_rests_on_it(store, up1):
    alone = desk.save(store, ANALYST, uploads.upload(data=b"secret"), at=MONDAY).layer
    same = uploads.upload(corrects=("up1", up1.rev))
    draft = desk.save(store, ANALYST, same, at=MONDAY).layer
    desk.discard(store, ANALYST, alone.layer, rev=alone.rev, at=MONDAY)
    kept = desk.discard(store, ANALYST, "up1", rev=draft.rev, at=MONDAY)
    assert shelf.original(store, EDITOR, "up1", 1) == b"as received"
    with store.reading() as connection:
        kept = connection.execute(sa.text("SELECT count(*) FROM originals")).scalar()
    assert kept == 1
    assert not trail.verify(store, EDITOR).faults


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s, rev: desk.publish(s, EDITOR, "up1", rev=rev, at=MONDAY), "has no draft"),
        (lambda s, rev: desk.discard(s, EDITOR, "up1", rev=rev, at=MONDAY), "has no draft"),
        (lambda s, rev: desk.restore(s, EDITOR, "up1", rev=rev, at=MONDAY), "was not withdrawn"),
        (lambda s, _: desk.withdraw(s, EDITOR, "up9", rev=1, at=MONDAY), "No layer is called up9"),
        (lambda s, _: shelf.layer(s, EDITOR, "up9"), "No layer is called up9"),
        (lambda s, _: shelf.claims(s, EDITOR, "up1", 7), "up1 has no version 7"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(store, up1, change, told):
    with pytest.raises(StoreError, match=told):
        change(store, up1.rev)
    assert shelf.layer(store, EDITOR, "up1") == up1
    assert trail.verify(store, EDITOR).entries == 2


def test_a_second_draft_waits_for_the_first(store, up1):
    draft = desk.save(store, ANALYST, uploads.upload(corrects=("up1", up1.rev)), at=MONDAY).layer
    again = uploads.upload(corrects=("up1", draft.rev))
    with pytest.raises(StoreError, match="has a draft already, saved by Bakary"):
        desk.save(store, OTHER_ANALYST, again, at=MONDAY)


def test_a_withdrawn_layer_is_restored_before_it_is_corrected(store, up1):
    gone = desk.withdraw(store, EDITOR, "up1", rev=up1.rev, at=MONDAY).layer
    given = uploads.upload(corrects=("up1", gone.rev))
    with pytest.raises(StoreError, match="Restore it before"):
        desk.put_up(store, EDITOR, given, at=MONDAY)
    assert shelf.layer(store, EDITOR, "up1").draft is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (uploads.upload(verdict="reject"), "The file was refused"),
        (desk.Upload(b"other", uploads.upload().report, "T"), "about another file"),
        (uploads.upload(title="  "), "needs a title: 1 to 200 characters"),
        (uploads.upload(title="x" * 201), "needs a title"),
        (uploads.upload(title="evil\u202egpj"), "needs a title"),
        (uploads.upload(uploads.row("c1", note_en="a\0b")), "Claim c1 has a character in it"),
        (uploads.upload(uploads.row("c1", sources=["a\ud800b"])), "Claim c1 has a character"),
    ],
)
def test_what_must_not_be_kept_is_refused(store, given, told):
    with pytest.raises(StoreError, match=told):
        desk.save(store, EDITOR, given, at=MONDAY)
    assert shelf.layers(store, EDITOR) == []
    assert trail.verify(store, EDITOR) == trail.Verdict(0, trail.START, ())


@pytest.mark.parametrize("reason", ["x" * 501, "a\0b", "\u202eabc"])
def test_a_reason_is_plain_text(store, up1, reason):
    with pytest.raises(StoreError, match="A reason is at most 500 characters of plain text"):
        desk.withdraw(store, EDITOR, "up1", rev=up1.rev, at=MONDAY, reason=reason)
    assert shelf.layer(store, EDITOR, "up1") == up1


def test_days_of_a_layer_never_run_backwards_whatever_a_clock_says(store, up1):
    gone = desk.withdraw(store, EDITOR, "up1", rev=up1.rev, at=later(-30)).layer
    assert [turn.day.isoformat() for turn in gone.turns] == ["2026-07-06", "2026-07-06"]


# ---- who may do what

RIGHTS = {
    "see": ("viewer", "analyst", "editor"),
    "claims": ("viewer", "analyst", "editor"),
    "original": ("analyst", "editor"),
    "report": ("analyst", "editor"),
    "save": ("analyst", "editor"),
    "discard": ("analyst", "editor"),
    "publish": ("editor",),
    "put_up": ("editor",),
    "withdraw": ("editor",),
    "restore": ("editor",),
    "entries": ("editor",),
    "verify": ("editor",),
}


def doing(store, who):
    """Everything that can be asked of the store; `up1` is published, `up2` a draft of Bakary."""
    at, given = MONDAY, uploads.upload()
    rev = {one.layer: one.rev for one in shelf.layers(store, EDITOR)}
    return {
        "see": lambda: shelf.layers(store, who),
        "claims": lambda: shelf.claims(store, who, "up1", 1),
        "original": lambda: shelf.original(store, who, "up1", 1),
        "report": lambda: shelf.report(store, who, "up1", 1),
        "save": lambda: desk.save(store, who, given, at=at),
        "discard": lambda: desk.discard(store, who, "up2", rev=rev.get("up2", 0), at=at),
        "publish": lambda: desk.publish(store, who, "up2", rev=rev.get("up2", 0), at=at),
        "put_up": lambda: desk.put_up(store, who, given, at=at),
        "withdraw": lambda: desk.withdraw(store, who, "up1", rev=rev["up1"], at=at),
        "restore": lambda: desk.restore(store, who, "up1", rev=rev["up1"], at=at),
        "entries": lambda: trail.entries(store, who),
        "verify": lambda: trail.verify(store, who),
    }


@pytest.mark.usefixtures("up1")
@pytest.mark.parametrize("role", [*ROLES, "admin", ""])
def test_whatever_a_role_is_not_given_is_denied(store, role):
    desk.save(store, ANALYST, uploads.upload(), at=MONDAY)
    who = Person("Bakary", role)
    for action, roles in RIGHTS.items():
        ask = doing(store, who)[action]
        if role in roles:
            if action not in {"publish", "restore"}:  # not after what stands before it here
                ask()
        else:
            with pytest.raises(StoreError, match="Bakary may not do this here"):
                ask()
    assert list(doing(store, who)) == list(RIGHTS)


def test_an_analyst_discards_only_drafts_of_their_own(store):
    draft = desk.save(store, ANALYST, uploads.upload(), at=MONDAY).layer
    with pytest.raises(StoreError, match="Demba may not do this here"):
        desk.discard(store, OTHER_ANALYST, "up1", rev=draft.rev, at=MONDAY)
    desk.discard(store, EDITOR, "up1", rev=draft.rev, at=MONDAY)


def test_a_viewer_sees_neither_drafts_nor_what_was_withdrawn(store, up1):
    desk.save(store, ANALYST, uploads.upload(corrects=("up1", up1.rev)), at=MONDAY)
    desk.save(store, ANALYST, uploads.upload(), at=MONDAY)
    [seen] = shelf.layers(store, VIEWER)
    assert [version.state for version in seen.versions] == ["published"]
    with pytest.raises(StoreError, match="up1 has no version 2"):
        shelf.claims(store, VIEWER, "up1", 2)
    with pytest.raises(StoreError, match="No layer is called up2"):
        shelf.claims(store, VIEWER, "up2", 1)
    rev = shelf.layer(store, EDITOR, "up1").rev
    desk.withdraw(store, EDITOR, "up1", rev=rev, at=MONDAY)
    assert shelf.layers(store, VIEWER) == []


@pytest.mark.parametrize("name", ["", " Awa", "a\nb", "x" * 101, "\u202eawA"])
def test_nobody_without_a_plain_name_does_anything(name):
    with pytest.raises(StoreError, match="needs a name to stand beside it"):
        Person(name, "editor")
