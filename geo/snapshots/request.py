"""What is asked for: one frozen value from which a picture follows, to the byte."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from geo.errors import SnapshotError
from geo.layers import Dataset, Layers
from geo.snapshots import extents
from geo.snapshots.extents import Extent
from geo.snapshots.presets import PRESETS, Preset
from geo.timeline import Timeline
from geo.view import View

MOST_HEADLINE, MOST_CAPTION = 300, 2000  # characters
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,200}")
# Control characters, halves of a character, private ones, and marks that turn the direction of
# writing. (Zs and Zl are dealt with as spaces.)
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Joiners, without which some scripts are misspelt, and the spaces that do not break.
_KEPT = {"\u200c", "\u200d", "\u00a0", "\u202f"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One picture.

    Attributes
    ----------
    view
        Day, filters and language, as everywhere else.
    preset
        How large, and for what.
    extent
        The ground to be seen; None: what the camera of the view sees, or the whole country.
    days
        The days of a preset with several maps, oldest first; () for one map: `view.day`.
    headline, caption, alt
        As an editor wrote them; None: they are written from the claims.
    address
        Where the app is served, `https://…`; "" where it is not known: then only the check code
        is printed.
    """

    view: View
    preset: Preset = field(default_factory=lambda: PRESETS["article"])
    extent: Extent | None = None
    days: tuple[date, ...] = ()
    headline: str | None = None
    caption: str | None = None
    alt: str | None = None
    address: str = ""

    @property
    def shown(self) -> tuple[date, ...]:
        """The days that are drawn."""
        return self.days or (self.view.day,)

    def query(self) -> dict[str, str]:
        """The view, the days and the ground as parameters of an address."""
        query = self.view.query()
        if self.extent is not None:
            query.pop("map", None)
            query["extent"] = written(self.extent)
        if self.days:
            query["days"] = ",".join(day.isoformat() for day in self.days)
        return query

    def permalink(self) -> str:
        """The address of the view in the app; "" where the app has none."""
        if not self.address:
            return ""
        said = "&".join(f"{name}={_quoted(value)}" for name, value in sorted(self.query().items()))
        return f"{self.address.rstrip('/')}/?{said}"

    def as_json(self) -> str:
        """The query as one line of JSON, for metadata."""
        return json.dumps(self.query(), sort_keys=True, ensure_ascii=False)


def written(extent: Extent) -> str:
    """An extent as `extents.parse` reads it."""
    if extent.kind == "country":
        return extents.COUNTRY
    if extent.kind == "region":
        return f"region:{extent.key}"
    if extent.kind == "place":
        return f"place:{extent.key}@{extent.km:g}"
    return ",".join(f"{side:.4f}" for side in extent.box)


def check(snapshot: Snapshot, layers: Layers, timeline: Timeline) -> None:
    """Refuse what cannot be drawn.

    Claims that a reader brought may speak of any day.

    Raises
    ------
    SnapshotError
        The address is none, a day lies outside the data, or days and maps differ in number or run
        backwards.
    """
    first, last = layers.dataset.first_day, timeline.supported_until
    language = snapshot.view.language
    if snapshot.address and not _ADDRESS.fullmatch(snapshot.address):
        raise SnapshotError(
            language.say(
                "The app cannot be at {address}. Write an address that begins with https:// or "
                "http:// and has no blanks.",
                address=repr(snapshot.address[:80]),
            )
        )
    for day in snapshot.shown:
        if last is not None and not first <= day <= last:
            raise SnapshotError(
                language.say(
                    "{day} is outside the days this data can answer for. Choose one from {first} "
                    "to {last}: nothing before or after is supported by a source here.",
                    day=day,
                    first=first,
                    last=last,
                )
            )
    if len(snapshot.shown) != snapshot.preset.shown:
        raise SnapshotError(
            language.say(
                "The preset {name} shows a number of dates that is not the number given: {wanted} "
                "against {given}. Give as many dates as it shows.",
                name=snapshot.preset.name,
                wanted=snapshot.preset.shown,
                given=len(snapshot.shown),
            )
        )
    if list(snapshot.shown) != sorted(set(snapshot.shown)):
        raise SnapshotError(
            language.say("The dates of the maps are out of order. Give each once, oldest first.")
        )


def _quoted(value: str) -> str:
    """A value of an address: what is not plain is written as %XX."""
    return "".join(
        char if char.isascii() and (char.isalnum() or char in "-._~,:/@") else _percent(char)
        for char in value
    )


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


def ground_of(snapshot: Snapshot, layers: Layers) -> Extent:
    """The extent of a picture: as asked for, as the camera sees it, or the whole country."""
    whole = extents.country(layers)
    extent = snapshot.extent
    if extent is None and snapshot.view.camera is not None:
        extent = extents.seen(snapshot.view.camera)
    if extent is None or (extent.kind == "box" and _covers(extent, whole)):
        return whole
    return extent


def known_on(snapshot: Snapshot, dataset: Dataset) -> date:
    """The last day whose reports are heard."""
    asked = snapshot.view.known_on
    return dataset.compiled_on if asked is None else min(asked, dataset.compiled_on)


def _covers(extent: Extent, whole: Extent) -> bool:
    west, south, east, north = extent.box
    left, low, right, high = whole.box
    return west <= left and south <= low and east >= right and north >= high


def clean(text: str, most: int) -> str:
    """`text` as one line that can be set: no control characters, single spaces, `most` long."""
    # Compatibility forms stay as written; composed letters are what fonts have.
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(
        " " if char.isspace() and char not in _KEPT else char
        for char in composed
        if char.isspace() or char in _KEPT or unicodedata.category(char) not in _DROPPED
    )
    one_line = re.sub(r" {2,}", " ", plain).strip()
    return one_line if len(one_line) <= most else f"{one_line[: most - 1].rstrip()}…"
