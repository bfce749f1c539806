"""The two languages of the map: its sentences, and how each writes days, numbers and lists.

English is the language of the source. French stands in `locale/fr/LC_MESSAGES/messages.po`, which
is read as it is: there is no compiled copy that could be older. A `Language` is a value and is
passed to whoever writes a sentence; many readers with different languages share one process.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from babel import dates, lists, numbers
from babel.messages import mofile, pofile

from geo.errors import GeoError, SaidError

CODES = ("en", "fr")
NAMES = {"en": "English", "fr": "Français"}  # each as its own readers call it

_LOCALES = {"en": "en_GB", "fr": "fr_FR"}  # days before months; France is what Mali writes too
# French sets a space that does not break before these signs and inside its quotation marks: a
# narrow one (U+202F) before ; ! ?, a full one (U+00A0) before : and beside « ».
_NARROW = re.compile(r" (?=[;!?])")
_FULL = re.compile(r" (?=[:»])|(?<=«) ")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_VOWEL = re.compile(r"(?!ou[aeéio])[aàâeéèêëiîïoôuùû]", re.IGNORECASE)  # Ouatagouna: a w


def message(text: str) -> str:
    """Mark a constant for the catalogue; it is translated where it is used."""
    return text


@dataclass(frozen=True, slots=True)
class Language:
    """One of the languages of the map.

    Attributes
    ----------
    code
        `en` or `fr`, as in the address.
    """

    code: str

    @property
    def tag(self) -> str:
        """The language as browsers call it: `en-GB`."""
        return _LOCALES[self.code].replace("_", "-")

    # ---- sentences

    def say(self, message: str, **values: object) -> str:
        """A message of the catalogue, with `values` in place of its `{names}`."""
        return self._filled(_catalogue(self.code).gettext(message), values)

    def fault(self, fault: GeoError) -> str:
        """What went wrong, in this language where the failure has a message of the catalogue."""
        if isinstance(fault, SaidError):
            return self.say(fault.sentence, **fault.values)
        return str(fault)

    def sense(self, context: str, message: str, **values: object) -> str:
        """A message that English writes alike in two senses and French does not."""
        return self._filled(_catalogue(self.code).pgettext(context, message), values)

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """A message about a number, which stands in it as `{number}`."""
        found = _catalogue(self.code).ngettext(one, many, number)
        return self._filled(found, {"number": self.number(number), **values})

    def translate(self, text: str) -> str:
        """A text without `{names}` that may be in the catalogue; any other is left as it is."""
        # gettext keeps its own header under the empty message.
        return self.typeset(_catalogue(self.code).gettext(text)) if text else ""

    def all(self, messages: Mapping[str, Any]) -> dict[str, Any]:
        """A tree of messages, such as a script in the browser is given, each translated."""
        return {
            key: self.translate(value) if isinstance(value, str) else self.all(value)
            for key, value in messages.items()
        }

    def _filled(self, text: str, values: Mapping[str, object]) -> str:
        typeset = self.typeset(text)
        return typeset.format(**values) if values else typeset

    # ---- texts of the data

    def column(self, name: str) -> str:
        """The column of a table that is in this language: `note_fr`."""
        return f"{name}_{self.code}"

    def cell(self, row: Mapping[str, Any], name: str) -> str:
        """What a row of a table says in this language."""
        return self.typeset(row[self.column(name)])

    def field(self, value: object, name: str) -> str:
        """What a value with a field for each language says in this one."""
        return self.typeset(getattr(value, self.column(name)))

    def place(self, row: Mapping[str, Any]) -> str:
        """The name of a place: French first in both languages, the English one in brackets."""
        french, english = row["name_fr"], row["name_en"]
        if self.code == "fr" or english in {"", french}:
            return str(french)
        return f"{french} ({english})"

    def typeset(self, text: str) -> str:
        """The text with the spaces and apostrophes of French; English is left as it is."""
        if self.code != "fr":
            return text
        spaced = _FULL.sub("\u00a0", _NARROW.sub("\u202f", text))
        return _APOSTROPHE.sub("\u2019", spaced)

    # ---- days, numbers, names

    def day(self, value: date) -> str:
        """A day in full: `7 November 2025`, `1er mai 2026`."""
        said = dates.format_date(value, "d MMMM y", locale=_LOCALES[self.code])
        return f"1er{said[1:]}" if self.code == "fr" and value.day == 1 else said

    def month(self, value: date) -> str:
        """A month: `November 2025`."""
        return dates.format_date(value, "MMMM y", locale=_LOCALES[self.code])

    def number(self, value: float) -> str:
        """A number with its thousands apart: `1,240`, `1 240`."""
        return numbers.format_decimal(value, locale=_LOCALES[self.code])

    def percent(self, share: float) -> str:
        """A share of a whole, from 0 to 1, in whole per cent: `31%`, `31 %`."""
        return numbers.format_percent(share, locale=_LOCALES[self.code])

    def listed(self, names: Sequence[str]) -> str:
        """Names as a list in a sentence: `A`, `A and B`, `A, B and C`."""
        return lists.format_list(names, locale=_LOCALES[self.code])

    def of(self, name: str) -> str:
        """A name after "of": `of Ansongo`, `d'Ansongo`, `de Kidal`."""
        if self.code == "en":
            return f"of {name}"
        return f"d\u2019{name}" if _VOWEL.match(name) else f"de {name}"


ENGLISH = Language("en")
FRENCH = Language("fr")


def named(code: str) -> Language | None:
    """The language an address calls by its code; None: there is no such language."""
    return Language(code) if code in CODES else None


def of_browser(tag: str | None) -> Language:
    """The language for a browser that prefers `tag` (`fr-ML`); English unless it is French."""
    return named((tag or "").lower().split("-")[0]) or ENGLISH


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    source = files("geo") / "locale" / code / "LC_MESSAGES" / "messages.po"
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    mofile.write_mo(compiled, pofile.read_po(io.BytesIO(source.read_bytes()), abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
