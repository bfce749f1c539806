"""Days as people write them: read where there is one reading, asked about where there are two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from geo.places import fold

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
ORDERS = ("dmy", "mdy")
_DAY, _MONTH, _QUARTER, _YEAR = "day", "month", "quarter", "year"

_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)
_MIDNIGHT = re.compile(r"[T ]0?0:00(:00(\.0+)?)?\s?(Z|UTC|\+00(:?00)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})|(\d{4})-(\d{1,2})-(\d{1,2})")
_DIGITS = re.compile(r"(1[89]\d{2}|20\d{2})(0[1-9]|1[0-2])(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_ONLY_YEAR = re.compile(r"\d{4}")
_ONLY_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})[/](\d{4})")
_ONLY_QUARTER = re.compile(r"(\d{4})[- ]?[QT]([1-4])|[QT]([1-4])[- /]?(\d{4})", re.IGNORECASE)
_WORDS = re.compile(
    r"(?:(\d{1,2})(?:er|st|nd|rd|th)? )?([a-z]+)(?: (\d{1,2})(?:st|nd|rd|th)?)? (\d{4})"
)
_SERIAL = re.compile(r"[2-5]\d{4}(\.\d+)?")  # days since 1899, as spreadsheets count: 1954 to 2064
_MOST_MONTHS = 12

_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "january jan janvier janv", "february feb fevrier fevr fev", "march mar mars",
        "april apr avril avr", "may mai", "june jun juin", "july jul juillet juil",
        "august aug aout", "september sep sept septembre", "october oct octobre",
        "november nov novembre", "december dec decembre",
    ),
    start=1,
):  # fmt: skip
    _MONTHS |= dict.fromkeys(_names.split(), _number)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says of a day.

    Attributes
    ----------
    first, after
        The span it names: its first day, and the first day after; a day is a span of one.
    precision
        `day` `month` `quarter` `year`.
    rule
        Of the problem with it; `""` where there is none.
    values
        What fills that in.
    """

    first: date | None = None
    after: date | None = None
    precision: str = _DAY
    rule: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def read(cell: object, order: str = "") -> Reading:
    """The day or span a cell names.

    Parameters
    ----------
    order
        `dmy` or `mdy` where the reader has said what comes first; `""`: not said.
    """
    if isinstance(cell, datetime):
        return _of_time(cell.isoformat()) or Reading(rule="day-unreadable")
    if isinstance(cell, date):
        return _of_day(cell)
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return Reading(rule="day-unreadable")
    written = " ".join(str(cell).split()).removesuffix(".0")
    for reader in (_iso, _of_time, _year_first, _span, _worded):
        found = reader(written)
        if found is not None:
            return found
    return _by_order(written, order) or _hopeless(written)


def _iso(written: str) -> Reading | None:
    if not ISO.fullmatch(written):
        return None
    return _made(*map(int, written.split("-")), rule="")


def _of_time(written: str) -> Reading | None:
    found = _TIME.fullmatch(written)
    if not found:
        return None
    if _MIDNIGHT.fullmatch(written[10:]):  # a day that went through a column of times
        return _iso(found[1]) or Reading(rule="day-impossible")
    try:
        zone = written.replace("UTC", "+00:00").replace(" +", "+").replace("Z", "+00:00")
        zone = re.sub(r"([+-]\d{2})$", r"\1:00", zone.replace(" ", "T", 1))
        moment = datetime.fromisoformat(re.sub(r"T(\d):", r"T0\1:", zone))
        local = moment if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return Reading(rule="day-impossible")
    return _of_day(local.date(), rule="time-cut")


def _year_first(written: str) -> Reading | None:
    found = _YEAR_FIRST.fullmatch(written)
    if found:
        year, month, day = (part for part in found.groups() if part)
        return _made(int(year), int(month), int(day))
    found = _DIGITS.fullmatch(written)
    return _made(int(found[1]), int(found[2]), int(found[3])) if found else None


def _span(written: str) -> Reading | None:
    if _ONLY_YEAR.fullmatch(written):
        return _whole(int(written), 1, _MOST_MONTHS, _YEAR)
    found = _ONLY_MONTH.fullmatch(written)
    if found:
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _whole(int(year), int(month), 1, _MONTH)
    found = _ONLY_QUARTER.fullmatch(written)
    if found:
        year, quarter = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _whole(int(year), 3 * int(quarter) - 2, 3, _QUARTER)
    return None


def _worded(written: str) -> Reading | None:
    found = _WORDS.fullmatch(fold(written))
    if not found or found[2] not in _MONTHS or (found[1] and found[3]):
        return None
    month, year, day = _MONTHS[found[2]], int(found[4]), found[1] or found[3]
    return _made(year, month, int(day)) if day else _whole(year, month, 1, _MONTH)


def _by_order(written: str, order: str) -> Reading | None:
    found = _NUMBERS.fullmatch(written)
    if not found:
        return None
    one, other, year = int(found[1]), int(found[2]), int(found[3])
    if order == "dmy" or (not order and one > _MOST_MONTHS >= other):
        return _made(year, other, one)
    if order == "mdy" or (not order and other > _MOST_MONTHS >= one) or one == other:
        return _made(year, one, other)
    impossible = one > _MOST_MONTHS
    return Reading(rule="day-impossible" if impossible else "day-ambiguous")


def _hopeless(written: str) -> Reading:
    if _SERIAL.fullmatch(written):
        return Reading(rule="day-number")
    return Reading(rule="day-unreadable")


def _made(year: int, month: int, day: int, *, rule: str = "day-rewritten") -> Reading:
    try:
        found = date(year, month, day)
    except ValueError:
        return Reading(rule="day-impossible")
    return _of_day(found, rule=rule)


def _of_day(found: date, *, rule: str = "") -> Reading:
    if found == date.max:
        return Reading(rule="day-impossible")
    values = {"found": found.isoformat()} if rule == "day-rewritten" else {}
    return Reading(found, found + timedelta(days=1), _DAY, rule, values)


def _whole(year: int, month: int, count: int, precision: str) -> Reading:
    """A span of some months."""
    years, left = divmod(month - 1 + count, _MOST_MONTHS)
    try:
        first = date(year, month, 1)
        return Reading(first, date(year + years, left + 1, 1), precision, "day-widened")
    except ValueError:
        return Reading(rule="day-impossible")
