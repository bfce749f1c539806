"""Fifty people at one app: from letting go of the slider to the details, and what it costs.

While a slider moves, nothing is asked of the server: the browser repaints. Here every viewer lets
go of it every three to seven seconds, each at moments of their own, and once in four times chooses
another place. Moments are fixed beforehand, so a slow answer delays no question. Forty-nine viewers
speak Streamlit's protocol (`tests/wire.py`), one is a Chromium. The usual way (`usual_way.py`) gets
the same fifty viewers, without the Chromium: one step of its slider where ours lets go.
"""

import asyncio
import json
import os
import random
import re
import tempfile
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright
from reader import ARGUMENTS, CHROMIUM, FIRST, ROOT, App
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from wire import Visit

from benchmarks import serving
from geo import layers

OURS = ROOT / "app.py"
USUAL = Path(__file__).parent / "usual_way.py"
VIEWERS = 50
MEASURED = (1, 10, VIEWERS)  # viewers at which memory is read
LASTS = 45  # s
BETWEEN = (3.0, 7.0)  # s from one release to the next
ELSEWHERE = 0.25  # of the releases choose another place
ROUNDS, VISITS = 3, 100  # of visits that come and go

# Lets go of the slider on a day, and waits until the details of it have been painted; ms.
RELEASE = """async (day) => {
    const root = [...document.querySelectorAll('*')].map((e) => e.shadowRoot ?? e);
    const find = (selector) => root.map((r) => r.querySelector?.(selector)).find(Boolean);
    const slider = find('.slider');
    const shown = () => find('.details h2').textContent;
    const before = shown();
    slider.value = day;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const began = performance.now();
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    while (shown() === before) {
        await new Promise(requestAnimationFrame);
        if (performance.now() - began > 60000) throw new Error('no details in 60 s');
    }
    await new Promise(requestAnimationFrame);
    return performance.now() - began;
}"""


@cache
def _choices() -> tuple[date, int, list[str]]:
    """The first day, how many there are, and the places."""
    shipped = layers.load()
    first, last = shipped.dataset.first_day, shipped.dataset.supported_until
    return (
        first,
        (last - first).days,
        [f"{round(at.x, 4)},{round(at.y, 4)}" for at in shipped.places.geometry],
    )


class Ours:
    """A viewer of the real app."""

    query = "date=2015-06-01&at=1.41,18.44"

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.first, self.days, self.places = _choices()
        self.at = rng.choice(self.places)

    def day(self) -> date:
        """A day to let go at."""
        return self.first + timedelta(days=self.rng.randrange(self.days))

    async def release(self, visit: Visit, expect: Callable[[Hashable], None]) -> None:
        """Let go of the slider, or choose a place."""
        if self.rng.random() < ELSEWHERE:
            self.at = self.rng.choice(self.places)
        view = {"date": self.day().isoformat(), "lang": "en", "at": self.at}
        expect((view["date"], view["at"]))
        await visit.tell("panel", wait=False, view=view)

    @staticmethod
    def shown(element: Any) -> Hashable | None:  # noqa: ANN401 -- a message of Streamlit
        """What details an element shows, if it is the panel."""
        told = element.bidi_component
        if element.WhichOneof("type") != "bidi_component" or told.component_name != "map_panel":
            return None
        view = json.loads(told.json)["view"]
        return view["date"], view["at"]


class Usual:
    """A viewer of the usual way."""

    query = ""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.step = 0

    async def release(self, visit: Visit, expect: Callable[[Hashable], None]) -> None:
        """Move the slider by a few steps."""
        self.step = (self.step + self.rng.randrange(1, 50)) % 200
        [slider] = [one.slider for one, *_ in visit.parts.values() if one.HasField("slider")]
        told = WidgetState(id=slider.id)
        told.double_array_value.data.append(self.step)
        expect(self.step)
        await visit.run(told, wait=False)

    @staticmethod
    def shown(element: Any) -> Hashable | None:  # noqa: ANN401 -- a message of Streamlit
        """Which step the map of an element was built for, if it is the map."""
        if element.WhichOneof("type") != "component_instance":
            return None
        found = re.search(r"window\.shownDay = (\d+)", element.component_instance.json_args)
        return int(found[1]) if found else None


@dataclass
class Tally:
    """What one viewer asked, and how long each answer took; a later answer answers earlier too."""

    waiting: dict[Hashable, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)

    def asked(self, key: Hashable) -> None:
        """Something was let go."""
        self.waiting.setdefault(key, time.perf_counter())

    def came(self, key: Hashable | None) -> None:
        """Something is shown."""
        if key not in self.waiting:
            return
        now = time.perf_counter()
        for earlier in list(self.waiting):
            self.took.append(now - self.waiting.pop(earlier))
            if earlier == key:
                return


@dataclass(frozen=True)
class Load:
    """What a run of viewers gave."""

    took: list[float]  # s, of every release; of one not answered, how long that was waited for
    unanswered: int
    painted: list[float]  # s, of the Chromium
    opened: list[float]  # s, of every visit to its first whole page
    memory: dict[int, float]  # viewers -> MB
    server: float  # cores
    driver: float  # cores
    sent: float  # kB, for each release
    each: float  # CPU seconds, likewise


def main() -> None:
    """Print the tables."""
    viewers = VIEWERS
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before.\n")
    ours, rounds = asyncio.run(_measured(Ours, viewers, OURS, chromium=True))
    usual, _ = asyncio.run(_measured(Usual, viewers, USUAL))
    print("\n| release to details, ms | releases | p50 | p95 | p99 | most | not answered |")
    print("|---|---|---|---|---|---|---|")
    _row("ours: the message with the details is there", ours.took, ours.unanswered)
    _row("ours: painted in Chromium, one of the viewers", ours.painted, 0)
    _row("usual way: the message with the map is there", usual.took, usual.unanswered)
    least = "at least " if usual.unanswered else ""
    for share in (0.5, 0.95):
        ratio = _at(usual.took, share) / _at(ours.took, share)
        print(f"\nThe usual way takes {least}{ratio:.0f} times as long (p{100 * share:.0f}).")
    print("\n| server | ours | usual way |\n|---|---|---|")
    for count in MEASURED:
        print(
            f"| memory, {count} open, MB | {ours.memory[count]:.0f} | {usual.memory[count]:.0f} |"
        )
    slopes = [
        (load.memory[viewers] - load.memory[MEASURED[1]]) / (viewers - MEASURED[1])
        for load in (ours, usual)
    ]
    print("| memory of one more, MB | {:.1f} | {:.1f} |".format(*slopes))
    print(f"| CPU of one core, % | {100 * ours.server:.0f} | {100 * usual.server:.0f} |")
    print(f"| CPU of a release, ms | {1000 * ours.each:.0f} | {1000 * usual.each:.0f} |")
    print(f"| CPU of the viewers, % | {100 * ours.driver:.0f} | {100 * usual.driver:.0f} |")
    print(f"| sent for a release, unpacked, kB | {ours.sent:.0f} | {usual.sent:.0f} |")
    print(f"| opening a page, p50 s | {_at(ours.opened, 0.5):.1f} | {_at(usual.opened, 0.5):.1f} |")
    told = ", ".join(f"{memory:.0f}" for memory in rounds)
    print(f"\nMemory of ours after each {VISITS} visits more that came and went, MB: {told}.")


def _row(name: str, took: list[float], unanswered: int) -> None:
    told = " | ".join(f"{1000 * _at(took, share):,.0f}" for share in (0.5, 0.95, 0.99, 1))
    print(f"| {name} | {len(took)} | {told} | {unanswered} |")


def _at(values: list[float], share: float) -> float:
    return sorted(values)[round(share * (len(values) - 1))]


async def _measured(
    kind: type[Ours] | type[Usual], viewers: int, script: Path, *, chromium: bool = False
) -> tuple[Load, list[float]]:
    with tempfile.TemporaryDirectory() as folder, App(Path(folder), script=script) as served:
        load = await _loaded(kind, served, viewers, chromium=chromium)
        rounds = [await _come_and_go(kind, served) for _ in range(ROUNDS if chromium else 0)]
    return load, rounds


async def _loaded(
    kind: type[Ours] | type[Usual], app: App, viewers: int, *, chromium: bool
) -> Load:
    wired = viewers - chromium
    visits = [Visit(app.address, query=kind.query) for _ in range(wired)]
    tallies = [Tally() for _ in visits]
    opened, memory, painted = [], {}, []
    page, close = await _chromium(app) if chromium else (None, None)
    if chromium:
        memory[1] = serving.memory(app)
    try:
        for number, (visit, tally) in enumerate(zip(visits, tallies, strict=True), 1 + chromium):
            began = time.perf_counter()
            await visit.__aenter__()
            visit.on_element = lambda element, tally=tally: tally.came(kind.shown(element))
            opened.append(time.perf_counter() - began)
            if number in MEASURED:
                memory[number] = serving.memory(app)
        before = serving.cpu(app), time.process_time(), time.perf_counter()
        received = sum(visit.received for visit in visits)
        until = before[2] + LASTS
        working: list[Awaitable[None]] = [
            _view(kind(random.Random(number)), visit, tally, until)
            for number, (visit, tally) in enumerate(zip(visits, tallies, strict=True))
        ]
        if page is not None:
            working.append(_look(page, random.Random(viewers), until, painted))
        await asyncio.gather(*working)
        lasted = time.perf_counter() - before[2]
        server, driver = serving.cpu(app) - before[0], time.process_time() - before[1]
        await asyncio.gather(
            *(
                visit.until(lambda tally=tally: not tally.waiting)
                for visit, tally in zip(visits, tallies, strict=True)
            ),
            return_exceptions=True,  # whoever is never answered is counted below
        )
        each = serving.cpu(app) - before[0]
        sent = sum(visit.received for visit in visits) - received
    finally:
        if close is not None:
            await close()
        await asyncio.gather(*(visit.__aexit__() for visit in visits))
    ended = time.perf_counter()
    waited = [ended - asked for tally in tallies for asked in tally.waiting.values()]
    took = [one for tally in tallies for one in tally.took] + waited  # at least so long
    return Load(
        took,
        len(waited),
        painted,
        opened,
        memory,
        server / lasted,
        driver / lasted,
        sent / 1000 / max(len(took), 1),
        each / max(len(took), 1),
    )


async def _view(viewer: Ours | Usual, visit: Visit, tally: Tally, until: float) -> None:
    due = time.perf_counter() + viewer.rng.uniform(0, BETWEEN[1])
    while due < until:
        await asyncio.sleep(max(0, due - time.perf_counter()))
        try:
            await viewer.release(visit, tally.asked)
        except ConnectionClosed:
            return  # by a server that is too busy to say that it lives
        due += viewer.rng.uniform(*BETWEEN)


# ---- a person with a real browser among them


async def _chromium(app: App) -> tuple[Page, Callable[[], Awaitable[None]]]:
    driver = await async_playwright().start()
    browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    await page.goto(f"{app.address}?{Ours.query}")
    await page.wait_for_selector(".legend li", timeout=FIRST)

    async def close() -> None:
        await browser.close()
        await driver.stop()

    return page, close


async def _look(page: Page, rng: random.Random, until: float, painted: list[float]) -> None:
    days = Ours(rng).days
    while time.perf_counter() < until:
        await asyncio.sleep(rng.uniform(*BETWEEN))
        painted.append(await page.evaluate(RELEASE, rng.randrange(days)) / 1000)


# ---- what the server's process uses


async def _come_and_go(kind: type[Ours] | type[Usual], app: App) -> float:
    async def visit() -> None:
        async with at_once, Visit(app.address, query=kind.query):
            pass

    at_once = asyncio.Semaphore(8)
    await asyncio.gather(*(visit() for _ in range(VISITS)))
    return serving.memory(app)
