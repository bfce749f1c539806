"""Where: names of places, cercles, regions and P-codes become an `area_ref` and its ground."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely

from geo import boundaries, ground, places
from geo.errors import AreaRefError
from geo.ingest import shown
from geo.ingest.answers import Answers
from geo.ingest.known import Known
from geo.ingest.report import Choice, Offer
from geo.places import fold

# Of several columns that name ground, the first that says something counts: the most local.
ORDER = ("area_ref", "place", "commune", "pcode", "cercle", "region", "where")
_KINDS = ("place:", "commune:", "cercle:", "region:", "road:")
_NEAREST = 4


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for.

    Attributes
    ----------
    ref
        The `area_ref`; `""` where it has none.
    rule
        Of the problem with it; `""` where there is none.
    values, offer
        As of `report.Problem`.
    """

    ref: str = ""
    rule: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    offer: Offer | None = None


class Finder:
    """Finds ground by name; remembers what it has found."""

    def __init__(self, known: Known, answers: Answers) -> None:
        """Know what there is."""
        self._known, self._answers = known, answers
        self._found: dict[tuple[str, str], Named] = {}
        self._shapes: dict[tuple[str, str], shapely.Geometry] = {}

    def find(self, kind: str, text: str) -> Named:
        """What a text in a column of a kind (one of `ORDER`) stands for."""
        key = kind, text
        if key not in self._found:
            self._found[key] = self._looked_up(kind, text)
        return self._found[key]

    def shape(self, ref: str, day: date) -> shapely.Geometry | None:
        """The ground of an `area_ref` on a day; None where there was none of that name."""
        edition = boundaries.edition_on(day).name if ref.startswith("region:") else ""
        key = ref, edition
        if key not in self._shapes:
            try:
                self._shapes[key] = ground.geometry(ref, self._known.gazetteer, day=day)
            except AreaRefError:
                return None
        return self._shapes[key]

    def _looked_up(self, kind: str, text: str) -> Named:
        meant = self._answers.meant("place", text) or text
        if meant == "country" or meant.startswith(_KINDS):
            return self._written(meant, text)
        refs = self._refs(kind, meant)
        if len(refs) == 1:
            return Named(refs[0])
        if refs:
            return Named(
                "", "place-several", {"name": text, "names": refs}, self._offer(text, refs)
            )
        if kind == "pcode":
            return Named("", "pcode-unknown", {"name": text})
        elsewhere = self._refs("where", meant)
        if len(elsewhere) == 1:
            told = {"name": text, "found": elsewhere[0]}
            return Named(elsewhere[0], "place-read-as", told)
        near = elsewhere or self._near(meant)
        return Named("", "place-unknown", {"name": text}, self._offer(text, near))

    def _written(self, ref: str, text: str) -> Named:
        try:
            ground.geometry(ref, self._known.gazetteer)
        except AreaRefError:
            near = self._near(ref.partition(":")[2])
            return Named("", "place-unknown", {"name": text}, self._offer(text, near))
        return Named(ref)

    def _refs(self, kind: str, text: str) -> list[str]:
        """Everything of a kind that goes by a name."""
        folded = fold(text).replace(" ", "")
        towns = [f"place:{key}" for key in self._known.places.get(folded, ())]
        units = [*self._known.units.get(fold(text), ())]
        communes = [f"commune:{key}" for key in self._known.communes.get(folded, ())]
        if text in self._known.gazetteer.communes.index:
            communes = [f"commune:{text}"]
        pcode = self._known.pcodes.get(text.upper())
        return {
            "place": towns,
            "commune": communes,
            "pcode": [pcode] if pcode else [],
            "cercle": [ref for ref in units if ref.startswith("cercle:")],
            "region": [ref for ref in units if ref.startswith("region:")],
        }.get(kind) or (
            [*towns, *units, *([pcode] if pcode else [])] if kind in {"where", "area_ref"} else []
        )

    def _near(self, text: str) -> list[str]:
        towns = [f"place:{key}" for key in places.suggest(self._known.gazetteer.places, text, 3)]
        alike = difflib.get_close_matches(fold(text), list(self._known.units), 2, places.NEAR)
        units = [ref for name in alike for ref in self._known.units[name]]
        return list(dict.fromkeys([*towns, *units]))[:_NEAREST]

    def _offer(self, text: str, refs: list[str]) -> Offer | None:
        choices = []
        for ref in refs[:_NEAREST]:
            try:
                shape = ground.geometry(ref, self._known.gazetteer)
            except AreaRefError:
                continue
            choices.append(Choice(ref, {f"place:{text}": ref}, place=shown.place(shape)))
        return Offer("place", tuple(choices)) if choices else None
