"""CSV: commas, semicolons or tabs, as spreadsheets of several countries write it."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from geo.ingest.found import Found, Refusal
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import text

KIND = "CSV"
_SEPARATORS = (",", ";", "\t", "|")
_TOLD = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # the line by which Excel is told
_LOOKED_AT = 20  # lines, to tell the separator
_LONGEST_CELL = 26_000_000  # an outline as text may be long; the file itself is not longer


def read(data: bytes, found: Found, limits: Limits) -> Raw:
    """Rows of a table with one header line."""
    csv.field_size_limit(_LONGEST_CELL)
    letters = text.decode(data, found).lstrip("\r\n")
    told = _TOLD.match(letters)
    skipped = 1 if told else 0
    separator = told[1] if told else _separator(letters)
    body = letters[told.end() :] if told else letters
    header, rows, lines = _records(body, separator, skipped, limits)
    if len(header) > limits.columns:
        raise Refusal("too-many-columns", number=len(header), most=limits.columns)
    names = _names(header)
    kept: list[list[str]] = []
    numbers: list[int] = []
    starts: list[int] = []
    for number, (row, line) in enumerate(zip(rows, lines, strict=True), start=1):
        if len(row) != len(header) and any(cell.strip() for cell in row[len(header) :] or row):
            found.add("row-length", number, line=line, number=len(row), most=len(header))
            continue
        kept.append([*row[: len(header)], *[""] * (len(header) - len(row))])
        numbers.append(number)
        starts.append(line)
    columns = {
        name: [row[place].strip() or None for row in kept] for place, name in enumerate(names)
    }
    return Raw(KIND, columns, None, None, numbers, starts, len(rows))


def _separator(letters: str) -> str:
    """The separator that cuts the first lines into the most equal number of cells."""
    best, most = ",", 0.0
    for separator in _SEPARATORS:
        reader = csv.reader(io.StringIO(letters[:200_000], newline=""), delimiter=separator)
        try:
            counts = [len(row) for row in islice(reader, _LOOKED_AT) if row]
        except csv.Error:
            continue
        if counts and counts[0] > 1:
            score = counts[0] * sum(count == counts[0] for count in counts) / len(counts)
            if score > most:
                best, most = separator, score
    return best


def _records(
    body: str, separator: str, skipped: int, limits: Limits
) -> tuple[list[str], list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1 + skipped
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1 + skipped
            if len(rows) > limits.features + 1:
                raise Refusal("too-many-features", number=len(rows) - 1, most=limits.features)
    except csv.Error:
        raise Refusal("csv-quotes", line=line) from None
    if len(rows) < 1:
        raise Refusal("table-empty")
    return rows[0], rows[1:], lines[1:]


def _names(header: list[str]) -> list[str]:
    names = [name.strip().lstrip("\ufeff") or f"({place})" for place, name in enumerate(header, 1)]
    for name in names:
        if names.count(name) > 1:
            raise Refusal("header-twice", column=name)
    return names
