"""Signing in at a provider of identities; what each role sees and may do; losing a role."""

import json
import sqlite3
import subprocess
import sys
from contextlib import contextmanager

import pytest
from conftest import DESK, sitting
from reader import FIRST, App, free_port, listening

FILE = b"actor,place,valid_from,source\nJNIM,Bankass,2026-05-02,a list of ours\n"
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "not a secret at all, only long enough"
client_id = "map"
client_secret = "likewise"
server_metadata_url = "{provider}.well-known/openid-configuration"

[roles]
claim = "groups"
analyst = ["desk"]
editor_emails = [{editors}]
"""
PEOPLE = {
    "awa": {"email": "awa@example.org", "email_verified": True, "groups": ["desk", "canteen"]},
    "oumar": {"email": "oumar@example.org", "email_verified": True},
    "mallory": {"email": "oumar@example.org", "groups": "desk canteen"},  # says so, unverified
}


@pytest.fixture(scope="module")
def provider():
    """The address of a provider of identities, a process of its own."""
    port = free_port()
    told = [json.dumps({"sub": sub} | claims) for sub, claims in PEOPLE.items()]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    users = [part for one in told for part in ("--user-claims", one)]
    with subprocess.Popen([*command, *users], stderr=subprocess.DEVNULL) as process:
        listening(port, process)
        yield f"http://127.0.0.1:{port}/"
        process.terminate()


@pytest.fixture(scope="module")
def desk(app, provider, tmp_path_factory):
    """An app where people sign in; `name` writes who is editor."""
    folder = tmp_path_factory.mktemp("signing-in")
    secrets = folder / "secrets.toml"

    def name(*editors):
        told = ", ".join(f'"{one}"' for one in editors)
        secrets.write_text(SECRETS.format(provider=provider, editors=told))

    name("oumar@example.org")
    told = dict(
        MALI_CONTROL_CACHE=str(app.log.parent / "cache"),
        STREAMLIT_SECRETS_FILES=str(secrets),
    )
    with App(folder, **told) as started:
        started.name = name
        started.store = folder / "store"
        yield started


@contextmanager
def somebody(desk, provider, chromium, name):
    """A reader whom the app may lead to the provider, and nowhere else."""
    with sitting(desk, chromium, name=name, **DESK) as reader:
        # The page of the mock provider has its looks from elsewhere; it gets none.
        looks = "https://cdn.jsdelivr.net/npm/@picocss/"
        reader.hosts += (provider, looks)
        reader.page.context.route(f"{looks}**", lambda route: route.fulfill(body=""))
        yield reader


@pytest.fixture
def someone(desk, provider, chromium):
    with somebody(desk, provider, chromium, "somebody") as reader:
        yield reader


def press(reader, name):
    reader.page.get_by_role("button", name=name, exact=True).first.click()


def said(reader, text):
    reader.page.get_by_text(text).first.wait_for(timeout=FIRST)


def sign_in(reader, sub):
    reader.page.goto(f"{reader.app.address}layers?lang=en")
    said(reader, "Whoever has a role here signs in")
    press(reader, "Sign in")
    press(reader, sub)  # at the provider
    reader.page.wait_for_url(f"{reader.app.address}layers*", timeout=FIRST)


def bring(reader, then="Save draft"):
    file = {"name": "one.csv", "mimeType": "text/csv", "buffer": FILE}
    reader.page.locator("input[type=file]").set_input_files(file)
    reader.page.get_by_role("button", name=then).wait_for(timeout=FIRST)


def tried(reader):
    """The button that publishes, once what would change was seen."""
    reader.page.locator("h3", has_text="Claims that it meets").wait_for(timeout=FIRST)
    return reader.page.get_by_role("button", name="Publish", exact=True, disabled=False)


def buttons(reader):
    return set(reader.page.get_by_role("button").all_inner_texts())


def logged(desk):
    """What the audit log has: who did what."""
    found = list(desk.store.glob("*.sqlite"))
    if not found:
        return []
    with sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True) as store:
        return store.execute("SELECT action, who FROM audit ORDER BY n").fetchall()


def test_an_analyst_saves_a_draft_and_an_editor_publishes_it(desk, someone, provider, chromium):
    page = someone.page
    page.goto(f"{desk.address}layers?lang=en")
    said(someone, "No layer has been uploaded.")
    sign_in(someone, "awa")
    said(someone, "You are an analyst")
    said(someone, "Signed in as awa@example.org #")
    bring(someone)
    assert not {"Publish", "Withdraw"} & buttons(someone)
    press(someone, "Save draft")
    said(someone, "up1 is saved as a draft.")
    page.get_by_role("button", name="Discard the draft").wait_for()
    assert not {"Publish", "Withdraw"} & buttons(someone)
    assert page.get_by_role("region", name="Audit log").count() == 0
    ((done, awa),) = logged(desk)
    assert done == "draft"
    assert awa.startswith("awa@example.org #")

    with somebody(desk, provider, chromium, "somebody else") as editor:
        sign_in(editor, "oumar")
        said(editor, "You are an editor")
        press(editor, "What would it change?")
        tried(editor).click()
        said(editor, "up1 is on the map.")

    other = page.context.new_page()  # opened before, and left open
    other.goto(f"{desk.address}layers?lang=en")
    other.get_by_text("You are an analyst").wait_for(timeout=FIRST)
    press(someone, "Sign out")
    page.wait_for_url(f"{provider}**", timeout=FIRST)
    other.get_by_role("button", name="Sign out").click()
    other.get_by_text("You have signed out.").wait_for(timeout=FIRST)
    other.close()
    page.goto(f"{desk.address}layers?lang=en")
    said(someone, "version 1: 1 claim from one.csv, published")
    assert "example.org" not in page.content()


def test_a_role_that_is_taken_while_the_page_is_open_is_lost_at_once(desk, someone):
    sign_in(someone, "oumar")
    bring(someone)
    press(someone, "What would it change?")
    publish = tried(someone)
    before = logged(desk)
    desk.name()
    publish.click()
    said(someone, "Your role has changed")
    for name in ("Publish", "Save draft", "Withdraw", "Discard the draft"):
        someone.page.get_by_role("button", name=name, exact=True).first.wait_for(state="detached")
    assert logged(desk) == before
    desk.name("oumar@example.org")


def test_what_nobody_vouches_for_gives_no_role(someone):
    sign_in(someone, "mallory")
    said(someone, "You have no role here")
    bring(someone, "Open it without publishing")
    assert not {"Save draft", "Publish"} & buttons(someone)
