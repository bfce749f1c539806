"""The pages as Streamlit runs them: they open, and what is wrong is a sentence and no traceback."""

import json
import shutil
from datetime import date
from functools import partial

import pytest
import shapely
import small
import uploads
from streamlit.testing.v1 import AppTest

from geo import layers
from geo.errors import StoreError
from geo.pages import loading
from geo.store import desk, engine, where

APP = str(small.WORLD.parents[1] / "app.py")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of layers that the pages read in place of the shipped one, and have not read yet."""
    path = small.built(tmp_path / "layers")
    monkeypatch.setattr(layers, "load", partial(layers.load, path))
    monkeypatch.setattr(layers, "stamp", partial(layers.stamp, path))
    monkeypatch.setenv("MALI_CONTROL_CACHE", str(tmp_path / "cache"))
    loading._last_good.clear()
    yield path
    loading._last_good.clear()


def opened(**query):
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def part(app, name):
    """What a component of ours on the page is given."""
    (found,) = (
        element.proto
        for element in app.get("bidi_component")
        if element.proto.component_name == name
    )
    return json.loads(found.json)


def seen(panel):
    """The view as the address has it, whatever the language."""
    return {name: value for name, value in panel["view"].items() if name != "lang"}


def told(app):
    """Everything said on the page by Streamlit itself."""
    return [element.value for element in (*app.error, *app.text, *app.warning)]


def replaced(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def statements():
    from geo.pages import statements as page  # noqa: PLC0415 -- the body is a script of its own

    page.show()


def test_the_map_opens_on_the_last_day_that_is_supported():
    app = opened()
    assert (list(app.exception), told(app)) == ([], [])
    scrubber, panel = part(app, "date_scrubber"), part(app, "map_panel")
    assert scrubber["day"] == scrubber["last"]
    assert seen(panel) == {"date": "2026-07-14"}
    assert (panel["details"], panel["notices"]) == (None, [])
    assert len(app.get("component_instance")) == 1  # the map


def test_an_address_that_names_an_event_and_no_day_opens_on_its_day():
    scrubber, panel = (part(opened(event="e001"), name) for name in ("date_scrubber", "map_panel"))
    assert seen(panel)["date"] == "2014-05-21"
    assert scrubber["day"] == (date(2014, 5, 21) - date(2012, 1, 1)).days
    assert panel["event"]["title"] == "Fighting in Kidal"
    other = part(opened(event="e001", date="2020-01-01"), "map_panel")
    assert (seen(other)["date"], seen(other)["event"]) == ("2020-01-01", "e001")


def test_an_address_opens_its_view():
    app = opened(date="2015-06-01", map="7/18/1", at="1.41,18.44")
    scrubber, panel = part(app, "date_scrubber"), part(app, "map_panel")
    assert scrubber["view"] == {"zoom": 7, "lat": 18, "lon": 1}
    assert seen(panel) == {"date": "2015-06-01", "map": "7/18/1", "at": "1.41,18.44"}
    assert panel["details"]["title"] == "Kidal"
    assert panel["details"]["state"]["text"] == "Controlled by CMA"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"date": "yesterday"}, "'yesterday', which is not a day. Write it as YYYY-MM-DD"),
        ({"date": "2030-01-01"}, "the data cover 2012-01-01 to 2026-07-14"),
        ({"map": "far/away"}, "'far/away' where map=zoom/lat/lon is expected"),
        ({"at": "1.4"}, "'1.4' where at=lon,lat is expected"),
        ({"known": "2024-13-01"}, "'2024-13-01', which is not a day"),
        ({"confidence": "certain"}, "Write one of low, medium, high"),
        ({"without": "<b>"}, "'<b>', which are not keys of the bibliography"),
    ],
)
def test_a_wrong_parameter_is_a_sentence_beside_the_default_view(query, sentence):
    app = opened(**query)
    panel = part(app, "map_panel")
    assert not app.exception
    assert len(panel["notices"]) == 1
    assert sentence in panel["notices"][0]
    assert seen(panel) == {"date": "2026-07-14"}


def test_ground_outside_the_country_opens_no_details():
    app = opened(at="40,50")
    assert not app.exception
    assert part(app, "map_panel")["details"] is None


def test_what_counts_changes_the_data_of_the_map_and_not_the_map():
    everything, less = opened(date="2025-01-01"), opened(date="2025-01-01", known="2014-01-01")
    maps = [app.get("component_instance")[0].proto.json_args for app in (everything, less)]
    names = [part(app, "map_panel")["payload"] for app in (everything, less)]
    assert maps[0].split("map_")[0] == maps[1].split("map_")[0]
    assert names[0] != names[1]
    details = part(opened(date="2025-01-01", known="2014-01-01", at="1.41,18.44"), "map_panel")
    assert details["details"]["state"]["text"] == "No information"


def test_the_page_speaks_the_language_of_the_address():
    french = opened(lang="fr", at="1.41,18.44")
    assert part(french, "map_panel")["text"]["legend"] != "In view"
    assert part(french, "date_scrubber")["language"] == "fr-FR"


def test_the_statements_stand_beside_what_was_found():
    app = AppTest.from_function(statements, default_timeout=60).run()
    assert not app.exception
    (said,) = part(app, "statement_list")["statements"]
    assert (said["said"], said["verdict"]) == ("The north is lost.", "Disputed")
    assert said["disagreements"][0]["reading"] == "A on the ground."
    assert said["events"][0]["title"] == "Fighting in Kidal"


DAMAGES = {
    "a column is missing": (
        lambda path: replaced(path, "claims.csv", ",confidence,", ",konfidence,"),
        "claims.csv: column 'confidence' is missing",
    ),
    "a layer is gone": (
        lambda path: (path / "units.geojson").unlink(),
        "units.geojson is missing",
    ),
    "a layer is cut short": (
        lambda path: (path / "outline.geojson").write_bytes(b'{"type": "Featu'),
        "outline.geojson is no longer GeoJSON",
    ),
    "a table has changed since the build": (
        lambda path: replaced(path, "claims.csv", "2024-02-10", "2024-02-11"),
        "Run: python -m geo build",
    ),
    "a word is not known": (
        lambda path: replaced(path, "claims.csv", ",contested,", ",contestedd,"),
        "'contestedd'",
    ),
    "the folder is gone": (shutil.rmtree, "cannot be read"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_layers_are_a_sentence_that_names_the_thing_and_the_remedy(folder, damage):
    spoil, sentence = DAMAGES[damage]
    spoil(folder)
    for app in (opened(), AppTest.from_function(statements, default_timeout=60).run()):
        assert not app.exception
        title, message = told(app)
        assert title in ("The map cannot be shown.", "The statements cannot be shown.")
        assert sentence in message
        assert "Traceback" not in message
        assert not app.get("component_instance")


def test_layers_damaged_while_the_app_runs_leave_the_last_good_state(folder):
    before = opened(date="2015-06-01", at="1.41,18.44")
    replaced(folder, "claims.csv", ",confidence,", ",konfidence,")
    after = opened(date="2015-06-01", at="1.41,18.44")
    assert (list(after.exception), told(after)) == ([], [])
    earlier, panel = part(before, "map_panel"), part(after, "map_panel")
    assert panel["details"] == earlier["details"]
    (notice,) = panel["notices"]
    assert "column 'confidence' is missing" in notice
    assert notice.endswith("The map still shows the layers as they were before.")


def test_layers_that_were_mended_are_shown(folder):
    opened()
    replaced(folder, "claims.csv", "CMA holds Kidal.", "CMA governs Kidal.")
    layers.write(folder)
    panel = part(opened(date="2015-06-01", at="1.41,18.44"), "map_panel")
    assert panel["details"]["claims"][0]["note"] == "CMA governs Kidal."
    assert panel["notices"] == []


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv(where.FOLDER, str(tmp_path / "store"))
    opened_store = engine.Store(where.address())
    yield opened_store
    opened_store.close()


def test_a_published_layer_is_on_the_map_with_its_title_and_gone_when_withdrawn(store):
    told_of = dict(level="place", valid_from="2015-01-01", valid_to="2016-01-01")
    claim = uploads.row("k1", "FAMA", shapely.box(1.2, 18.2, 1.6, 18.6), **told_of)
    given = uploads.upload(claim, title="Lines of 2015")
    before = part(opened(date="2015-06-01", at="1.41,18.44"), "map_panel")
    up1 = desk.put_up(store, uploads.EDITOR, given, at=uploads.MONDAY).layer
    panel = part(opened(date="2015-06-01", at="1.41,18.44"), "map_panel")
    [block] = [one for one in panel["details"]["claims"] if one["id"] == "up1:k1"]
    assert block["tags"][-1] == "layer “Lines of 2015”"
    assert "up1-afp" in {source["key"] for source in panel["sources"]}
    known = part(opened(date="2015-06-01", at="1.41,18.44", known="2026-07-05"), "map_panel")
    assert known["details"]["state"] == before["details"]["state"]
    desk.withdraw(store, uploads.EDITOR, "up1", rev=up1.rev, at=uploads.later(1))
    after = part(opened(date="2015-06-01", at="1.41,18.44"), "map_panel")
    assert after["details"]["claims"] == before["details"]["claims"]


def test_the_map_opens_on_the_last_day_of_the_whole_data_set(store):
    lasting = uploads.row("k1", "FAMA", shapely.box(1.2, 18.2, 1.6, 18.6))
    desk.put_up(store, uploads.EDITOR, uploads.upload(lasting), at=uploads.later(100))
    app = opened()
    assert (list(app.exception), told(app)) == ([], [])
    scrubber, panel = part(app, "date_scrubber"), part(app, "map_panel")
    assert seen(panel) == {"date": "2026-07-14"}
    assert scrubber["last"] - scrubber["day"] == 92
    assert panel["notices"] == []
    (notice,) = part(opened(date="2026-07-15"), "map_panel")["notices"]
    assert notice.endswith("After that day only uploaded layers are shown.")


@pytest.mark.parametrize("was_there", [False, True])
def test_a_store_that_cannot_be_reached_is_a_sentence_beside_the_map(was_there, monkeypatch):
    if was_there:
        opened()
    monkeypatch.setenv(where.URL, "postgresql://nobody:secret@127.0.0.1:9/none")
    app = opened(date="2015-06-01", lang="fr")
    assert (list(app.exception), told(app)) == ([], [])
    (notice,) = part(app, "map_panel")["notices"]
    assert notice.startswith("Le dépôt des couches déposées est injoignable")
    end = (
        "telles qu\u2019elles étaient auparavant." if was_there else "aucune des couches déposées."
    )
    assert notice.endswith(end), notice
    assert "secret" not in notice


def notices():
    app = opened(date="2015-06-01", at="1.41,18.44")
    assert (list(app.exception), told(app)) == ([], [])
    panel = part(app, "map_panel")
    return "up1:k1" in {claim["id"] for claim in panel["details"]["claims"]}, panel["notices"]


@pytest.fixture
def put_up():
    """Publishes a layer whose claim decides in 2015."""
    told_of = dict(level="place", valid_from="2015-01-01", valid_to="2016-01-01")
    claim = uploads.row("k1", "FAMA", shapely.box(1.2, 18.2, 1.6, 18.6), **told_of)
    given = uploads.upload(claim)
    return lambda store: desk.put_up(store, uploads.EDITOR, given, at=uploads.MONDAY)


def test_a_map_outlives_its_database_server_and_heals_by_itself(postgres, put_up, monkeypatch):
    monkeypatch.setenv(where.URL, postgres.database())
    put_up(engine.opened(where.address()))
    assert notices() == (True, [])
    postgres.stop("immediate")
    try:
        shown, [notice] = notices()
        assert shown
        assert "cannot be reached" in notice
        assert notice.endswith("The map still shows the layers as they were before.")
    finally:
        postgres.start()
    assert notices() == (True, [])


def test_a_map_outlives_the_file_of_its_store_and_makes_no_empty_one_in_its_place(put_up, store):
    put_up(store)
    assert notices() == (True, [])
    aside = store.file.rename(store.file.with_suffix(".aside"))
    shown, [notice] = notices()
    assert shown
    assert notice.startswith("The file of the store of uploaded layers is gone.")
    with pytest.raises(StoreError, match="is gone"):
        put_up(store)
    assert not store.file.exists()
    store.file.write_bytes(b"no database" * 100)
    assert "is damaged, or is none" in notices()[1][0]
    aside.replace(store.file)
    assert notices() == (True, [])


def test_a_page_that_is_open_asks_the_store_only_now_and_then(store, monkeypatch):
    before, _ = loading.shipped()
    now = loading.monotonic()
    desk.put_up(store, uploads.EDITOR, uploads.upload(), at=uploads.MONDAY)
    monkeypatch.setattr(loading, "monotonic", lambda: now + 1)
    assert loading.lately()[0] is before
    monkeypatch.setattr(loading, "monotonic", lambda: now + loading.LATELY + 1)
    assert loading.lately()[0].fingerprint != before.fingerprint


def test_a_damaged_layer_that_quotes_markup_is_quoted_as_text(folder):
    hostile = "<script>window.pwned=1</script>[x](javascript:1)"
    replaced(folder, "claims.csv", ",contested,", f",{hostile},")
    app = opened()
    assert [element.value for element in app.text if hostile in element.value]
    assert not app.markdown
