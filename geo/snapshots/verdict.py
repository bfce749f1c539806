"""Verdicts: whether what an export showed still stands, and what has been corrected since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import geopandas as gpd

from geo import cache, roster, timeline, view
from geo.claims import COLUMNS
from geo.errors import SnapshotError
from geo.languages import ENGLISH, Language
from geo.layers import Layers
from geo.snapshots import records, seal
from geo.snapshots.seal import Ground, Record
from geo.timeline import Timeline
from geo.view import View

_Said = tuple[str, tuple[str, ...], tuple[str, ...]]  # state, actors, influence
_SAME_KM2 = 0.5  # differences below are rounding


@dataclass(frozen=True, slots=True)
class Corrected:
    """A claim that decided the picture and says something else today.

    Attributes
    ----------
    claim_id, version
        The claim, and its version of today.
    columns
        What differs, where the older version is still at hand; () where it is not.
    """

    claim_id: str
    version: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place or unit that would be shown otherwise today.

    Attributes
    ----------
    day, kind, key
        As in `Ground`.
    before, after
        State, actors and influence, and their km², largest first; () for no information.
    km2
        Area shown otherwise.
    """

    day: date
    kind: str
    key: str
    before: tuple[tuple[_Said, float], ...]
    after: tuple[tuple[_Said, float], ...]
    km2: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has become of an export.

    Attributes
    ----------
    record
        What it showed.
    original
        Whether the file is to the byte one that was made here; None: that cannot be told.
    same_data
        Whether the data are still those it was drawn from.
    corrected
        Claims that decided it and were corrected since.
    withdrawn
        Ids of claims that decided it and were since taken back, by their source or by this map.
    added
        Ids of claims that decide it today and did not then.
    set_aside
        Ids of claims that decided it then, still stand, and are set aside today.
    differences
        What would be shown otherwise today.
    """

    record: Record
    original: bool | None
    same_data: bool
    corrected: tuple[Corrected, ...]
    withdrawn: tuple[str, ...]
    added: tuple[str, ...]
    set_aside: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def standing(self) -> str:
        """`unchanged`, `reworded` (claims were mended, the map is the same) or `changed`."""
        if self.differences:
            return "changed"
        touched = self.corrected or self.withdrawn or self.added or self.set_aside
        return "reworded" if touched else "unchanged"


def of(
    layers: Layers,
    given: bytes | str,
    *,
    digest: str | None = None,
    language: Language = ENGLISH,
    where: Path | None = None,
) -> Verdict:
    """The verdict on a file (bytes) or a check code (text).

    Parameters
    ----------
    given
        Of a file the record alone is enough, if `digest` says what the whole of it is.
    digest
        SHA-256 of the file, in hex; None: that of what is given; "": not known.

    Raises
    ------
    SnapshotError
        There is no record in the file and none of its code here, or the record is damaged.
    """
    if isinstance(given, str):
        return judge(layers, records.find(given, where=where, language=language))
    found = seal.read(given, language)
    if found is None:
        # Metadata may have been stripped on the way; a code may have stayed.
        codes = seal.codes_in(given)
        if not codes:
            raise SnapshotError(
                language.say(
                    "There is no record in this file: it is none of ours, or it lost what it "
                    "carried when it was saved anew. Type the check code that is printed on the "
                    "picture instead."
                )
            )
        found = records.find(codes[0], where=where, language=language)
    whole = hashlib.sha256(given).hexdigest() if digest is None else digest
    original = records.made_here(found, whole, where=where) if whole else None
    return judge(layers, found, original=original)


def judge(layers: Layers, record: Record, *, original: bool | None = None) -> Verdict:
    """Compare what a record shows with what the layers of today say of the same view.

    The view is asked again as it was, of the claims in their versions of today. If all that was
    known when it was made was asked for, all that is known today is.
    """
    seen, _ = view.parse(record.query, first=date.min, last=date.max)
    now = _today(layers, record, seen)
    rows = seal.deciding(now, record.days, record.box, claimed=seen.claimed)
    deciding = set(now.composite.claims["claim_id"].iloc[rows])
    corrected, withdrawn = _touched(layers.claims, record)
    gone = {claim.claim_id for claim in corrected} | set(withdrawn)
    return Verdict(
        record=record,
        original=original,
        same_data=layers.fingerprint == record.data_version,
        corrected=corrected,
        withdrawn=withdrawn,
        added=tuple(sorted(deciding - record.claims.keys())),
        set_aside=tuple(sorted(record.claims.keys() - deciding - gone)),
        differences=_differences(record.grounds, seal.grounds(now, record.days, record.box)),
    )


def _today(layers: Layers, record: Record, seen: View) -> Timeline:
    """The view of the record, of the claims in their versions of today."""
    everything = seen.known_on is None or seen.known_on >= record.compiled_on
    filters = roster.filters(layers, replace(seen, known_on=None if everything else seen.known_on))
    claims = layers.claims[layers.claims["corrected_on"].isna()].reset_index(drop=True)
    return timeline.resolve(
        cache.composite(claims, layers.units),
        known_on=filters.known_on,
        sources=filters.sources,
        min_confidence=filters.min_confidence,
        layers=filters.layers,
    )


def _touched(
    claims: gpd.GeoDataFrame, record: Record
) -> tuple[tuple[Corrected, ...], tuple[str, ...]]:
    """Claims of the record that say something else today, and those that were taken back."""
    about = claims[claims["claim_id"].isin(record.claims.keys())]
    digests = dict(zip(about.index, seal.digests(about), strict=True))
    corrected, withdrawn = [], []
    for claim_id, digest in sorted(record.claims.items()):
        versions = about[about["claim_id"] == claim_id]
        stands = versions[versions["corrected_on"].isna()]
        if stands.empty:
            withdrawn.append(claim_id)
            continue
        today = stands.index[-1]
        if digests[today] == digest:
            continue
        if versions["withdrawn_on"].notna()[today]:
            withdrawn.append(claim_id)
            continue
        then = [row for row in versions.index if digests[row] == digest]
        columns = _columns(claims, then[0], today) if then else ()
        corrected.append(Corrected(claim_id, int(stands["version"][today]), columns))
    return tuple(corrected), tuple(withdrawn)


def _columns(claims: gpd.GeoDataFrame, then: int, today: int) -> tuple[str, ...]:
    """Columns in which two versions of a claim differ."""
    names = [
        c.name
        for c in COLUMNS
        if c.name not in ("claim_id", "version", "corrected_on", "published_on")
    ]
    before, after = claims.loc[then], claims.loc[today]
    return tuple(name for name in names if str(before[name]) != str(after[name]))


def _differences(then: tuple[Ground, ...], now: tuple[Ground, ...]) -> tuple[Difference, ...]:
    before, after = _by_place(then), _by_place(now)
    found = []
    for day, kind, key in sorted(before.keys() | after.keys()):
        old, new = before.get((day, kind, key), {}), after.get((day, kind, key), {})
        both = old.keys() | new.keys()
        more, less = (
            sum(max(0.0, sign * (new.get(said, 0) - old.get(said, 0))) for said in both)
            for sign in (1, -1)
        )
        km2 = max(more, less)
        if km2 > _SAME_KM2:
            found.append(Difference(day, kind, key, _ordered(old), _ordered(new), km2))
    return tuple(sorted(found, key=lambda each: (each.day, -each.km2, each.kind, each.key)))


def _by_place(grounds: tuple[Ground, ...]) -> dict[tuple[date, str, str], dict[_Said, float]]:
    places: dict[tuple[date, str, str], dict[_Said, float]] = {}
    for one in grounds:
        said = (one.state, one.actors, one.influence)
        places.setdefault((one.day, one.kind, one.key), {})[said] = one.km2
    return places


def _ordered(shown: Mapping[_Said, float]) -> tuple[tuple[_Said, float], ...]:
    return tuple(sorted(shown.items(), key=lambda item: (-item[1], item[0])))
