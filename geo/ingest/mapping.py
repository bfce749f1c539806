"""Which column is which field: as the reader says, else guessed from names and from cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geo.ingest import days, fields
from geo.ingest.fields import FIELDS, IGNORE
from geo.ingest.found import Found
from geo.ingest.known import Known
from geo.ingest.raw import Raw
from geo.ingest.report import Choice, Offer
from geo.places import fold

_LOOKED_AT = 200  # cells, to guess a column from what it says
_MOSTLY = 0.8
_EMPTY = 1_000  # a column without a word in it is the last to be chosen
_GUESSED_BY_CELLS = ("actor", "valid_from")


def choose(raw: Raw, given: Mapping[str, str], found: Found, known: Known) -> dict[str, str]:
    """Column -> field: what is `given`, and what is guessed for fields that nothing is given for.

    Problems are added to `found`: columns and fields that do not exist, fields meant twice,
    columns that are not used.
    """
    chosen = _given(raw, given, found)
    taken = set(chosen.values())
    free = [name for name in raw.columns if name not in given]
    best: dict[str, tuple[int, str]] = {}
    for name in free:
        guess = fields.guess(name)
        if guess is None or guess[0] in taken or (guess[0] == "wkt" and raw.shapes is not None):
            continue
        field, rank = guess
        rank += 0 if _says_something(raw, name) else _EMPTY
        if field not in best or rank < best[field][0]:
            best[field] = rank, name
    chosen |= {name: field for field, (_, name) in best.items()}
    chosen |= _by_cells(raw, [name for name in free if name not in chosen], chosen, known)
    unused = [name for name in raw.columns if name not in chosen and name not in given]
    if unused:
        found.add("columns-unused", columns=unused)
    return {name: chosen[name] for name in raw.columns if name in chosen}


def check(raw: Raw, chosen: Mapping[str, str], defaults: Mapping[str, str], found: Found) -> None:
    """Whether there is a column, a geometry or a default for all a claim cannot do without."""
    said = {*chosen.values(), *defaults}
    free = [name for name in raw.columns if name not in chosen]
    names = list(raw.columns)
    if "actor" not in said:
        found.add("column-actor-missing", columns=names, offer=_columns(free, "actor"))
    if "valid_from" not in said:
        found.add("column-start-missing", columns=names, offer=_columns(free, "valid_from"))
    named = said & {*fields.GROUND, "area_ref"}
    if raw.shapes is None and not (named - {"lon", "lat"} or {"lon", "lat"} <= named):
        found.add("column-ground-missing", columns=names, offer=_columns(free, "place"))


def _given(raw: Raw, given: Mapping[str, str], found: Found) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for name, field in given.items():
        if name not in raw.columns:
            found.add("mapping-column", column=name, columns=list(raw.columns))
        elif field not in FIELDS and field not in {"", IGNORE}:
            found.add("mapping-field", field=field, columns=[])
        elif field in chosen.values():
            twice = [other for other, same in chosen.items() if same == field]
            found.add("mapping-twice", field=field, columns=[*twice, name])
        elif field in FIELDS:
            chosen[name] = field
    return chosen


def _says_something(raw: Raw, name: str) -> bool:
    return any(cell is not None for cell in raw.columns[name])


def _by_cells(
    raw: Raw, free: Sequence[str], chosen: Mapping[str, str], known: Known
) -> dict[str, str]:
    """Columns told by their cells: names of actors we know, and days."""
    more: dict[str, str] = {}
    for field in _GUESSED_BY_CELLS:
        if field in chosen.values():
            continue
        for name in free:
            cells = [str(cell) for cell in raw.columns[name] if cell is not None][:_LOOKED_AT]
            good = [_is_day(cell) if field in fields.DAYS else fold(cell) in known.actors
                    for cell in cells]  # fmt: skip
            if name not in more and cells and sum(good) >= _MOSTLY * len(cells):
                more[name] = field
                break
    return more


def _is_day(cell: str) -> bool:
    return days.ISO.fullmatch(cell) is not None


def _columns(free: Sequence[str], field: str) -> Offer | None:
    choices = tuple(Choice(name, mapping={name: field}) for name in free[:20])
    return Offer("column", choices) if choices else None
