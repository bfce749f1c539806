"""Purging: what endangers somebody is gone from the database for good, and the log still holds."""

import pytest
import sqlalchemy as sa
import uploads
from uploads import ANALYST, EDITOR, MONDAY, later

from geo.errors import StoreError
from geo.store import backup, desk, purging, schema, shelf, trail

NAME = "Moussa Traore of Nowhere Street"  # who must not be found in anything that is left
HARM = {"reason": "names an informant", "at": later(9)}


@pytest.fixture
def harmful(store):
    """A layer with a name in all that people wrote of it, withdrawn; and one beside it."""
    given = {
        "data": f"as received: {NAME}".encode(),
        "title": NAME,
        "filename": f"{NAME}.geojson",
        "sources": {"afp": NAME},
        "mapping": {NAME: "actor"},
        "defaults": {"source": NAME},
    }
    rows = [uploads.row("c1", note_en=NAME), *uploads.many(3)]
    up1 = desk.put_up(store, EDITOR, uploads.upload(*rows, **given), at=MONDAY).layer
    again = uploads.upload(*rows, corrects=("up1", up1.rev), **given)
    up1 = desk.put_up(store, EDITOR, again, at=later(1)).layer
    desk.withdraw(store, EDITOR, "up1", rev=up1.rev, at=later(2), reason=f"shows {NAME}")
    desk.put_up(store, EDITOR, uploads.upload(data=b"harmless", title="Kept"), at=later(3))
    return store


def everything(store):
    """All that the database holds, as text."""
    with store.reading() as connection:
        rows = [
            value.decode(errors="replace") if isinstance(value, bytes) else str(value)
            for table in schema.METADATA.sorted_tables
            for row in connection.execute(sa.select(table))
            for value in row
        ]
    return "\n".join(rows)


def test_nothing_of_it_is_left_and_the_log_still_holds(harmful):
    anchor = trail.verify(harmful, EDITOR).head
    assert NAME in everything(harmful)
    done = purging.purge(harmful, EDITOR, "up1", **HARM)
    assert NAME not in everything(harmful)
    verdict = trail.verify(harmful, EDITOR, anchor=anchor)
    assert (verdict.faults, verdict.head) == ((), done.head)
    assert (done.shared, done.before) == ((), False)
    last = trail.entries(harmful, EDITOR)[-1]
    assert (last["action"], last["detail"]["reason"]) == ("purge", "names an informant")
    assert [one.purged for one in shelf.layers(harmful, EDITOR)] == ["2026-07-15T09:30:00Z", ""]
    assert len(shelf.claims(harmful, EDITOR, "up2", 1)) == 1


def test_nothing_of_it_is_left_in_the_files_of_sqlite_either(harmful):
    if harmful.file is None:
        pytest.skip("PostgreSQL rewrites its tables by VACUUM FULL")
    assert NAME.encode() in harmful.file.read_bytes()
    purging.purge(harmful, EDITOR, "up1", **HARM)
    left = b"".join(path.read_bytes() for path in harmful.file.parent.iterdir())
    assert NAME.encode() not in left


def test_a_layer_on_the_map_is_withdrawn_first(harmful):
    with pytest.raises(StoreError, match=r"up2 is on the map\. Withdraw it"):
        purging.purge(harmful, EDITOR, "up2", **HARM)
    with pytest.raises(StoreError, match="No layer is called up7"):
        purging.purge(harmful, EDITOR, "up7", **HARM)
    with pytest.raises(StoreError, match="needs another role"):
        purging.purge(harmful, ANALYST, "up1", **HARM)
    with pytest.raises(StoreError, match="Say why it is removed"):
        purging.purge(harmful, EDITOR, "up1", at=later(9), reason=" ")
    assert NAME in everything(harmful)


def test_a_draft_and_a_discarded_layer_can_be_purged_too(harmful):
    draft = uploads.upload(data=b"draft", title=f"draft {NAME}")
    desk.save(harmful, EDITOR, draft, at=later(4))
    gone = desk.save(harmful, EDITOR, draft, at=later(4)).layer
    desk.discard(harmful, EDITOR, gone.layer, rev=gone.rev, at=later(5))
    for layer in ("up1", "up3", "up4"):
        purging.purge(harmful, EDITOR, layer, **HARM)
    assert NAME not in everything(harmful)
    assert not trail.verify(harmful, EDITOR).faults


def test_nothing_more_can_be_done_with_it(harmful):
    given = uploads.upload(data=f"as received: {NAME}".encode())
    purging.purge(harmful, EDITOR, "up1", **HARM)
    rev = shelf.layer(harmful, EDITOR, "up1").rev
    for act in (
        lambda: desk.restore(harmful, EDITOR, "up1", rev=rev, at=later(10)),
        lambda: desk.save(harmful, EDITOR, uploads.upload(corrects=("up1", rev)), at=later(10)),
        lambda: shelf.claims(harmful, EDITOR, "up1", 1),
    ):
        with pytest.raises(StoreError, match="up1 was removed for good on 2026-07-15"):
            act()
    with pytest.raises(StoreError, match="This very file was removed for good, as layer up1"):
        desk.save(harmful, EDITOR, given, at=later(10))
    head = trail.verify(harmful, EDITOR).head
    done = purging.purge(harmful, EDITOR, "up1", **HARM)
    assert (done.head, done.before) == (head, True)


def test_a_file_that_another_layer_came_from_goes_with_the_last_of_them(harmful):
    same = uploads.upload(data=b"harmless", title="Twice")
    up3 = desk.put_up(harmful, EDITOR, same, at=later(4)).layer
    desk.withdraw(harmful, EDITOR, "up3", rev=up3.rev, at=later(5))
    assert purging.purge(harmful, EDITOR, "up3", **HARM).shared == ("up2",)
    assert shelf.original(harmful, EDITOR, "up2", 1) == b"harmless"
    assert not trail.verify(harmful, EDITOR).faults
    up2 = shelf.layer(harmful, EDITOR, "up2")
    desk.withdraw(harmful, EDITOR, "up2", rev=up2.rev, at=later(6))
    assert purging.purge(harmful, EDITOR, "up2", **HARM).shared == ()
    assert "harmless" not in everything(harmful)
    assert not trail.verify(harmful, EDITOR).faults


TAMPERED = {
    "UPDATE audit SET who = 'Nobody' WHERE n = 1": "Entry 1 was changed",
    'UPDATE audit SET detail = replace(detail, \'"title":""\', \'"title":"x"\') WHERE n = 1': (
        "Entry 1 was changed"
    ),
    "UPDATE audit SET detail = replace(detail, 'names', 'x') WHERE action = 'purge'": (
        "was changed"
    ),
    "UPDATE versions SET report = 'x' WHERE layer = 'up1'": "but some of it is there",
    "DELETE FROM purges": "removed for good otherwise than the log says",
    "INSERT INTO purges VALUES ('up2', '2026')": "removed for good otherwise than the log says",
    "DELETE FROM versions WHERE layer = 'up1' AND version = 1": "stands in the log, but not in",
    "UPDATE originals SET bytes = :none WHERE sha256 IN "
    "(SELECT original FROM versions WHERE layer = 'up2')": "the file as received was changed",
    "UPDATE turns SET day = '2020-01-01' WHERE layer = 'up1'": "restored otherwise than the log",
}


def test_the_log_forgives_the_absence_of_what_was_purged_and_nothing_else(harmful):
    purging.purge(harmful, EDITOR, "up1", **HARM)
    for statement, told in TAMPERED.items():
        values = {"none": b""} if ":none" in statement else {}
        with harmful.writing() as connection:
            uploads.unguarded(connection)
            connection.execute(sa.text(statement), values)
            faults = trail.examine(connection).faults
            connection.get_transaction().rollback()
        assert told in " ".join(map(str, faults)), statement
    assert not trail.verify(harmful, EDITOR).faults


REFUSED = (
    "UPDATE audit SET detail = '{}' WHERE layer = 'up2'",
    "UPDATE audit SET who = 'Nobody' WHERE layer = 'up1'",
    "UPDATE turns SET reason = '' WHERE layer = 'up2'",
    "UPDATE turns SET reason = 'x' WHERE layer = 'up1'",
    "UPDATE versions SET title = '' WHERE layer = 'up2'",
    "UPDATE versions SET title = 'x' WHERE layer = 'up1'",
    "UPDATE originals SET bytes = :some",
    "DELETE FROM claims WHERE layer = 'up2'",
    "DELETE FROM purges",
    "UPDATE purges SET at = ''",
)


def test_the_database_lets_go_of_nothing_but_what_was_purged(harmful):
    purging.purge(harmful, EDITOR, "up1", **HARM)
    for statement in REFUSED:
        values = {"some": b"other"} if ":some" in statement else {}
        with (
            pytest.raises(sa.exc.DBAPIError, match="is kept as it is"),
            harmful.writing() as connection,
        ):
            connection.execute(sa.text(statement), values)


def test_a_backup_of_a_purged_store_is_made_and_comes_back(harmful, tmp_path):
    purging.purge(harmful, EDITOR, "up1", **HARM)
    target = tmp_path / "backup.zip"
    backup.make(harmful, EDITOR, target, at=later(10))
    backup.restore(harmful, EDITOR, target, at=later(11), replace=True)
    assert shelf.layer(harmful, EDITOR, "up1").purged
    assert not trail.verify(harmful, EDITOR).faults
