"""The data pack: a picture and everything behind it, as one ZIP that is the same each time.

What is inside is listed in its README, and hashed in its SHA-256 list.
"""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO, StringIO

import pandas as pd

from geo import formats, roster, slices, tables
from geo.claims import COLUMNS
from geo.errors import SnapshotError
from geo.evidence import cited
from geo.formats import Sheet
from geo.languages import CODES, Language
from geo.layers import Layers
from geo.overlay import ATTRIBUTION
from geo.snapshots import captions, files, metadata, request, seal
from geo.snapshots.drawing import Drawing
from geo.timeline import Timeline

MOST_BYTES = 25_000_000  # what can still be sent by mail
SUMS = "SHA256SUMS.txt"
_STORED = (".png",)  # packed already, and its record is found without unpacking
_SOURCE_COLUMNS = ("source", "publisher", "title", "address", "reliability", "published_on", "read")
_BOM = b"\xef\xbb\xbf"  # spreadsheets take a file without it for another encoding


def make(drawing: Drawing, layers: Layers, timeline: Timeline) -> bytes:
    """The pack.

    Parameters
    ----------
    drawing
        The picture.
    layers, timeline
        What it was drawn from.

    Raises
    ------
    SnapshotError
        The pack would be larger than `MOST_BYTES`, or the picture than those who show it take.
    """
    language = drawing.snapshot.view.language
    made = contents(drawing, layers, timeline)
    packed = _packed(made, drawing)
    if len(packed) > MOST_BYTES:
        raise SnapshotError(
            language.say(
                "The data pack would have {size} MB, more than the {most} MB that can be sent. "
                "Choose a smaller preset or extent.",
                size=len(packed) // 1_000_000,
                most=MOST_BYTES // 1_000_000,
            )
        )
    return packed


def contents(drawing: Drawing, layers: Layers, timeline: Timeline) -> dict[str, bytes]:
    """Every file of the pack by its name, sorted; the SHA-256 list is among them."""
    stem = metadata.name(drawing, "")
    made = {
        f"{stem}.png": files.render(drawing, ".png"),
        f"{stem}.svg": files.render(drawing, ".svg"),
        "claims.csv": _claims(drawing, timeline),
        "sources.csv": _sources(drawing, layers, timeline),
    }
    for day in drawing.snapshot.shown:
        sheet = _sheet(drawing, layers, timeline, day)
        made[f"control_{day}.geojson"] = formats.WRITERS[".geojson"](sheet)
        made[f"control_{day}.gpkg"] = formats.WRITERS[".gpkg"](sheet)
    for code in CODES:
        made |= _words(drawing, layers, timeline, Language(code))
    made["README.txt"] = _readme(drawing, layers, sorted(made))
    listed = sorted(made.items())
    sums = "".join(f"{hashlib.sha256(part).hexdigest()}  {name}\n" for name, part in listed)
    return {**dict(listed), SUMS: sums.encode()}


def _packed(made: Mapping[str, bytes], drawing: Drawing) -> bytes:
    """A ZIP without times or owners: those of the data stand in for them."""
    day = drawing.dataset.compiled_on
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in sorted(made.items()):
            entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            stored = name.endswith(_STORED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=None if stored else 9)
    return file.getvalue()


# ---- the ground


def _sheet(drawing: Drawing, layers: Layers, timeline: Timeline, day: date) -> Sheet:
    """The slice of a day, as `python -m geo slice` writes it."""
    data, snapshot = layers.dataset, drawing.snapshot
    language = snapshot.view.language
    shapes = formats.rounded(slices.merged(slices.at(timeline, day)))
    title = language.say(
        "{title}: {day}", title=language.field(data, "title"), day=language.day(day)
    )
    about = {
        "title": title,
        "date": str(day),
        "known_on": str(request.known_on(snapshot, data)),
        "heard": drawing.words.known,
        "version": data.version,
        "licence": data.licence,
        "attribution": ATTRIBUTION,
        "caveat": language.field(data, "boundaries"),
        "check_code": drawing.code,
    }
    deciding = {claim_id for ids in shapes["claim_ids"] for claim_id in ids}
    uploaded = roster.credited(layers, sorted(deciding), language)
    if uploaded:
        about["uploaded"] = "; ".join(uploaded)
    nothing = ("",) * len(shapes)  # neither format says more than the properties
    return Sheet(f"control_{day:%Y_%m_%d}", about, shapes, nothing, nothing, data.compiled_on)


# ---- the claims and their sources


def _deciding(drawing: Drawing, timeline: Timeline) -> pd.DataFrame:
    """The claims that decide the picture, in the versions that stood."""
    snapshot, record = drawing.snapshot, seal.read(drawing.record.encode())
    box = None if record is None else record.box
    rows = seal.deciding(timeline, snapshot.shown, box, claimed=snapshot.view.claimed)
    return pd.DataFrame(timeline.composite.claims.iloc[rows].drop(columns="geometry"))


def _claims(drawing: Drawing, timeline: Timeline) -> bytes:
    names = [column.name for column in COLUMNS]
    rows = tables.rows(_deciding(drawing, timeline)[names])
    return _csv(names, [[seal.text(row[name]) for name in names] for row in rows])


def _sources(drawing: Drawing, layers: Layers, timeline: Timeline) -> bytes:
    keys = {key for row in tables.rows(_deciding(drawing, timeline)) for key in cited(row)}
    known = layers.bibliography[layers.bibliography.index.isin(keys)].sort_index()
    rows = tables.rows(known)
    names = [name for name in _SOURCE_COLUMNS if name == "source" or name in known.columns]
    names += [name for name in known.columns if name not in names]
    found = [[seal.text(row[name]) for name in names] for row in rows]
    # Sources of a layer that a reader brought go by their keys alone.
    found += [[key, *[""] * (len(names) - 1)] for key in sorted(keys - set(known.index))]
    return _csv(names, found)


def _csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table that a spreadsheet reads as it is and runs nothing of."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([formats.harmless(cell) for cell in row] for row in rows)
    return _BOM + text.getvalue().encode()


# ---- the words


@dataclass(frozen=True, slots=True)
class _Text:
    """One text file of the pack."""

    name: str
    lines: tuple[str, ...]

    def encoded(self) -> bytes:
        return ("\n".join(self.lines) + "\n").encode()


def _words(
    drawing: Drawing, layers: Layers, timeline: Timeline, language: Language
) -> dict[str, bytes]:
    """Caption, alt text and licence in a language; an editor's words are in theirs alone."""
    snapshot, said = drawing.snapshot, drawing.words
    if language != snapshot.view.language:
        view = replace(snapshot.view, language=language)
        other = replace(snapshot, view=view, headline=None, caption=None, alt=None)
        said = captions.write(other, layers, timeline)
    texts = (
        _Text(
            f"caption.{language.code}.txt",
            (
                said.headline,
                " ".join(said.dates),
                said.known,
                "",
                said.caption,
                "",
                said.sources,
                said.caveat,
                said.disclaimer,
                said.credit,
                language.say("Check code {code}", code=drawing.code),
            ),
        ),
        _Text(f"alt.{language.code}.txt", (said.alt,)),
        _Text(f"licence.{language.code}.txt", _licence(layers, said.credit, language)),
    )
    return {text.name: text.encoded() for text in texts}


def _licence(layers: Layers, credit: str, language: Language) -> tuple[str, ...]:
    return (
        language.say(
            "The picture, the states and the table of claims: {licence}. Name whom this credit "
            "names:",
            licence=layers.dataset.licence,
        ),
        credit,
        "",
        language.say(
            "The ground beneath: geoBoundaries (CC BY 4.0; Runfola et al. 2020; DNCT, DNP, OCHA "
            "Mali), GeoNames (CC BY 4.0), Natural Earth (public domain), GSHHG lakes "
            "(LGPL-3.0-or-later)."
        ),
        language.say(
            "The texts and pages of the sources belong to those who published them; only their "
            "addresses are here."
        ),
        language.field(layers.dataset, "boundaries"),
    )


def _readme(drawing: Drawing, layers: Layers, names: Sequence[str]) -> bytes:
    """What each file is, in both languages."""
    lines: list[str] = []
    for code in CODES:
        language = Language(code)
        days = language.listed([language.day(day) for day in drawing.snapshot.shown])
        lines += [
            f"{language.field(layers.dataset, 'title')}: {days}",
            language.say(
                "As known on {day}. Data version {version} ({digest}). Check code {code}.",
                day=language.day(request.known_on(drawing.snapshot, layers.dataset)),
                version=layers.dataset.version,
                digest=drawing.data_version,
                code=drawing.code,
            ),
            language.say(
                "Whether it has been corrected since: python -m geo verify {code}, or give the "
                "picture to the snapshot page.",
                code=drawing.code,
            ),
            "",
            *(f"{name}\n    {_meaning(name, language)}" for name in [*names, SUMS]),
            "",
        ]
    return "\n".join(lines).encode()


def _meaning(name: str, language: Language) -> str:
    meanings = {
        ".png": language.say("the picture"),
        ".svg": language.say("the picture, to be edited: text is text, layers are named"),
        ".geojson": language.say(
            "who holds which ground: state, actors, influence, claim_ids, area_km2, stale"
        ),
        ".gpkg": language.say("the same, for a geographic information system"),
    }
    if name == "claims.csv":
        return language.say("the claims that decide the picture; docs/claims.md says what is what")
    if name == "sources.csv":
        return language.say("the sources of these claims")
    if name == SUMS:
        return language.say("SHA-256 of every other file: sha256sum -c {name}", name=SUMS)
    for start, text in (
        ("caption.", language.say("headline, dates, caption, credit")),
        ("alt.", language.say("alt text")),
        ("licence.", language.say("who may use what, and whom to name")),
    ):
        if name.startswith(start):
            return text
    return meanings[f".{name.rpartition('.')[2]}"]
