import shutil
import subprocess
import sys

import pytest
import small

from geo import cli, layers


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    path = small.built(tmp_path_factory.mktemp("world") / "layers")
    return path


@pytest.fixture
def folder(once, tmp_path):
    return shutil.copytree(once, tmp_path / "layers")


def test_build_writes_every_layer_and_names_it(tmp_path, capsys):
    path = small.copied(tmp_path / "layers")
    assert cli.main(["build"], folder=path) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "cercles.geojson written\n" in err
    assert "claims_places.geojson written\n" in err
    assert layers.check(path) == []


def test_build_of_what_is_up_to_date_says_so(folder, capsys):
    assert cli.main(["build"], folder=folder) == 0
    assert capsys.readouterr().err == "Every layer was up to date.\n"


def test_build_says_which_layer_it_removed(folder, capsys):
    path = folder / "claims.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    assert cli.main(["build"], folder=folder) == 0
    assert capsys.readouterr().err == "claims_roads.geojson removed\n"


def test_check_of_what_is_up_to_date_is_done(folder, capsys):
    assert cli.main(["build", "--check"], folder=folder) == 0
    assert capsys.readouterr().err == "Every layer is up to date.\n"


def test_check_names_what_differs_writes_nothing_and_refuses(folder, capsys):
    (folder / "outline.geojson").write_bytes(b"")
    assert cli.main(["build", "--check"], folder=folder) == 1
    assert capsys.readouterr().err == (
        "outline.geojson is not what the tables make.\nRun: python -m geo build\n"
    )
    assert (folder / "outline.geojson").read_bytes() == b""


@pytest.mark.parametrize("options", [[], ["--check"]], ids=["build", "check"])
def test_a_fault_in_a_table_is_refused_with_its_message(folder, capsys, options):
    path = folder / "claims.csv"
    path.write_text(path.read_text().replace("C001,,CMA", "C001,,CNA"))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert cli.main(["build", *options], folder=folder) == 1
    assert capsys.readouterr().err == (
        "geo: claims.csv, line 2: actor names 'CNA', which actors.csv does not have. "
        "Add it to actors.csv or mend the key.\n"
    )
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, capsys, monkeypatch):
    path = small.copied(tmp_path / "layers")

    def locked(*_args, **_options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("tempfile.mkstemp", locked)
    assert cli.main(["build"], folder=path) == 1
    assert "Permission denied. Check who may read and write there." in capsys.readouterr().err


@pytest.mark.parametrize("typed", [[], ["biuld"], ["build", "--chekc"], ["build", "extra"]])
def test_wrong_usage_is_two(typed, capsys):
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main(typed)
    assert "usage: python -m geo" in capsys.readouterr().err


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main(["--help"])
    assert "build layers/*.geojson" in capsys.readouterr().out


def test_python_m_geo_runs_it():
    root = small.WORLD.parents[1]
    run = subprocess.run(
        [sys.executable, "-m", "geo", "build", "--nonsense"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "unrecognized arguments: --nonsense" in run.stderr
