"""The shipped layers, and beside them what was published here: what every reader begins with.

Without a store nothing is opened and nothing imported: the shipped layers are handed on as they
are.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geo import layers
from geo.layers import Layers
from geo.store import where

if TYPE_CHECKING:
    from geo.store.desk import Upload
    from geo.store.published import Edition


def load(source: Path | None = None) -> Layers:
    """`layers.load` of a folder, or of the usual one, with the published layers beside it.

    Raises
    ------
    LayerError, ClaimError
        A shipped file is missing, damaged, or at odds with another one.
    StoreError
        The store cannot be read.
    """
    return joined(layers.load() if source is None else layers.load(source))


def joined(shipped: Layers) -> Layers:
    """Layers that were read, with the published ones beside them."""
    address = where.address()
    if where.absent(address):
        return shipped
    from geo.store import engine, joining, published  # noqa: PLC0415 -- see above

    found = published.read(engine.opened(address))
    if not found.stamp:
        return shipped
    return joining.together(
        shipped, found.layers, found.removed, _both(shipped.fingerprint, found.stamp)
    )


def foreseen(shipped: Layers, upload: Upload, day: date) -> Layers:
    """Shipped layers with what is published beside them, and with `upload` as if it were too.

    Nothing is kept: this is what a reader looks at before anything is published.
    """
    from geo.store import engine, joining, published, rows  # noqa: PLC0415 -- see above

    address = where.address()
    found = published.NOTHING
    if not where.absent(address):
        found = published.read(engine.opened(address))
    layers = published.foreseen(found, upload, day)
    if upload.report.layer is None:
        return joined(shipped)
    content = rows.hash_of(upload.report.layer)
    stamp = published.stamp_of(layers, found, upload, content)
    return joining.together(shipped, layers, found.removed, _both(shipped.fingerprint, stamp))


def side_by_side(shipped: Layers, layer: str, editions: tuple[Edition, Edition]) -> Layers:
    """The map with two versions of a layer in its place, each as a layer of its own.

    They are called `up3-v1` and `up3-v2`; who hears one of them is not to hear the other.
    """
    from geo.store import engine, joining, published, rows  # noqa: PLC0415 -- see above

    found = published.read(engine.opened(where.address()))
    beside = [
        published.Published(
            layer=apart(layer, edition.version),
            shown=True,
            editions=(edition,),
            spells=(published.Spell(edition.version, edition.day, None),),
        )
        for edition in editions
    ]
    others = [one for one in found.layers if one.layer != layer]
    made = [(one.version, one.title, rows.hash_of(one.claims)) for one in editions]
    tried = hashlib.sha256(repr([found.stamp, layer, *made]).encode()).hexdigest()
    return joining.together(
        shipped, [*others, *beside], found.removed, _both(shipped.fingerprint, tried)
    )


def apart(layer: str, version: int) -> str:
    """The id of a version that stands beside another one of the same layer."""
    return f"{layer}-v{version}"


def reaching(layers: Layers, last: date) -> Layers:
    """`layers` as they would be if something spoke of a day as late as `last`."""
    from geo.store import joining  # noqa: PLC0415 -- see above

    return joining.reaching(layers, last)


def stamp(source: Path | None = None) -> str:
    """The `fingerprint` that `load` would give, without making sense of anything."""
    shipped = layers.stamp() if source is None else layers.stamp(source)
    address = where.address()
    if where.absent(address):
        return shipped
    from geo.store import engine, published  # noqa: PLC0415 -- see above

    return _both(shipped, published.stamp(engine.opened(address)))


def _both(shipped: str, stamp: str) -> str:
    """Nothing published leaves the fingerprint as it is, so that nothing is read again."""
    return hashlib.sha256(f"{shipped}\0{stamp}".encode()).hexdigest() if stamp else shipped
