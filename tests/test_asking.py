"""Who is in front of a page, from the files and the session as they are at that moment."""

from datetime import UTC, datetime
from time import time
from types import SimpleNamespace

import pytest
import uploads

from geo.errors import IdentityError, StoreError
from geo.languages import ENGLISH
from geo.pages import people, shelf
from geo.store import desk, engine, trail
from geo.store.people import Person

EDITOR = Person("Oumar", "editor")
SECRETS = """
[auth]
redirect_uri = "https://map.example.org/oauth2callback"
cookie_secret = "not a secret at all, only long enough"
client_id = "map"
client_secret = "likewise"
server_metadata_url = "https://login.example.org/"
[roles]
editor_emails = ["awa@example.org"]
"""
AWA = {
    "is_logged_in": True,
    "provider": "default",
    "iss": "https://login.example.org",
    "sub": "awa",
    "email": "awa@example.org",
    "email_verified": True,
}


@pytest.fixture
def world(monkeypatch, tmp_path):
    """A server that can be set up at will, with Awa in front of it."""
    world = SimpleNamespace(
        file=tmp_path / "secrets.toml",
        options={"secrets.files": [str(tmp_path / "secrets.toml")]},
        user=AWA | {"exp": time() + 600},
        had_auth=False,
        headers={"Host": "localhost:8501", "Origin": "http://localhost:8501"},
    )
    monkeypatch.setattr(people.st, "get_option", world.options.get)
    monkeypatch.setattr(people.st, "user", SimpleNamespace(to_dict=lambda: world.user))
    monkeypatch.setattr(people, "_had_auth", lambda: world.had_auth)
    context = SimpleNamespace(headers=world.headers, ip_address=None)
    monkeypatch.setattr(people.st, "context", context)
    for name in (people.LOCAL, people.desk.VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return world


def test_without_a_configuration_whoever_sits_at_the_machine_is_editor(world, monkeypatch):
    assert people.now().state == people.HERE
    assert people.now().person.role == "editor"
    for name, value in (
        (people.LOCAL, "no"),
        (people.LOCAL, "?"),
        (people.desk.VARIABLE, "https://m.org"),
    ):
        with monkeypatch.context() as here:
            here.setenv(name, value)
            assert people.now().person.role == "viewer"
    world.options["server.address"] = "unix:///run/map.sock"
    assert people.now().person.role == "viewer"


def test_with_auth_nobody_is_editor_for_sitting_at_the_machine(world):
    world.file.write_text(SECRETS)
    world.user = {}
    assert people.now().person.role == "viewer"


@pytest.mark.parametrize("text", ["[auth", SECRETS + "editors = []", "\udcff", "[roles]\n"])
def test_a_file_that_cannot_be_understood_gives_nobody_a_role(world, text):
    world.file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(IdentityError):
        people.now()


def test_a_file_that_has_gone_gives_nobody_a_role(world):
    world.had_auth = True
    with pytest.raises(IdentityError, match="none now"):
        people.now()


def test_a_folder_of_secrets_is_not_passed_over(world):
    (world.file / "auth").mkdir(parents=True)
    with pytest.raises(IdentityError, match="one file"):
        people.now()


def test_headers_that_name_people_are_not_believed(world):
    world.file.write_text(SECRETS)
    world.options["server.trustedUserHeaders"] = {"X-User": "email"}
    with pytest.raises(IdentityError, match="trustedUserHeaders"):
        people.now()


def test_a_role_is_that_of_the_moment_of_the_change(world):
    world.file.write_text(SECRETS)
    awa = people.now().person
    assert people.still(awa).role == "editor"
    world.file.write_text(SECRETS.replace("awa@", "kadi@"))
    assert people.still(awa).role == "viewer"
    world.file.write_text(SECRETS)
    assert people.still(Person("somebody@example.org #0000000000", "editor")).role == "viewer"
    world.user |= {"exp": 0}
    assert people.still(awa).role == "viewer"


def test_whoever_typed_a_name_is_nobody_once_people_sign_in(world):
    typed = Person("Awa", "editor")
    assert people.still(typed) == typed
    world.file.write_text(SECRETS)
    assert people.still(typed).role == "viewer"


def test_a_sign_in_that_was_ended_counts_in_no_window(world):
    world.file.write_text(SECRETS)
    assert people.now().person.role == "editor"
    people._sittings().end(people.identity.sitting(world.user), datetime.fromtimestamp(time(), UTC))
    assert people.now().person.role == "viewer"
    world.user |= {"nonce": "of another sign-in"}
    assert people.now().person.role == "editor"


@pytest.mark.parametrize("action", ["discard", "withdraw", "restore", "anything"])
@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_the_store_refuses_what_no_button_offers(world, monkeypatch, tmp_path, action, role):
    store = engine.Store(f"sqlite:///{tmp_path}/store.sqlite")
    monkeypatch.setattr(shelf, "_store", lambda: store)
    desk.save(store, EDITOR, uploads.upload(), at=uploads.MONDAY)
    world.file.write_text(
        SECRETS.replace("editor_emails", "analyst_emails")
        if role == "analyst"
        else SECRETS.replace("awa@", "kadi@")
    )
    before = trail.entries(store, EDITOR)
    for claimed in (people.now().person, Person(people.now().person.name, "editor")):
        with pytest.raises(StoreError, match="may not do this"):
            shelf._change({"layer": "up1", "rev": 1, "action": action}, claimed, ENGLISH)
    assert trail.entries(store, EDITOR) == before
