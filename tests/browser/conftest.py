"""The real app in headless Chromium.

Without Chromium these tests are skipped, unless MCM_REQUIRE_BROWSER is set. What they cost is
pages: see "How the tests are laid out in time" in CONTRIBUTING.md before you open one more.
"""

import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from reader import ARGUMENTS, CHROMIUM, NOWHERE, App, Reader

DESK = dict(viewport={"width": 1280, "height": 900})
PHONE = dict(
    viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True
)
LONGEST = "test_upload_page.py"  # one test, which should not be the one that all wait for
KEPT = "cookies,local_storage,indexeddb,cache_storage,service_workers"


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name != LONGEST)
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            if CHROMIUM is None and not os.environ.get("MCM_REQUIRE_BROWSER"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    with App(tmp_path_factory.mktemp("app")) as started:
        yield started


class Browser:
    """Chromium with a window for each kind of device, which stays open; a reader has a tab of it.

    To open a window costs as much as the page in it does, and what a window has fetched and
    compiled it need not again. All that a tab could leave to the next one is cleared.
    """

    def __init__(self, chromium):
        self.new_context = chromium.new_context  # for a test that needs a window of its own
        self._windows = {}

    @contextmanager
    def tab(self, *, name="", **device):
        """A tab of the window of this name and device; of two in one, only the newer is painted."""
        window, storage = self._window(name, device)
        page = window.new_page()
        try:
            yield page
        finally:
            last = page.url
            page.close()
            window.clear_cookies()
            if last.startswith("http"):
                what = {"origin": last, "storageTypes": KEPT}
                storage.send("Storage.clearDataForOrigin", what)

    def _window(self, name, device):
        key = name, repr(sorted(device.items()))
        if key not in self._windows:
            window = self.new_context(proxy=NOWHERE, **device)
            # The tab that is never used: a window is closed with its last one.
            self._windows[key] = window, window.new_cdp_session(window.new_page())
        return self._windows[key]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Browser(browser)
        browser.close()


@contextmanager
def sitting(app, chromium, *, locale="en-GB", **device):
    """A reader; whatever the test was about, no other host was asked and nothing failed."""
    with chromium.tab(locale=locale, **device) as page:
        reader = Reader(app, page)
        yield reader
        reader.leave()
    assert reader.foreign == []
    assert reader.errors == []


@pytest.fixture(scope="module")
def staying(app, chromium):
    """A reader whom all tests of a file share: open the page once, and let every test but look."""
    with sitting(app, chromium, name="staying", **DESK) as person:
        yield person


@pytest.fixture(scope="module")
def staying_phone(app, chromium):
    """The same on a telephone."""
    with sitting(app, chromium, name="staying", **PHONE) as person:
        yield person


@pytest.fixture
def reader(app, chromium):
    with sitting(app, chromium, **DESK) as person:
        yield person


@pytest.fixture
def phone(app, chromium):
    with sitting(app, chromium, **PHONE) as person:
        yield person


@pytest.fixture
def french(app, chromium):
    """A reader whose browser prefers French."""
    with sitting(app, chromium, **DESK, locale="fr-FR") as person:
        yield person


@pytest.fixture
def free(app, chromium):
    """A reader whose browser has kept nothing from before, and refuses no host."""
    window = chromium.new_context(locale="en-GB", **DESK)
    person = Reader(app, window.new_page())
    yield person
    window.close()
    assert person.foreign == []
    assert person.errors == []
