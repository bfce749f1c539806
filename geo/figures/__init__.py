"""Figures: km², places and people by actor, state and region, day by day, as ranges.

The claims are read three times: **carefully** (only what is assessed with medium confidence or
better), **as asked** (what the map shows), and **widely** (with what is only claimed). `readings`
lays the three over each other, `table` adds them up; docs/claims.md, section 5, says what makes a
range.
"""

from geo.figures.readings import EVERYBODY, HELD, Mix, Ranges, ranges
from geo.figures.table import COUNTRY, on, over_time

__all__ = ["COUNTRY", "EVERYBODY", "HELD", "Mix", "Ranges", "on", "over_time", "ranges"]
