"""What: the words people use for status and confidence, in French and English."""

from __future__ import annotations

from geo import claims
from geo.places import fold

_STATUS = {
    "control": (
        *("control", "controlled", "controls", "contrôle", "contrôlé", "contrôlée", "held"),
        *("tenu", "tenue", "full control", "contrôle total", "under control", "sous contrôle"),
        *("occupied", "occupé", "occupation"),
    ),
    "contested": (
        *("contested", "contesté", "contestée", "disputed", "disputé", "disputée", "mixed"),
        *("contest", "contestation"),
    ),
    "shared": ("shared", "shared control", "partagé", "partagée", "contrôle partagé", "joint"),
    "influence": ("influence", "zone d'influence", "influenced", "area of influence", "support"),
    "presence": ("presence", "présence", "present", "présent", "base", "forces"),
    "siege": ("siege", "siège", "besieged", "assiégé", "assiégée", "encircled", "encerclé"),
    "blockade": ("blockade", "blocus", "blockaded", "blocked", "sous blocus"),
}
_CONFIDENCE = {
    "low": ("low", "faible", "basse", "bas", "unconfirmed", "non confirmé"),
    "medium": ("medium", "moderate", "moyen", "moyenne", "modérée", "probable", "likely"),
    "high": ("high", "élevé", "élevée", "haut", "haute", "fort", "forte", "confirmed", "confirmé"),
}
WORDS: dict[str, tuple[str, ...]] = {
    "status": claims.STATUSES,
    "assertion": claims.ASSERTIONS,
    "level": claims.LEVELS,
    "date_precision": claims.DATE_PRECISIONS,
    "reported_basis": claims.REPORTED_BASES,
    "confidence": claims.CONFIDENCES,
    "verification": claims.VERIFICATIONS,
}
_MEANT: dict[tuple[str, str], str] = {
    (column, fold(name)): word
    for column, synonyms in (("status", _STATUS), ("confidence", _CONFIDENCE))
    for word, known in synonyms.items()
    for name in known
}


def word(column: str, text: str) -> str:
    """The word of a column that a text means; `""`: none of them."""
    if text in WORDS[column]:
        return text
    folded = fold(text)
    same = next((known for known in WORDS[column] if fold(known) == folded), "")
    return same or _MEANT.get((column, folded), "")
