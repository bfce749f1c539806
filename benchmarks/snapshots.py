"""A picture to publish, beside Folium's own `_to_png` of the same day; and a film of 120 frames.

Folium is driven by Chromium through a stand-in for Selenium's driver, with Leaflet from this disk.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import folium
import geopandas as gpd
from playwright.sync_api import Page, sync_playwright
from reader import ARGUMENTS, CHROMIUM
from xstatic.pkg import leaflet

from geo import cache, layers, slices, timeline, webmap
from geo.languages import ENGLISH
from geo.layers import Layers
from geo.snapshots import drawing, files, film, presets
from geo.snapshots.request import Snapshot
from geo.timeline import Timeline
from geo.view import View

FIRST = date(2025, 11, 1)
RUNS = 7


class Driver:
    """What Folium asks of Selenium, done by a Chromium that is started for one picture."""

    def __init__(self) -> None:
        """Start the browser."""
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        self._page: Page = self._browser.new_page(viewport={"width": 1200, "height": 800})

    def fullscreen_window(self) -> None:
        """Leave the window as it is: 1200 x 800."""

    def get(self, address: str) -> None:
        """Open the page."""
        self._page.goto(address)

    def find_element(self, _by: str, name: str) -> Any:  # noqa: ANN401 -- Selenium's own
        """The map, with its picture."""
        png = self._page.locator(f".{name}").screenshot()
        return type("Element", (), {"screenshot_as_png": png})

    def quit(self) -> None:
        """End the browser."""
        self._browser.close()
        self._playwright.stop()


def main() -> None:
    """Print the figures."""
    shipped = layers.load()
    composite = cache.composite(shipped.claims, shipped.units)
    said = timeline.resolve(composite, supported_until=shipped.dataset.supported_until)
    days = iter(FIRST + timedelta(days=n) for n in range(200))
    _draw(shipped, said, next(days), ".svg")  # faces and outlines are read once

    print("| a picture of one day | wall s (median) | CPU s |")
    print("|---|---|---|")
    rows: dict[str, Callable[[], object]] = {
        "ours: PNG 1200 x 800": lambda: _draw(shipped, said, next(days), ".png"),
        "ours: PNG 2400 x 1600": lambda: _draw(shipped, said, next(days), ".png", 2),
        "ours: SVG": lambda: _draw(shipped, said, next(days), ".svg"),
        "ours: PDF": lambda: _draw(shipped, said, next(days), ".pdf"),
        "Folium `_to_png`, as it comes (waits 3 s)": lambda: _usual(shipped, said, next(days), 3),
        "Folium `_to_png(delay=0)`": lambda: _usual(shipped, said, next(days), 0),
    }
    for what, work in rows.items():
        wall, cpu = zip(*(_timed(work) for _ in range(RUNS)), strict=True)
        told = "" if "Folium" in what else f"{statistics.median(cpu):.2f}"
        print(f"| {what} | {statistics.median(wall):.2f} | {told} |", flush=True)
    _film(shipped, said)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _draw(shipped: Layers, said: Timeline, day: date, ending: str, scale: int = 1) -> bytes:
    snapshot = Snapshot(View(day, language=ENGLISH), presets.named("article"))
    return files.render(drawing.draw(snapshot, shipped, said), ending, scale=scale)


def _usual(shipped: Layers, said: Timeline, day: date, delay: int) -> bytes:
    ground = slices.at(said, day)
    colours = shipped.actors["colour"]
    shown = folium.Map(location=webmap.CENTRE, zoom_start=5, tiles=None)
    folder = leaflet.BASE_DIR
    shown.default_js = [("leaflet", f"file://{folder}/leaflet.js")]
    shown.default_css = [("leaflet", f"file://{folder}/leaflet.css")]
    coloured = ground.assign(
        colour=[colours[actors[0]] if actors else "#cccccc" for actors in ground["actors"]]
    )
    folium.GeoJson(
        gpd.GeoDataFrame(coloured[["geometry", "colour"]]), style_function=_style
    ).add_to(shown)
    return shown._to_png(delay, Driver())  # noqa: SLF001 -- what is compared


def _style(feature: dict[str, Any]) -> dict[str, object]:
    return {"fillColor": feature["properties"]["colour"], "weight": 1, "fillOpacity": 0.6}


def _film(shipped: Layers, said: Timeline) -> None:
    first, last = shipped.dataset.first_day, shipped.dataset.supported_until
    for ending, preset in ((".mp4", "wide"), (".gif", "article")):
        began, cpu = time.perf_counter(), time.process_time()
        snapshot = Snapshot(View(last, language=ENGLISH), presets.named(preset))
        reel = film.prepare(snapshot, shipped, said, film.days(first, last))
        content = film.WRITERS[ending](reel, lambda _done, _of: None)
        wall, used = time.perf_counter() - began, time.process_time() - cpu
        print(
            f"\n{len(reel.days)} frames ({preset}, {ending}), {reel.drawn} of them drawn: "
            f"{wall:.1f} s wall, {used:.1f} s CPU without the encoder, {len(content) / 1e6:.1f} MB."
        )
