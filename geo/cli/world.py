"""What a reading command reads: the layers it was told to, resolved as it was told to."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo import cache, ground, languages, layers, places, roster
from geo import timeline as timelines
from geo.claims import SHIPPED
from geo.cli import console, given, texts
from geo.cli.names import Names
from geo.errors import ViewError
from geo.evidence import as_heard
from geo.layers import Layers
from geo.store.known import joined
from geo.timeline import Timeline
from geo.view import View

_NEAREST = 5


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Claims resolved, and the tables they are read with.

    Attributes
    ----------
    layers
        The shipped tables and boundaries; its claims are not those of `timeline` where the reader
        gave layers.
    timeline
        The claims, resolved under the filters asked for.
    names
        Names in the language asked for.
    first_day, last_day
        The days the claims can answer for: those of the dataset, or, of layers given by the
        reader, the first and the last day they speak of.
    shipped
        Whether the claims are the shipped ones.
    """

    layers: Layers
    timeline: Timeline
    names: Names
    first_day: date
    last_day: date
    shipped: bool

    @property
    def lang(self) -> str:
        """The language asked for."""
        return self.names.lang

    @property
    def country(self) -> bool:
        """Whether the ground is the country; else it is what the claims cover, and no more."""
        return bool(len(self.timeline.composite.units))

    @property
    def claims(self) -> gpd.GeoDataFrame:
        """The claims, as `claims.parse` returns them, in the order of their ids."""
        return self.timeline.composite.claims

    def told(self, table: pd.DataFrame) -> pd.DataFrame:
        """Claims as the reader hears of them, without what came after the last known day.

        Nobody knew then of an end that was yet to come; claims reported later stay as they are.
        """
        table = as_heard(table, self.timeline.filters.sources)
        known_on = self.timeline.filters.known_on
        if known_on is None:
            return table
        last = pd.Timestamp(known_on)
        reported = table["reported_on"] <= last
        known = {
            name: table[name].mask(reported & (table[name] > last))
            for name in ("valid_to", "valid_to_earliest", "withdrawn_on", "corrected_on")
        }
        confirmed = table["last_confirmed"].mask(reported & (table["last_confirmed"] > last), last)
        return table.assign(last_confirmed=confirmed, **known)


def read(
    asked: argparse.Namespace,
    folder: Path,
    step: Callable[[str], None],
    *,
    days: Collection[date] = (),
) -> World:
    """Read and resolve the claims that were asked for.

    Parameters
    ----------
    asked
        What was typed: the options of `options.reading`.
    step
        Called at the beginning of each of three steps with what is now done.
    days
        The days that will be asked about, the earlier first; none: all of them.

    Raises
    ------
    ViewError
        The claims cannot answer for one of `days`, these run backwards, or the claims name no
        such source.
    GeoError
        A layer cannot be read or used.
    """
    lang = asked.lang
    if list(days) != sorted(days):
        raise ViewError(texts.DAYS_TURNED.said(lang, first=min(days), second=max(days)))
    step(texts.READING.said(lang))
    shipped = layers.load(folder)
    if not asked.given:
        shipped = joined(shipped)
    claims = given.read(asked.given, lang) if asked.given else shipped.claims
    first, last = _days(claims) if asked.given else _days_of(shipped)
    if not asked.given:
        _check_days(asked, shipped, days)
    _check_sources(asked, shipped, claims)
    _check_layers(asked, shipped)

    step(texts.CUTTING.said(lang, count=len(claims)))
    here = not asked.given or ground.reaches(claims.geometry.to_numpy(), shipped.outline)
    units = shipped.units if here else None
    composite = cache.composite(claims, units)
    for repair in composite.report if asked.given else ():
        console.say(texts.REPAIRED.said(lang, claim_id=repair.claim_id, what=repair.what))

    step(texts.RESOLVING.said(lang))
    resolved = timelines.resolve(
        composite,
        known_on=asked.known_on,
        sources=asked.sources,
        min_confidence=asked.min_confidence,
        layers=roster.heard(shipped, chosen(asked, languages.Language(lang))),
        supported_until=None if asked.given else last,
    )
    return World(shipped, resolved, Names(shipped, lang), first, last, not asked.given)


def chosen(asked: argparse.Namespace, language: languages.Language) -> View:
    """The layers that are asked for, as a view has them."""
    only, without = (
        tuple(sorted(set(names or ()))) for names in (asked.only_layers, asked.without_layers)
    )
    return View(date.min, layers=only, without_layers=without, language=language)


def _days_of(shipped: Layers) -> tuple[date, date]:
    return shipped.dataset.first_day, shipped.dataset.supported_until


def _days(claims: gpd.GeoDataFrame) -> tuple[date, date]:
    """The first and the last day claims speak of; one that still lasts speaks of no last day."""
    last_held = claims["valid_to"] - timedelta(days=1)
    said = pd.concat([claims["valid_from"], last_held, claims["last_confirmed"]])
    return said.min().date(), said.max().date()


def _check_days(asked: argparse.Namespace, shipped: Layers, days: Collection[date]) -> None:
    first, last = _days_of(shipped)
    for day in days:
        if not first <= day <= last:
            raise ViewError(texts.DAY_OUTSIDE.said(asked.lang, day=day, first=first, last=last))
    compiled = shipped.dataset.compiled_on
    if asked.known_on is not None and asked.known_on > compiled:
        console.say(texts.KNOWN_TOO_LATE.said(asked.lang, compiled=compiled))


def _check_sources(asked: argparse.Namespace, shipped: Layers, claims: gpd.GeoDataFrame) -> None:
    said = {key for name in ("sources", "confirmed_by") for keys in claims[name] for key in keys}
    known = said if asked.given else {*shipped.bibliography.index, *said}
    for source in asked.sources or ():
        if source not in known:
            hint = _hint(asked, source, known)
            raise ViewError(texts.UNKNOWN_SOURCE.said(asked.lang, source=source, hint=hint))


def _check_layers(asked: argparse.Namespace, shipped: Layers) -> None:
    wanted = [*(asked.only_layers or ()), *(asked.without_layers or ())]
    if wanted and asked.given:
        raise ViewError(texts.LAYERS_OF_THE_MAP.said(asked.lang))
    known = [SHIPPED, *shipped.published.index]
    for layer in wanted:
        if layer not in known:
            raise ViewError(
                texts.UNKNOWN_LAYER.said(asked.lang, layer=layer, known=", ".join(known))
            )


def _hint(asked: argparse.Namespace, source: str, known: Collection[str]) -> str:
    """Ids like `source`: spelt like it, or with it inside."""
    folded = {key: places.fold(key) for key in sorted(known)}
    typed = places.fold(source)
    inside = [key for key, plain in folded.items() if typed and typed in plain]
    spelt = difflib.get_close_matches(typed, folded.values(), _NEAREST)
    near = [*inside, *(key for key, plain in folded.items() if plain in spelt)]
    if near:
        chosen = texts.choice(asked.lang, list(dict.fromkeys(near))[:_NEAREST])
        return texts.DID_YOU_MEAN.said(asked.lang, near=chosen)
    if asked.given:
        return texts.SOURCES_GIVEN.said(asked.lang, known=", ".join(sorted(known)[:_NEAREST]))
    return texts.SEE_BIBLIOGRAPHY.said(asked.lang)
