"""Findings: what a rule of the checklist looks at, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.languages import Language
from geo.layers import Layers
from geo.snapshots.drawing import Drawing
from geo.timeline import Timeline

WARN, BLOCK = "warn", "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    Attributes
    ----------
    rule
        Its name.
    severity
        `warn` or `block`.
    message
        What is wrong, and what to do.
    """

    rule: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What is looked at.

    Attributes
    ----------
    drawing
        The picture, drawn.
    layers, timeline
        What it was drawn from.
    contents
        Bytes of its files by their ending, as far as they are made.
    again
        The same once more, drawn anew; empty where that was not asked for.
    """

    drawing: Drawing
    layers: Layers
    timeline: Timeline
    contents: Mapping[str, bytes] = field(default_factory=dict)
    again: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """In which findings are said: that of the picture."""
        return self.drawing.snapshot.view.language
