"""Who is in front of this page, asked anew at every action."""

from __future__ import annotations

import logging
import os
import platform
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st
from streamlit import config
from streamlit.errors import StreamlitAuthError

from geo import identity, logs
from geo.errors import IdentityError
from geo.identity import ANYBODY, DEFAULT, ENDED, EXPIRED, NOBODY, SIGNED_IN, Asking, Rules
from geo.languages import Language, message
from geo.pages import desk
from geo.store import people
from geo.store.people import ANALYST, EDITOR, VIEWER, Person

_log = logging.getLogger(__name__)
_COOKIE_LASTS = 31 * 24 * 3600  # s; a little more than Streamlit's cookie
_FRESH = 300  # s after a sign-in, within which somebody comes back from the provider

LOCAL = "MALI_CONTROL_LOCAL_EDITOR"  # of the environment: "no" where nobody sits at the machine
HERE = "here"  # the state of whoever does

_FAULT = message(
    "Nobody can bring or publish a layer at present: sign-in is not configured as it must be. "
    "Whoever runs this app can mend it in secrets.toml."
)
_UNREADABLE = message("{file} cannot be read.")
_NOT_TOML = message("{file} is not TOML.")
_FOLDER = message("{file} is a folder: [auth] and [roles] belong into one file, secrets.toml.")
_GONE = message("There was an [auth] when the app was started, and there is none now.")
_HEADERS = message("server.trustedUserHeaders is set: anybody could say who they are.")
_NO_LOGIN = message("Sign-in could not begin. Whoever runs this app finds the reason in its log.")


_LEAD = message(
    "Bring a file, mend what is doubtful, see what it would change, and publish it. Nothing is "
    "kept before you save."
)
_AT_THE_MACHINE = message(
    "You sit at the machine that runs this app, so you are an editor: what you publish, every "
    "reader of it sees at once."
)
_ELSEWHERE = message(
    "Layers are brought and published at the machine that runs this app. Here you see what was."
)
_STRANGER = message(
    "Here you see which layers were published. Whoever has a role here signs in to save or publish "
    "one."
)
_ROLES = {
    VIEWER: message(
        "You have no role here, so you see what was published. Whoever runs this app can give you "
        "one."
    ),
    ANALYST: message(
        "You are an analyst: bring a file, mend what is doubtful, see what it would change, and "
        "save it as a draft. An editor publishes it."
    ),
    EDITOR: message(
        "You are an editor: what you publish or withdraw, every reader sees at once. Nothing is "
        "kept before you save."
    ),
}
_SIGNED_IN = message("Signed in as {name} until {moment} UTC.")
_OVER = message("Your sign-in has expired. Sign in again to go on.")
_LEFT = message("You have signed out.")
_LESS = message("Your role has changed, and you may do less than before. Nothing was done.")


class _Sittings:
    """Sign-ins that were ended by a click, and those that were seen.

    The cookie of a sign-in holds for 30 days wherever it is, and other windows go on with what
    they were told at first: after the click none of them counts any more.
    """

    def __init__(self) -> None:
        self.ended: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.lock = Lock()

    def end(self, sitting: str, at: datetime) -> None:
        """Let a sign-in count no more."""
        with self.lock:
            self.ended = _lately(self.ended, at, _COOKIE_LASTS) | {sitting: at.timestamp()}

    def see(self, sitting: str, at: datetime) -> bool:
        """Whether a sign-in is seen for the first time."""
        with self.lock:
            new = sitting not in self.seen
            self.seen = _lately(self.seen, at, _FRESH) | {sitting: at.timestamp()}
        return new


def _lately(told: dict[str, float], at: datetime, lasts: int) -> dict[str, float]:
    return {one: when for one, when in told.items() if when > at.timestamp() - lasts}


@st.cache_resource(show_spinner=False)
def _sittings() -> _Sittings:
    return _Sittings()


# ---- who


def now() -> Asking:
    """Who is asking, at this moment.

    Raises
    ------
    IdentityError
        Sign-in is not configured as it must be.
    """
    by = rules()
    if not by.providers:
        return Asking(people.local(people.user()), HERE) if _here() else ANYBODY
    told = st.user.to_dict()
    found = identity.asking(told, by, datetime.now(UTC))
    if found.state == SIGNED_IN and identity.sitting(told) in _sittings().ended:
        return Asking(Person(VIEWER, VIEWER), ENDED)
    return found


def still(person: Person) -> Person:
    """The same person with the role of this moment: to be asked for right before a change."""
    found = now()
    if found.state == HERE:
        return person
    return found.person if found.person.wrote(person.name) else ANYBODY.person


def _here() -> bool:
    """Whether this reader sits at the machine itself, and the app is not served to others."""
    allowed = os.environ.get(LOCAL, "yes") == "yes" and not os.environ.get(desk.VARIABLE)
    if str(st.get_option("server.address")).startswith("unix:"):
        return False  # whatever comes by a file comes from a proxy
    return allowed and identity.sits_here(st.context.headers, st.context.ip_address)


# ---- the configuration


def rules() -> Rules:
    """Who may sign in and do what, as the files say now."""
    told = _secrets([Path(one) for one in st.get_option("secrets.files")])
    if "auth" not in told and _had_auth():
        raise IdentityError(_GONE)
    if st.get_option("server.trustedUserHeaders"):
        raise IdentityError(_HEADERS)
    return identity.rules(told)


def _had_auth() -> bool:
    """Whether Streamlit itself knows of an `[auth]`: it reads its files once."""
    secrets = st.secrets
    return secrets.load_if_toml_exists() and "auth" in secrets


def _secrets(files: list[Path]) -> Mapping[str, Any]:
    """What the files say, the last one first: as Streamlit reads them, only now."""
    told: dict[str, Any] = {}
    if config.is_manually_set("secrets.files") and not any(one.exists() for one in files):
        raise IdentityError(_UNREADABLE, file=", ".join(one.name for one in files))
    for file in files:
        if file.is_dir():
            if {"auth", "roles"} & {one.name for one in file.iterdir()}:
                raise IdentityError(_FOLDER, file=file.name)
            continue
        try:
            told.update(tomllib.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            continue
        except OSError as fault:
            raise IdentityError(_UNREADABLE, file=file.name) from fault
        except ValueError as fault:
            raise IdentityError(_NOT_TOML, file=file.name) from fault
    return told


@st.cache_resource(show_spinner=False)
def _started() -> None:
    try:
        auth = "on" if rules().providers else "off"
    except IdentityError:
        auth = "wrong"
    python, streamlit = platform.python_version(), st.__version__
    logs.tell(_log, "start", python=python, streamlit=streamlit, auth=auth)


def write_log() -> None:
    """Write events to standard error from now on; that the app has started, once."""
    logs.configure(os.environ.get(logs.VARIABLE, ""))
    _started()


# ---- on the page


def shown(language: Language) -> Asking:
    """Who is asking; a viewer, and a sentence on the page, where nobody can tell."""
    try:
        found = now()
    except IdentityError as error:
        st.error(language.translate(_FAULT))
        st.text(language.fault(error))
        found = ANYBODY
    rank = people.ROLES.index(found.person.role)
    if rank < st.session_state.get("people rank", 0):
        st.warning(language.translate(_LESS))
    st.session_state["people rank"] = rank
    return found


def lead(asking: Asking, language: Language) -> str:
    """Who somebody is and what they may do, in words."""
    if asking.state == HERE:
        return f"{language.translate(_LEAD)} {language.translate(_AT_THE_MACHINE)}"
    if asking.state == SIGNED_IN and asking.until is not None:
        moment = asking.until.strftime("%Y-%m-%d %H:%M")
        who = language.say(_SIGNED_IN, name=asking.person.name, moment=moment)
        return f"{language.translate(_ROLES[asking.person.role])} {who}"
    if asking.state == NOBODY:
        return language.translate(_STRANGER if _had_auth() else _ELSEWHERE)
    return language.translate(_OVER if asking.state == EXPIRED else _LEFT)


def door(asking: Asking, language: Language) -> None:
    """The way in, or out."""
    if asking.state == HERE:
        return
    if asking.state == SIGNED_IN:
        if st.button(language.say("Sign out"), key="people out"):
            _sittings().end(identity.sitting(st.user.to_dict()), datetime.now(UTC))
            st.logout()
        return
    try:
        providers = rules().providers
    except IdentityError:
        return  # said already
    with st.container(horizontal=True):
        for name in providers:
            said = (
                language.say("Sign in")
                if name == DEFAULT
                else language.say("Sign in with {provider}", provider=name.replace("*", ""))
            )
            if st.button(said, key=f"people in {name}", type="primary"):
                _sign_in(name, language)


def _sign_in(provider: str, language: Language) -> None:
    try:
        st.login(provider)
    except StreamlitAuthError as fault:  # of the configuration: it names nobody
        logs.tell(_log, "sign-in", logging.ERROR, reason=" ".join(str(fault).split()))
        st.error(language.translate(_NO_LOGIN))


def came_back() -> bool:
    """Whether somebody comes from signing in just now: Streamlit leads them to the first page."""
    told = st.user.to_dict()
    begun = told.get("iat")
    if not told.get("is_logged_in") or not isinstance(begun, int | float):
        return False
    at = datetime.now(UTC)
    return abs(at.timestamp() - begun) < _FRESH and _sittings().see(identity.sitting(told), at)
