"""Our own files and Leaflet, served by the app itself: the browser asks no other host."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from time import monotonic

import streamlit as st
import streamlit.components.v1 as components

from geo import answers, browser, overlay
from geo.languages import Language
from geo.layers import Layers
from geo.timeline import Filters, Timeline
from geo.webmap import Addresses


def text(name: str) -> str:
    """A file of `geo/browser/`, as it is."""
    return browser.text(name)


def style(name: str) -> str:
    """A stylesheet of `geo/browser/` for the page itself."""
    return f"<style>{text(name)}</style>"


def addresses(payload: str) -> Addresses:
    """Where the map finds its files, given the name `publish` returned."""
    # Streamlit serves the folder of a component under its name; the map's frame is such a folder.
    scripts = (_written("map", ".js", browser.text(*browser.MAP)), payload)
    return Addresses(
        leaflet_js=f"../{_leaflet()}/leaflet.js",
        leaflet_css=f"../{_leaflet()}/leaflet.css",
        styles=address(_published("overlay.css")),
        scripts=tuple(map(address, scripts)),
    )


class _Shelf:
    """Which published data are in the cache, and which have left it, when.

    Two sets of filters may make the same file. A browser that was just told of a file may not have
    fetched it yet: a file stays for `GRACE` after the last entry of the cache that names it.
    """

    def __init__(self) -> None:
        self.named: Counter[str] = Counter()
        self.left: dict[str, float] = {}
        self.lock = Lock()

    def put(self, name: str) -> str:
        """A file is in the cache, once more; those that left it long ago are deleted."""
        with self.lock:
            self.named[name] += 1
            self.left.pop(name, None)
            now = monotonic()
            for old in [old for old, when in self.left.items() if now - when > GRACE]:
                del self.left[old]
                (_folder() / old).unlink(missing_ok=True)
        return name

    def release(self, name: str) -> None:
        """An entry of the cache that names a file has gone."""
        with self.lock:
            self.named[name] -= 1
            if self.named[name] <= 0:
                del self.named[name]
                self.left[name] = monotonic()


GRACE = 600  # s
_shelf = _Shelf()


@st.cache_resource(max_entries=32, show_spinner=False, on_release=_shelf.release)
def publish(
    fingerprint: str,  # noqa: ARG001 -- the content is the key of the cache
    filters: Filters,  # noqa: ARG001 -- likewise
    language: Language,
    _layers: Layers,
    _timeline: Timeline,
) -> str:
    """Write the data the map scrubs through; returns the file's name, which is its content's hash.

    The underscores tell Streamlit not to look at the values: the first two say what they are.
    """
    script = overlay.script(overlay.payload(_layers, _timeline, language))
    return _shelf.put(_write("data", ".js", script.encode()))


@st.cache_resource(max_entries=32, show_spinner=False, on_release=_shelf.release)
def publish_answers(
    fingerprint: str,  # noqa: ARG001 -- the content is the key of the cache
    filters: Filters,  # noqa: ARG001 -- likewise
    language: Language,
    _layers: Layers,
    _timeline: Timeline,
) -> str:
    """Write where sources differ; returns the file's name, which is its content's hash."""
    looks = answers.looks(_timeline, _layers.dataset.first_day, language)
    return _shelf.put(_write("answers", ".js", overlay.script(looks, name="mcmAnswers").encode()))


def lend(layers: Layers, timeline: Timeline, language: Language) -> str:
    """Write the data of a map that one reader alone sees; `take_back` removes the file."""
    content = overlay.script(overlay.payload(layers, timeline, language))
    return _write("data", ".js", content.encode())


def take_back(names: Iterable[str]) -> None:
    """Remove files that were lent."""
    for name in names:
        (_folder() / name).unlink(missing_ok=True)


def address(name: str) -> str:
    """Where the map's frame finds a published file."""
    return f"../{_ours()}/{name}"


@cache
def _folder() -> Path:
    """Files made by this process and served by it; they go when it ends."""
    path = tempfile.mkdtemp(prefix="mali-control-map-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return Path(path)


@cache
def _ours() -> str:
    return components.declare_component("mcm_files", path=str(_folder())).name


@cache
def _leaflet() -> str:
    return components.declare_component("mcm_leaflet", path=str(browser.LEAFLET)).name


@cache
def _written(stem: str, ending: str, content: str) -> str:
    return _write(stem, ending, content.encode())


@cache
def _published(name: str) -> str:
    stem, _, ending = name.rpartition(".")
    # The only thing a file is told: where the typeface is.
    return _write(stem, f".{ending}", text(name).replace("TYPEFACE", _typeface()).encode())


@cache
def _typeface() -> str:
    """Address of the page's own typeface, which the browser has already; `""` if there is none."""
    media = Path(st.__file__).parent / "static" / "static" / "media"
    found = sorted(media.glob("SourceSansVF-Upright*.woff2"))
    return f"../../static/media/{found[0].name}" if found else ""


def _write(stem: str, ending: str, content: bytes) -> str:
    """The name carries the hash: a browser may keep the file, and never shows an old one."""
    name = f"{stem}-{hashlib.sha256(content).hexdigest()[:16]}{ending}"
    (_folder() / name).write_bytes(content)
    return name
