"""Names of actors, sources and ground as people read them; a key nobody has named stays a key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import shapely

from geo import boundaries, ground, tables
from geo.cli import texts
from geo.errors import AreaRefError
from geo.layers import Layers


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """The names that stand in the shipped tables, in one language."""

    layers: Layers
    lang: str

    def actors(self, keys: Iterable[str]) -> list[str]:
        """Short names of actors."""
        short = self.layers.actors[f"short_{self.lang}"]
        return [str(short.get(key, key)) for key in keys]

    def source(self, key: str) -> str:
        """A source: key, publisher, title, grade and addresses."""
        known = self.layers.bibliography
        if key not in known.index:
            return key
        entry = tables.rows(known.loc[[key]])[0]
        grade = texts.GRADE.said(self.lang, grade=entry["reliability"])
        said = [entry["publisher"], entry["title"], grade, *entry["address"]]
        return f"{key}: {texts.APART.said(self.lang).join(filter(None, said))}"

    def place(self, key: str) -> str:
        """A place: French name, and the English one where it differs."""
        name_fr, name_en = self.layers.places.loc[key, ["name_fr", "name_en"]]
        return str(name_fr) if name_fr == name_en else f"{name_fr} ({name_en})"

    def area(self, ref: str) -> str:
        """The ground an `area_ref` names; what cannot be read or found stays as it is written."""
        try:
            area = ground.parse(ref)
        except AreaRefError:
            return ref
        if area.kind in {"country", "drawn"}:
            return texts.GROUND[area.kind].said(self.lang)
        name = self._name(area)
        if name is None:
            return ref
        if area.region is None:
            return texts.GROUND[area.kind].said(self.lang, name=name)
        region = self._region(area.region) or area.region
        return texts.GROUND["part"].said(self.lang, name=name, region=region)

    def where(self, lon: float, lat: float, day: date) -> str | None:
        """The commune, cercle and region a point lies in on a day; None outside the country."""
        communes = self.layers.communes
        found = communes.sindex.query(shapely.Point(lon, lat), predicate="intersects")
        if not len(found):
            return None
        unit = communes.iloc[found.min()]
        edition = boundaries.edition_on(day)
        return texts.WHERE.said(
            self.lang,
            commune=unit["name"],
            cercle=self.layers.cercles.loc[unit["cercle"], "name_fr"],
            region=self.layers.regions[edition.name].loc[unit[edition.column], "name_fr"],
            edition=edition.title_fr if self.lang == "fr" else edition.title_en,
        )

    def _name(self, area: ground.AreaRef) -> str | None:
        """Name of a place, commune, cercle, region or road; None where no table has it."""
        if area.kind == "region":
            return self._region(area.key)
        if area.kind == "road":
            return _cell(self.layers.roads, (area.key, area.segment), f"name_{self.lang}")
        if area.kind == "commune":
            parts = (area.key, f"{area.key}-n", f"{area.key}-s")
            return next(filter(None, (_cell(self.layers.communes, p, "name") for p in parts)), None)
        table = self.layers.places if area.kind == "place" else self.layers.cercles
        return _cell(table, area.key, "name_fr")

    def _region(self, key: str) -> str | None:
        """Name of a region in the newest edition that has it."""
        editions = reversed([*self.layers.regions.values()])
        return next(filter(None, (_cell(regions, key, "name_fr") for regions in editions)), None)


def _cell(table: pd.DataFrame, key: str | tuple[str, int], column: str) -> str | None:
    return str(table.loc[key, column]) if key in table.index else None
