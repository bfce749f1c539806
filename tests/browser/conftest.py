"""The real app in headless Chromium. Without Chromium the tests are skipped, unless they are required."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # ms; a cold start cuts the composite first


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            if CHROMIUM is None and not os.environ.get("MCM_REQUIRE_BROWSER"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class App:
    """A Streamlit server of our own on a loopback port."""

    def __init__(self, folder, *, environment=None, options=()):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self.log = folder / "streamlit.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
                + ["--server.headless", "true", "--server.port", str(self.port), *options],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "MALI_CONTROL_CACHE": str(folder / "cache"), **(environment or {})},
            )

    def wait(self, seconds=60):
        for _ in range(seconds * 10):
            try:
                with urllib.request.urlopen(self.address + "_stcore/health", timeout=1):
                    return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise AssertionError(f"The app did not start:\n{self.log.read_text()[-2000:]}")

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    started = App(tmp_path_factory.mktemp("app")).wait()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Reader:
    """A person at the page: opens addresses, looks, drags, clicks."""

    def __init__(self, app, page):
        self.app = app
        self.page = page
        self.foreign = []  # requests to any other host; all are blocked
        self.errors = []
        page.set_default_timeout(PATIENCE)
        page.route("**/*", self._route)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _route(self, route):
        address = route.request.url
        if address.startswith((self.app.address, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(address)
            route.abort()

    def open(self, query=""):
        self.page.goto(self.app.address + query)
        return self.ready()

    def ready(self):
        self.page.wait_for_selector("iframe")
        self.frame.wait_for_function("() => window.mcmOverlay && window.mcmOverlay.day() !== null")
        self.page.wait_for_selector(".legend li")
        return self

    @property
    def frame(self):
        handle = self.page.wait_for_selector("iframe[title*='st_folium']")
        return handle.content_frame()

    def scrub(self, iso):
        """Drag the slider to a day, as far as a mouse can be exact, and the last days by key."""
        slider = self.page.locator(".slider")
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        last, target = self.page.evaluate(
            """(iso) => {
                const root = [...document.querySelectorAll('*')].map(e => e.shadowRoot ?? e)
                    .find(r => r.querySelector && r.querySelector('.slider'));
                const typed = root.querySelector('.typed');
                const days = (a, b) => Math.round((Date.parse(b) - Date.parse(a)) / 864e5);
                return [days(typed.min, typed.max), days(typed.min, iso)];
            }""",
            iso,
        )
        inner = box["width"] - 14
        now = int(slider.evaluate("e => e.value"))
        at = lambda day: box["x"] + 7 + inner * day / last  # noqa: E731
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(at(now), middle)
        self.page.mouse.down()
        self.page.mouse.move(at(target), middle, steps=12)
        self.page.mouse.up()
        slider.focus()
        missing = target - int(slider.evaluate("e => e.value"))
        for _ in range(abs(missing)):
            self.page.keyboard.press("ArrowRight" if missing > 0 else "ArrowLeft")
        return self

    def painted(self, lon, lat):
        """What the map says it shows at a point."""
        return self.frame.evaluate("([lon, lat]) => window.mcmOverlay.stateAt(lon, lat)", [lon, lat])


@pytest.fixture
def reader(app, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield Reader(app, context.new_page())
    context.close()


@pytest.fixture
def phone(app, chromium):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True
    )
    yield Reader(app, context.new_page())
    context.close()
