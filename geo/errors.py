"""Every failure this package raises on purpose. Catch `GeoError` to catch them all.

A message names the thing, says what is wrong with it and what to do.
"""

from __future__ import annotations


class GeoError(Exception):
    """Base of all deliberate failures."""


class ClaimError(GeoError, ValueError):
    """A table does not describe claims."""


class GeometryError(GeoError, ValueError):
    """A geometry cannot be used as ground."""


class LayerError(GeoError, ValueError):
    """A file under `layers/` is missing, damaged or at odds with another."""


class AreaRefError(GeoError, LookupError):
    """An `area_ref` names ground that no layer knows."""


class UnknownPlaceError(GeoError, LookupError):
    """No place goes by this name."""


class CompositeError(GeoError, ArithmeticError):
    """A conservation check failed: the composite would have lost or doubled ground."""


class TilesError(GeoError, ValueError):
    """A layer cannot be built over tiles as asked."""


class ViewError(GeoError, ValueError):
    """An address or an option does not describe a view of the map."""


class SnapshotError(GeoError, ValueError):
    """A picture cannot be drawn or written as asked."""


class SaidError(GeoError):
    """A failure that is told to a reader, in the reader's language.

    Attributes
    ----------
    sentence, values
        A message of the catalogue and what is filled in, for whoever says it to a reader:
        `language.say(fault.sentence, **fault.values)`.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values


class StoreError(SaidError):
    """The store of uploaded layers refuses, or cannot be reached."""


class IdentityError(SaidError):
    """Who signs in, and who may do what, is not configured as it must be."""
