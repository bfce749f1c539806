"""What a store must outlive, a few times each; `make reliability` does it many times."""

import ordeals
import pytest
from uploads import EDITOR

from geo.store import known, shelf, where

pytestmark = pytest.mark.skipif(not hasattr(ordeals.os, "fork"), reason="of POSIX")


def test_a_killed_process_leaves_no_half_layer_and_loses_nothing_acknowledged(address):
    done = ordeals.killed(address, 5)
    assert done["times"] == 5


def test_a_process_killed_while_it_makes_the_store_leaves_one_that_can_be_used(
    tmp_path, monkeypatch
):
    monkeypatch.setenv(where.FOLDER, str(tmp_path))

    def fresh():
        where.file_of(where.address()).unlink(missing_ok=True)

    ordeals.killed(where.address(), 5, fresh=fresh, seed=1)


def test_two_writers_lose_nothing_and_the_later_one_is_told(address):
    done = ordeals.two_writers(address, 5)
    assert done["publishes"] == 10
    assert done["won"] + done["told that they were late"] == 10


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path, monkeypatch):
    monkeypatch.setenv(where.FOLDER, str(tmp_path))
    done = ordeals.full_disk(where.address(), 6)
    assert 0 < done["refused"] < 6


def test_a_store_heals_when_its_server_comes_back(postgres, monkeypatch):
    monkeypatch.setenv(where.URL, postgres.database())
    done = ordeals.restarted(postgres, where.address(), 2)
    assert done["slowest answer"] < 5


def test_a_backup_under_load_is_of_one_moment(address, tmp_path):
    ordeals.backed_up(address, tmp_path, 1)


def test_what_one_process_publishes_another_sees(store):
    before = known.stamp()

    def work(tell):
        with ordeals.opened(store.address) as own:
            done = ordeals.desk.put_up(own, EDITOR, ordeals.given(1), at=ordeals.MONDAY)
            tell(done.layer.layer)

    process, reader = ordeals.forked(work)
    ordeals.os.waitpid(process, 0)
    [[layer]] = ordeals.told(reader)
    assert known.stamp() != before
    assert shelf.layer(store, EDITOR, layer).shown is not None
