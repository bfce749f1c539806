"""The engine beside geopandas: a day, every day, what is heard, and how the cost grows.

`--full` adds 30,000 claims and takes some minutes more. Times are CPU seconds of one process.
"""

from __future__ import annotations

import itertools
import math
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import naive, synthetic
from geo import areas, composite, figures, history, layers, slices, timeline
from geo.timeline import Timeline

FEW, MANY, MOST = 300, 3_000, 30_000  # claims
SAMPLED = {FEW: 20, MANY: 20, MOST: 6}  # days on which the peer is asked
REPEATS = {FEW: 5, MANY: 5, MOST: 1}


def main() -> None:
    """Print the figures."""
    counts = (FEW, MANY, MOST) if "--full" in sys.argv else (FEW, MANY)
    regions = synthetic.regions()
    runs = [_run(count, regions) for count in counts]
    _print_growth(runs)
    for run in runs[1:]:
        _print_peer(run)
    _print_filters(runs[1])
    _print_shipped()
    if MOST in counts:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(f"\nPeak memory with {MOST:,} claims: {pool.apply(_peak_gb, (MOST,)):.2f} GB.")


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Everything the engine makes of some claims, and what it took.

    Attributes
    ----------
    kinds
        What is counted: (state, actors) of any state of the timeline.
    kind
        (S,) the place in `kinds` of every row of `Timeline.states`.
    days, km2
        (D,) days on which anything changes, and (kinds x regions, D) the areas from each on.
    cut, rule, series
        CPU seconds for the composite, the timeline, and the areas of every day.
    """

    claims: gpd.GeoDataFrame
    regions: gpd.GeoDataFrame
    timeline: Timeline
    kinds: list[tuple[str, tuple[str, ...]]]
    kind: NDArray[np.int64]
    days: NDArray[np.datetime64]
    km2: NDArray[np.float64]
    cut: float
    rule: float
    series: float

    @property
    def everything(self) -> float:
        """CPU seconds from claims to the areas of every day."""
        return self.cut + self.rule + self.series


def _run(count: int, regions: gpd.GeoDataFrame) -> Run:
    claims = synthetic.claims_of(count)
    made, cut = _timed(lambda: composite.build(claims, regions), REPEATS[count])
    said, rule = _timed(lambda: timeline.resolve(made), REPEATS[count])
    kinds, kind = _kinds(said)
    (days, km2), series = _timed(lambda: _series(said, kind), REPEATS[count])
    return Run(claims, regions, said, kinds, kind, days, km2, cut, rule, series)


def _timed(work: Callable[[], Any], repeats: int) -> tuple[Any, float]:
    """What `work` makes, and the median of its CPU seconds."""
    took = []
    for _ in range(repeats):
        began = time.process_time()
        made = work()
        took.append(time.process_time() - began)
    return made, statistics.median(took)


# ---- what the engine answers


def _kinds(said: Timeline) -> tuple[list[tuple[str, tuple[str, ...]]], NDArray[np.int64]]:
    pairs = list(zip(said.states["state"], said.states["actors"], strict=True))
    kinds = list(dict.fromkeys(pairs))
    place = {kind: row for row, kind in enumerate(kinds)}
    return kinds, np.array([place[pair] for pair in pairs], dtype=np.int64)


def _series(
    said: Timeline, kind: NDArray[np.int64]
) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """Areas by kind and region from every day of change on.

    Ground comes to its row on the day its run starts, and leaves it on the day the run stops.
    """
    runs, faces, regions = said.runs, said.composite.faces, len(said.composite.units)
    days = history.changes_days(said)
    row = kind[runs.state] * regions + faces["unit"].to_numpy()[runs.face]
    km2 = faces["area_km2"].to_numpy()[runs.face]
    cells = (kind.max() + 1) * regions * (len(days) + 1)
    change = areas.sum_by(row * (len(days) + 1) + np.searchsorted(days, runs.start), km2, cells)
    stop = np.where(np.isnat(runs.stop), len(days), np.searchsorted(days, runs.stop))
    change -= areas.sum_by(row * (len(days) + 1) + stop, km2, cells)
    return days, np.cumsum(change.reshape(-1, len(days) + 1), axis=1)[:, :-1]


def _slice(run: Run, day: date) -> NDArray[np.float64]:
    """Areas by kind and region on one day."""
    faces, regions = run.timeline.composite.faces, len(run.regions)
    state = slices.states_on(run.timeline, day)
    told = np.flatnonzero(state >= 0)
    row = run.kind[state[told]] * regions + faces["unit"].to_numpy()[told]
    return areas.sum_by(row, faces["area_km2"].to_numpy()[told], len(run.kinds) * regions)


def _as_table(run: Run, km2: NDArray[np.float64]) -> pd.Series:
    """Areas by kind and region as `naive.table` has them."""
    named = [(state, actors[0] if state == "control" else "") for state, actors in run.kinds]
    rows = pd.MultiIndex.from_tuples(
        [(region, *name) for name in named for region in run.regions.index],
        names=("region", "state", "actor"),
    )
    return pd.Series(km2, index=rows).groupby(level=rows.names).sum()


# ---- beside the peer


def _print_growth(runs: Sequence[Run]) -> None:
    print(
        "| claims | faces | runs | composite s | timeline s | areas of every day s | together s |"
    )
    print("|---|---|---|---|---|---|---|")
    for run in runs:
        faces, lasting = len(run.timeline.composite.faces), len(run.timeline.runs.face)
        print(
            f"| {len(run.claims):,} | {faces:,} | {lasting:,} | {run.cut:.2f} | {run.rule:.3f} "
            f"| {run.series:.3f} | {run.everything:.2f} |"
        )
    print()
    for one, other in itertools.pairwise(runs):
        more = math.log(len(other.claims) / len(one.claims))
        grown = math.log(other.everything / one.everything) / more
        print(
            f"From {len(one.claims):,} to {len(other.claims):,} claims it grows as N^{grown:.2f}."
        )


def _print_peer(run: Run) -> None:
    """One day and all days, beside a notebook that makes every day anew."""
    count = len(run.claims)
    ends = pd.concat([run.claims["valid_from"], run.claims["valid_to"].dropna()])
    change = np.unique(ends.to_numpy("datetime64[D]"))
    sample = change[np.linspace(0, len(change) - 1, SAMPLED[count]).astype(int)].tolist()
    peer, ours, at, wrong = [], [], [], 0.0
    for day in sample:
        table, took = _timed(lambda day=day: naive.table(run.claims, run.regions, day), 1)
        peer.append(took)
        km2, took = _timed(lambda day=day: _slice(run, day), 25)
        ours.append(took)
        at.append(_timed(lambda day=day: slices.at(run.timeline, day), 9)[1])
        for told in (km2, _then(run, day)):
            wrong = max(wrong, _as_table(run, told).sub(table, fill_value=0).abs().max())

    every = statistics.mean(peer) * len(change)
    whole, told = _timed(lambda: _figures(run, sample[0], sample[-1]), REPEATS[count])
    print(
        f"\n{count:,} claims, {len(change):,} days of change; geopandas asked on {len(sample)}:\n"
    )
    print("| work | engine s | geopandas s | times faster |")
    print("|---|---|---|---|")
    day = statistics.median(peer)
    _print_row("areas of one day", statistics.median(ours), day)
    _print_row("a whole slice: faces, states, deciding claims", statistics.median(at), day)
    _print_row("areas of every day, build and all", run.everything, every)
    _print_row(
        f"`figures`: ranges of three readings on {whole:,} days, build and all",
        run.cut + run.rule + told,
        every,
    )
    print(f"\nLargest difference of any area by region, state and actor: {wrong:.4f} km².")


def _then(run: Run, day: date) -> NDArray[np.float64]:
    """Areas by kind and region on one day, as the series of every day has them."""
    column = np.searchsorted(run.days, np.datetime64(day), side="right") - 1
    # On the day of a claim that lies outside the regions nothing has changed yet.
    return run.km2[:, column] if column >= 0 else np.zeros(len(run.km2))


def _figures(run: Run, first: date, last: date) -> int:
    table = figures.over_time(figures.ranges(run.timeline), first, last)
    return table["day"].nunique()


def _print_row(work: str, ours: float, peer: float) -> None:
    print(f"| {work} | {ours:.3g} | {peer:.3g} | {peer / ours:,.0f} |")


# ---- hearing something else


def _print_filters(run: Run) -> None:
    """Another known-on day, or fewer sources: the rule alone beside the cut and the rule."""
    print(f"\n{len(run.claims):,} claims, hearing some of them:\n")
    print("| heard | claims | rule s | cut anew s | times faster |")
    print("|---|---|---|---|---|")
    ratios, wrong = [], 0.0
    for name, chosen, heard in _filters(run.claims):
        some = run.claims[heard]
        ours, took = _timed(lambda c=chosen: timeline.resolve(run.timeline.composite, **c), 9)
        anew, cut = _timed(lambda c=chosen, s=some: _anew(s, run.regions, c), 3)
        ratios.append(cut / took)
        wrong = max(wrong, abs(_spoken_for(ours) - _spoken_for(anew)))
        print(f"| {name} | {len(some):,} | {took:.4f} | {cut:.3f} | {cut / took:.0f} |")
    print(f"\nMedian: {statistics.median(ratios):.0f} times. ", end="")
    print(f"Largest difference of the ground spoken for on any day: {wrong:.4f} km².")


def _filters(
    claims: gpd.GeoDataFrame,
) -> Iterator[tuple[str, dict[str, Any], NDArray[np.bool_]]]:
    for share in (0.25, 0.5, 0.75):
        day = claims["reported_on"].quantile(share, interpolation="nearest")
        known = (claims["reported_on"] <= day).to_numpy()
        yield f"known on {day:%Y-%m-%d}", {"known_on": day.date()}, known
    for one_in in (4, 2):
        row = np.arange(len(claims))
        kept = claims["sources"].str[0].to_numpy()[row % one_in > 0]
        if one_in == 2:  # noqa: PLR2004
            kept = claims["sources"].str[0].to_numpy()[row % one_in == 0]
        heard = claims["sources"].str[0].isin(kept).to_numpy()
        yield f"{len(kept):,} of the sources", {"sources": kept.tolist()}, heard


def _anew(some: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, chosen: dict[str, Any]) -> Timeline:
    return timeline.resolve(composite.build(some, regions), **chosen)


def _spoken_for(said: Timeline) -> float:
    """Ground-days on which anything is said of the ground, in km² of one day."""
    _, km2 = _series(said, _kinds(said)[1])
    return float(km2.sum(axis=0).max())


# ---- the shipped layers, and memory


def _print_shipped() -> None:
    shipped = layers.load()
    made, cut = _timed(lambda: composite.build(shipped.claims, shipped.units), 9)
    said, rule = _timed(lambda: timeline.resolve(made), 25)
    day = shipped.dataset.supported_until
    _, at = _timed(lambda: slices.at(said, day), 25)
    print(
        f"\nThe shipped layers ({len(shipped.claims)} claims, {len(made.faces)} faces): composite "
        f"{cut * 1000:.0f} ms, timeline {rule * 1000:.1f} ms, slice {at * 1000:.1f} ms."
    )


def _peak_gb(count: int) -> float:
    """Largest memory of a process that does everything with `count` claims, and nothing else."""
    _run(count, synthetic.regions())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # in kB on Linux


if __name__ == "__main__":
    main()
