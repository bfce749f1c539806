"""Claims and states as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from geo import tables
from geo.claims import SEPARATOR
from geo.cli import records, texts
from geo.cli.texts import Text
from geo.cli.world import World

_INDENT = "  "


def state(world: World, row: Mapping[str, Any]) -> str:
    """A resolved state in one line, and in brackets what of it is past its shelf-life."""
    lang = world.lang
    holders, influence = (world.names.actors(row[name]) for name in ("actors", "influence"))
    line = texts.state(lang, row["state"], holders, influence)
    late = [texts.STALE_SHORT.said(lang)] if row["stale"] else []
    beside = row.get("stale_influence", ())
    if beside and not (row["stale"] and row["state"] == "influence"):
        actors = texts.listed(lang, world.names.actors(beside))
        late.append(texts.STALE_INFLUENCE.said(lang, actors=actors))
    return f"{line} ({texts.APART.said(lang).join(late)})" if late else line


def heard(world: World) -> Iterator[str]:
    """What was left out at the reader's wish; no lines where nothing was."""
    asked, lang = world.timeline.filters, world.lang
    if asked.known_on is not None:
        yield texts.KNOWN_ON.said(lang, day=asked.known_on)
    if asked.sources is not None:
        yield texts.HEARD.said(lang, sources=", ".join(sorted(asked.sources)))
    if asked.layers is not None:
        told = texts.LAYERS_HEARD if asked.layers else texts.NO_LAYER_HEARD
        yield told.said(lang, layers=", ".join(sorted(asked.layers)))
    if asked.min_confidence is not None:
        floor = texts.CONFIDENCE[asked.min_confidence].said(lang)
        yield texts.FLOOR.said(lang, confidence=floor)


def section(title: Text, world: World, table: pd.DataFrame) -> Iterator[str]:
    """Claims under a heading, everything about each; no lines where there are none."""
    if len(table):
        yield ""
        yield title.said(world.lang)
    for row in tables.rows(table):
        first, *rest = _claim(world, row)
        yield f"{_INDENT}{row['claim_id']}  {first}"
        yield from (f"{_INDENT * 3}{line}" for line in rest)


def sources(world: World, keys: Iterable[str]) -> Iterator[str]:
    """Who says so, under a heading; no lines where nobody does."""
    listed = sorted(set(keys))
    if listed:
        yield ""
        yield texts.SOURCES.said(world.lang)
    yield from (f"{_INDENT}{_one_line(world.names.source(key))}" for key in listed)


def short(world: World, row: Mapping[str, Any]) -> str:
    """A claim in one line: id, period, confidence, sources."""
    said = [
        _period(world, row),
        texts.CONFIDENCE[row["confidence"]].said(world.lang),
        " ".join(row["sources"]),
        *_layer(world, row["claim_id"]),
    ]
    return f"{row['claim_id']}  {texts.APART.said(world.lang).join(said)}"


def overlay(world: World, row: Mapping[str, Any]) -> str:
    """A siege, a blockade or forces based somewhere, and since when that may be over."""
    ground = world.names.area(row["area_ref"])
    line = texts.APART.said(world.lang).join((_heading(world, row), ground))
    stale_from = records.iso(row["stale_from"])
    if stale_from is None:
        return line
    return line + texts.STALE_FROM.said(world.lang, day=stale_from)


def _claim(world: World, row: Mapping[str, Any]) -> Iterator[str]:
    lang = world.lang
    reported = texts.REPORTED if row["reported_basis"] == "dated" else texts.REPORTED_ASSUMED
    yield _heading(world, row)
    apart = texts.APART.said(lang)
    yield apart.join((world.names.area(row["area_ref"]), _period(world, row)))
    yield apart.join(
        (
            texts.ASSERTION[row["assertion"]].said(lang),
            texts.CONFIDENCE[row["confidence"]].said(lang),
            texts.VERIFICATION[row["verification"]].said(lang),
            reported.said(lang, day=records.iso(row["reported_on"])),
            _confirmed(lang, row),
        )
    )
    if row.get("uncertain"):
        yield texts.UNCERTAIN.said(lang)
    if row["step"] in texts.STEP:
        yield texts.STEP[row["step"]].said(lang)
    if row["confidence_reason"]:
        yield texts.REASON.said(lang, reason=_one_line(row["confidence_reason"]))
    if row[f"note_{lang}"]:
        yield _one_line(row[f"note_{lang}"])
    yield texts.BY.said(lang, sources=" ".join(row["sources"]))
    yield from _layer(world, row["claim_id"])


def _layer(world: World, claim_id: str) -> Iterator[str]:
    """The uploaded layer a claim is from, and when it was published; nothing for a shipped one."""
    layer, published = claim_id.partition(SEPARATOR)[0], world.layers.published
    if world.shipped and layer in published.index:
        about = tables.rows(published.loc[[layer]])[0]
        yield texts.FROM_LAYER.said(
            world.lang,
            title=_one_line(about["title"]),
            layer=layer,
            day=records.iso(about["day"]),
        )


def _confirmed(lang: str, row: Mapping[str, Any]) -> str:
    day = records.iso(row["last_confirmed"])
    if not row["confirmed_by"]:
        return texts.CONFIRMED.said(lang, day=day)
    return texts.CONFIRMED_BY.said(lang, day=day, sources=" ".join(row["confirmed_by"]))


def _heading(world: World, row: Mapping[str, Any]) -> str:
    actors = world.names.actors([row["actor"], *row["partners"]])
    status = texts.STATUS[row["status"]].said(world.lang)
    return texts.WHO.said(world.lang, status=status, actors=texts.listed(world.lang, actors))


def _period(world: World, row: Mapping[str, Any]) -> str:
    last = records.day_before(row["valid_to"])
    return texts.period(world.lang, row["valid_from"].date(), last, row["date_precision"])


def _one_line(text: str) -> str:
    return " ".join(text.split())
