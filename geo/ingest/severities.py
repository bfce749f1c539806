"""How much a rule weighs, and the rule itself."""

from __future__ import annotations

from dataclasses import dataclass

REFUSED = "refused"  # no claim is made
ASKED = "asked"  # only the reader knows; where nothing can be read without an answer, it blocks
MENDED = "mended"  # put right, and said
DOUBTFUL = "doubtful"  # left as it is, and said
NOTE = "note"  # what the reader may want to know; no doubt


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    severity
        One of the above.
    message, remedy
        Messages of the catalogue: what is the matter, and what to do (`""`: nothing).
    blocks
        Whether a feature it concerns cannot become a claim.
    """

    severity: str
    message: str
    remedy: str = ""
    blocks: bool = False


def refused(message: str, remedy: str) -> Rule:
    """A rule that refuses."""
    return Rule(REFUSED, message, remedy, blocks=True)


def asked(message: str, remedy: str, *, blocks: bool = False) -> Rule:
    """A rule that asks."""
    return Rule(ASKED, message, remedy, blocks=blocks)
