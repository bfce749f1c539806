"""`serve`: the app, in the Python this command runs in."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from geo.cli import console, options, texts
from geo.cli.options import Commands

APP = Path(__file__).parents[2] / "app.py"


def add(commands: Commands) -> None:
    """Add the command."""
    about = "start the app, and open it in the browser"
    parser = commands.add_parser(
        "serve", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    parser.add_argument("--port", type=options.port, help="to listen at; Streamlit's if left out")
    parser.add_argument("--address", help="to listen at; this machine alone if left out")
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, _folder: Path) -> int:
    if importlib.util.find_spec("streamlit") is None:
        console.say(f"geo: {texts.NO_STREAMLIT.said('en')}")
        return console.REFUSED
    return _become([sys.executable, "-m", "streamlit", "run", str(APP), *_passed_on(asked)])


def _passed_on(asked: argparse.Namespace) -> list[str]:
    told = {"--server.port": asked.port, "--server.address": asked.address}
    return [f"{name}={value}" for name, value in told.items() if value is not None]


def _become(command: list[str]) -> int:
    """Run `command` in place of this process, so that every signal reaches it."""
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 -- our own interpreter, no shell
    return subprocess.call(command)  # noqa: S603 -- likewise
