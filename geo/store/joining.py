"""Published layers beside the shipped ones, as one: claims, sources, actors, and the days of both.

A claim of a published layer is a claim like any other. Its id begins with that of its layer, so
that no two are ever the same; its sources are those of our bibliography where they are, and else
entries of their own that say where they come from. When a layer was published, corrected,
withdrawn and restored becomes the versions of its claims, so that a known-on day shows for ever
what it showed on that day.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo import claims, ground
from geo.errors import StoreError
from geo.languages import ENGLISH, FRENCH, Language, message
from geo.layers import Layers, Removed
from geo.store import rows
from geo.store.desk import Upload
from geo.store.published import Edition, Published, Spell

_ONE_DAY = timedelta(days=1)
_EVER, _NEVER = pd.Timestamp("0001-01-01").as_unit("s"), pd.Timestamp("9999-12-31").as_unit("s")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_NO_KEY = re.compile(r"[^a-z0-9]+")
_MOST_KEY = 48  # characters
# Greys, told apart by pattern: a colour stands for one actor for all time, and is given by hand.
_UNKNOWN_ACTORS = tuple(
    (grey, pattern)
    for grey in ("#5c5c5c", "#8a8a8a", "#3a3a3a", "#a6a6a6")
    for pattern in ("lines", "dots", "cross")
)

# Of actors in a file that is opened on its own: told apart by readers with any colour vision.
_OWN_COLOURS = ("#3b6fb5", "#c8622a", "#3f8f6b", "#9a4f96", "#b8962e", "#56a3bd", "#8c5a3c")
_NEAR = 0.05  # degrees, about 5 km: borders drawn by others differ from ours

_FROM_UPLOAD = message(
    "Named by the uploaded layer “{title}” ({layer}), which was published here on {day}. This map "
    "has not checked it."
)
_ACTOR_FROM_UPLOAD = message("Named by an uploaded layer ({layer}); this map has no entry for it.")
_OPENED = message("Named by a file that was opened here on its own; this map has not checked it.")
_NOTHING_TO_OPEN = message("The file has no claims that could be shown.")
_SUPPORTED_UNTIL = message(
    "The data set that says this ends on {day}: it knows nothing of later days."
)


def together(
    shipped: Layers, found: Sequence[Published], removed: tuple[Removed, ...], fingerprint: str
) -> Layers:
    """`shipped` with the published layers beside it, and a word of those that were removed.

    The days of the data set then reach to the last day that anything published speaks of. What is
    shipped says nothing about days after its own last one, so there it is no longer heard.
    """
    shown = [one for one in found if one.spells]
    keys = {one.layer: _keys(one, shipped) for one in shown}
    parts = [_claims(one, keys[one.layer]) for one in shown]
    last = max([shipped.dataset.supported_until, *(_speaks_until(one) for one in shown)])
    published_on = max((one.editions[-1].day for one in shown), default=last)
    own = _ended(shipped, last)
    told = gpd.GeoDataFrame(pd.concat([own, *parts], ignore_index=True), crs=claims.CRS)
    return replace(
        shipped,
        dataset=replace(
            shipped.dataset,
            supported_until=last,
            compiled_on=max(shipped.dataset.compiled_on, published_on),
        ),
        claims=told.sort_values(list(claims.KEY), ignore_index=True),
        bibliography=pd.concat(
            [
                shipped.bibliography,
                *(_sources(one, keys[one.layer], shipped.bibliography) for one in shown),
            ]
        ),
        actors=pd.concat([shipped.actors, _actors(shown, shipped.actors)]),
        published=_table(shown),
        removed=removed,
        whole_until=shipped.dataset.supported_until,
        fingerprint=fingerprint,
    )


def reaching(layers: Layers, last: date) -> Layers:
    """`layers` as if something published spoke of a day as late as `last`, and said nothing else.

    What a dry run compares with, where a file speaks of days that nobody has spoken of before.
    """
    if last <= layers.dataset.supported_until:
        return layers
    whole = layers.whole_until or layers.dataset.supported_until
    published = claims.layers_of(layers.claims["claim_id"]).isin(layers.published.index)
    own = replace(
        layers,
        claims=layers.claims[~published],
        dataset=replace(layers.dataset, supported_until=whole),
    )
    told = pd.concat([_ended(own, last), layers.claims[published]], ignore_index=True)
    return replace(
        layers,
        dataset=replace(layers.dataset, supported_until=last),
        claims=gpd.GeoDataFrame(told, crs=claims.CRS).sort_values(
            list(claims.KEY), ignore_index=True
        ),
        whole_until=whole,
        fingerprint=hashlib.sha256(f"{layers.fingerprint}\0{last}".encode()).hexdigest(),
    )


def alone(shipped: Layers, upload: Upload, day: date) -> Layers:
    """A file on its own, and nothing else: nobody publishes it, and nothing is kept.

    Where all of it lies in the country, or in no more than a little beyond its borders, it is
    drawn on our map of it, without anything our data set says. Elsewhere the ground is what its
    claims cover, anywhere on Earth, with our outlines of land only where they are near.

    Parameters
    ----------
    day
        The day on which it is opened: what still lasts, lasts until then.
    """
    report = upload.report
    table = report.layer
    if table is None or table.empty:
        raise StoreError(_NOTHING_TO_OPEN)
    edition = Edition(1, upload.title, day, table, report.sources, report.actors)
    one = Published("file", shown=True, editions=(edition,), spells=(Spell(1, day, None),))
    known = _keys(one, shipped)
    first = table["valid_from"].min().date()
    caveats = {"caveat_en": ENGLISH.say(_OPENED), "caveat_fr": FRENCH.say(_OPENED)}
    told = [shipped.bibliography, _sources(one, known, shipped.bibliography).assign(**caveats)]
    actors = _actors([one], shipped.actors)
    actors = actors.assign(
        note_en=ENGLISH.say(_OPENED), note_fr=FRENCH.say(_OPENED), **_looks(len(actors))
    )
    named = {*table["actor"], *table["partners"].explode().dropna()}
    cited = {name: _cited(table[name], known) for name in claims.CITING}
    own = gpd.GeoDataFrame(table.assign(**cited), crs=claims.CRS)
    names = (*report.sources.items(), *report.actors.items())
    about = [shipped.fingerprint, rows.hash_of(table), upload.title, day, *names]
    made = hashlib.sha256(repr(about).encode())
    return replace(
        _ground_of(shipped, own),
        dataset=replace(
            shipped.dataset,
            title_en=upload.title,
            title_fr=upload.title,
            # The day before: what begins on the first day of a file begins there, not earlier.
            first_day=first - _ONE_DAY,
            supported_until=max(_speaks_until(one), first),
            compiled_on=day,
        ),
        claims=own.sort_values(list(claims.KEY), ignore_index=True),
        bibliography=pd.concat(told),
        actors=pd.concat([shipped.actors[shipped.actors.index.isin(named)], actors]),
        events=shipped.events[:0],
        disagreements=shipped.disagreements[:0],
        statements=shipped.statements[:0],
        lifelines=shipped.lifelines[:0],
        event_roads=shipped.event_roads[:0],
        fingerprint=made.hexdigest(),
    )


def _looks(count: int) -> dict[str, list[str]]:
    """Colours for actors that only this file names: they stand for them in this file alone."""
    told = [(colour, pattern) for pattern in ("plain", "lines") for colour in _OWN_COLOURS]
    chosen = [told[number % len(told)] for number in range(count)]
    return {"colour": [one for one, _ in chosen], "pattern": [one for _, one in chosen]}


def _ground_of(shipped: Layers, own: gpd.GeoDataFrame) -> Layers:
    """The country, if all of the claims lie in it; else the ground of the claims."""
    shapes = own.geometry.to_numpy()
    covering = shapes[shapely.get_dimensions(shapes) == 2]  # noqa: PLR2004 -- polygons
    ground_of_claims = shapely.union_all(covering if len(covering) else shapes)
    beyond = shapely.difference(ground_of_claims, shapely.buffer(shipped.outline, _NEAR))
    if ground.reaches(shapes, shipped.outline) and beyond.is_empty:
        return shipped
    land = shapely.box(*shipped.neighbours.total_bounds)
    near = shapely.covers(land, shapely.box(*ground_of_claims.bounds))
    around = _country_beside(shipped) if near else shipped.neighbours[:0]
    inside = shapely.intersects(ground_of_claims, shipped.places.geometry.to_numpy())
    return replace(
        shipped,
        outline=ground_of_claims,
        units=shipped.units[:0],
        places=shipped.places[inside],
        neighbours=around,
        rivers=shipped.rivers if near else shipped.rivers[:0],
        lakes=shipped.lakes if near else shipped.lakes[:0],
    )


def _country_beside(shipped: Layers) -> gpd.GeoDataFrame:
    """The neighbours, and the country as one of them."""
    row = dict.fromkeys(shipped.neighbours.columns, "") | {
        "name_fr": "Mali", "name_en": "Mali", "geometry": shipped.outline,
    }  # fmt: skip
    own = gpd.GeoDataFrame([row], crs=shipped.neighbours.crs)[list(shipped.neighbours.columns)]
    return gpd.GeoDataFrame(
        pd.concat([shipped.neighbours, own], ignore_index=True), crs=shipped.neighbours.crs
    )


# ---- claims


def _claims(one: Published, keys: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Claims of a layer, each in the days in which this map gave it."""
    by_version = {edition.version: edition.claims for edition in one.editions}
    given = pd.concat([_given(by_version[spell.version], spell) for spell in one.spells])
    given = given.sort_values(["claim_id", "first"], ignore_index=True)
    before = given.shift()
    # What a correction of the layer left as it was goes on: the ground is not to be cut twice.
    same = (given["claim_id"] == before["claim_id"]) & (given["digest"] == before["digest"])
    goes_on = same & (given["first"] == before["after"])
    after = given.groupby((~goes_on).cumsum())["after"].last().to_numpy()
    told = given[~goes_on].reset_index(drop=True)
    return gpd.GeoDataFrame(
        told.assign(
            claim_id=one.layer + claims.SEPARATOR + told["claim_id"],
            version=told.groupby("claim_id").cumcount() + 1,
            **{name: _cited(told[name], keys) for name in claims.CITING},
            published_on=told["first"].where(told["first"] > told["reported_on"]),
            corrected_on=pd.Series(after).where(after < _NEVER),
        )[[column.name for column in claims.COLUMNS] + ["geometry"]],
        crs=claims.CRS,
    )


def _cited(sources: pd.Series, keys: Mapping[str, str]) -> pd.Series:
    return pd.Series(
        [tuple(keys.get(key, key) for key in cited) for cited in sources], dtype=object
    )


def _given(table: gpd.GeoDataFrame, spell: Spell) -> pd.DataFrame:
    """The claims of a version in one spell: `first`, `after`, and a `digest` of what they say.

    An upload may hold corrections of its own; each of its versions counts in its part of the
    spell.
    """
    own = table.groupby("claim_id")["corrected_on"].shift().fillna(_EVER)
    begun = pd.concat([own, table["published_on"].fillna(_EVER)], axis=1).max(axis=1)
    after = _NEVER if spell.after is None else pd.Timestamp(spell.after).as_unit("s")
    given = pd.DataFrame(table).assign(
        first=begun.clip(lower=pd.Timestamp(spell.first).as_unit("s")),
        after=table["corrected_on"].fillna(_NEVER).clip(upper=after),
        digest=rows.digests(table),
    )
    # What was reported only when it was gone already never counted.
    return given[(given["first"] < given["after"]) & (given["reported_on"] < given["after"])]


def _ended(shipped: Layers, last: date) -> gpd.GeoDataFrame:
    """The shipped claims, which know nothing of days after the last one of their data set."""
    until = shipped.dataset.supported_until
    if last <= until:
        return shipped.claims
    end = pd.Timestamp(until + _ONE_DAY).as_unit("s")
    own = shipped.claims
    cut = ~(own["valid_to"] <= end)
    notes = {
        language.column("note"): _added(
            own[language.column("note")],
            language.say(_SUPPORTED_UNTIL, day=language.day(until)),
            cut & own["valid_to"].isna(),
        )
        for language in (ENGLISH, FRENCH)
    }
    return own.assign(
        valid_to=own["valid_to"].mask(cut, end),
        valid_to_earliest=own["valid_to_earliest"].mask(own["valid_to_earliest"] > end, end),
        **notes,
    )


def _added(notes: pd.Series, sentence: str, where: pd.Series) -> pd.Series:
    return notes.mask(where, (notes + " " + sentence).str.strip())


def _speaks_until(one: Published) -> date:
    """The last day a layer speaks of; a claim that lasts is vouched for until it was published."""
    days = []
    for edition in one.editions:
        table = edition.claims
        lasts = table["valid_to"].isna().any()
        said = [table["valid_from"], table["last_confirmed"], table["valid_to"] - _ONE_DAY]
        newest = edition.day if lasts else max(column.max() for column in said).date()
        days.append(min(newest, edition.day))
    return max(days)


# ---- sources and actors


def _keys(one: Published, shipped: Layers) -> dict[str, str]:
    """Key of a source in the layer -> its key in the joined bibliography, for those of its own."""
    own = dict.fromkeys(
        key
        for edition in one.editions
        for name in claims.CITING
        for keys in edition.claims[name]
        for key in keys
        if key not in shipped.bibliography.index
    )
    found: dict[str, str] = {}
    for key in own:
        wanted = f"{one.layer}-{_slug(key)}"
        taken = [name for name in found.values() if name.startswith(wanted)]
        found[key] = f"{wanted}-{len(taken) + 1}" if wanted in taken else wanted
    return found


def _slug(key: str) -> str:
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    return _NO_KEY.sub("-", plain)[:_MOST_KEY].strip("-") or "source"


def _sources(one: Published, keys: Mapping[str, str], like: pd.DataFrame) -> pd.DataFrame:
    """Entries of the bibliography for the sources that are the layer's own."""
    newest = one.editions[-1]
    told = {key: text for edition in one.editions for key, text in edition.sources.items()}
    entries = []
    for key in keys:
        text = told.get(key) or key
        addresses = tuple(_ADDRESS.findall(text))
        name = " ".join(_ADDRESS.sub(" ", text).split())
        entries.append(
            {
                "publisher": name or addresses[0].split("/")[2],
                "title": newest.title,
                "address": addresses,
                "kind": "dataset",
                "reliability": "F",
                "read": "not-opened",
                "caveat_en": _caveat(ENGLISH, one),
                "caveat_fr": _caveat(FRENCH, one),
            }
        )
    return _like(like, entries, list(keys.values()))


def _caveat(language: Language, one: Published) -> str:
    newest = one.editions[-1]
    return language.say(
        _FROM_UPLOAD,
        title=newest.title,
        layer=one.layer,
        day=language.day(newest.day),
    )


def _actors(found: Sequence[Published], like: pd.DataFrame) -> pd.DataFrame:
    """Entries for the actors that only uploads name, in the order in which they came."""
    told: dict[str, tuple[str, str]] = {}
    for one in found:
        for edition in one.editions:
            named = {*edition.claims["actor"], *edition.claims["partners"].explode().dropna()}
            for actor in sorted(named.difference(like.index)):
                told.setdefault(actor, (edition.actors.get(actor) or actor, one.layer))
    entries = []
    for number, (actor, (name, layer)) in enumerate(told.items()):
        colour, pattern = _UNKNOWN_ACTORS[number % len(_UNKNOWN_ACTORS)]
        names = dict.fromkeys(("name_en", "name_fr", "short_en", "short_fr"), name)
        notes = {
            language.column("note"): language.say(_ACTOR_FROM_UPLOAD, layer=layer)
            for language in (ENGLISH, FRENCH)
        }
        look = {"kind": "other", "colour": colour, "pattern": pattern, "badge": actor[:4]}
        entries.append({**names, **notes, **look, "holds_ground": True, "confidence": "low"})
    return _like(like, entries, list(told))


def _like(
    frame: pd.DataFrame, entries: Sequence[Mapping[str, Any]], keys: list[str]
) -> pd.DataFrame:
    """Rows of a table, with what an empty cell of it holds wherever nothing is said."""
    empty = {
        name: () if pd.api.types.is_object_dtype(kind) else ""
        for name, kind in frame.dtypes.items()
    }
    table = pd.DataFrame([{**empty, **entry} for entry in entries], columns=frame.columns)
    table.index = pd.Index(keys, name=frame.index.name, dtype=frame.index.dtype)
    return table.astype(frame.dtypes.to_dict()) if entries else frame.iloc[:0]


def _table(found: Sequence[Published]) -> pd.DataFrame:
    """What `Layers.published` holds."""
    newest = [one.editions[-1] for one in found]
    return pd.DataFrame(
        {
            "title": [edition.title for edition in newest],
            "day": pd.Series([edition.day for edition in newest], dtype="datetime64[s]").to_numpy(),
            "version": [edition.version for edition in newest],
            "shown": [one.shown for one in found],
        },
        index=pd.Index([one.layer for one in found], name="layer", dtype="str"),
    )
