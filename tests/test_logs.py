"""The log: one line an event, and nothing in it of people or of what they bring."""

import io
import json
import logging

import pytest
import uploads

from geo import ingest, logs
from geo.errors import StoreError
from geo.store import desk, engine
from geo.store.people import Person

AWA = Person("awa@example.org #0123456789", "editor")


@pytest.fixture
def written():
    """What is written, as documents; the loggers are left as they were."""
    ours, stream = logging.getLogger("geo"), io.StringIO()
    before = ours.handlers[:], ours.level, ours.propagate
    logs.configure("json", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    ours.handlers[:], ours.level, ours.propagate = before


def test_an_event_is_one_line_of_json(written):
    logs.tell(logging.getLogger("geo.store"), "publish", layer="up1", note="a\nb\u2028c")
    (line,) = written()
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "info",
        "where": "geo.store",
        "what": "publish",
        "layer": "up1",
        "note": "a\nb\u2028c",
    }


@pytest.mark.parametrize(
    ("setting", "level", "first"),
    [
        ("", "INFO", "{"),
        ("warning", "WARNING", "{"),
        ("text", "INFO", "2"),
        ("TEXT, Error", "ERROR", "2"),
        ("?", "INFO", "{"),
    ],
)
def test_one_setting_says_level_and_format(written, setting, level, first):
    stream = io.StringIO()
    logs.configure(setting, stream)
    log = logging.getLogger("geo.anything")
    assert logging.getLevelName(log.getEffectiveLevel()) == level
    log.error("It\nhappened.")
    assert stream.getvalue()[0] == first
    assert stream.getvalue().count("\n") == 1
    assert written() == []  # the stream before is left


def test_an_exception_is_told_by_its_type_and_place_and_not_by_its_text(written):
    try:
        json.loads("{Kidal")
    except ValueError:
        logging.getLogger("geo.pages").exception("Something failed.")
    (line,) = written()
    assert line["fault"] == "JSONDecodeError"
    assert line["place"].startswith("tests/test_logs.py:")
    assert line["raised"].startswith("json/decoder.py:")
    assert "Kidal" not in json.dumps(line)


def test_other_libraries_write_their_sentence_and_not_what_they_fill_in():
    other, stream = logging.getLogger("streamlit.of_a_test"), io.StringIO()
    other.addHandler(handler := logging.StreamHandler(stream))
    ours = logging.getLogger("geo")
    before = ours.handlers[:], ours.level, ours.propagate
    try:
        logs.configure("json", io.StringIO())
        other.warning("Rejected: origin=%s", "https://someone.example")
        assert json.loads(stream.getvalue())["what"] == "Rejected: origin=%s"
        logs.configure("debug,json", io.StringIO())
        other.warning("Rejected: origin=%s", "https://someone.example")
        assert "someone.example" in stream.getvalue()
    finally:
        other.removeHandler(handler)
        ours.handlers[:], ours.level, ours.propagate = before


def test_what_is_done_is_told_once_it_is_kept_and_without_a_name(written, tmp_path):
    store = engine.Store(f"sqlite:///{tmp_path}/store.sqlite")
    upload = uploads.upload(title="Of the informant at Gao")
    done = desk.put_up(store, AWA, upload, at=uploads.MONDAY)
    with pytest.raises(StoreError):
        desk.publish(store, AWA, "up1", rev=done.layer.rev, at=uploads.MONDAY)
    desk.withdraw(store, AWA, "up1", rev=done.layer.rev, at=uploads.MONDAY, reason="He asked.")
    told = [(line["what"], line["layer"], line["version"]) for line in written()]
    assert told == [("draft", "up1", 1), ("publish", "up1", 1), ("withdraw", "up1", 1)]
    for word in ("awa@", "informant", "asked", upload.report.filename):
        assert word not in json.dumps(written())


def test_a_store_that_cannot_be_reached_is_told(written):
    with pytest.raises(StoreError):
        engine.Store("postgresql://awa:secret@127.0.0.1:1/none").prepare()
    (line,) = written()
    assert line["level"] == "warning"
    assert line["what"] == "store"
    assert "secret" not in json.dumps(line)


def test_a_refused_upload_is_told_by_its_rules_and_not_by_its_name(written):
    ingest.validate(b"%PDF-1.4 secret", "informants.pdf")
    (line,) = written()
    assert line["what"] == "refused"
    assert line["rules"]
    assert line["size"] == 15
    assert "informants" not in json.dumps(line)
