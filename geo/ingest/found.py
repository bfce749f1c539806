"""Problems collected while a file is read: alike ones become one, and none is lost."""

from __future__ import annotations

from typing import Any

import shapely

from geo.ingest import shown
from geo.ingest.report import Offer, Problem, problem
from geo.ingest.rules import RULES

MOST_OF_A_RULE = 100  # differently worded problems; what comes after is counted


class Refusal(Exception):  # noqa: N818 (it is an answer, not an error)
    """The whole file is refused; nobody outside `examine` sees this."""

    def __init__(self, rule: str, **about: Any) -> None:  # noqa: ANN401
        """As `report.problem`."""
        self.problem = problem(rule, **about)
        super().__init__(self.problem.message)


class Found:
    """Problems, each with all features it concerns."""

    def __init__(self) -> None:
        """Begin with none."""
        self._told: dict[tuple[str, str], dict[str, Any]] = {}
        self._features: dict[tuple[str, str], dict[int, None]] = {}
        self._of_rule: dict[str, int] = {}
        self.blocked: set[int] = set()

    def add(  # noqa: PLR0913 (what a problem has)
        self,
        rule: str,
        feature: int = 0,
        *,
        line: int = 0,
        claim_id: str = "",
        shape: shapely.Geometry | None = None,
        offer: Offer | None = None,
        alike: str | None = None,
        **values: object,
    ) -> None:
        """Note a problem of a feature, or, without one, of the file.

        Problems of one rule with the same `values` are one. With `alike`, those with the same
        `alike` are, and say the values of the first. `shape` is where it lies.
        """
        key = rule, repr(sorted(values.items())) if alike is None else alike
        if key not in self._told:
            if self._of_rule.get(rule, 0) >= MOST_OF_A_RULE:
                key = "more-refused" if RULES[rule].blocks else "more", rule
                self._told.setdefault(key, {})
            else:
                self._of_rule[rule] = self._of_rule.get(rule, 0) + 1
                place = shown.place(shape)  # of the first only: a sketch takes a moment
                about = {"line": line, "claim_id": claim_id, "place": place, "offer": offer}
                self._told[key] = about | dict(values)
        numbers = self._features.setdefault(key, {})
        if feature:
            numbers[feature] = None
            if RULES[rule].blocks:
                self.blocked.add(feature)

    @property
    def refused(self) -> bool:
        """Whether something concerns the whole file and blocks it."""
        return any(RULES[rule].blocks and not self._features[rule, key] for rule, key in self._told)

    def problems(self) -> list[Problem]:
        """All of them."""
        made = []
        for (rule, key), about in self._told.items():
            features = tuple(sorted(self._features[rule, key]))
            more = {"number": len(features)} if rule.startswith("more") else {}
            made.append(problem(rule, features=features, **about, **more))
        return made
