"""What is said about roads, in English and French: plain text, never markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Sentences:
    """The words of one language.

    Attributes
    ----------
    states
        As `days.STATES`, in that order.
    how
        Kind of evidence -> why it counts, with `{town}`, `{actors}` and `{days}`.
    old
        Why it counts no more, with `{days}`.
    claim
        Status -> heading, with `{ground}` and `{actors}`.
    attack
        Attribution -> by whom, with `{actors}`.
    confidence, verification
        Words of the claims -> tags.
    months
        Twelve names.
    first
        The first day of a month; "" where it is written as any other.
    dated
        Precision -> a day as precisely as known, with `{day}`, `{month}`, `{year}`.
    periods
        "on", "since", "between" and, where the first day is known, "since-day" and "between-day",
        with `{start}` and `{end}`.
    confirmed
        The last confirmation, with `{day}`.
    stretch
        Between two towns, with `{a}` and `{b}`.
    both
        The word before the last name of a list.
    """

    states: tuple[str, str, str, str]
    how: Mapping[str, str]
    old: str
    claim: Mapping[str, str]
    attack: Mapping[str, str]
    confidence: Mapping[str, str]
    verification: Mapping[str, str]
    months: Sequence[str]
    first: str
    dated: Mapping[str, str]
    periods: Mapping[str, str]
    confirmed: str
    stretch: str
    both: str

    def listed(self, names: Sequence[str]) -> str:
        """Names as a list in a sentence."""
        if len(names) < 2:  # noqa: PLR2004 -- one name is no list
            return "".join(names)
        return f"{', '.join(names[:-1])} {self.both} {names[-1]}"

    def day(self, value: date) -> str:
        """A day in full."""
        number = self.first if value.day == 1 and self.first else str(value.day)
        return f"{number} {self.months[value.month - 1]} {value.year}"

    def as_known(self, value: date, precision: str) -> str:
        """A day as precisely as it is known."""
        month = f"{self.months[value.month - 1]} {value.year}"
        said = self.dated.get(precision, "{day}")
        return said.format(day=self.day(value), month=month, year=value.year)

    def period(self, valid_from: date, valid_to: date | None, precision: str) -> str:
        """The days of a claim; `valid_to` is the first day after it."""
        start = self.as_known(valid_from, precision)
        known = "-day" if precision == "day" else ""
        if valid_to is None:
            return self.periods[f"since{known}"].format(start=start)
        last = valid_to - timedelta(days=1)
        if last == valid_from:
            return self.periods["on"].format(start=start)
        return self.periods[f"between{known}"].format(start=start, end=self.day(last))


ENGLISH = Sentences(
    states=("unknown", "open", "risky", "blocked"),
    how={
        "siege-here": "this stretch is under siege",
        "blockade-here": "this stretch is under blockade",
        "siege-next": "a stretch that meets this one is under siege",
        "blockade-next": "a stretch that meets this one is under blockade",
        "siege-town": "{town} is under siege",
        "blockade-town": "{town} is under blockade",
        "attack": "attacked in the {days} days before",
        "contested": "{town} was contested in the {days} days before",
        "besieger": "{town} is held by an actor that besieges or blockades others: {actors}",
        "passage": "traffic was reported to pass in the {days} days before",
        "held": "its towns, close to each other, had one holder in the {days} days before: "
        "{actors}",
        "event": "",
    },
    old="counts no more: not confirmed for more than {days} days",
    claim={
        "siege": "{ground}, siege: {actors}",
        "blockade": "{ground}, blockade: {actors}",
        "control": "{ground}, control: {actors}",
        "shared": "{ground}, held jointly: {actors}",
        "contested": "{ground}, contested: {actors}",
    },
    attack={
        "stated": "by {actors}",
        "suspected": "suspected: {actors}",
        "disputed": "disputed: {actors}",
        "unidentified": "by whom is not known",
    },
    confidence={
        "low": "low confidence",
        "medium": "medium confidence",
        "high": "high confidence",
    },
    verification={
        "read": "source read",
        "partly-read": "source partly read",
        "secondhand": "second-hand",
        "general-knowledge": "general knowledge, not checked",
    },
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    first="",
    dated={
        "month": "{month} (day uncertain)",
        "quarter": "about {month}",
        "year": "{year} (month uncertain)",
    },
    periods={
        "on": "On {start}.",
        "since": "Since {start}, as far as known.",
        "since-day": "Since {start}, as far as known.",
        "between": "From {start} to {end}.",
        "between-day": "From {start} to {end}.",
    },
    confirmed="Last confirmed {day}.",
    stretch="{a} \u2013 {b}",
    both="and",
)

FRENCH = Sentences(
    states=("inconnue", "ouverte", "risquée", "coupée"),
    how={
        "siege-here": "ce tronçon est assiégé",
        "blockade-here": "ce tronçon est sous blocus",
        "siege-next": "un tronçon qui le touche est assiégé",
        "blockade-next": "un tronçon qui le touche est sous blocus",
        "siege-town": "{town} est en état de siège",
        "blockade-town": "{town} est sous blocus",
        "attack": "attaque dans les {days} jours précédents",
        "contested": "{town} : disputée dans les {days} jours précédents",
        "besieger": "{town} : tenue par un acteur qui assiège ou bloque d'autres lieux, {actors}",
        "passage": "passage signalé dans les {days} jours précédents",
        "held": "ses localités, proches l'une de l'autre, avaient un même détenteur dans les "
        "{days} jours précédents : {actors}",
        "event": "",
    },
    old="ne compte plus : sans confirmation depuis plus de {days} jours",
    claim={
        "siege": "{ground} : siège ({actors})",
        "blockade": "{ground}, blocus : {actors}",
        "control": "{ground}, contrôle : {actors}",
        "shared": "{ground}, contrôle partagé : {actors}",
        "contested": "{ground}, disputé : {actors}",
    },
    attack={
        "stated": "par {actors}",
        "suspected": "présumé : {actors}",
        "disputed": "contesté : {actors}",
        "unidentified": "auteur inconnu",
    },
    confidence={
        "low": "confiance faible",
        "medium": "confiance moyenne",
        "high": "confiance élevée",
    },
    verification={
        "read": "source lue",
        "partly-read": "source lue en partie",
        "secondhand": "de seconde main",
        "general-knowledge": "connaissances générales, non vérifié",
    },
    months=(
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    first="1er",
    dated={
        "month": "{month} (jour incertain)",
        "quarter": "{month} environ",
        "year": "{year} (mois incertain)",
    },
    periods={
        "on": "Le {start}.",
        "since": "Depuis {start}, pour autant qu'on sache.",
        "since-day": "Depuis le {start}, pour autant qu'on sache.",
        "between": "De {start} au {end}.",
        "between-day": "Du {start} au {end}.",
    },
    confirmed="Dernière confirmation : {day}.",
    stretch="{a} \u2013 {b}",
    both="et",
)

LANGUAGES: Mapping[str, Sentences] = {"en": ENGLISH, "fr": FRENCH}
