"""What the map says, in words: states, dates, claims, sources. Plain text, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

STATUS = {
    "control": "Control",
    "contested": "Contested",
    "shared": "Shared control",
    "influence": "Influence",
    "presence": "Forces based here",
    "siege": "Siege",
    "blockade": "Blockade",
}
PRESSED = {"siege": "Besieged", "blockade": "Blockaded"}
NO_INFORMATION = "No information"
ASSERTION = {
    "assessed": "assessed",
    "claimed": "claimed, not corroborated",
    "denied": "denied",
}
CONFIDENCE = {
    "low": "low confidence",
    "medium": "medium confidence",
    "high": "high confidence",
}
VERIFICATION = {
    "read": "source read",
    "partly-read": "source partly read",
    "secondhand": "second-hand",
    "general-knowledge": "general knowledge, not checked",
}
READ = {
    "read": "We read it.",
    "partly-read": "We read part of it.",
    "secondhand": "We know it only through another text that quotes it.",
    "not-opened": "Named, but not opened by us.",
}
GRADE = {
    "A": "A: completely reliable",
    "B": "B: usually reliable",
    "C": "C: fairly reliable",
    "D": "D: not usually reliable",
    "E": "E: unreliable",
    "F": "F: cannot be judged (which does not mean bad)",
}
FINDING = {
    "confirmed": "Confirmed",
    "partly": "Partly right",
    "disputed": "Disputed",
    "not-found": "Not found in those words",
    "opinion": "Opinion",
}
# Why a claim does not decide: the steps of docs/claims.md, section 3.
STEP = {
    "reported-later": "Set aside: it was reported only later.",
    "withdrawn": "Set aside: its source took it back.",
    "not-assessed": "Set aside: a party or source says so, and nothing corroborates it.",
    "source-off": "Set aside: its source is switched off.",
    "below-confidence": "Set aside: it is below the confidence asked for.",
    "less-local": "Set aside: a claim about a smaller area speaks for this ground.",
    "superseded-by-source": "Set aside: the same source said something else later.",
    "weaker-evidence": "Set aside: better evidence says otherwise.",
    "already-holder": "Not drawn: this actor already holds or contests the ground.",
}


def listed(names: Sequence[str]) -> str:
    """Names as a list in a sentence: `A`, `A and B`, `A, B and C`."""
    if len(names) < 2:  # noqa: PLR2004 -- one name is no list
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def state(kind: str, holders: Sequence[str], influence: Sequence[str] = ()) -> str:
    """One line for a resolved state: who holds the ground, or that nobody is known to."""
    if kind == "control":
        return f"Controlled by {listed(holders)}"
    if kind == "shared":
        return f"Held jointly by {listed(holders)}"
    if kind == "contested":
        return f"Contested: {listed(contenders(holders))}"
    if kind == "influence":
        return f"Influence of {listed(influence)}; no holder known"
    return NO_INFORMATION


def contenders(holders: Sequence[str]) -> list[str]:
    """Who contests; a single name is joined by those no source names."""
    return [*holders] if len(holders) > 1 else [*holders, "others not named"]


def day(value: date) -> str:
    """A day in full: `7 November 2025`."""
    return f"{value.day} {value:%B %Y}"


def dated(value: date, precision: str) -> str:
    """A day as precisely as it is known: `7 November 2025`, `November 2025`, `late 2025`."""
    if precision == "month":
        return f"{value:%B %Y} (day uncertain)"
    if precision == "quarter":
        return f"about {value:%B %Y}"
    if precision == "year":
        return f"{value.year} (month uncertain)"
    return day(value)


def period(valid_from: date, valid_to: date | None, precision: str) -> str:
    """The validity of a claim; `valid_to` is the first day after it."""
    start = dated(valid_from, precision)
    if valid_to is None:
        return f"Since {start}, as far as known"
    last = valid_to - timedelta(days=1)
    if last == valid_from:
        return f"On {start}"
    return f"From {start} to {day(last)}"


def ago(days: int) -> str:
    """A number of days as a reader counts them: `3 days`, `5 months`, `2 years`."""
    months = round(days / 30.44)
    if months < 2:  # noqa: PLR2004 -- two months and more are counted in months
        return f"{days} day{'s' * (days != 1)}"
    if months < 24:  # noqa: PLR2004 -- two years and more are counted in years
        return f"{months} months"
    return f"{round(days / 365.25)} years"
