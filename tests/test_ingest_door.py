"""Files through the whole way: the gate, a process of their own, and back."""

import sys
from dataclasses import replace
from datetime import UTC, datetime

import brought
import pytest
import shapely
from brought import DAY, collection, feature

from geo import claims, ingest, layers
from geo.ingest import LIMITS, crew

FRONT = collection(feature(), feature(brought.GAO, actor="FAMa"))
MANY = collection(*(feature(shapely.Point(1, 18).buffer(0.1, 40)) for _ in range(600)))
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends it in time")


def validate(data, name="front.geojson", **options):
    return ingest.validate(data, name, day=DAY, **options)


def test_a_file_comes_back_as_claims_and_as_the_same_report_as_without_the_guards():
    report, plain = validate(FRONT), brought.look(FRONT, "front.geojson")
    assert report.verdict == "accept"
    assert report.problems == plain.problems
    assert report.layer.drop(columns="geometry").equals(plain.layer.drop(columns="geometry"))
    assert report.layer.geometry.equals(plain.layer.geometry)
    assert [column.name for column in claims.COLUMNS] == list(report.layer.columns)[:-1]
    assert (report.size, len(report.sha256)) == (len(FRONT), 64)


def test_the_report_that_comes_back_can_be_kept_and_read_again():
    report = validate(FRONT)
    again = ingest.Report.from_json(report.to_json(), report.layer)
    assert again.document() == report.document()


@on_linux
def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_is_read():
    report = validate(MANY, limits=replace(LIMITS, seconds=0.05))
    assert (report.verdict, report.problems[0].rule) == ("reject", "took-too-long")
    assert validate(FRONT).verdict == "accept"


@on_linux
def test_a_file_that_takes_too_much_memory_is_stopped_and_the_next_one_is_read():
    report = validate(MANY, limits=replace(LIMITS, memory_bytes=2_000_000))
    assert report.verdict == "reject"
    assert report.problems[0].rule in {"took-too-much", "reader-stopped"}
    assert validate(FRONT).verdict == "accept"


@on_linux
def test_a_process_that_dies_is_replaced():
    validate(FRONT)
    for worker in [worker for ready in crew._idle.values() for worker in ready]:
        worker._process.kill()
        worker._process.wait()
    assert validate(FRONT).verdict == "accept"


def test_a_link_that_a_process_leaves_behind_is_not_followed(tmp_path):
    (tmp_path / "secret").write_bytes(b"s")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "hard").hardlink_to(tmp_path / "secret")
    assert crew._bytes(tmp_path / "link", 10) is None
    assert crew._bytes(tmp_path / "hard", 10) is None
    assert crew._bytes(tmp_path / "none", 10) is None
    (tmp_path / "own").write_bytes(b"o")
    assert crew._bytes(tmp_path / "own", 10) == b"o"
    assert crew._bytes(tmp_path / "own", 0) is None


def test_the_name_of_a_file_is_never_opened_and_never_long():
    report = validate(FRONT, "../../etc/\x00passwd\n" + "a" * 900 + ".geojson")
    assert len(report.filename) <= 200
    assert "\n" not in report.filename
    assert report.verdict == "accept"


def test_the_day_of_upload_is_today_unless_told():
    said = ingest.validate(FRONT, "front.geojson").layer.reported_on[0].date()
    assert abs((datetime.now(UTC).date() - said).days) <= 1  # noqa: TID251 (today it is)


@on_linux
def test_a_process_whose_app_is_gone_ends_and_leaves_nothing_in_its_folder():
    worker = crew.Worker(layers.FOLDER)
    assert set(worker.guards) <= {"files", "calls"}
    (worker._work / "left-over").write_text("x")
    worker._process.stdin.close()
    assert worker._process.wait(30) == 0
    assert not list(worker._work.glob("*"))
    worker.close()
