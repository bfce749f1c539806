"""Headlines: what a picture shows, in one line from the facts. No numbers: they are ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geo import words
from geo.languages import Language
from geo.layers import Layers
from geo.snapshots import extents
from geo.snapshots.extents import Extent
from geo.snapshots.facts import Facts


def write(told: Sequence[Facts], extent: Extent, layers: Layers, language: Language) -> str:
    """The headline of one day, or of several."""
    return _Writer(tuple(told), extent, layers, language).headline()


def title(extent: Extent, layers: Layers, day: date, language: Language) -> str:
    """What the ground of a picture is called: `Mali`, `Region of Kidal`, `Part of Mali`."""
    if extent.kind == "box":
        return language.say("Part of Mali")
    return extents.title(extent, layers, day, language)


def name(actor: str, layers: Layers, language: Language) -> str:
    """The short name of an actor; a key that no table has stays a key."""
    return str(layers.actors[language.column("short")].get(actor, actor))


@dataclass(frozen=True, slots=True, eq=False)
class _Writer:
    """The parts of a headline."""

    told: tuple[Facts, ...]
    extent: Extent
    layers: Layers
    language: Language

    @property
    def last(self) -> Facts:
        return self.told[-1]

    def name(self, actor: str) -> str:
        return name(actor, self.layers, self.language)

    def subject(self, actor: str) -> str:
        """An actor as the subject of a sentence: French newspapers write l'État, but JNIM."""
        said = self.name(actor)
        of_state = self.language.code == "fr" and said.startswith("État")
        return f"l\u2019{said}" if of_state else said

    def listed(self, actors: Sequence[str]) -> str:
        return self.language.listed([self.name(actor) for actor in actors])

    def title(self) -> str:
        return title(self.extent, self.layers, self.last.day, self.language)

    def headline(self) -> str:
        if len(self.told) > 1:
            first, last = self.told[0].day.year, self.last.day.year
            return self.language.say(
                "{title}: who held which ground, {first} to {last}",
                title=self.title(),
                first=first,
                last=last,
            )
        if self.extent.kind == "place":
            return self.language.say(
                "{place}: {state}", place=self._subject(), state=self._at_place()
            )
        told = self._over_ground()
        return self.language.say("{title}: {told}", title=self._subject(), told=told)

    def _subject(self) -> str:
        if self.extent.kind == "place":
            return str(self.layers.places.loc[self.extent.key, "name_fr"])
        return self.title()

    def _at_place(self) -> str:
        """The state of the place itself, and who presses it."""
        name, listed = self._subject(), self.language.listed
        state, actors, influence = self.last.middle
        said = [
            words.state(
                self.language,
                state,
                [self.name(actor) for actor in actors],
                [self.name(actor) for actor in influence],
            )
        ]
        for status, sentence in words.PRESSED.items():
            by = [a for s, a, place in self.last.pressed if s == status and place == name]
            if by:
                names = listed([self.name(actor) for actor in by])
                said.append(self.language.say(sentence, actors=names))
        return self.language.say("; ").join([said[0], *(_lowered(line) for line in said[1:])])

    def _over_ground(self) -> str:
        language, day = self.language, self.last
        towns, ground = self._towns(), self._ground()
        if towns and ground:
            return language.say("{towns}; {ground}", towns=towns, ground=ground)
        if towns or ground:
            return towns or ground
        if day.held:
            return language.say("{actors} in control of a part", actors=self.listed(day.held[:2]))
        return language.say("no information on who holds the ground")

    def _towns(self) -> str:
        language, places = self.language, self.last.places
        if not places:
            return ""
        actors = list(places)
        held = sum(count.value for count in places.values())
        if len(actors) == 1:
            return language.say(
                "{actor} holds every town with a known holder", actor=self.subject(actors[0])
            )
        if places[actors[0]].value * 2 > held:
            return language.say(
                "{actor} holds most towns with a known holder", actor=self.subject(actors[0])
            )
        return language.say(
            "{actors} hold the most towns",
            actors=self.language.listed([self.subject(a) for a in actors[:2]]),
        )

    def _ground(self) -> str:
        language, day = self.language, self.last
        influence = next(iter(day.influence_km2.items()), ("", 0.0))
        contested = next(iter(day.contested_km2.items()), ((), 0.0))
        if contested[1] > influence[1]:
            if len(contested[0]) == 1:
                return language.say(
                    "{actor} contests the widest area", actor=self.name(contested[0][0])
                )
            return language.say(
                "{actors} contest the widest area", actors=self.listed(contested[0])
            )
        if influence[0]:
            return language.say("{actor} has the widest influence", actor=self.name(influence[0]))
        return ""


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
