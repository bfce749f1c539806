"""The roads into a town, and the state of each of their stretches on a day: docs/method.md.

Behind one door: `roads` finds the ways, `rule` turns claims and events into evidence with days,
`days` paints it, and `told` says it, in the words of `sentences`.
"""

from geo.lifelines.days import BLOCKED, OPEN, RISKY, STATES, UNKNOWN, painted, runs, worst
from geo.lifelines.roads import Lifeline, into, towns
from geo.lifelines.rule import ATTACKS, DAYS, HELD_KM, PASSAGE, SAYINGS, evidence, sayings
from geo.lifelines.told import told

__all__ = [
    "ATTACKS",
    "BLOCKED",
    "DAYS",
    "HELD_KM",
    "OPEN",
    "PASSAGE",
    "RISKY",
    "SAYINGS",
    "STATES",
    "UNKNOWN",
    "Lifeline",
    "evidence",
    "into",
    "painted",
    "runs",
    "sayings",
    "told",
    "towns",
    "worst",
]
