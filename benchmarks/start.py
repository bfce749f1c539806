"""How long until the map is there: the build, the cache, the first painted map, and its bytes."""

import gzip
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from reader import ARGUMENTS, CHROMIUM, FIRST, App

from geo import browser as own
from geo import cache, layers, overlay, timeline
from geo.composite import build
from geo.languages import ENGLISH
from geo.layers import Layers
from geo.timeline import Timeline

SCRIPTS = (*own.MAP, *own.SCRUBBER, *own.PANEL)
SCRIPTS += ("overlay.css", "theme.css", "scrubber.css", "panel.css")
USUAL = Path(__file__).parent / "usual_way.py"


def main() -> None:
    """Print the figures."""
    shipped, load = _timed(layers.load)
    with tempfile.TemporaryDirectory() as folder:
        composite, cut = _timed(lambda: build(shipped.claims, shipped.units))
        where = Path(folder) / "cache"
        cache.composite(shipped.claims, shipped.units, folder=where)
        _, hit = _timed(lambda: cache.composite(shipped.claims, shipped.units, folder=where))
        said, rule = _timed(lambda: timeline.resolve(composite))
        print("| step | CPU s |")
        print("|---|---|")
        print(f"| reading the layers | {load:.2f} |")
        print(f"| cold build of the composite ({len(composite.faces)} faces) | {cut:.2f} |")
        print(f"| the same from the cache | {hit:.2f} |")
        print(f"| the rule on every face and day | {rule:.3f} |")
        _bytes(shipped, said)
        _first_paint(Path(folder))


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    made = work()
    return made, time.process_time() - began


def _bytes(shipped: Layers, said: Timeline) -> None:
    browser = Path(overlay.__file__).parent / "browser"
    ours = sum(len(gzip.compress((browser / name).read_bytes())) for name in SCRIPTS)
    data = len(gzip.compress(_payload(shipped, said).encode()))
    print(f"\nOver the wire (gzip): data {data / 1000:.0f} kB, our scripts {ours / 1000:.0f} kB.")


def _payload(shipped: Layers, said: Timeline) -> str:
    return overlay.script(overlay.payload(shipped, said, ENGLISH))


def _first_paint(folder: Path) -> None:
    painted = (
        "() => [...document.querySelectorAll('iframe')].some(f => "
        "f.contentWindow?.mcmOverlay?.stats.painted > 0 || f.contentWindow?.shownDay !== undefined)"
    )
    print("\n| first painted map, wall s | cold server | warm server |")
    print("|---|---|---|")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, options in (("ours", {}), ("plain st_folium page", {"script": USUAL})):
            with App(folder, **options) as app:
                took = []
                for _ in range(4):
                    page = browser.new_context().new_page()
                    began = time.perf_counter()
                    page.goto(app.address)
                    page.wait_for_function(painted, timeout=FIRST)
                    took.append(time.perf_counter() - began)
                    page.context.close()
            print(f"| {name} | {took[0]:.1f} | {sorted(took[1:])[1]:.1f} |")
        browser.close()
