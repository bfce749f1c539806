"""The app as a server of our own, and a person in front of it in Chromium."""

import io
import math
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parents[2]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What a window asks for every host but this machine, and nobody listens there.
NOWHERE = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"}
FIRST = 60_000  # ms to the first map: a cold start cuts the composite first
PATIENCE = 15_000  # ms for anything else
SETTLED = 2_000  # ms; longer than any message of the page to the server is held back
ASKED, BETWEEN = 100, 20  # times a day is asked for, and ms between them


class App:
    """A Streamlit server on a loopback port."""

    def __init__(self, folder, *, script=ROOT / "app.py", **environment):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self.log = folder / "streamlit.log"
        options = ["--server.headless", "true", "--server.port", str(self.port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", str(script), *options],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    "MALI_CONTROL_CACHE": str(folder / "cache"),
                    "MALI_CONTROL_STORE": str(folder / "store"),
                    **environment,
                },
            )

    def __enter__(self):
        if listening(self.port, self.process):
            return self
        self.process.kill()
        raise AssertionError(f"The app did not start:\n{self.log.read_text()[-2000:]}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:  # too busy to go
            self.process.kill()
            self.process.wait(10)


def listening(port, process):
    """Wait until a process that was started listens at a port; whether it does."""
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    return False


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Reader:
    """A person at the page: opens addresses, drags, clicks, looks at the pixels.

    Every request to a host that is not the app's is remembered; the window refuses it.
    """

    def __init__(self, app, page):
        self.app = app
        self.page = page
        self.hosts = (app.address, "data:", "blob:")  # that may be asked
        self.foreign = []  # addresses of other hosts that were asked for
        self.errors = []  # uncaught errors, and errors on the console
        self.sent = []  # messages to Python
        self.received = []  # messages from Python, as bytes
        page.set_default_timeout(PATIENCE)
        page.context.on("request", self._request)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("websocket", self._websocket)

    def _request(self, request):
        if not request.url.startswith(self.hosts):
            self.foreign.append(request.url)

    def _console(self, message):
        # On any page but the first Streamlit looks for itself below that page's own address too.
        probing = "/_stcore/" in message.location["url"] and "404" in message.text
        if message.type == "error" and not probing:
            self.errors.append(message.text)

    def _websocket(self, wire):
        if not wire.url.startswith(self.app.address.replace("http", "ws")):
            self.foreign.append(wire.url)
        wire.on("framesent", lambda message: self.sent.append(message))  # noqa: PLW0108 -- Playwright marks what it is given
        wire.on("framereceived", lambda message: self.received.append(message))  # noqa: PLW0108

    def runs(self):
        """How the runs of the script that have ended went, by Streamlit's own names."""
        told = (ForwardMsg.FromString(message) for message in self.received)
        return [
            ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
            for message in told
            if message.HasField("script_finished")
        ]

    # ---- the page ------------------------------------------------------------------------------

    def leave(self):
        """Listen to this window no more."""
        self.page.context.remove_listener("request", self._request)

    def open(self, query=""):
        self.page.goto(self.app.address + query)
        return self.ready()

    def ready(self):
        self.page.wait_for_selector("iframe[title*='st_folium']", timeout=FIRST)
        self.frame.wait_for_function("() => window.mcmOverlay && mcmOverlay.day() !== null")
        self.page.locator(".legend li").first.wait_for()
        return self

    @property
    def frame(self):
        """The map's frame, as it is now."""
        return self.page.wait_for_selector("iframe[title*='st_folium']").content_frame()

    def address(self, **parts):
        """Wait until the address says `parts`; all its parameters."""
        self.page.wait_for_function(
            """(parts) => {
                const query = new URLSearchParams(location.search);
                return Object.entries(parts).every(([name, value]) => query.get(name) === value);
            }""",
            arg=parts,
        )
        return self.page.evaluate("() => Object.fromEntries(new URLSearchParams(location.search))")

    def rest(self):
        """Wait until nothing that was begun can still be under way."""
        self.page.wait_for_timeout(SETTLED)
        return self

    def details(self, *, title=None, day=None):
        """The details, once they are of this place and day."""
        panel = self.page.locator(".details")
        if title is not None:
            panel.locator("h3").get_by_text(title, exact=True).wait_for()
        if day is not None:
            panel.locator("h2").get_by_text(day, exact=True).wait_for()
        return panel

    def unfold(self, locator):
        """Open everything that is folded inside, as it is now."""
        for fold in locator.locator("details:not([open])").element_handles():
            fold.evaluate("(fold) => { fold.open = true; }")
        return locator

    # ---- the date ------------------------------------------------------------------------------

    def number(self, iso):
        """A day as the slider counts it."""
        first = self.page.locator(".typed").get_attribute("min")
        return self.page.evaluate(
            "([a, b]) => Math.round((Date.parse(b) - Date.parse(a)) / 864e5)", [first, iso]
        )

    def shown(self):
        """The day the map shows, the slider stands on and the page says, all as one ISO day.

        The map hears of a day by a message, and may be the last to show it.
        """
        for _ in range(ASKED):
            said = self.page.locator(".typed").input_value()
            on_map = self.frame.evaluate("() => mcmOverlay.day()")
            on_slider = int(self.page.locator(".slider").input_value())
            if self.number(said) == on_map == on_slider:
                break
            self.page.wait_for_timeout(BETWEEN)
        assert self.number(said) == on_map == on_slider
        return said

    @contextmanager
    def dragging(self, iso, *, steps=24):
        """The slider's handle in hand, pulled near a day; let go at the end."""
        slider = self.page.locator(".slider")
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        last = int(slider.get_attribute("max"))
        middle = box["y"] + box["height"] / 2

        def across(day):
            return box["x"] + 7 + (box["width"] - 14) * day / last  # the handle is 14 px wide

        self.page.mouse.move(across(int(slider.input_value())), middle)
        self.page.mouse.down()
        self.page.mouse.move(across(self.number(iso)), middle, steps=steps)
        yield
        self.page.mouse.up()

    def type(self, iso):
        """Go to a day by its date field: sooner there than with the mouse."""
        self.page.locator(".typed").fill(iso)
        self.page.locator(".day").click()
        self.frame.wait_for_function("(day) => mcmOverlay.day() === day", arg=self.number(iso))
        self.address(date=self.shown())
        return self

    def scrub(self, iso):
        """Drag to a day: with the mouse to a pixel, and the last days with the arrows."""
        with self.dragging(iso):
            pass
        slider = self.page.locator(".slider")
        missing = self.number(iso) - int(slider.input_value())
        assert abs(missing) < 30, "the mouse does not move the handle where it points"
        for _ in range(abs(missing)):
            slider.press("ArrowRight" if missing > 0 else "ArrowLeft")
        self.frame.wait_for_function("(day) => mcmOverlay.day() === day", arg=self.number(iso))
        return self

    # ---- the map -------------------------------------------------------------------------------

    def look_at(self, lon, lat, zoom):
        """Move the map; returns where on the page the point is now."""
        self.frame.evaluate(
            "([lon, lat, zoom]) => mcmOverlay._map.setView([lat, lon], zoom, {animate: false})",
            [lon, lat, zoom],
        )
        return self.spot(lon, lat)

    def camera(self):
        """Where the map looks; Leaflet itself lays it on whole pixels."""
        zoom, lat, lon, off = self.frame.evaluate(
            """() => {
                const map = mcmOverlay._map;
                const middle = mcmOverlay.middle ?? map.getCenter();
                const off = map.project(middle).distanceTo(map.project(map.getCenter()));
                return [map.getZoom(), middle.lat, middle.lng, off];
            }"""
        )
        assert off < 1
        return [zoom, lat, lon]

    def spot(self, lon, lat):
        """Where on the page a point of the map is, in pixels."""
        x, y = self._inside(lon, lat)
        box = self.page.locator("iframe[title*='st_folium']").bounding_box()
        return box["x"] + x, box["y"] + y

    def _inside(self, lon, lat):
        return self.frame.evaluate(
            """([lon, lat]) => {
                const map = mcmOverlay._map;
                const point = map.project([lat, lon])
                    .subtract(map.getPixelOrigin()).add(map._getMapPanePos());
                return [point.x, point.y];
            }""",
            [lon, lat],
        )

    def state(self, lon, lat):
        """What the map says it shows at a point: kind, short names of the actors, stale or not."""
        return self.frame.evaluate(
            """([lon, lat]) => {
                const look = mcmOverlay.stateAt(lon, lat);
                const names = look?.actors.map((i) => mcmOverlay._data.actors[i].short);
                return look && [look.kind, names, look.stale];
            }""",
            [lon, lat],
        )

    def picture(self, path=None):
        """The screen as it is now, also written to a file."""
        self.page.mouse.move(2, 2)  # no tooltip
        return Picture(self.page.screenshot(path=path))


class Picture:
    """A screenshot, whose pixels are asked for where they are on the page."""

    def __init__(self, png):
        with Image.open(io.BytesIO(png)) as picture:
            self._pixels = picture.convert("RGB").load()

    def at(self, x, y):
        """The pixel a point lies in: (red, green, blue)."""
        return self._pixels[math.floor(x), math.floor(y)]

    def around(self, spot, reach):
        """The pixels around a spot: (dx, dy) of their middles from it -> (red, green, blue)."""
        x, y = spot
        columns = range(math.floor(x) - reach, math.floor(x) + reach + 1)
        rows = range(math.floor(y) - reach, math.floor(y) + reach + 1)
        return {(i + 0.5 - x, j + 0.5 - y): self._pixels[i, j] for i in columns for j in rows}
