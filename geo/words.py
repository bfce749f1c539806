"""What the map says, in words: states, dates, claims, sources. Plain text, never markup.

The constants are messages of the catalogue; `Language.say` says them to a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pandas as pd

from geo.languages import Language, message
from geo.layers import Removed
from geo.view import View

STATUS = {
    "control": message("Control"),
    "contested": message("Contested"),
    "shared": message("Shared control"),
    "influence": message("Influence"),
    "presence": message("Forces based here"),
    "siege": message("Siege"),
    "blockade": message("Blockade"),
}
PRESSED = {
    "siege": message("Besieged by {actors}"),
    "blockade": message("Blockaded by {actors}"),
}
NO_INFORMATION = message("No information")
ASSERTION = {
    "assessed": message("assessed"),
    "claimed": message("claimed, not corroborated"),
    "denied": message("denied"),
}
CONFIDENCE = {
    "low": message("low confidence"),
    "medium": message("medium confidence"),
    "high": message("high confidence"),
}
VERIFICATION = {
    "read": message("source read"),
    "partly-read": message("source partly read"),
    "secondhand": message("second-hand"),
    "general-knowledge": message("general knowledge, not checked"),
}
READ = {
    "read": message("We read it."),
    "partly-read": message("We read part of it."),
    "secondhand": message("We know it only through another text that quotes it."),
    "not-opened": message("Named, but not opened by us."),
}
GRADE = {
    "A": message("A: completely reliable"),
    "B": message("B: usually reliable"),
    "C": message("C: fairly reliable"),
    "D": message("D: not usually reliable"),
    "E": message("E: unreliable"),
    "F": message("F: cannot be judged (which does not mean bad)"),
}
FINDING = {
    "confirmed": message("Confirmed"),
    "partly": message("Partly right"),
    "disputed": message("Disputed"),
    "not-found": message("Not found in those words"),
    "opinion": message("Opinion"),
}
# The kinds of `layers/events.csv`, by what they are about.
EVENT_KINDS = {
    message("Fighting"): {
        "attack": message("Attack"),
        "battle": message("Battle"),
        "capture": message("Capture of a place"),
        "withdrawal": message("Withdrawal"),
        "air-strike": message("Air strike"),
        "leader-killed": message("Leader killed"),
        "incident": message("Incident"),
    },
    message("Violence against civilians"): {
        "massacre": message("Massacre"),
        "killing-of-civilians": message("Killing of civilians"),
        "abduction": message("Abduction"),
        "heritage": message("Destruction of heritage"),
    },
    message("Sieges and blockades"): {
        "siege": message("Siege"),
        "blockade": message("Blockade"),
        "blockade-effect": message("Effect of a blockade"),
    },
    message("Forces"): {
        "intervention": message("Foreign intervention"),
        "deployment": message("Deployment"),
        "construction": message("Construction of a base"),
        "organisation": message("Armed group founded"),
    },
    message("Politics"): {
        "accord": message("Accord"),
        "accord-ended": message("End of an accord"),
        "talks": message("Talks"),
        "coup": message("Coup"),
        "politics": message("Political decision"),
        "declaration": message("Declaration"),
        "un-decision": message("Decision of the United Nations"),
    },
    message("What was said"): {
        "assessment": message("Report or assessment"),
        "press-claim": message("Claim of the press"),
    },
}
EVENT_KIND = {kind: name for kinds in EVENT_KINDS.values() for kind, name in kinds.items()}
ATTRIBUTION = {
    "suspected": message("suspected, not proven"),
    "disputed": message("who did it is disputed"),
    "unidentified": message("by persons not identified"),
}
# Why a claim does not decide: the steps of docs/claims.md, section 3.
STEP = {
    "corrected": message("Set aside: this map has corrected it, and another version stands."),
    "reported-later": message("Set aside: it was reported only later."),
    "published-later": message("Set aside: this map had it only later."),
    "withdrawn": message("Set aside: its source took it back."),
    "layer-off": message("Set aside: its layer is switched off."),
    "not-assessed": message("Set aside: a party or source says so, and nothing corroborates it."),
    "source-off": message("Set aside: its source is switched off."),
    "below-confidence": message("Set aside: it is below the confidence asked for."),
    "less-local": message("Set aside: a claim about a smaller area speaks for this ground."),
    "superseded-by-source": message("Set aside: the same source said something else later."),
    "weaker-evidence": message("Set aside: better evidence says otherwise."),
    "already-holder": message("Not drawn: this actor already holds or contests the ground."),
}


def actors(language: Language, table: pd.DataFrame, keys: Iterable[str]) -> str:
    """Short names of actors as a list; of one that is not in the table of actors its key."""
    short = table[language.column("short")]
    return language.listed([str(short.get(key, key)) for key in keys])


def state(
    language: Language, kind: str, holders: Sequence[str], influence: Sequence[str] = ()
) -> str:
    """One line for a resolved state: who holds the ground, or that nobody is known to."""
    if kind == "control":
        return language.say("Controlled by {holders}", holders=language.listed(holders))
    if kind == "shared":
        return language.say("Held jointly by {holders}", holders=language.listed(holders))
    if kind == "contested":
        contending = language.listed(contenders(language, holders))
        return language.say("Contested: {contenders}", contenders=contending)
    if kind == "influence":
        actors = language.listed(influence)
        return language.say("Influence of {actors}; no holder known", actors=actors)
    return language.translate(NO_INFORMATION)


def contenders(language: Language, holders: Sequence[str]) -> list[str]:
    """Who contests; a single name is joined by those no source names."""
    return [*holders] if len(holders) > 1 else [*holders, language.say("others not named")]


def dated(language: Language, value: date, precision: str) -> str:
    """A day as precisely as it is known: `7 November 2025`, `November 2025 (day uncertain)`."""
    if precision == "month":
        return language.say("{month} (day uncertain)", month=language.month(value))
    if precision == "quarter":
        return language.say("about {month}", month=language.month(value))
    if precision == "year":
        return language.say("{year} (month uncertain)", year=value.year)
    return language.day(value)


def since(language: Language, value: date, precision: str) -> str:
    """From when something is so: `since 7 November 2025`."""
    start = dated(language, value, precision)
    if precision == "day":
        return language.sense("day", "since {start}", start=start)
    return language.say("since {start}", start=start)


def period(language: Language, valid_from: date, valid_to: date | None, precision: str) -> str:
    """The validity of a claim; `valid_to` is the first day after it."""
    start = dated(language, valid_from, precision)
    exact = precision == "day"
    if valid_to is None:
        if exact:
            return language.sense("day", "Since {start}, as far as known", start=start)
        return language.say("Since {start}, as far as known", start=start)
    last = valid_to - timedelta(days=1)
    if last == valid_from:
        return language.sense("day", "On {day}", day=start) if exact else start
    end = language.day(last)
    if exact:
        return language.sense("day", "From {start} to {end}", start=start, end=end)
    return language.say("From {start} to {end}", start=start, end=end)


def position(language: Language, lon: float, lat: float) -> str:
    """A point where nothing has a name: `47.91° N, 35.12° E`, `47,91° N, 35,12° E`."""
    east = (lon + 180) % 360 - 180
    north = message("N") if lat >= 0 else message("S")
    way = message("E") if east >= 0 else message("W")
    return ", ".join(
        f"{language.number(round(abs(value), 2))}° {language.translate(name)}"
        for value, name in ((lat, north), (east, way))
    )


def ago(language: Language, days: int) -> str:
    """A number of days as a reader counts them: `3 days`, `5 months`, `2 years`."""
    months = round(days / 30.44)
    if months < 2:  # noqa: PLR2004 -- two months and more are counted in months
        return language.plural("{number} day", "{number} days", days)
    if months < 24:  # noqa: PLR2004 -- two years and more are counted in years
        return language.plural("{number} month", "{number} months", months)
    return language.plural("{number} year", "{number} years", round(days / 365.25))


def removed(language: Language, gone: Sequence[Removed], known_on: date | None) -> list[str]:
    """What a known-on day would have shown, had it not been removed for somebody's safety."""
    if known_on is None:
        return []
    return [
        language.say(
            "An uploaded layer that this map showed on {day} was removed on {removed}, for "
            "safety. Nothing of it is shown.",
            day=language.day(known_on),
            removed=language.day(one.day),
        )
        for one in gone
        if any(
            first <= known_on and (after is None or known_on < after) for first, after in one.shown
        )
    ]


def heard(language: Language, view: View, layers: Sequence[str] = ()) -> str:
    """What counts in a view, in short: `as known on 1 December 2025, 2 sources off`.

    `layers` says which layers are off: see `roster.said`.
    """
    said = []
    if view.known_on is not None:
        said.append(language.say("as known on {day}", day=language.day(view.known_on)))
    if view.min_confidence is not None:
        floor = language.translate(CONFIDENCE[view.min_confidence])
        said.append(language.say("at least {confidence}", confidence=floor))
    if view.without:
        off = len(view.without)
        said.append(language.plural("{number} source off", "{number} sources off", off))
    said.extend(layers)
    return ", ".join(said) or language.say("everything reported, all sources")
