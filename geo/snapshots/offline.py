"""One HTML file with the map that scrubs: nothing beside it, no other host, from a memory stick.

The scripts are those of the app, as they lie in `geo/browser/`. The page forbids itself every
address by its own policy, and runs no script but those whose hash the policy names. Text from data
is JSON, or escaped; `offline.js` sets it as text.
"""

from __future__ import annotations

import base64
import hashlib
import html
from typing import Any

from geo import browser, controls, overlay, roster, words
from geo.errors import SnapshotError
from geo.languages import message
from geo.layers import Layers
from geo.snapshots import captions, request, seal, testimony
from geo.snapshots.captions import Words
from geo.snapshots.request import Snapshot
from geo.snapshots.seal import Record
from geo.timeline import Timeline
from geo.view import ZOOM

Json = dict[str, Any]

MOST_BYTES = 1_000_000  # of the page: what a newsroom's system takes, and a phone on a slow line

# How the map may be moved, as Leaflet is told: the same as in the app, see `webmap.draw`.
LIMITS = {
    "minZoom": ZOOM[0],
    "maxZoom": ZOOM[1],
    "zoomSnap": 0.25,
    "zoomDelta": 0.5,
    "wheelPxPerZoomLevel": 90,
    "maxBounds": [[4, -22], [30, 14]],
}
TEXT = {
    "map": message("Map"),
    "nothing": message(
        "No claim says who holds this ground on this day. Blank never means anyone."
    ),
    "cercle": message(
        "This is about the cercle as a whole: towns and camps in it may be held otherwise, and its "
        "edges are not front lines."
    ),
    "prompt": message(
        "Click the map, or find a place, to see who held it, since when, and according to whom."
    ),
    "since": message("since {day}"),
    "sinceBefore": message("since before {day}"),
}
_STYLES = ("overlay.css", "theme.css", "scrubber.css", "panel.css", "offline.css")
_MOUNT = "export default function mount"


def page(
    snapshot: Snapshot,
    layers: Layers,
    timeline: Timeline,
    *,
    live: bool = False,
    record: Record | None = None,
) -> bytes:
    """The page.

    Parameters
    ----------
    snapshot
        Its day is where the slider stands at first, its ground what is seen at first.
    timeline
        The claims as the view hears them.
    live
        Whether whoever serves the page makes it anew with the data, and it says so; else it says
        that it never changes.
    record
        The seal of the export; None: it is made here.

    Raises
    ------
    SnapshotError
        The day lies outside the data, or the page would be larger than `MOST_BYTES`.
    """
    said = captions.write(snapshot, layers, timeline)
    sealed = record or _sealed(snapshot, layers, timeline)
    scripts = [
        browser.leaflet_text("leaflet.js"),
        browser.text(*browser.MAP),
        overlay.script(_payload(snapshot, layers, timeline)),
        overlay.script(_told(snapshot, layers, timeline, said, live=live), name="mcmPage"),
        _program(),
    ]
    body = _markup(snapshot, layers, said, sealed, live=live)
    made = _document(snapshot, said, sealed, body, scripts).encode()
    if len(made) > MOST_BYTES:
        raise SnapshotError(
            snapshot.view.language.say(
                "The page would have {size} kB, more than the {most} kB it may have. Hear fewer "
                "sources, or a higher confidence.",
                size=len(made) // 1000,
                most=MOST_BYTES // 1000,
            )
        )
    return made


def frame(snapshot: Snapshot, said: Words, address: str) -> str:
    """The `<iframe>` that shows the page inside an article: a box that keeps its shape.

    Parameters
    ----------
    address
        Where the page is served; its file name, if it lies beside the article.
    """
    title = html.escape(f"{said.headline}. {' '.join(said.dates)}", quote=True)
    language = snapshot.view.language.code
    return (
        f'<iframe src="{html.escape(address, quote=True)}" title="{title}" lang="{language}" '
        'loading="lazy" sandbox="allow-scripts allow-popups" allowfullscreen '
        'style="width:100%;aspect-ratio:4/3;min-height:640px;border:0"></iframe>'
    )


def _sealed(snapshot: Snapshot, layers: Layers, timeline: Timeline) -> Record:
    ground = request.ground_of(snapshot, layers)
    box = None if ground.kind == "country" else ground.box
    query, claimed = snapshot.query(), snapshot.view.claimed
    return seal.record(layers, timeline, query, snapshot.shown, box=box, claimed=claimed)


def _payload(snapshot: Snapshot, layers: Layers, timeline: Timeline) -> Json:
    """What the map draws, looking at the ground of the snapshot."""
    west, south, east, north = request.ground_of(snapshot, layers).box
    made = overlay.payload(layers, timeline, snapshot.view.language)
    return made | {"bounds": [[south, west], [north, east]]}


def _told(
    snapshot: Snapshot, layers: Layers, timeline: Timeline, said: Words, *, live: bool
) -> Json:
    """What `offline.js` is told."""
    view, data = snapshot.view, layers.dataset
    language = view.language
    day, last = (
        (value - data.first_day).days for value in (snapshot.shown[-1], data.supported_until)
    )
    ends = language.say("Sources end on {day}", day=language.day(data.supported_until))
    return {
        "language": language.tag,
        "day": day,
        "limits": LIMITS,
        "claimed": view.claimed,
        "scrubber": {
            "firstDay": data.first_day.isoformat(),
            "last": last,
            "day": day,
            "view": None,
            "loop": None,
            "measure": "km2",
            "kinds": None,
            "language": language.tag,
            "text": language.all(controls.SCRUBBER) | {"limit": ends, "foot": ""},
        },
        "text": language.all(controls.PANEL) | language.all(TEXT),
        "headline": said.headline,
        "general": language.say("Who held which ground in Mali"),
        "known": f"{said.known.rstrip('.')}.",
        "kept": _kept(snapshot, layers, live=live),
        "back": language.say("Back to {day}", day=language.day(snapshot.shown[-1])),
        **testimony.told(layers, timeline, language),
    }


def _kept(snapshot: Snapshot, layers: Layers, *, live: bool) -> str:
    """Whether this map changes."""
    language = snapshot.view.language
    if live:
        return language.say(
            "Live: this map is made anew as claims come in. Data version {version}.",
            version=layers.dataset.version,
        )
    return language.say("Frozen: this article's map never changes.")


def _program() -> str:
    """The scrubber as a value, the answer to a click, and the page that joins them to the map."""
    scrubber = browser.text(*browser.SCRUBBER)
    if scrubber.count(_MOUNT) != 1:
        raise SnapshotError("The scrubber is no component any more. Mend geo/browser/scrubber.js.")
    # A module cannot be read from a memory stick: it becomes a function with the same text.
    mounted = scrubber.replace(_MOUNT, "return function mount")
    return (
        f'window.mcmScrubber = (function () {{\n"use strict";\n{mounted}}})();\n'
        f"{browser.text('source.js', 'answer.js', 'offline.js')}"
    )


def _markup(snapshot: Snapshot, layers: Layers, said: Words, sealed: Record, *, live: bool) -> str:
    """The body: what `offline.js` fills, and what is read without scripts and by machines."""
    language = snapshot.view.language
    skeleton = browser.text("offline.html")
    skeleton = skeleton.replace(
        '<div class="scrub"></div>', f'<div class="scrub">{browser.text("scrubber.html")}</div>'
    )
    heard = words.heard(language, snapshot.view, roster.said(layers, snapshot.view))
    lines = [
        said.sources,
        said.caveat,
        said.disclaimer,
        said.credit,
        language.say("What counts here: {heard}.", heard=heard),
    ]
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in dict.fromkeys(lines) if line)
    checked = html.escape(language.say("Check code"))
    return (
        f"{skeleton}"
        f'<footer class="about"><p><strong>{checked} {sealed.code}</strong> · '
        f"{html.escape(sealed.edition)} · {sealed.data_version[:8]} · "
        f"{html.escape(_kept(snapshot, layers, live=live))}{_link(snapshot)}</p>"
        f"{paragraphs}</footer>\n"
        f"<noscript><h1>{html.escape(said.headline)}</h1><p>{html.escape(said.caption)}</p>"
        f"<p>{html.escape(said.alt)}</p></noscript>\n"
    )


def _link(snapshot: Snapshot) -> str:
    address = snapshot.permalink()
    if not address.startswith(("https://", "http://")):
        return ""
    shown = html.escape(snapshot.view.language.say("Open this view on the map"))
    target = html.escape(address, quote=True)
    return f' <a href="{target}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def _document(
    snapshot: Snapshot, said: Words, sealed: Record, body: str, scripts: list[str]
) -> str:
    styles = _styles()
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {_hash(styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    described = {
        "description": said.caption,
        "author": said.credit,
        "dcterms.identifier": sealed.code,
        "mcm-record": seal.stamp(sealed),
    }
    metas = "\n".join(
        f'<meta name="{name}" content="{html.escape(text, quote=True)}">'
        for name, text in described.items()
    )
    programs = "\n".join(f"<script>{script}</script>" for script in scripts)
    title = html.escape(f"{said.headline} ({' '.join(said.dates)})")
    return (
        f'<!doctype html>\n<html lang="{snapshot.view.language.code}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="robots" content="noarchive">\n'
        f"<title>{title}</title>\n{metas}\n<style>{styles}</style>\n</head>\n<body>\n"
        f"{body}{programs}\n</body>\n</html>\n"
    )


def _styles() -> str:
    """Leaflet's and ours. The typeface of the app is none of the page's: readers have their own."""
    leaflet = browser.leaflet_text("leaflet.css")
    ours = browser.text(*_STYLES)
    lines = [line for line in ours.splitlines() if "TYPEFACE" not in line]
    return f"{leaflet}\n{chr(10).join(lines)}\n".replace(":host", ":root")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
