"""Who is asking, and what they may do: from what a provider of identities vouches for, to a role.

Whatever is missing, malformed or out of date leaves a viewer. See docs/operations.md, Roles.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from math import isfinite
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from geo.errors import IdentityError
from geo.languages import message
from geo.store.people import ANALYST, EDITOR, MOST_NAME, VIEWER, Person

DEFAULT = "default"  # the provider that `[auth]` itself describes, as Streamlit calls it
LEAST_SECRET = 32  # characters of what signs the cookie
MOST_HOURS = 24.0

NOBODY, SIGNED_IN, EXPIRED, ENDED = "nobody", "signed in", "expired", "ended"

_WANTED = ("client_id", "client_secret", "server_metadata_url")
_LISTS = ("analyst", "editor", "analyst_emails", "editor_emails", "revoked")
_KEYS = {"claim", "hours", *_LISTS}
_CALLBACK = "/oauth2callback"
_MOST_READABLE = MOST_NAME - 16  # room for quotation marks and the mark
_UNPRINTED = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\u201c\u201d#]+"
)

_NOT_A_TABLE = message("[{name}] is not a table.")
_MISSING = message("[{section}] has no {key}, or it is not a text.")
_SHORT = message("cookie_secret of [auth] is shorter than {least} characters: it could be guessed.")
_REDIRECT = message(
    "redirect_uri of [auth] is not an address that ends in {ending}, or one without https on "
    "another machine."
)
_UNKNOWN_KEY = message("[roles] has {key}, which means nothing. It may have: {known}.")
_NOT_A_LIST = message("{key} of [roles] is not a list of texts, such as {example}.")
_NO_CLAIM = message("[roles] names values of a claim and not the claim: add claim.")
_BAD_CLAIM = message(
    "claim of [roles] is not the name of a claim, or a list of names that leads to one."
)
_BAD_EMAIL = message("{key} of [roles] has something that is not an e-mail address.")
_BAD_HOURS = message("hours of [roles] is not a number above 0 and up to {most}.")
_ROLES_ALONE = message("There are [roles], and no [auth] by which anybody could sign in.")


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may sign in where, and which role they then have.

    Attributes
    ----------
    providers
        Names of the providers of identities; empty: nobody signs in.
    claim
        Keys that lead to the claim of the identity token with the roles; empty: none does.
    values, emails
        Role -> the values of that claim, and the verified addresses, that have it.
    revoked
        Addresses, and names as the audit log has them, that have no role whatever else is said.
    lasts
        How long a sign-in lasts; None: as long as the provider says (`exp`).
    """

    providers: tuple[str, ...] = ()
    claim: tuple[str, ...] = ()
    values: Mapping[str, frozenset[str]] | None = None
    emails: Mapping[str, frozenset[str]] | None = None
    revoked: frozenset[str] = frozenset()
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody in front of a page.

    Attributes
    ----------
    person
        Their name, as the audit log keeps it, and their role.
    state
        `NOBODY`, `SIGNED_IN`, `EXPIRED` or `ENDED` (signed out in another window).
    until
        When the sign-in ends; None: there is none.
    """

    person: Person
    state: str = NOBODY
    until: datetime | None = None


ANYBODY = Asking(Person(VIEWER, VIEWER))


# ---- the configuration


def rules(secrets: Mapping[str, Any]) -> Rules:
    """What `[auth]` and `[roles]` of Streamlit's secrets.toml say.

    Raises
    ------
    IdentityError
        Something in it is not as it must be: then nobody is more than a viewer.
    """
    for name in ("auth", "roles"):
        if not isinstance(secrets.get(name, {}), Mapping):
            raise IdentityError(_NOT_A_TABLE, name=name)
    if "auth" not in secrets:
        if "roles" in secrets:
            raise IdentityError(_ROLES_ALONE)
        return Rules()
    providers = _providers(secrets["auth"])
    told = secrets.get("roles", {})
    for key in told:
        if key not in _KEYS:
            raise IdentityError(_UNKNOWN_KEY, key=key, known=", ".join(sorted(_KEYS)))
    lists = {key: _texts(key, told.get(key, [])) for key in _LISTS}
    claim = _path(told)
    if not claim and (lists["analyst"] or lists["editor"]):
        raise IdentityError(_NO_CLAIM)
    return Rules(
        providers,
        claim,
        {role: lists[role] for role in (ANALYST, EDITOR)},
        {role: _addresses(f"{role}_emails", lists) for role in (ANALYST, EDITOR)},
        frozenset(map(_alike, lists["revoked"])),
        _lasts(told),
    )


def _providers(auth: Mapping[str, Any]) -> tuple[str, ...]:
    for key in ("redirect_uri", "cookie_secret"):
        _text("auth", auth, key)
    if len(auth["cookie_secret"]) < LEAST_SECRET:
        raise IdentityError(_SHORT, least=LEAST_SECRET)
    if not _safe(auth["redirect_uri"]):
        raise IdentityError(_REDIRECT, ending=_CALLBACK)
    named = {
        name: told
        for name, told in auth.items()
        if isinstance(told, Mapping) and name != "client_kwargs"
    }
    if not named or "client_id" in auth:
        named = {DEFAULT: auth, **named}
    for name, told in named.items():
        for key in _WANTED:
            _text("auth" if told is auth else f"auth.{name}", told, key)
    return tuple(named)


def _text(section: str, told: Mapping[str, Any], key: str) -> None:
    if not isinstance(told.get(key), str) or not told[key].strip():
        raise IdentityError(_MISSING, section=section, key=key)


def _safe(address: str) -> bool:
    """Whether what comes back to an address cannot be read on the way."""
    try:
        parts = urlsplit(address.replace("{port}", "1"))
        host = parts.hostname or ""
    except ValueError:
        return False
    ends = parts.path.endswith(_CALLBACK) and not parts.query and not parts.fragment
    return (
        ends and bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _own(host)))
    )


def _texts(key: str, told: object) -> frozenset[str]:
    if not isinstance(told, list) or not all(isinstance(one, str) and one.strip() for one in told):
        raise IdentityError(_NOT_A_LIST, key=key, example='["one", "two"]')
    return frozenset(told)


def _path(told: Mapping[str, Any]) -> tuple[str, ...]:
    claim = told.get("claim", [])
    found = [claim] if isinstance(claim, str) else claim
    if not isinstance(found, list) or not all(isinstance(key, str) and key for key in found):
        raise IdentityError(_BAD_CLAIM)
    if "claim" in told and not found:
        raise IdentityError(_BAD_CLAIM)
    return tuple(found)


def _addresses(key: str, lists: Mapping[str, frozenset[str]]) -> frozenset[str]:
    for one in lists[key]:
        if "@" not in one or one != one.strip():
            raise IdentityError(_BAD_EMAIL, key=key)
    return frozenset(map(_alike, lists[key]))


def _lasts(told: Mapping[str, Any]) -> timedelta | None:
    if "hours" not in told:
        return None
    hours = told["hours"]
    if not _is_number(hours) or not 0 < hours <= MOST_HOURS:
        raise IdentityError(_BAD_HOURS, most=f"{MOST_HOURS:.0f}")
    return timedelta(hours=hours)


def _is_number(told: object) -> TypeGuard[float]:
    return isinstance(told, int | float) and not isinstance(told, bool) and isfinite(told)


def _alike(address: str) -> str:
    """An address for comparison. Only plain letters have a small form that is theirs alone."""
    return address.lower() if address.isascii() else address


# ---- a person


def asking(told: Mapping[str, Any], by: Rules, at: datetime) -> Asking:
    """Who somebody is, by the claims of an identity token as `st.user` gives them.

    Parameters
    ----------
    at
        The moment, with its time zone.
    """
    issuer, subject = told.get("iss"), told.get("sub")
    known = isinstance(issuer, str) and isinstance(subject, str) and issuer and subject
    if (
        told.get("is_logged_in") is not True
        or told.get("provider") not in by.providers
        or not known
    ):
        return ANYBODY
    name = f"{_readable(told)} #{mark(told)}"
    until = _until(told, by)
    if until is None or until <= at:
        return Asking(Person(name, VIEWER), EXPIRED)
    return Asking(Person(name, _role(told, by, name)), SIGNED_IN, until)


def mark(told: Mapping[str, Any]) -> str:
    """What tells an identity from every other: of its issuer and its subject there."""
    return _hash([told["iss"], told["sub"]])[:10]


def sitting(told: Mapping[str, Any]) -> str:
    """What tells one sign-in from every other of the same person."""
    return _hash([told.get(name) for name in ("iss", "sub", "iat", "exp", "nonce")])


def _hash(told: list[Any]) -> str:
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _role(told: Mapping[str, Any], by: Rules, name: str) -> str:
    """The highest role that is named for somebody."""
    address = told.get("email")
    address = _alike(address) if isinstance(address, str) else ""
    if by.revoked.intersection({address, _alike(name), f"#{mark(told)}"} - {""}):
        return VIEWER
    verified = address if told.get("email_verified") is True else ""
    values = _values(told, by.claim)
    for role in (EDITOR, ANALYST):
        if values & (by.values or {}).get(role, frozenset()):
            return role
        if verified and verified in (by.emails or {}).get(role, frozenset()):
            return role
    return VIEWER


def _values(told: Mapping[str, Any], path: tuple[str, ...]) -> frozenset[str]:
    """The values of a claim: those of a list, or the one that a text is, whole."""
    found: Any = told if path else None
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    several = found if isinstance(found, list) else [found]
    return frozenset(one for one in several if isinstance(one, str))


def _until(told: Mapping[str, Any], by: Rules) -> datetime | None:
    if by.lasts is None:
        return _moment(told.get("exp"))
    begun = _moment(told.get("iat"))
    return None if begun is None else begun + by.lasts


def _moment(told: object) -> datetime | None:
    if not _is_number(told):
        return None
    try:
        return datetime.fromtimestamp(told, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _readable(told: Mapping[str, Any]) -> str:
    """What a person can be found by; in quotation marks what nobody vouches for."""
    if told.get("email_verified") is True and (address := _plain(told.get("email"))):
        return address
    for claim in ("preferred_username", "email", "name", "sub"):
        if found := _plain(told.get(claim)):
            return f"\u201c{found}\u201d"
    return "\u201c\u201d"


def _plain(told: object) -> str:
    if not isinstance(told, str):
        return ""
    return " ".join(_UNPRINTED.sub(" ", told[:400]).split())[:_MOST_READABLE].strip()


# ---- the machine itself


def sits_here(headers: Mapping[str, str], address: str | None) -> bool:
    """Whether a page is open on the machine that serves it, as far as can be told.

    Parameters
    ----------
    headers
        Of the request that opened the connection.
    address
        Where it came from, as Streamlit says: None for this machine.
    """
    if address is not None or any(_of_proxy(name) for name in headers):
        return False
    told = {name.lower(): value for name, value in headers.items()}
    host, origin = told.get("host", ""), told.get("origin", "")
    # A page of another host, or of another port of this one, has an origin of its own; a name that
    # somebody makes point here (DNS rebinding) is no name of this machine.
    return _is_own(host) and origin in {f"http://{host}", f"https://{host}"}


def _of_proxy(name: str) -> bool:
    """Whether a header is one that proxies add to what they hand on."""
    told = name.lower()
    return told in _PROXIES or told.startswith(("x-forwarded", "x-original", "x-envoy", "cf-"))


_PROXIES = {
    *("forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip"),
    *("x-proxyuser-ip", "x-remote-user", "remote-user", "x-request-id", "x-scheme", "cdn-loop"),
}


def _is_own(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises where it is none
    except ValueError:
        return False
    return parts.netloc == host and "@" not in host and _own(parts.hostname or "")


def _own(host: str) -> bool:
    """Whether a name of a host is one of this machine and of no other."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
