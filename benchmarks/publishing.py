"""A series of daily files through the page: brought, tried, published, on the map, scrubbed.

`--full`: 700 days of some 3,000 corners; without it 100 days. The usual way shows the same files
by `st.slider`, a new `folium.Map` with the file of that day as `folium.GeoJson`, and `st_folium`.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import shapely
from playwright.sync_api import Browser, Page, sync_playwright
from reader import ARGUMENTS, CHROMIUM, App

from benchmarks import scrubbing, serving, synthetic

USUAL = Path(__file__).parent / "usual_files.py"
FOLDER = "MCM_BENCHMARK_FILES"  # of the environment: where the usual way finds the files
FIRST = date(2024, 1, 1)
DECIMALS = 5  # of a degree: what such files are published with
PATIENCE = 1_800_000  # ms

SHOWN = "() => [...document.querySelectorAll('iframe')].some(f => f.contentWindow.mcmOverlay)"


def main() -> None:
    """Print the table."""
    days = 700 if "--full" in sys.argv else 100
    with tempfile.TemporaryDirectory() as made, sync_playwright() as driver:
        folder = Path(made)
        files = _files(days)
        (folder / "front.zip").write_bytes(_packed(files))
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        print(f"{days} days; ZIP of {(folder / 'front.zip').stat().st_size / 1e6:.1f} MB\n")
        frames = _ours(browser, folder, days)
        usual = _usual(browser, folder, files)
        browser.close()
    print("\n| one step of the slider | p50 ms | p95 ms | most ms |\n|---|---|---|---|")
    scrubbing.row("ours: time between frames while dragging", sorted(frames["beats"]))
    scrubbing.row("ours: painting a frame on which something changes", sorted(frames["paint"]))
    scrubbing.row("usual way: slider step to painted map", sorted(usual))


def _files(days: int) -> dict[str, bytes]:
    """One GeoJSON a day."""
    found = {}
    for day, shape in enumerate(synthetic.front_lines(days).geometry):
        drawn = shapely.transform(shape, lambda xy: xy.round(DECIMALS))
        said = {"actor": "JNIM", "status": "control", "source": "Survey", "confidence": "medium"}
        feature = {
            "type": "Feature",
            "properties": said,
            "geometry": json.loads(shapely.to_geojson(drawn)),
        }
        told = json.dumps({"type": "FeatureCollection", "features": [feature]})
        found[f"front_{FIRST + timedelta(day)}.geojson"] = told.encode()
    return found


def _packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


# ---- ours


def _ours(browser: Browser, folder: Path, days: int) -> dict[str, list[float]]:
    print("| step | wall s | CPU s of the app | MB of the app at most |\n|---|---|---|---|")
    with App(folder) as app:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.goto(app.address)
        page.wait_for_function(SHOWN)
        page.goto(f"{app.address}layers?lang=en")
        upload = page.locator("input[type=file]")
        upload.wait_for(state="attached")
        seen = _bar_watched(page)
        with _measured("read and checked, from dropping the ZIP", app):
            upload.set_input_files(folder / "front.zip")
            button = page.get_by_role("button", name="What would it change?", exact=True)
            button.wait_for()
        moved = len(set(page.evaluate(seen)))
        publish = page.get_by_role("button", name="Publish", exact=True)
        with _measured("tried: composite, timeline, ranges, tables", app):
            button.click()
            page.wait_for_function(
                "() => [...document.querySelectorAll('button')]"
                ".some(b => b.textContent.trim() === 'Publish' && !b.disabled)"
            )
            page.locator(".uploads table").nth(2).wait_for()
        with _measured("published: from the click until the page says so", app):
            publish.click()
            link = page.get_by_text("See it on the map").first
            link.wait_for()
        with _measured("on the map: from the link to the painted map", app):
            link.click()
            page.wait_for_function(SHOWN)
            page.locator(".legend li").first.wait_for()
        print(f"\nThe bar stood at {moved} places.\n")
        return _scrubbed(page, days)


def _bar_watched(page: Page) -> str:
    """Note every place of the progress bar; the expression that tells them."""
    page.evaluate(
        """() => {
            window.places = [];
            setInterval(() => {
                const bar = document.querySelector('[data-testid="stProgress"] [role=progressbar]');
                if (bar) window.places.push(bar.getAttribute('aria-valuenow'));
            }, 50);
        }"""
    )
    return "() => window.places"


def _scrubbed(page: Page, days: int) -> dict[str, list[float]]:
    start = (FIRST - date(2012, 1, 1)).days  # of the shipped data set
    drag = scrubbing.SCRUB.replace("1400 + i * 21", f"{start} + Math.round(i * {days} / frames)")
    page.wait_for_timeout(1500)
    page.evaluate(drag, scrubbing.FRAMES)  # warm
    page.wait_for_timeout(1500)
    told: dict[str, list[float]] = page.evaluate(drag, scrubbing.FRAMES)
    return told


@contextmanager
def _measured(name: str, app: App) -> Iterator[None]:
    """Print what a step took, and the most memory the app had meanwhile."""
    most, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            most[0] = max(most[0], serving.memory(app))

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun, before = time.perf_counter(), serving.cpu(app)
    try:
        yield
    finally:
        done.set()
        watcher.join()
    took = time.perf_counter() - begun
    print(f"| {name} | {took:.1f} | {serving.cpu(app) - before:.1f} | {most[0]:,.0f} |")


# ---- the usual way


def _usual(browser: Browser, folder: Path, files: dict[str, bytes]) -> list[float]:
    days = folder / "days"
    days.mkdir()
    for name, data in files.items():
        (days / name).write_bytes(data)
    with App(folder, script=USUAL, **{FOLDER: str(days)}) as app:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.goto(app.address)
        took = scrubbing.stepped(page)
        page.close()
        return took


if __name__ == "__main__":
    main()
