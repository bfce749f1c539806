"""Two versions of a layer against each other, as tables: claims, and what the map makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo import details, timeline, words
from geo.claims import CITING, SHIPPED
from geo.composite import Composite
from geo.languages import Language, message
from geo.layers import Layers
from geo.sheets.rehearsal import Rehearsal
from geo.sheets.sheet import NOTE, WHAT, WHERE, Cell, Sheet, said
from geo.store.revisions import ADDED, CHANGED, REMOVED, Revised, Revision
from geo.timeline import Filters

KINDS = {ADDED: message("Added"), REMOVED: message("Removed"), CHANGED: message("Changed")}
GROUND = message("Ground")
_CAPTION = message("What differs, claim by claim")
_CLAIM, _CHANGE = message("Claim"), message("What changed")
_MORE, _LESS = message("Ground gained, km²"), message("Ground lost, km²")
_NUMBERS = {_MORE, _LESS}
FIELDS = {
    "actor": message("Actor"),
    "partners": message("Partners"),
    "status": message("Status"),
    "assertion": message("Assertion"),
    "area_ref": message("Name of the ground"),
    "level": message("Level"),
    "valid_from": message("First day"),
    "valid_to": message("First day after"),
    "date_precision": message("Precision of the date"),
    "valid_from_latest": message("Begun at the latest"),
    "valid_to_earliest": message("Ended at the earliest"),
    "last_confirmed": message("Last confirmed"),
    "confirmed_by": message("Confirmed by"),
    "reported_on": message("Reported"),
    "reported_basis": message("Basis of the day of report"),
    "withdrawn_on": message("Taken back"),
    "confidence": message("Confidence"),
    "confidence_reason": message("Reason of the confidence"),
    "verification": message("Checked"),
    "sources": message("Sources"),
    "note_en": NOTE,
    "note_fr": message("Note in French"),
}
_WORDS = {
    "status": words.STATUS,
    "assertion": words.ASSERTION,
    "confidence": words.CONFIDENCE,
    "verification": words.VERIFICATION,
}
_MOST_TEXT = 120  # characters of a note that changed


@dataclass(frozen=True, slots=True)
class Sides:
    """What to hear on a map on which two versions stand, for each of them."""

    before: Filters
    after: Filters


def sides(told: Layers, before: str, after: str) -> Sides:
    """What to hear so that of two layers, versions of one, only the one is on the map."""
    everything = {SHIPPED, *told.published.index}
    return Sides(
        Filters(layers=frozenset(everything - {after})),
        Filters(layers=frozenset(everything - {before})),
    )


def rehearsed(told: Layers, cut: Composite, before: str, after: str) -> Rehearsal:
    """The map with the one version and with the other.

    Parameters
    ----------
    told, cut
        The layers with both versions, as `store.known.side_by_side` returns them, and their
        composite.
    before, after
        Ids of the two in them.
    """
    heard = sides(told, before, after)
    until = told.dataset.supported_until
    maps = [
        timeline.resolve(cut, layers=one.layers, supported_until=until)
        for one in (heard.before, heard.after)
    ]
    return Rehearsal(told, told, maps[0], maps[1], after)


def heads(before: int, after: int, language: Language) -> tuple[str, str]:
    """What the map is called with each version."""
    return (
        language.say("With version {version}", version=before),
        language.say("With version {version}", version=after),
    )


def first_day(revision: Revision, told: Layers) -> date:
    """The day on which to look at first: when the last of the claims that differ has begun."""
    begun = [one.newest["valid_from"].date() for one in revision.revised]
    data = told.dataset
    day: date = min(max([data.first_day, *begun]), data.supported_until)
    return day


@dataclass(frozen=True, slots=True, eq=False)
class Teller:
    """How claims are told of.

    Attributes
    ----------
    told
        Layers with both versions, for the names of actors and ground.
    sources
        Key -> what the file says, for those that are its own.
    """

    told: Layers
    sources: Mapping[str, str]
    language: Language

    def area(self, ref: str) -> str:
        """The ground of a claim, in words."""
        return details.area(self.told, ref, self.language)


def claims(revision: Revision, teller: Teller) -> Sheet:
    """Every claim that was added, removed or changed, and how."""
    language = teller.language
    heads = (_CLAIM, _CHANGE, WHERE, WHAT, _MORE, _LESS)
    return Sheet(
        language.translate(_CAPTION),
        summary(revision, language),
        tuple((language.translate(name), name in _NUMBERS) for name in heads),
        tuple(_row(one, teller) for one in revision.revised),
    )


def summary(revision: Revision, language: Language) -> str:
    """How many claims were added, removed, changed, and left as they were."""
    if not revision.revised:
        return language.say("The two versions say the same.")
    return language.say(
        "{added} added, {removed} removed, {changed} changed, {same} as before.",
        added=revision.count(ADDED),
        removed=revision.count(REMOVED),
        changed=revision.count(CHANGED),
        same=revision.same,
    )


def _row(one: Revised, teller: Teller) -> tuple[Cell, ...]:
    claim, language = one.newest, teller.language
    changed = language.say("; ").join(changes(one, teller))
    kind = language.translate(KINDS[one.kind])
    return (
        Cell(str(claim["claim_id"])),
        Cell(language.say("{kind}: {what}", kind=kind, what=changed) if changed else kind),
        Cell(teller.area(claim["area_ref"])),
        Cell(said(claim, teller.told.actors, language)),
        _km2(one.more_km2, language),
        _km2(one.less_km2, language),
    )


def _km2(area: float, language: Language) -> Cell:
    return Cell(language.number(round(area, 1)), f"{area:.2f}") if area else Cell("")


def changes(one: Revised, teller: Teller) -> Iterator[str]:
    """Each field that differs, old and new, in words; nothing of what was added or removed."""
    language = teller.language
    if one.before is None or one.after is None:
        return
    for name in one.columns:
        old, new = (
            _value(name, row[name], teller) or language.say("empty")
            for row in (one.before, one.after)
        )
        field = language.translate(FIELDS[name])
        yield language.say("{field}: {old} → {new}", field=field, old=old, new=new)
    if one.redrawn:
        yield language.say(
            "the ground was drawn anew: {more} km² more, {less} km² less",
            more=language.number(round(one.more_km2, 1)),
            less=language.number(round(one.less_km2, 1)),
        )


def _value(name: str, value: Any, teller: Teller) -> str:  # noqa: ANN401 (any cell)
    """A cell of a claim, in words."""
    language = teller.language
    if name in _WORDS:
        return language.translate(_WORDS[name][value])
    if name in ("actor", "partners"):
        return words.actors(language, teller.told.actors, [value] if name == "actor" else value)
    if name in CITING:
        return language.listed([teller.sources.get(key) or key for key in value])
    if name == "area_ref":
        return teller.area(value)
    if isinstance(value, pd.Timestamp):
        return language.day(value.date())
    text = "" if value is pd.NaT else str(value)
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"
