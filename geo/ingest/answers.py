"""What the reader has answered: the keys of `defaults`, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.ingest import days
from geo.ingest.fields import OF_CLAIMS
from geo.ingest.found import Found
from geo.places import fold

_WORDS: dict[str, tuple[str, ...]] = {
    "dates": days.ORDERS,
    "axes": ("keep", "swap"),
    "ends": ("exclusive", "inclusive"),
    "outside": ("keep",),
    "conflicts": ("keep",),
    "gaps": ("end", "hold"),
    "several": ("contested", "shared"),
}
_FREE = ("crs", "layer", "leave_out", "radius_km", "source")
_ABOUT = ("actor", "place", "status", "confidence")  # as in `actor:Les FAMa`
_NUMBERS = re.compile(r"[0-9]{1,6}(,[0-9]{1,6})*")
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the reader has answered.

    Attributes
    ----------
    fields
        Field -> what it is where a row says nothing.
    words
        What is meant in the whole file: `dates` `axes` `ends` `outside` `conflicts` `several`
        `crs` `layer` `radius_km`.
    about
        (`actor` `place` `status` `confidence`, folded text) -> what is meant by that text.
    left_out
        Numbers of features to go on without.
    leave_refused
        Whether to go on without whatever is refused.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[tuple[str, str], str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    leave_refused: bool = False

    def word(self, name: str) -> str:
        """One of `words`; `""` where nothing was said."""
        return self.words.get(name, "")

    def meant(self, kind: str, text: str) -> str:
        """What is meant by a text; `""` where nothing was said of it."""
        return self.about.get((kind, fold(text)), "")


def read(defaults: Mapping[str, str], found: Found) -> Answers:  # noqa: C901 (one case a kind)
    """Take `defaults` apart; what cannot be is added to `found`."""
    fields: dict[str, str] = {}
    words: dict[str, str] = {}
    about: dict[tuple[str, str], str] = {}
    left_out: frozenset[int] = frozenset()
    for name, told in defaults.items():
        value = str(told).strip()
        kind, colon, text = name.partition(":")
        if colon and kind in _ABOUT:
            about[kind, fold(text)] = value
        elif name in _WORDS and value not in _WORDS[name]:
            found.add("default-wrong", name=name, value=value, columns=list(_WORDS[name]))
        elif name == "leave_out":
            if value != REFUSED and not _NUMBERS.fullmatch(value):
                found.add("default-wrong", name=name, value=value, columns=[REFUSED, "3,7"])
            elif value != REFUSED:
                left_out = frozenset(map(int, value.split(",")))
        elif name in _WORDS or name in _FREE[:2] or name == "radius_km":
            words[name] = value
        elif name in OF_CLAIMS or name == "source":
            fields["sources" if name == "source" else name] = value
        else:
            found.add("default-unknown", name=name)
    return Answers(fields, words, about, left_out, defaults.get("leave_out") == REFUSED)
