"""What every test has: repeatable properties, and a few worlds to try things on."""

import os
import sys

import hypothesis
import postgres as postgres_server
import pytest
from builders import arbitrary

from geo.store import engine, where

hypothesis.settings.register_profile(
    "repeatable",
    derandomize=True,  # a test that fails once fails always
    database=None,
    deadline=None,
    max_examples=25,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("repeatable")


MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def main_is_main():
    """Streamlit's AppTest leaves the app as `__main__`; a process spawned later would run it."""
    yield
    sys.modules["__main__"] = MAIN


@pytest.fixture(params=range(8), ids="seed{}".format)
def any_claims(request):
    return arbitrary(request.param)


@pytest.fixture(autouse=True, scope="session")
def no_store_of_the_user(tmp_path_factory):
    """Tests never look into the store of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(where.URL, raising=False)
        patch.setenv(where.FOLDER, str(tmp_path_factory.mktemp("no-store") / "absent"))
        yield


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL with PostGIS; where none is installed, its tests are skipped."""
    if postgres_server.binaries() is None:
        if os.environ.get(postgres_server.REQUIRED):
            pytest.fail("PostgreSQL is required here, and its programs are not installed.")
        pytest.skip("PostgreSQL is not installed: see docs/operations.md")
    with postgres_server.server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path, monkeypatch):
    """Address of a store that does not exist yet, of either make."""
    if request.param == "sqlite":
        monkeypatch.setenv(where.FOLDER, str(tmp_path / "store"))
    else:
        monkeypatch.setenv(where.URL, request.getfixturevalue("postgres").database())
    return where.address()


@pytest.fixture
def store(address):
    """An empty store, of either make."""
    engine.opened.cache_clear()
    opened = engine.opened(address)
    yield opened
    opened.close()


@pytest.fixture(autouse=True, scope="session")
def _records(tmp_path_factory):
    """Exports made by tests are remembered nowhere but here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MALI_CONTROL_RECORDS", str(tmp_path_factory.mktemp("records")))
        yield
