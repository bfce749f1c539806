"""What is said about roads: messages of the catalogue. Plain text, never markup."""

from __future__ import annotations

from geo.languages import Language, message

# Kind of evidence (see `rule.Evidence`): why it counts, with `{town}`, `{actors}` and `{days}`.
HOW = {
    "siege-here": message("this stretch is under siege"),
    "blockade-here": message("this stretch is under blockade"),
    "siege-next": message("a stretch that meets this one is under siege"),
    "blockade-next": message("a stretch that meets this one is under blockade"),
    "siege-town": message("{town} is under siege"),
    "blockade-town": message("{town} is under blockade"),
    "attack": message("attacked in the {days} days before"),
    "contested": message("{town} was contested in the {days} days before"),
    "besieger": message("{town} is held by an actor that besieges or blockades others: {actors}"),
    "passage": message("traffic was reported to pass in the {days} days before"),
    "held": message(
        "its towns, close to each other, had one holder in the {days} days before: {actors}"
    ),
}
OLD = message("counts no more: not confirmed for more than {days} days")

# Status of a claim: its heading.
CLAIM = {
    "siege": message("{ground}, siege: {actors}"),
    "blockade": message("{ground}, blockade: {actors}"),
    "control": message("{ground}, control: {actors}"),
    "shared": message("{ground}, held jointly: {actors}"),
    "contested": message("{ground}, contested: {actors}"),
}
# Attribution of an attack: by whom it was.
ATTACK = {
    "stated": message("by {actors}"),
    "suspected": message("suspected: {actors}"),
    "disputed": message("disputed: {actors}"),
    "unidentified": message("by whom is not known"),
}


def states(language: Language) -> list[str]:
    """A word for each of `days.STATES`, in their order."""
    return [
        language.sense("road", "unknown"),
        language.sense("road", "open"),
        language.sense("road", "risky"),
        language.sense("road", "blocked"),
    ]
