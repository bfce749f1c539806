"""Bytes become text: UTF-8, UTF-16 or Windows-1252, and said when it is not the first."""

from __future__ import annotations

import codecs

from geo.ingest.found import Found, Refusal

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
_ZERO_SHARE = 0.3  # of the bytes at odd or even places: text of Europe in UTF-16
_SAMPLE = 4_000


def decode(data: bytes, found: Found) -> str:
    """The text of a file.

    Raises
    ------
    Refusal
        It is in no encoding that can be told.
    """
    encoding, skip = _marked(data)
    if encoding is None:
        encoding = _unmarked(data)
    try:
        letters = data[skip:].decode(encoding)
    except UnicodeDecodeError:
        raise Refusal("encoding-unknown") from None
    if "\0" in letters:
        raise Refusal("csv-zero")
    if encoding in _NAMES:
        found.add("encoding-read-as", encoding=_NAMES[encoding], sample=_sample(letters))
    return letters


def _marked(data: bytes) -> tuple[str | None, int]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if encoding.startswith("utf-32"):
                raise Refusal("encoding-unknown")
            return encoding, len(mark)
    return None, 0


def _unmarked(data: bytes) -> str:
    some = data[:_SAMPLE]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if some[start::2].count(0) > _ZERO_SHARE * len(some):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _sample(letters: str) -> str:
    """A few words with letters that another encoding would have turned into something else."""
    words = [word for word in letters.split() if not word.isascii()]
    return " ".join(dict.fromkeys(words[:5])) or letters[:40]
