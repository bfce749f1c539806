"""What a stranger's words are compared with: actors, places, units, sources, and the country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import shapely

from geo import layers, places
from geo.ground import Gazetteer
from geo.layers import Layers
from geo.places import fold

# What people write for actors whose table has other names. Only what can mean one of them.
_ALSO = {
    "FAMA": (
        "Malian army",
        "armée malienne",
        "Malian armed forces",
        "forces armées maliennes",
        "government",
        "gouvernement",
        "government of Mali",
        "gouvernement malien",
        "state",
        "État",
        "État malien",
        "FAMa",
        "Mali",
    ),
    "JNIM": ("GSIM", "Jama'at Nusrat al-Islam wal-Muslimin"),
    "ISSP": ("IS Sahel", "EI Sahel", "EIS", "Islamic State Sahel Province"),
    "ISGS": ("EIGS", "État islamique dans le Grand Sahara"),
    "AFRICORPS": ("Africa Corps",),
    "WAGNER": ("Wagner Group", "groupe Wagner"),
    "MINUSMA": ("UN", "ONU"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Everything a file is understood with.

    Attributes
    ----------
    gazetteer
        Everything an `area_ref` can name.
    actors
        Folded name -> key of the actor. Names that several go by are left out.
    actor_names
        Key -> name, for offers.
    units
        Folded name -> `area_ref` of every cercle and region that goes by it.
    places, communes
        Name, folded and without blanks -> keys of all that go by it.
    pcodes
        P-code -> `area_ref`.
    sources
        Keys of the bibliography.
    """

    gazetteer: Gazetteer
    actors: Mapping[str, str]
    actor_names: Mapping[str, str]
    units: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    communes: Mapping[str, tuple[str, ...]]
    pcodes: Mapping[str, str]
    sources: frozenset[str]

    @property
    def outline(self) -> shapely.Geometry:
        """The country."""
        return self.gazetteer.outline


def load(folder: Path = layers.FOLDER) -> Known:
    """Everything known, from the folder of layers."""
    return of(layers.load(folder))


def of(shipped: Layers) -> Known:
    """Everything known, from layers that are loaded."""
    names: dict[str, set[str]] = {}
    table = shipped.actors
    columns = ["name_en", "name_fr", "short_en", "short_fr"]
    for key, row in zip(table.index, table[columns].to_dict("records"), strict=True):
        also = _ALSO.get(key, ())
        for name in (key, key.replace("_", " "), *row.values(), *also):
            names.setdefault(fold(str(name)), set()).add(str(key))
    units: dict[str, dict[str, None]] = {}
    pcodes: dict[str, str] = {}
    for ref, names_of, pcode in _units(shipped.gazetteer):
        for name in names_of:
            units.setdefault(fold(name), {})[ref] = None
        if pcode:
            pcodes[pcode.upper()] = ref
    return Known(
        gazetteer=shipped.gazetteer,
        actors={name: next(iter(keys)) for name, keys in names.items() if name and len(keys) == 1},
        actor_names={str(key): str(name) for key, name in table["short_en"].items()},
        units={name: tuple(refs) for name, refs in units.items() if name},
        places=_index(places.names(shipped.places)),
        communes=_index(
            zip(shipped.communes.index, map(fold, shipped.communes["name"]), strict=True)
        ),
        pcodes=pcodes,
        sources=frozenset(map(str, shipped.bibliography.index)),
    )


def _units(gazetteer: Gazetteer) -> Iterable[tuple[str, list[str], str]]:
    """Every cercle and region once, with its names and its P-code; cercles first."""
    kinds = [("cercle", gazetteer.cercles)]
    kinds += [("region", regions) for regions in gazetteer.regions.values()]
    for kind, table in kinds:
        columns = zip(
            table.index, table["name_fr"], table["name_en"], table["aliases"], table["pcode"],
            strict=True,
        )  # fmt: skip
        for key, french, english, aliases, pcode in columns:
            yield f"{kind}:{key}", [key, french, english, *aliases], pcode


def _index(names: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, folded in names:
        found.setdefault(folded.replace(" ", ""), {})[str(key)] = None
    return {name: tuple(keys) for name, keys in found.items() if name}
