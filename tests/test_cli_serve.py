import os
import subprocess
import sys

import pytest
import small

from geo import cli

APP = str(small.WORLD.parents[1] / "app.py")


@pytest.fixture
def started(monkeypatch):
    """The command lines that would have been run, on a POSIX system."""
    seen = []
    monkeypatch.setattr(os, "execv", lambda program, command: seen.append((program, command)))
    monkeypatch.setattr(subprocess, "call", lambda _: 0)
    return seen


def test_serve_becomes_streamlit_in_the_same_python(started):
    assert cli.main(["serve"]) == 0
    assert started == [
        (sys.executable, [sys.executable, "-m", "streamlit", "run", APP]),
    ]


def test_port_and_address_are_passed_on(started):
    assert cli.main(["serve", "--port", "8600", "--address", "0.0.0.0"]) == 0  # noqa: S104
    assert started[0][1][4:] == [APP, "--server.port=8600", "--server.address=0.0.0.0"]


def test_where_a_process_cannot_become_another_it_waits_for_it(started, monkeypatch):
    ran = []
    monkeypatch.setattr("geo.cli.serve.os.name", "nt")
    monkeypatch.setattr(subprocess, "call", lambda command: ran.append(command) or 3)
    assert cli.main(["serve"]) == 3
    assert started == []
    assert ran == [[sys.executable, "-m", "streamlit", "run", APP]]


def test_without_streamlit_serve_is_refused_with_what_to_do(started, monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert cli.main(["serve"]) == 1
    assert "python -m pip install -r requirements.txt" in capsys.readouterr().err
    assert started == []


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "080", "8501.0", ""])
def test_a_port_that_is_none_is_wrong_usage(port, started, capsys):
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main(["serve", "--port", port])
    assert started == []
    assert "usage: python -m geo serve" in capsys.readouterr().err
