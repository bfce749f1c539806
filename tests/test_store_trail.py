"""The audit log: complete, chained, and loud when anything was touched."""

import pytest
import sqlalchemy as sa
import uploads
from uploads import ANALYST, EDITOR, MONDAY, later

from geo.errors import StoreError
from geo.store import desk, shelf, trail


@pytest.fixture
def lived(store):
    """A store with one layer that went through everything."""
    up1 = desk.put_up(store, EDITOR, uploads.upload(), at=MONDAY).layer
    given = uploads.upload(corrects=("up1", up1.rev), data=b"second", title="Mended")
    draft = desk.save(store, ANALYST, given, at=later(1)).layer
    shown = desk.publish(store, EDITOR, "up1", rev=draft.rev, at=later(2)).layer
    gone = desk.withdraw(store, EDITOR, "up1", rev=shown.rev, at=later(3), reason="doubts").layer
    desk.restore(store, EDITOR, "up1", rev=gone.rev, at=later(4))
    other = desk.save(store, ANALYST, uploads.upload(title="Other"), at=later(4)).layer
    desk.discard(store, ANALYST, "up2", rev=other.rev, at=later(5))
    return store


def test_every_change_stands_in_the_log_with_who_and_when(lived):
    told = trail.entries(lived, EDITOR)
    assert [(one["action"], one["layer"], one["who"], one["at"][:10]) for one in told] == [
        ("draft", "up1", "Awa", "2026-07-06"),
        ("publish", "up1", "Awa", "2026-07-06"),
        ("draft", "up1", "Bakary", "2026-07-07"),
        ("publish", "up1", "Awa", "2026-07-08"),
        ("withdraw", "up1", "Awa", "2026-07-09"),
        ("restore", "up1", "Awa", "2026-07-10"),
        ("draft", "up2", "Bakary", "2026-07-10"),
        ("discard", "up2", "Bakary", "2026-07-11"),
    ]
    assert told[4]["detail"] == {"version": 2, "day": "2026-07-09", "reason": "doubts"}
    assert [one["n"] for one in trail.entries(lived, EDITOR, layer="up2")] == [7, 8]


def test_an_untouched_log_holds_and_its_head_is_the_one_told(lived):
    verdict = trail.verify(lived, EDITOR)
    assert (verdict.entries, verdict.faults) == (8, ())
    rev = shelf.layer(lived, EDITOR, "up1").rev
    done = desk.withdraw(lived, EDITOR, "up1", rev=rev, at=later(6))
    assert done.head == trail.verify(lived, EDITOR).head != verdict.head
    assert not trail.verify(lived, EDITOR, anchor=verdict.head).faults


@pytest.mark.parametrize("table", ["audit", "turns", "originals", "versions", "claims"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_itself_refuses_to_change_what_is_kept(lived, table, change):
    column = {"audit": "who", "turns": "day", "versions": "title", "claims": "claim_id"}
    name = column.get(table, "sha256")
    with (
        pytest.raises(sa.exc.DBAPIError, match=f"{table} is kept as it is"),
        lived.writing() as connection,
    ):
        connection.execute(sa.text(change.format(table, name, name)))
    assert not trail.verify(lived, EDITOR).faults


def test_postgresql_refuses_to_empty_the_tables_too(lived):
    if lived.file is not None:
        pytest.skip("SQLite has no TRUNCATE")
    with (
        pytest.raises(sa.exc.DBAPIError, match="audit is kept as it is: no truncate here"),
        lived.writing() as connection,
    ):
        connection.execute(sa.text("TRUNCATE audit"))


TAMPERED = {
    "UPDATE audit SET who = 'Nobody' WHERE n = 3": "Entry 3 was changed",
    "DELETE FROM audit WHERE n = 2": "Entry 2 is missing",
    "UPDATE audit SET previous = 'f' WHERE n = 5": "Entry 5 is not chained",
    "UPDATE versions SET title = 'Better' WHERE version = 1": "version 1 is not what the log",
    "UPDATE claims SET claim_id = 'c9' WHERE version = 2": "version 2: its claims were changed",
    "DELETE FROM claims WHERE version = 2": "version 2: its claims were changed or lost",
    "DELETE FROM turns WHERE turn = 3": "published, withdrawn or restored otherwise",
    "UPDATE turns SET day = '2020-01-01' WHERE turn = 1": "restored otherwise than the log says",
    "UPDATE layers SET state = 'withdrawn' WHERE layer = 'up1'": "restored otherwise than",
}


@pytest.mark.parametrize(("statement", "told"), TAMPERED.items())
def test_whoever_gets_past_the_triggers_is_found_out(lived, statement, told):
    tamper(lived, statement)
    assert told in " ".join(map(str, trail.verify(lived, EDITOR).faults))


def test_a_file_that_is_not_the_one_received_is_found_out(lived):
    tamper(lived, "UPDATE originals SET bytes = :bytes", bytes=b"other")
    faults = trail.verify(lived, EDITOR).faults
    assert [str(fault).partition(": ")[2] for fault in faults] == [
        "the file as received was changed or lost."
    ] * 2


def test_a_log_that_was_cut_is_found_out_by_a_head_told_earlier(lived):
    told = trail.verify(lived, EDITOR).head
    tamper(lived, "DELETE FROM audit WHERE n >= 7")
    assert not trail.verify(lived, EDITOR).faults  # a chain does not know how long it was
    [fault] = trail.verify(lived, EDITOR, anchor=told).faults
    assert str(fault).endswith("the log was cut or written anew.")


def test_a_moment_without_a_time_zone_is_refused(store):
    with pytest.raises(StoreError, match="a moment with its time zone"):
        desk.save(store, EDITOR, uploads.upload(), at=MONDAY.replace(tzinfo=None))
    assert shelf.layers(store, EDITOR) == []


def tamper(store, statement, **values):
    """Change the database as somebody would who may do everything there."""
    with store.writing() as connection:
        uploads.unguarded(connection)
        connection.execute(sa.text(statement), values)
