"""The run over files, on real worker processes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import dask
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from builders import KIDAL, arbitrary, claim, make, sample_points
from distributed import Client, LocalCluster
from oracle import state_at
from strategies import units

from geo import claims as claims_
from geo import cli, composite
from geo.errors import ClaimError, TilesError
from geo.tiles import files, run, slabs

ROOT = Path(__file__).parents[1]
DAYS = [date(2012, 4, 1), date(2014, 7, 9), date(2016, 1, 1), date(2018, 11, 30), date(2020, 2, 2)]

pytestmark = [
    # dask.dataframe resets an index in place, which pandas 3.1 wants no one to do.
    pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning"),
]


def cluster(**options):
    return LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
        **options,
    )


@pytest.fixture(scope="module")
def client():
    with cluster() as two, Client(two) as client:
        yield client


@pytest.fixture(scope="module")
def claims():
    """So many claims that three tiles have enough to do, and some of every kind."""
    road = shapely.LineString([(-5, 14), (-4, 15)])
    bow = shapely.Polygon([(-4, 15), (-3, 16), (-3, 15), (-4, 16)])
    more = make(
        claim("road", "JNIM", road, "2015-09-03", status="blockade"),
        claim("bow", "JNIM", bow, "2015-09-03"),
        claim("dot", "JNIM", shapely.box(-4, 15, -4 + 1e-7, 15 + 1e-7), "2015-09-03"),
    )
    return pd.concat([arbitrary(11, n=40), more], ignore_index=True)


@pytest.fixture(scope="module")
def layer(claims, tmp_path_factory):
    """A folder of three files, as a large layer often is."""
    folder = tmp_path_factory.mktemp("layer") / "claims"
    folder.mkdir()
    for part, rows in enumerate(np.array_split(np.arange(len(claims)), 3)):
        claims.iloc[rows].to_parquet(folder / f"{part}.parquet")
    return folder


@pytest.fixture(scope="module")
def built(client, layer, tmp_path_factory):
    out = tmp_path_factory.mktemp("built") / "out"
    run.build(run.Job(layer, out, tiles=3), client)
    return out


def tables_of(out):
    names = ("incidence", "runs", "states", "report")
    found = {name: pd.read_parquet(out / f"{name}.parquet") for name in names}
    return found | {"faces": gpd.read_parquet(out / "faces.parquet")}


def ground_of(out):
    """Area by unit and claims."""
    found = tables_of(out)
    claims_of = {
        face: tuple(sorted(ids)) for face, ids in found["incidence"].groupby("face_id").claim_id
    }
    parts = found["faces"].groupby("face_id").agg({"unit": "first", "area_km2": "sum"})
    keys = [(unit, claims_of.get(face, ())) for face, unit in parts.unit.items()]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, parts.area_km2, strict=True))


def ground_of_one_piece(claims, country=None):
    k = composite.build(claims, country)
    ids = k.claims.claim_id.to_numpy()
    return {
        (unit, tuple(ids[k.incidence[k.incidence[:, 0] == face, 1]])): km2
        for face, unit, km2 in zip(k.faces.index, k.faces.unit, k.faces.area_km2, strict=True)
    }


def assert_same_ground(a, b, km2=0.01):
    for key in a.keys() | b.keys():
        assert a.get(key, 0) == pytest.approx(b.get(key, 0), abs=km2), key


def said_of(found, point, day):
    """State, actors and influence of a point on a day; None where nobody says anything."""
    today = pd.Timestamp(day)
    faces = found["faces"]
    now = ~(faces.slab_from > today) & ~(faces.slab_to <= today)
    here = faces[now & faces.contains(point)].face_id
    runs = found["runs"][found["runs"].face_id.isin(here)]
    runs = runs[(runs.start <= today) & ~(runs.stop <= today)]
    if runs.empty:
        return None
    (number,) = runs.state_id
    row = found["states"].set_index("state_id").loc[number]
    return row.state, *(tuple(row[name]) for name in ("actors", "influence", "stale_influence"))


def assert_says_what_the_rule_says(out, claims, days=DAYS, points=12):
    found = tables_of(out)
    for point in sample_points(found["faces"], 7, points):
        for day in days:
            expected, _ = state_at(claims, point, day)
            said = said_of(found, point, day)
            names = ("state", "actors", "influence", "stale_influence")
            assert (said or ("none", (), (), ())) == tuple(expected[name] for name in names)


def hidden(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


# Two processes, and the answer of one piece.


def test_files_have_the_faces_of_one_piece(built, claims):
    assert_same_ground(ground_of(built), ground_of_one_piece(claims))


def test_files_say_what_the_rule_says(built, claims):
    assert_says_what_the_rule_says(built, claims)


def test_every_table_is_of_the_kinds_that_are_documented(built):
    found = tables_of(built)
    page = (ROOT / "docs" / "scale.md").read_text()
    for name, table in found.items():
        for column in table.columns:
            assert f"`{column}`" in page, f"{name}.{column}"
    assert found["faces"].crs == claims_.CRS
    assert len(list((built / "faces.parquet").iterdir())) == found["faces"].tile.nunique()


def test_faces_of_several_tiles_are_told_once(built):
    found = tables_of(built)
    assert found["faces"].face_id.duplicated().any()
    assert not found["incidence"].duplicated().any()
    assert not found["runs"].duplicated(["face_id", "start"]).any()
    assert set(found["incidence"].face_id) == set(found["faces"].face_id)


def test_the_manifest_counts_what_is_there_and_names_what_it_was_made_from(built, layer):
    said = json.loads((built / "manifest.json").read_text())
    found = tables_of(built)
    assert said["layer"] == {"name": "claims", "sha256": files.fingerprint(layer)}
    assert said["units"] is None
    assert said["counts"] == {
        "claims": 43,
        "tiles": 3,
        "faces": found["faces"].face_id.nunique(),
        "face_parts": len(found["faces"]),
        "pairs": len(found["incidence"]),
        "runs": len(found["runs"]),
        "states": len(found["states"]),
        "repairs": len(found["report"]),
    }
    assert said["area_km2"] == pytest.approx(found["faces"].area_km2.sum())
    assert said["checks"]["claims_differ_from_faces_km2"] < 0.05
    assert [tile["tile"] for tile in said["tiles"]] == [0, 1, 2]


def test_the_report_is_that_of_one_piece(built, claims):
    report = tables_of(built)["report"]
    assert list(report.itertuples(index=False, name=None)) == [
        (repair.claim_id, repair.what) for repair in composite.build(claims).report
    ]


def test_units_cut_and_clip_the_faces_of_all_tiles(client, layer, claims, tmp_path):
    units().to_parquet(tmp_path / "units.parquet")
    job = run.Job(layer, tmp_path / "out", tmp_path / "units.parquet", 4)
    said = run.build(job, client)
    km2 = 0.1  # borders of these units are up to 5 degrees long
    assert_same_ground(ground_of(job.out), ground_of_one_piece(claims, units()), km2)
    assert said["units"]["sha256"] == files.fingerprint(job.units)
    report = tables_of(job.out)["report"]
    whole = composite.build(claims, units()).report
    assert report.claim_id.tolist() == [repair.claim_id for repair in whole]


def test_claims_that_follow_each_other_are_cut_into_slabs_of_days(client, tmp_path):
    """With limits so low that a few claims are many; each worker gets them for this test only."""
    rows = []
    for i in range(40):
        start = pd.Timestamp("2014-05-21") + pd.Timedelta(days=10 * i)
        town = shapely.affinity.rotate(KIDAL, 7 * i)
        actor = ["CMA", "FAMA"][i % 2]
        rows.append(
            claim(
                f"{i:02d}",
                actor,
                town,
                str(start.date()),
                str(start.date() + pd.Timedelta(days=25)),
            )
        )
    table = make(*rows)
    table.to_parquet(tmp_path / "fronts.parquet")

    def limits(few, pairs):
        from geo.tiles import crowd, slabs  # noqa: PLC0415 (in the worker)

        before = crowd.FEW, slabs.PAIRS_OF_SLAB
        crowd.FEW, slabs.PAIRS_OF_SLAB = few, pairs
        return before

    (before, *_) = client.run(limits, 12, 500).values()
    try:
        said = run.build(run.Job(tmp_path / "fronts.parquet", tmp_path / "out", tiles=1), client)
    finally:
        client.run(limits, *before)
    (tile,) = said["tiles"]
    assert len(tile["cuts"]) > 2
    assert before == (64, slabs.PAIRS_OF_SLAB)
    days = [date(2014, 6, 1), date(2014, 11, 3), date(2015, 4, 4)]
    assert_says_what_the_rule_says(tmp_path / "out", table, days)


# A worker that dies.

SLOW = """
import os, time
from pathlib import Path
from geo.tiles import work

quick = work.build

def slow(folder, task):
    # The first tile to be begun waits to be killed; whoever begins it again finds the note.
    note = Path({note!r})
    try:
        with note.open("x") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return quick(folder, task)
    quick(folder, task)
    time.sleep(60)

def dask_setup(worker):
    work.build = slow
"""


def test_a_worker_killed_in_the_middle_of_its_work_changes_nothing(layer, built, tmp_path):
    note, out = tmp_path / "pid", tmp_path / "out"

    def kill():
        while not (note.exists() and note.read_text()):
            time.sleep(0.02)
        os.kill(int(note.read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    with cluster(preload=[SLOW.format(note=str(note))]) as two, Client(two) as client:
        before = set(client.run(os.getpid).values())
        killer.start()
        run.build(run.Job(layer, out, tiles=3), client)
        killer.join(timeout=1)
        assert int(note.read_text()) in before
        assert int(note.read_text()) not in client.run(os.getpid).values()
    for path in sorted(path for path in built.rglob("*") if path.is_file()):
        assert (out / path.relative_to(built)).read_bytes() == path.read_bytes(), path.name
    assert hidden(tmp_path) == []


def test_a_tile_that_workers_die_of_is_refused(layer, tmp_path):
    deadly = SLOW.format(note=str(tmp_path / "pid")).replace(
        "time.sleep(60)", "os.kill(os.getpid(), 9)"
    )
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        cluster(preload=[deadly]) as two,
        Client(two) as client,
    ):
        refused(run.Job(layer, tmp_path / "out"), client, r"workers died of the same task")
    assert [path.name for path in tmp_path.iterdir()] == ["pid"]


# The command.


def started(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "geo", "build-composite", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_the_command_builds_on_a_scheduler_that_is_running(client, layer, built, tmp_path):
    out = tmp_path / "out"
    scheduler = client.scheduler.address
    command = started("--layer", layer, "--tiles", 3, "--scheduler", scheduler, "--out", out)
    said, told = command.communicate(timeout=60)
    assert command.returncode == 0, told
    assert said == ""
    assert told.startswith(f"{out} written: 43 claims, 3 tiles, ")
    assert (out / "manifest.json").read_bytes() == (built / "manifest.json").read_bytes()


def test_the_command_starts_and_ends_workers_of_its_own(layer, built, tmp_path, capsys):
    out = tmp_path / "out"
    assert cli.main(["build-composite", "--layer", str(layer), "--out", str(out)]) == 0
    assert ground_of(out).keys() == ground_of(built).keys()
    said, told = capsys.readouterr()
    assert said == ""
    assert "1 tiles" in told


def test_the_command_killed_in_the_middle_leaves_no_folder(layer, tmp_path):
    out = tmp_path / "out"
    command = started("--layer", layer, "--out", out, start_new_session=True)
    while command.poll() is None and not hidden(tmp_path):
        time.sleep(0.01)
    os.killpg(command.pid, signal.SIGKILL)
    command.communicate(timeout=60)
    assert command.returncode == -signal.SIGKILL
    assert not out.exists()
    assert hidden(tmp_path)[0].startswith(".out.")


@pytest.mark.parametrize(
    "typed",
    [
        ["--out", "x"],
        ["--layer", "x.parquet", "--out", "x", "--tiles", "0"],
        ["--layer", "x.parquet", "--out", "x", "--tiles", "few"],
        ["--layer", "x.parquet", "--out", "x", "--scheduler", "here"],
    ],
)
def test_wrong_usage_is_two(typed, capsys):
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main(["build-composite", *typed])
    assert "usage: python -m geo build-composite" in capsys.readouterr().err


def test_without_dask_the_command_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "geo.tiles.run", None)
    monkeypatch.delattr("geo.tiles.run")
    assert cli.main(["build-composite", "--layer", "x.parquet", "--out", "x"]) == 1
    assert "python -m pip install -r requirements-scale.txt" in capsys.readouterr().err


# What is refused.


def refused(job, client, message, error=TilesError):
    with pytest.raises(error, match=message):
        run.build(job, client)


def test_what_is_there_already_is_not_overwritten(client, layer, built, tmp_path):
    refused(run.Job(layer, built), client, r"out is there already. Move it away")
    note = tmp_path / "notes.txt"
    note.write_text("mine")
    refused(run.Job(layer, note), client, r"notes\.txt is there already")
    assert note.read_text() == "mine"


def test_a_folder_that_came_to_be_in_the_meantime_is_not_overwritten(client, layer, tmp_path):
    out = tmp_path / "out"

    def meanwhile(step, *_):
        if step == "publish":
            out.mkdir(exist_ok=True)

    with pytest.raises(TilesError, match=r"out is there already"):
        run.build(run.Job(layer, out, tiles=1), client, meanwhile)
    assert list(out.iterdir()) == []
    assert hidden(tmp_path) == []


def test_a_folder_without_a_place_is_refused(client, layer, tmp_path):
    refused(run.Job(layer, tmp_path / "no" / "out"), client, r"There is no folder .*no for out")


def test_a_layer_that_is_missing_or_no_geoparquet_is_refused(client, tmp_path):
    out = tmp_path / "out"
    refused(run.Job(tmp_path / "no.parquet", out), client, r"no\.parquet does not exist")
    (tmp_path / "text.parquet").write_text("claim_id,actor")
    refused(run.Job(tmp_path / "text.parquet", out), client, r"cannot be read as GeoParquet")
    pd.DataFrame({"claim_id": ["1"]}).to_parquet(tmp_path / "plain.parquet")
    refused(run.Job(tmp_path / "plain.parquet", out), client, r"cannot be read as GeoParquet")


def test_a_layer_that_is_damaged_is_refused(client, claims, tmp_path):
    path = tmp_path / "damaged.parquet"
    claims.to_parquet(path)
    content = bytearray(path.read_bytes())
    content[200:1200] = bytes(1000)
    path.write_bytes(content)
    refused(run.Job(path, tmp_path / "out"), client, r"damaged\.parquet is damaged")


def test_workers_that_do_not_see_the_folder_are_refused(client, layer, tmp_path, monkeypatch):
    monkeypatch.setattr(run.work, "sees", lambda _folder: False)
    refused(run.Job(layer, tmp_path / "out"), client, r"does not see .*Name a folder that all")


def test_a_layer_that_is_not_claims_is_refused_with_what_it_lacks(client, claims, tmp_path):
    claims.drop(columns="actor").to_parquet(tmp_path / "some.parquet")
    job = run.Job(tmp_path / "some.parquet", tmp_path / "out")
    refused(job, client, r"Column 'actor' is missing from some\.parquet", ClaimError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["some.parquet"]


def test_a_claim_that_stands_in_two_files_is_refused(client, claims, tmp_path):
    folder = tmp_path / "twice"
    folder.mkdir()
    claims.to_parquet(folder / "0.parquet")
    claims.iloc[3:4].to_parquet(folder / "1.parquet")
    refused(run.Job(folder, tmp_path / "out"), client, r"Claim 'c003' stands twice", ClaimError)


def test_a_layer_that_covers_no_ground_is_refused(client, claims, tmp_path):
    claims[claims.claim_id == "road"].to_parquet(tmp_path / "road.parquet")
    claims.iloc[:0].to_parquet(tmp_path / "none.parquet")
    for name in ("road", "none"):
        layer = tmp_path / f"{name}.parquet"
        refused(run.Job(layer, tmp_path / "out"), client, rf"{name}\.parquet covers no ground")


def test_units_that_cannot_be_read_are_refused(client, layer, tmp_path):
    (tmp_path / "units.geojson").write_text("{")
    job = run.Job(layer, tmp_path / "out", tmp_path / "units.geojson")
    refused(job, client, r"units\.geojson cannot be read as units")


def test_a_scheduler_that_does_not_answer_is_refused(monkeypatch):
    monkeypatch.setattr(run, "_PATIENCE", 0.3)
    answers = run.workers("tcp://127.0.0.1:9")
    with pytest.raises(TilesError, match=r"No scheduler answers at tcp://127\.0\.0\.1:9"):
        answers.__enter__()
