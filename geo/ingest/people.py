"""Who: the names people write for actors and sources become keys."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence

from geo import tables
from geo.ingest.answers import Answers
from geo.ingest.known import Known
from geo.ingest.report import Choice, Offer, plain
from geo.places import fold

NEW = "new"  # said of an actor that is none of ours
_NEAR = 0.6
_NEAREST = 4
_APART = re.compile(r"\s*(?:[;,/+&|]|\bet\b|\band\b)\s*")
_SIGNS = re.compile(r"[^\w]+|_+")
_SLUG_LETTERS = 40
_KEY_LETTERS = 60


def actor(text: str, known: Known, answers: Answers) -> tuple[str, bool]:
    """Key of the actor a text names, and whether it is one of ours; `""`: no name at all."""
    meant = answers.meant("actor", text)
    if meant and meant != NEW:
        text = meant
    if text in known.actor_names:
        return text, True
    key = known.actors.get(fold(text))
    if key:
        return key, True
    made = _SIGNS.sub("_", fold(text).upper()).strip("_")[:_KEY_LETTERS]
    # A key already taken would make it one of ours without anybody having said so.
    return (f"{made}_2" if made in known.actor_names else made), meant == NEW


def several(text: str, known: Known, answers: Answers) -> list[str]:
    """The names in a cell: the whole of it, unless its parts are all actors that we know."""
    if fold(text) in known.actors or text in known.actor_names or answers.meant("actor", text):
        return [text]
    parts = [part for part in _APART.split(text) if part]
    if len(parts) > 1 and all(fold(part) in known.actors for part in parts):
        return parts
    return [text]


def partners(text: str, known: Known) -> list[str]:
    """The names in a cell for partners: keys joined by blanks, or names joined by signs."""
    words = text.split()
    if all(word in known.actor_names for word in words):
        return words
    if fold(text) in known.actors:
        return [text]
    parts = [part for part in _APART.split(text) if part]
    return parts if len(parts) > 1 or " " not in text else [text]


def near(text: str, known: Known) -> Offer:
    """The actors a text may mean, and a new one."""
    folded = fold(text)
    inside = [name for name in known.actors if len(folded) > 2 and folded in name]  # noqa: PLR2004
    alike = difflib.get_close_matches(folded, list(known.actors), _NEAREST, _NEAR)
    keys = dict.fromkeys(known.actors[name] for name in [*alike, *inside])
    name = f"actor:{text}"
    choices = [
        Choice(known.actor_names.get(key, key), {name: key}) for key in list(keys)[:_NEAREST]
    ]
    return Offer("actor", (*choices, Choice(plain(text, 40), {name: NEW})))


def sources(text: str, known: Known, *, keys: bool) -> dict[str, str]:
    """Key -> what the file says (`""`: it is in the bibliography), of the sources in a cell.

    Parameters
    ----------
    keys
        Whether the column is the one of docs/claims.md, where blanks lie between keys.
    """
    words = text.split()
    if all(word in known.sources for word in words):
        return dict.fromkeys(words, "")
    if (keys or len(words) == 1) and all(tables.KEY.fullmatch(word) for word in words):
        return {word: "" if word in known.sources else word for word in words}
    parts = [part.strip() for part in re.split(r"[;|\n]", text)]
    return {_slug(part): plain(part, 500) for part in parts if part} or {_slug(text): plain(text)}


def _slug(text: str) -> str:
    """A key for a source, the same for the same text."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(re.sub(r"https?://(www\.)?", "", text)))
    digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:6]
    return "-".join(filter(None, (words.strip("-")[:_SLUG_LETTERS].strip("-"), digest)))


def claim_id(stem: str, said: Sequence[object]) -> str:
    """An id made from what a claim says: the same claim has it again in the next version."""
    digest = hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:10]
    return f"{stem}-{digest}"


def stem(filename: str) -> str:
    """The name of a file without its ending, as the beginning of an id."""
    bare = re.split(r"[/\\]", filename)[-1].partition(".")[0]
    return re.sub(r"[^a-z0-9]+", "-", fold(bare)).strip("-")[:30].strip("-") or "layer"
