"""For Babel: where messages stand. `geo/locale/babel.cfg` names these two functions."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Collection, Iterator, Mapping
from typing import BinaryIO

Found = tuple[int, str, str | tuple[str, ...], list[str]]  # line, function, messages, comments

# Method of `Language` -> the function of gettext it is, and how many texts it takes.
METHODS = {"say": ("gettext", 1), "sense": ("pgettext", 2), "plural": ("ngettext", 2)}
_RECEIVERS = ("language", "language()")
_MARK = "message"  # languages.message


def of_program(
    source: BinaryIO,
    keywords: Mapping[str, object],  # noqa: ARG001 -- Babel's own signature
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Constants that a module says or marks: `language.say("…")`, `message("…")`.

    Babel's own reader takes every text inside the brackets of a call, and any function of the name.
    """
    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.Call):
            function, count = _meant(node.func)
            texts = [a.value for a in node.args[:count] if isinstance(a, ast.Constant)]
            if count and len(texts) == count:
                yield node.lineno, function, tuple(map(str, texts)), []


def _meant(called: ast.expr) -> tuple[str, int]:
    if isinstance(called, ast.Name) and called.id == _MARK:
        return "gettext", 1
    if isinstance(called, ast.Attribute) and ast.unparse(called.value).endswith(_RECEIVERS):
        return METHODS.get(called.attr, ("", 0))
    return "", 0


def of_claims(
    table: BinaryIO,
    keywords: Mapping[str, object],  # noqa: ARG001 -- Babel's own signature
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Why the claims of `layers/claims.csv` have the confidence they have."""
    rows = csv.DictReader(io.StringIO(table.read().decode(), newline=""))
    for row in rows:
        if row["confidence_reason"]:
            yield rows.line_num, "gettext", row["confidence_reason"], []
