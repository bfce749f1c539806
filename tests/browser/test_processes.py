"""Several processes of the app on one store: what one of them publishes, the others show."""

from contextlib import ExitStack

import pytest
import shapely
import uploads
from reader import App
from wire import Visit, go

from geo.store import desk, engine, where

OPENED = "date=2015-06-01&at=1.41,18.44"


@pytest.fixture
def store(postgres):
    """What SQLite does between processes is asked of the store alone (test_store_reliability)."""
    made = engine.Store(postgres.database().replace("postgresql:", "postgresql+psycopg:"))
    yield made
    made.close()


@pytest.fixture
def two(store, tmp_path):
    """Two processes of the app, each with caches of its own."""
    folders = [tmp_path / name for name in ("one", "two")]
    named = {where.URL: store.address.replace("+psycopg", "")}
    with ExitStack() as running:
        for folder in folders:
            folder.mkdir()
        apps = [App(folder, **named) for folder in folders]
        yield [running.enter_context(app).address for app in apps]


def shown(visit):
    """Claims that decide who holds the ground that is looked at, and the sentences beside."""
    panel = visit.given("panel")
    return {claim["id"] for claim in panel["details"]["claims"]}, panel["notices"]


async def acted(address, action):
    """The one layer there is, withdrawn or restored on the page of a process."""
    async with Visit(address, page="layers") as visit:
        [layer] = visit.given("uploads shelf")["layers"]
        told = {"layer": layer["layer"], "rev": layer["rev"], "action": action}
        await visit.trigger("uploads shelf", answer=told | {"reason": "Tried."})
        [after] = visit.given("uploads shelf")["layers"]
        assert after["rev"] > layer["rev"]


async def lives(one, two, publish):
    async with Visit(one, query=OPENED) as open_page:
        before, _ = shown(open_page)
        publish()
        async with Visit(one, query=OPENED) as visit:
            assert "up1:k1" in shown(visit)[0]
        view = open_page.given("panel")["view"]
        await open_page.tell("panel", wait=False, view=view | {"date": "2015-06-02"})
        await open_page.until(lambda: "up1:k1" in shown(open_page)[0])
        assert open_page.given("panel")["view"]["date"] == "2015-06-02"
    await acted(two, "withdraw")
    async with Visit(one, query=OPENED) as visit:
        assert shown(visit) == (before, [])
    await acted(one, "restore")
    async with Visit(two, query=OPENED) as visit:
        assert "up1:k1" in shown(visit)[0]


def test_what_one_process_publishes_withdraws_or_restores_the_other_shows(store, two):
    claim = uploads.row(
        "k1",
        "FAMA",
        shapely.box(1.2, 18.2, 1.6, 18.6),
        level="place",
        valid_from="2015-01-01",
        valid_to="2016-01-01",
    )

    def publish():
        desk.put_up(store, uploads.EDITOR, uploads.upload(claim), at=uploads.MONDAY)

    go(lives, *two, publish)
