"""`build-composite`: the composite and the timeline of a layer too large for one process."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geo.cli import console
from geo.cli.options import Commands
from geo.errors import TilesError

_AUTO = "auto"


def add(commands: Commands) -> None:
    """Add the command."""
    about = "cut a large layer into faces and resolve them, on many processes"
    parser = commands.add_parser(
        "build-composite", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    parser.add_argument(
        "--layer", type=Path, required=True, metavar="FILE", help="claims, as GeoParquet"
    )
    parser.add_argument(
        "--units", type=Path, metavar="FILE", help="polygons to cut faces by and clip them to"
    )
    parser.add_argument(
        "--tiles", type=_tiles, default=_AUTO, metavar="N", help='how many; "auto" if left out'
    )
    parser.add_argument(
        "--scheduler",
        type=_address,
        metavar="ADDRESS",
        help="of a dask scheduler, such as tcp://10.0.0.5:8786; left out: one process a core",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a folder that does not exist yet"
    )
    parser.set_defaults(run=_run)


def _tiles(text: str) -> int | str:
    if text == _AUTO:
        return text
    if re.fullmatch("[1-9][0-9]{0,6}", text):
        return int(text)
    raise argparse.ArgumentTypeError(f'{text!r} is neither a number from 1 nor "{_AUTO}"')


def _address(text: str) -> str:
    if re.fullmatch(r"(tcp|tls|ws|wss)://.+:[0-9]+", text):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no address such as tcp://10.0.0.5:8786")


def _run(asked: argparse.Namespace, _folder: Path) -> int:
    run = _on_dask()
    job = run.Job(asked.layer, asked.out, asked.units, asked.tiles)
    run.check(job)
    with run.workers(asked.scheduler) as client, _bar() as tell:
        counts = run.build(job, client, tell)["counts"]
    console.say(
        f"{asked.out} written: {counts['claims']:,} claims, {counts['tiles']:,} tiles, "
        f"{counts['faces']:,} faces, {counts['runs']:,} runs."
    )
    if counts["repairs"]:
        console.say(f"{counts['repairs']:,} claims were repaired or clipped: see report.parquet.")
    return console.DONE


def _on_dask() -> Any:  # noqa: ANN401 (a module)
    """The module that needs dask, which the app does not."""
    try:
        from geo.tiles import run  # noqa: PLC0415 (for the same reason)
    except ModuleNotFoundError as fault:
        raise TilesError(
            f"This command needs {fault.name}, which this Python does not have. "
            f"Run: python -m pip install -r requirements-scale.txt"
        ) from fault
    return run


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each step of the run, on a terminal only, and gone in the end."""
    from tqdm import tqdm  # noqa: PLC0415 (comes with what _on_dask needs)

    shown: dict[str, Any] = {}

    def tell(step: str, done: int, of: int) -> None:
        if step not in shown:
            for bar in shown.values():
                bar.close()
            shown[step] = tqdm(desc=step, total=of, leave=False, disable=None)
        shown[step].update(done - shown[step].n)

    try:
        yield tell
    finally:
        for bar in shown.values():
            bar.close()
