"""One step of the slider, from input to painted map: ours, and the usual way.

The usual way is `st.slider` + a new `folium.Map` with the faces of that day as `folium.GeoJson` +
`st_folium`: the same faces, the same machine, the same Chromium, the same session.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from reader import ARGUMENTS, CHROMIUM, FIRST, App

NAIVE = Path(__file__).parent / "usual_way.py"
FRAMES = 180  # three seconds at 60 a second
STEPS = 12  # changes of the naive slider

# Moves the slider once a frame for FRAMES frames, across ten years, and notes in the map's own
# frame when each repaint was due and how long painting took.
SCRUB = """async (frames) => {
    const root = [...document.querySelectorAll('*')].map(e => e.shadowRoot ?? e)
        .find(r => r.querySelector?.('.slider'));
    const slider = root.querySelector('.slider');
    const map = [...document.querySelectorAll('iframe')].map(f => f.contentWindow)
        .find(w => w.mcmOverlay);
    const overlay = map.mcmOverlay;
    overlay.stats.paintMs.length = 0;
    const beats = [];
    let last = await new Promise(requestAnimationFrame);
    for (let i = 0; i < frames; i += 1) {
        slider.value = 1400 + i * 21;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        const now = await new Promise(requestAnimationFrame);  // when the browser began the frame
        beats.push(now - last);
        last = now;
    }
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    return { beats: beats.slice(5), paint: [...overlay.stats.paintMs] };
}"""

# One key press on the naive slider, until the map that was built for it has been painted.
STEP = """async (day) => {
    const began = performance.now();
    for (;;) {
        await new Promise(requestAnimationFrame);
        for (const frame of document.querySelectorAll('iframe')) {
            if (frame.contentWindow?.shownDay === day) {
                await new Promise(requestAnimationFrame);
                return performance.now() - began;
            }
        }
        if (performance.now() - began > 20000) throw new Error('not painted in 20 s');
    }
}"""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        ours = _ours(browser, Path(folder))
        usual = _usual(browser, Path(folder))
        browser.close()
    paint, beats = sorted(ours["paint"]), sorted(ours["beats"])
    print("| what | p50 ms | p95 ms | most ms |")
    print("|---|---|---|---|")
    row("ours: time between frames while dragging", beats)
    row("ours: painting a frame on which something changes", paint)
    row("usual way: slider step to painted map", sorted(usual))
    step = statistics.median(usual) / statistics.median(beats)
    print(f"\nThe usual way takes {step:.0f} times as long for a step (p50 against p50).")


def row(name: str, values: list[float]) -> None:
    """Print a row of the table."""
    p50, p95 = (values[int(share * (len(values) - 1))] for share in (0.5, 0.95))
    print(f"| {name} ({len(values)}) | {p50:.1f} | {p95:.1f} | {values[-1]:.1f} |")


def _ours(browser: Browser, folder: Path) -> dict[str, list[float]]:
    with App(folder) as app:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{app.address}?date=2016-01-01")
        page.wait_for_selector(".legend li", timeout=FIRST)
        page.wait_for_timeout(1500)
        page.evaluate(SCRUB, FRAMES)  # warm
        page.wait_for_timeout(1500)
        measured = page.evaluate(SCRUB, FRAMES)
        page.close()
        return measured


def stepped(page: Page) -> list[float]:
    """Milliseconds of each of some steps of the usual slider, to the painted map."""
    page.evaluate(STEP, 0)
    page.get_by_role("slider").focus()
    took = []
    for day in range(1, STEPS + 1):
        page.wait_for_timeout(400)
        page.keyboard.press("ArrowRight")
        took.append(page.evaluate(STEP, day))
    return took


def _usual(browser: Browser, folder: Path) -> list[float]:
    with App(folder, script=NAIVE) as app:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(app.address)
        page.wait_for_selector("iframe", timeout=FIRST)
        took = stepped(page)
        page.close()
        return took
