"""The real app in headless Chromium.

Without Chromium these tests are skipped, unless MCM_REQUIRE_BROWSER is set.
"""

import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from reader import ARGUMENTS, CHROMIUM, App, Reader

DESK = dict(viewport={"width": 1280, "height": 900})
PHONE = dict(
    viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True
)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            if CHROMIUM is None and not os.environ.get("MCM_REQUIRE_BROWSER"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    with App(tmp_path_factory.mktemp("app")) as started:
        yield started


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def sitting(app, chromium, *, locale="en-GB", **device):
    """A reader; whatever the test was about, no other host was asked and nothing failed."""
    context = chromium.new_context(locale=locale, **device)
    reader = Reader(app, context.new_page())
    yield reader
    context.close()
    assert reader.foreign == []
    assert reader.errors == []


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
