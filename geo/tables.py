"""Tables written by hand: CSV text with known columns, read as text and checked cell by cell.

Every check raises `LayerError` naming the file, the line and what to write instead. A table
as `read` returns it is indexed by `line`, the line of the file a row starts on, so that every
later check can name it too.
"""

from __future__ import annotations

import csv
import re
import weakref
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import LayerError

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PARTIAL_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")

# What a terminal would obey or a reader would be misled by, were it to come from a layer: control
# characters but tab and newline, halves of a character, and marks that turn the writing direction.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table this package passes around.

    Attributes
    ----------
    name
        As it stands in the header.
    kind
        `text`, `key`, `keys` (joined by one space), `names` (joined by `|`), `day`, `number`.
    meaning
        One or two sentences for the person who fills it in.
    required
        Whether a cell must be filled. In a table written by hand the column
        itself is always there.
    """

    name: str
    kind: str
    meaning: str
    required: bool = True


def read(text: str, columns: Sequence[Column], *, file: str) -> pd.DataFrame:
    """Rows of a CSV text with exactly `columns`, in their order.

    Returns
    -------
    DataFrame
        Text without surrounding blanks in every cell; an empty cell is `""`,
        never missing. Indexed by `line`, the line of `file` a row starts on.
    """
    header, rows, lines = _records(text, file)
    _check_header(header, [column.name for column in columns], file)
    index = pd.Index(lines, name="line", dtype="int64")
    table = pd.DataFrame(rows, columns=header, index=index, dtype="str")
    table = table.assign(**{name: table[name].str.strip() for name in header})
    for column in columns:
        if column.required:
            check(table, column.name, table[column.name] != "", file=file, remedy="Fill it in.")
    return table[[column.name for column in columns]]


def check(table: pd.DataFrame, column: str, good: pd.Series, *, file: str, remedy: str) -> None:
    """Raise `LayerError` for the first row of `table` that is not `good`."""
    if good.all():
        return
    line = good.index[~good.to_numpy(bool)][0]
    value = table[column].loc[line]
    said = f"is {value!r}" if value != "" else "is empty"
    raise LayerError(f"{file}, line {line}: {column} {said}. {remedy}")


def check_one_of(
    table: pd.DataFrame, column: str, words: Collection[str], *, file: str, empty: bool = False
) -> None:
    """Every cell of `column` is one of `words`; with `empty`, or says nothing."""
    good = table[column].isin(words) | (empty & (table[column] == ""))
    check(table, column, good, file=file, remedy=f"Use one of: {', '.join(words)}.")


def check_pattern(
    table: pd.DataFrame, column: str, pattern: re.Pattern[str], *, file: str, remedy: str
) -> None:
    """Every filled cell of `column` matches `pattern` as a whole."""
    good = table[column].str.fullmatch(pattern) | (table[column] == "")
    check(table, column, good, file=file, remedy=remedy)


def check_known(
    table: pd.DataFrame, column: str, known: Collection[str], *, file: str, kept_in: str
) -> None:
    """Every word in `column` (text, or lists as `words` makes them) is a key of `kept_in`."""
    known = frozenset(known)
    for line, cell in zip(table.index, table[column], strict=True):
        for key in (cell,) if isinstance(cell, str) else cell:
            if key and key not in known:
                raise LayerError(
                    f"{file}, line {line}: {column} names {key!r}, which {kept_in} does not "
                    f"have. Add it to {kept_in} or mend the key."
                )


def keyed(
    table: pd.DataFrame,
    column: str,
    *,
    file: str,
    pattern: re.Pattern[str] = KEY,
    form: str = "lower-case ASCII words joined by -",
) -> pd.DataFrame:
    """`table` indexed by `column`, whose values are unique and of the form of `pattern`."""
    check_pattern(table, column, pattern, file=file, remedy=f"A key is {form}.")
    unique = ~table[column].duplicated()
    check(table, column, unique, file=file, remedy="That key is taken: every row needs its own.")
    return table.set_index(column)


def words(cells: pd.Series, *, joined_by: str | None = None) -> pd.Series:
    """Lists inside cells as tuples of text: keys joined by blanks, or names by `joined_by`."""
    lists = [
        tuple(word.strip() for word in cell.split(joined_by) if word.strip()) for cell in cells
    ]
    return pd.Series(lists, index=cells.index, dtype=object, name=cells.name)


def numbers(table: pd.DataFrame, column: str, *, file: str) -> pd.Series:
    """A column as float64; an empty cell is NaN."""
    values = pd.to_numeric(table[column], errors="coerce").astype("float64")
    good = (values.abs() < np.inf) | (table[column] == "")
    check(table, column, good, file=file, remedy="Write a number such as 12 or 3.5.")
    return values


def days(table: pd.DataFrame, columns: Iterable[str], *, file: str) -> pd.DataFrame:
    """`table` with `columns` as datetime64[s] at midnight; an empty cell is NaT."""
    remedy = "Write days as YYYY-MM-DD."
    found: dict[str, pd.Series] = {}
    for column in columns:
        check_pattern(table, column, DAY, file=file, remedy=remedy)
        parsed = pd.to_datetime(table[column], format="%Y-%m-%d", errors="coerce")
        check(table, column, parsed.notna() | (table[column] == ""), file=file, remedy=remedy)
        found[column] = parsed.astype("datetime64[s]")
    return table.assign(**found)


def _records(text: str, file: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows and the line each row starts on; blank lines do not count."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            if record:
                records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as fault:
        raise LayerError(
            f"{file}, line {line}: not readable as CSV ({fault}). "
            f"Close every quotation mark, and double those inside a cell."
        ) from fault
    if not records:
        raise LayerError(f"{file} is empty. Restore it from the repository.")
    (_, header), *rows = records
    for line, record in rows:
        if len(record) != len(header):
            raise LayerError(
                f"{file}, line {line}: {len(record)} cells, but the header has {len(header)}. "
                f"Put cells that contain a comma in quotation marks."
            )
    return header, [record for _, record in rows], [line for line, _ in rows]


def _check_header(header: list[str], expected: list[str], file: str) -> None:
    for name in expected:
        if name not in header:
            raise LayerError(
                f"{file}: column {name!r} is missing. Found: {', '.join(header)}. "
                f"Rename or add it; docs/formats.md lists the columns."
            )
    for name in header:
        if name not in expected or header.count(name) > 1:
            raise LayerError(
                f"{file}: column {name!r} is not expected here, or stands twice. Remove it or "
                f"mend its name; docs/formats.md lists the columns."
            )


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Every row as column -> value, with the index under its own name."""
    index = frame.index
    names = [*(name or "index" for name in index.names), *frame.columns]
    keys = index.tolist() if index.nlevels > 1 else [(key,) for key in index.tolist()]
    # All cells in one go: to_dict("records") goes column by column and takes four times as long.
    cells = pd.DataFrame(frame).to_numpy(dtype=object).tolist()
    return [
        {
            name: None if cell is pd.NA else cell
            for name, cell in zip(names, (*key, *row), strict=True)
        }
        for key, row in zip(keys, cells, strict=True)
    ]


_known: dict[int, dict[Hashable, dict[str, Any]]] = {}  # id of a frame -> key -> row


def row(frame: pd.DataFrame, key: Hashable) -> dict[str, Any]:
    """The row of a key as `rows` gives it; for frames that last and that nobody changes.

    All rows are made on the first call and kept for as long as the frame is: a pandas look-up costs
    half a millisecond, and an answer to a reader takes dozens of them.

    Raises
    ------
    KeyError
        There is no such key.
    """
    known = _known.get(id(frame))
    if known is None:
        known = dict(zip(frame.index, rows(frame), strict=True))
        _known[id(frame)] = known
        weakref.finalize(frame, _known.pop, id(frame), None)
    return dict(known[key])


def escaped(text: str) -> str:
    r"""`text` with what no terminal should be sent as `\uXXXX`."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
