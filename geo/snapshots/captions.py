"""Headline, caption and alt text, written from the claims; and the words every picture carries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo import roster, words
from geo.languages import Language, message
from geo.layers import Layers
from geo.overlay import ATTRIBUTION
from geo.snapshots import facts, headlines, request
from geo.snapshots.extents import Extent
from geo.snapshots.facts import UNCHECKED, Facts, Range
from geo.snapshots.request import MOST_CAPTION, MOST_HEADLINE, Snapshot
from geo.timeline import NONE, Timeline

SOURCES_NAMED = 3
LAYERS_NAMED = 2
_PRESSED_NAMED = 3
_SHARE = 0.1  # of the ground: less is no caveat for the whole picture
_DOUBTS = {
    "stale": message("{part} of the ground with a state rests on evidence past its shelf-life."),
    "low": message("{part} of the ground with a state rests on claims of low confidence alone."),
    UNCHECKED: message(
        "{part} of the ground with a state rests on claims checked against no page."
    ),
}
_PARTS = (
    (0.75, message("More than three quarters")),
    (0.5, message("More than half")),
    (0.25, message("More than a quarter")),
    (0.0, message("Some")),
)


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a picture says outside its map. Plain text, one line each, never markup.

    Attributes
    ----------
    headline, caption, alt
        As the editor wrote them, or from the claims.
    dates
        `Situation on 7 November 2025`, one for each map.
    known
        `As known on 22 November 2026`, and what else is heard or not.
    sources
        The three sources of most claims, and how many more there are.
    caveat
        The strongest.
    disclaimer
        About boundaries, and what the map is.
    credit
        Title, version and licence, and whose ground the map is drawn on.
    """

    headline: str
    caption: str
    alt: str
    dates: tuple[str, ...]
    known: str
    sources: str
    caveat: str
    disclaimer: str
    credit: str


def write(
    snapshot: Snapshot, layers: Layers, timeline: Timeline, told: Sequence[Facts] | None = None
) -> Words:
    """All words of a picture.

    Parameters
    ----------
    timeline
        The claims as the view hears them.
    told
        The facts of the days shown; None: they are gathered here.

    Raises
    ------
    SnapshotError
        A day lies outside the data, or days and maps differ in number.
    """
    request.check(snapshot, layers, timeline)
    extent = request.ground_of(snapshot, layers)
    if told is None:
        told = [facts.gather(layers, timeline, extent, day) for day in snapshot.shown]
    headline = headlines.write(told, extent, layers, snapshot.view.language)
    writer = _Writer(snapshot, layers, extent, tuple(told))
    return Words(
        headline=request.clean(_or(snapshot.headline, headline), MOST_HEADLINE),
        caption=request.clean(_or(snapshot.caption, writer.caption()), MOST_CAPTION),
        alt=request.clean(_or(snapshot.alt, writer.alt()), MOST_CAPTION),
        dates=tuple(writer.dated(day) for day in snapshot.shown),
        known=writer.known(),
        sources=writer.sources(),
        caveat=writer.caveat(),
        disclaimer=writer.language.field(layers.dataset, "boundaries"),
        credit=writer.credit(),
    )


def sources(keys: Sequence[str], layers: Layers, language: Language) -> str:
    """The first three publishers among the keys of sources, and how many more there are."""
    known = layers.bibliography

    def publisher(key: str) -> str:
        # Some entries bundle several publishers; commas and semicolons part the entries here.
        return str(known.loc[key, "publisher"]).replace("; ", " / ") if key in known.index else key

    names = list(dict.fromkeys(publisher(key) for key in keys if key != UNCHECKED))
    named, more = names[:SOURCES_NAMED], len(names) - SOURCES_NAMED
    if not named:
        return language.say("Sources: none of those heard speaks of this ground.")
    if more <= 0:
        return language.say("Sources: {names}.", names=language.listed(named))
    return language.plural(
        "Sources: {names} and {number} other.",
        "Sources: {names} and {number} others.",
        more,
        names=", ".join(named),
    )


def filmed(
    said: Words,
    snapshot: Snapshot,
    days: Sequence[date],
    keys: Sequence[str],
    layers: Layers,
) -> Words:
    """The words of a film: headline and sources hold for all its days, doubts for the last.

    Parameters
    ----------
    said
        The words of the last day.
    keys
        Sources of all its days, those of most claims first.
    """
    language, extent = snapshot.view.language, request.ground_of(snapshot, layers)
    title = headlines.title(extent, layers, days[-1], language)
    span = {"first": language.day(days[0]), "last": language.day(days[-1])}
    made = language.say(
        "{title}, from {first} to {last}: who held which ground, day by day.", title=title, **span
    )
    headline = language.say(
        "{title}: who held which ground, {first} to {last}",
        title=title,
        first=language.month(days[0]),
        last=language.month(days[-1]),
    )
    return replace(
        said,
        headline=request.clean(_or(snapshot.headline, headline), MOST_HEADLINE),
        sources=sources(keys, layers, language),
        caveat=language.say("On the last day: {caveat}", caveat=_lowered(said.caveat)),
        caption=request.clean(f"{made} {said.caption}", MOST_CAPTION),
        alt=request.clean(f"{made} {said.alt}", MOST_CAPTION),
    )


def _or(written: str | None, made: str) -> str:
    return made if written is None or not written.strip() else written


@dataclass(frozen=True, slots=True, eq=False)
class _Writer:
    """The sentences of one picture, in its language."""

    snapshot: Snapshot
    layers: Layers
    extent: Extent
    told: tuple[Facts, ...]

    @property
    def language(self) -> Language:
        return self.snapshot.view.language

    @property
    def last(self) -> Facts:
        return self.told[-1]

    def name(self, actor: str) -> str:
        return headlines.name(actor, self.layers, self.language)

    def listed(self, actors: Sequence[str]) -> str:
        return self.language.listed([self.name(actor) for actor in actors])

    def title(self) -> str:
        return headlines.title(self.extent, self.layers, self.last.day, self.language)

    def dated(self, day: date) -> str:
        return self.language.say("Situation on {day}", day=self.language.day(day))

    # ---- the caption and the alt text

    def caption(self) -> str:
        days = self.language.listed([self.language.day(day.day) for day in self.told])
        number = len({key for day in self.told for key in day.sources} - {UNCHECKED})
        opening = self.language.plural(
            "{title}, {days}: who held which ground, according to {number} source known on "
            "{known_on}.",
            "{title}, {days}: who held which ground, according to {number} sources known on "
            "{known_on}.",
            number,
            title=self.title(),
            days=days,
            known_on=self.language.day(request.known_on(self.snapshot, self.layers.dataset)),
        )
        figures = [self._ground_figures(day) for day in self.told] if len(self.told) == 1 else []
        # Figures already say how much is not known.
        doubt = "" if figures and self._doubt()[0] == NONE else self.caveat()
        off = self._narrowed()
        heard = self.language.say("What counts here: {heard}.", heard=", ".join(off)) if off else ""
        parts = (opening, heard, *figures, self._reading(), doubt, self._made_by())
        return " ".join(part for part in parts if part)

    def _ground_figures(self, day: Facts) -> str:
        said = [
            self.language.say(
                "{state} {range}", state=_lowered(self._state(state)), range=self._percent(share)
            )
            for state, share in day.km2.items()
            if share.high > 0
        ]
        places = [
            self.language.say(
                "{actor} {range} of {of}",
                actor=self.name(actor),
                range=self._count(count),
                of=self.language.number(count.of),
            )
            for actor, count in [*day.places.items()][:SOURCES_NAMED]
        ]
        shares = self.language.say(
            "Of {area} km²: {shares}.",
            area=self.language.number(round(day.km2[NONE].of)),
            shares=", ".join(said),
        )
        if not places:
            return shares
        towns = self.language.say("Listed places held: {places}.", places=", ".join(places))
        return f"{shares} {towns}"

    def _reading(self) -> str:
        return self.language.say(
            "Hatching marks contested ground, pale colours influence, dotted grey no information."
        )

    def alt(self) -> str:
        parts = [
            self.language.say(
                "Map: {title}, {day}. {said}",
                title=self.title(),
                day=self.language.day(day.day),
                said=" ".join(self._spoken(day)),
            )
            for day in self.told
        ]
        return " ".join(parts)

    def _spoken(self, day: Facts) -> list[str]:
        language = self.language
        said = []
        if day.held:
            said.append(language.say("Control: {actors}.", actors=self.listed(day.held)))
        if day.contested_km2:
            pairs = [
                self.language.listed(words.contenders(self.language, [self.name(a) for a in pair]))
                for pair in day.contested_km2
            ]
            said.append(language.say("Contested: {pairs}.", pairs=language.say("; ").join(pairs)))
        if day.influence_km2:
            said.append(
                language.say("Influence: {actors}.", actors=self.listed([*day.influence_km2]))
            )
        said.extend(self._pressures(day))
        if day.km2[NONE].high > 0:
            nothing = self._percent(day.km2[NONE])
            said.append(language.say("No information: {range} of the area.", range=nothing))
        return said

    def _pressures(self, day: Facts) -> list[str]:
        language, said = self.language, []
        for status in ("siege", "blockade"):
            for actor in dict.fromkeys(a for s, a, _ in day.pressed if s == status):
                at = [p for s, a, p in day.pressed if (s, a) == (status, actor) and p]
                where = self.language.listed(at[:_PRESSED_NAMED]) if at else language.say("roads")
                pressed = language.say(words.PRESSED[status], actors=self.name(actor))
                said.append(language.say("{pressed}: {where}.", pressed=pressed, where=where))
        return said

    # ---- what every picture carries

    def known(self) -> str:
        day = self.language.day(request.known_on(self.snapshot, self.layers.dataset))
        return ", ".join([self.language.say("As known on {day}", day=day), *self._narrowed()])

    def _narrowed(self) -> list[str]:
        """What does not count, beside what came to be known later: a few words each."""
        view, said = self.snapshot.view, []
        if view.min_confidence is not None:
            floor = self.language.translate(words.CONFIDENCE[view.min_confidence])
            said.append(self.language.say("at least {confidence}", confidence=floor))
        if view.without:
            off = len(view.without)
            said.append(self.language.plural("{number} source off", "{number} sources off", off))
        off_layers = roster.said(self.layers, view)
        said.extend(request.clean(text, MOST_HEADLINE) for text in off_layers)
        return said

    def sources(self) -> str:
        keys = dict.fromkeys(key for day in reversed(self.told) for key in day.sources)
        return sources([*keys], self.layers, self.language)

    def caveat(self) -> str:
        """The doubt that touches the most ground."""
        language = self.language
        kind, share = self._doubt()
        if kind == NONE:
            return language.say(
                "No information on {range} of the area.", range=self._percent(self.last.km2[NONE])
            )
        if share < _SHARE:
            return language.say("Edges are not front lines: nothing is known to the kilometre.")
        part = next(text for least, text in _PARTS if share >= least)
        return language.say(_DOUBTS[kind], part=self.language.translate(part))

    def _doubt(self) -> tuple[str, float]:
        """What kind of doubt touches the most ground, and what share of it."""
        day = self.last
        nothing = day.km2[NONE]
        shares = {
            NONE: nothing.value / nothing.of if nothing.of else 1.0,
            "stale": day.stale,
            "low": day.low,
            UNCHECKED: day.unchecked,
        }
        kind = max(shares, key=lambda kind: shares[kind])
        return (kind, shares[kind]) if shares[kind] >= _SHARE else ("", 0.0)

    def credit(self) -> str:
        """Whose map and whose ground; the version of the data stands with the check code."""
        return (
            self.language.say(
                "Map: {title}, {licence}. Ground: {attribution}.",
                title=self.language.field(self.layers.dataset, "title"),
                licence=self._licence(),
                attribution=ATTRIBUTION,
            )
            + self._uploads()
        )

    def _uploads(self) -> str:
        """Who published the uploaded layers that decide what is shown."""
        ids = {claim_id for day in self.told for claim_id in day.claims}
        found = roster.credited(self.layers, sorted(ids), self.language)
        if not found:
            return ""
        named = found[:LAYERS_NAMED]
        if len(found) > len(named):
            more = len(found) - len(named)
            named.append(self.language.plural("{number} other", "{number} others", more))
        layers = request.clean(self.language.listed(named), MOST_CAPTION)
        return " " + self.language.say("With uploaded layers: {layers}.", layers=layers)

    def _licence(self) -> str:
        return self.layers.dataset.licence.replace("CC-BY-", "CC BY ")

    def _made_by(self) -> str:
        data = self.layers.dataset
        return self.language.say(
            "Map: {title}, version {version}, {licence}.",
            title=self.language.field(data, "title"),
            version=data.version,
            licence=self._licence(),
        )

    # ---- numbers

    def _state(self, state: str) -> str:
        if state == NONE:
            return self.language.translate(words.NO_INFORMATION)
        return self.language.translate(words.STATUS[state])

    def _percent(self, share: Range) -> str:
        whole = share.of or 1
        return self._ends(math.floor(100 * share.low / whole), math.ceil(100 * share.high / whole))

    def _ends(self, low: int, high: int) -> str:
        if low == high:
            return self.language.say("{number}%", number=low)
        return self.language.say("{low} to {high}%", low=low, high=high)

    def _count(self, count: Range) -> str:
        if count.low == count.high:
            return self.language.number(count.low)
        low, high = (self.language.number(end) for end in (count.low, count.high))
        return self.language.say("{low} to {high}", low=low, high=high)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
