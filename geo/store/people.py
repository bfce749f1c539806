"""Who may do what. The store's own functions ask here, so that no page can forget to."""

from __future__ import annotations

import getpass
import re
from dataclasses import dataclass
from types import MappingProxyType

from geo.errors import StoreError
from geo.languages import message

VIEWER, ANALYST, EDITOR = ROLES = ("viewer", "analyst", "editor")

# What each role may do. Whatever is not listed here is refused, whoever asks.
RIGHTS = MappingProxyType(
    {
        VIEWER: frozenset({"read"}),
        ANALYST: frozenset({"read", "read-drafts", "draft"}),
        EDITOR: frozenset(
            {"read", "read-drafts", "draft", "draft-of-others", "publish", "withdraw", "restore"}
            | {"audit", "backup", "purge"}
        ),
    }
)
MOST_NAME = 100  # characters

_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")

_MARK = re.compile(r" #[0-9a-f]{10}\Z")  # of an identity, as `geo.identity` gives it

_NOT_ALLOWED = message(
    "{name} may not do this here: it needs another role. Ask an editor to do it, or to change the "
    "role."
)
_NO_NAME = message(
    "A change needs a name to stand beside it: 1 to {most} characters of plain text."
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks something of the store.

    Attributes
    ----------
    name
        As the audit log keeps it.
    role
        One of `ROLES`; any other may do nothing.

    Raises
    ------
    StoreError
        The name is empty, too long, or not plain text.
    """

    name: str
    role: str

    def __post_init__(self) -> None:
        """Refuse a name that nobody could be found by."""
        plain = _NAME.fullmatch(self.name) and self.name.strip() == self.name
        if not plain or len(self.name) > MOST_NAME:
            raise StoreError(_NO_NAME, most=MOST_NAME)

    def may(self, right: str) -> bool:
        """Whether the role has this right."""
        return right in RIGHTS.get(self.role, frozenset())

    def wrote(self, name: str) -> bool:
        """Whether `name`, as it was kept, is this person's.

        Of a name that ends in the mark of an identity the mark decides: two people may go by one
        name, and one person may come to go by another.
        """
        return _marked(self.name) == _marked(name)


def _marked(name: str) -> str:
    found = _MARK.search(name)
    return found[0] if found else name


def local(name: str) -> Person:
    """Whoever sits at this machine, where nobody signs in: an editor."""
    return Person(name.strip(), EDITOR)


def user() -> str:
    """The name this machine knows its user by."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # none, as in some containers
        return "local"


def allow(person: Person, right: str) -> None:
    """Raise `StoreError` unless `person` has the right."""
    if not person.may(right):
        raise StoreError(_NOT_ALLOWED, name=person.name)
