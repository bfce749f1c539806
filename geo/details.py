"""The answer to a click: who holds this ground, since when, according to whom, what contradicts it.

Plain JSON types with finished sentences; `browser/panel.js` sets every one as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from geo import boundaries, ground, history, slices, tables, words
from geo.claims import BASE
from geo.evidence import as_heard, cited
from geo.languages import FRENCH, Language, message
from geo.layers import Layers
from geo.timeline import LISTED, NONE, Timeline, day_number

Json = dict[str, Any]

ROAD_NEAR = 0.06  # degrees, about 6 km: a click this near a road asks about it too
NEAR_KM = 40  # events this near are listed with a place
EVENTS_SHOWN = 8
TOWNS = {"city", "town", "village"}  # kinds of places
BAMAKO = "bamako"  # the district is in no cercle, and no region
NOTHING = message("No claim says who holds this ground on this day. Blank never means anyone.")
STALE = message(
    "The newest evidence is of {day}, {ago} before this day: past its shelf-life. It may no longer "
    "hold."
)
CERCLE = message(
    "This is about the cercle as a whole: towns and camps in it may be held otherwise, and its "
    "edges are not front lines."
)
_GEOD = pyproj.Geod(ellps="WGS84")


def at(
    layers: Layers, timeline: Timeline, lon: float, lat: float, day: date, language: Language
) -> Json | None:
    """Everything known about one point on one day; None outside the country.

    Returns
    -------
    dict
        `title`, `where`, `dayText`; `region` (`key`, `figures`: text of a link); `state` (`text`,
        `since`, `marks`, `colours`); `notices` (text); `claims` (they decide), `overlays` (sieges,
        blockades, forces), `aside` (with the reason); `disagreements` (two accounts each);
        `history` (every span: `from`, `to` as ISO days, `share` of the whole, `text`, `period`,
        `colours`); `events` near by, nearest in time first (as `event` has them).
    """
    face = slices.locate(timeline.composite, lon, lat)
    if face is None:
        return None
    place = _place(layers, lon, lat)
    here = slices.explain(timeline, lon, lat, day)
    roads = _roads(timeline, lon, lat, day)
    if not roads.empty:
        here = pd.concat([here, roads], ignore_index=True)
    listed = here["step"] == "listed"
    decide = here["counts"] & ~listed
    span = lasting(timeline, face, day, layers.dataset.first_day)
    blocks = [claim_block(layers, claim, language) for claim in tables.rows(here)]
    return {
        "title": _title(layers, place, lon, lat, language),
        "where": "" if layers.elsewhere else _where(layers, lon, lat, day, language),
        "region": None if layers.elsewhere else _region(layers, lon, lat, day, language),
        "dayText": language.day(day),
        "state": _state(layers, span, here[listed], language),
        "notices": _notices(here[decide], span, day, place, language),
        "claims": [block for block, chosen in zip(blocks, decide, strict=True) if chosen],
        "overlays": [block for block, chosen in zip(blocks, listed, strict=True) if chosen],
        "aside": [b for b, c in zip(blocks, here["counts"], strict=True) if not c],
        "disagreements": _disagreements(layers, place, here, day, language),
        "history": _history(layers, timeline, face, language),
        "events": _events(layers, lon, lat, day, language),
    }


def source(layers: Layers, key: str, language: Language) -> Json:
    """One entry of the bibliography, as the panel shows it."""
    entry = tables.row(layers.bibliography, key)
    return {
        "name": language.say("{publisher}: {title}", **entry),
        "grade": entry["reliability"],
        "gradeText": language.translate(words.GRADE[entry["reliability"]]),
        "links": list(entry["address"]),
        "read": language.translate(words.READ[entry["read"]]),
        "caveat": language.cell(entry, "caveat"),
    }


# ---- where


def _place(layers: Layers, lon: float, lat: float) -> str | None:
    """The place whose disc the point lies in, the nearest of them."""
    places = layers.places
    _, _, metres = _GEOD.inv(
        [lon] * len(places), [lat] * len(places), places.geometry.x, places.geometry.y
    )
    away = pd.Series(metres / 1000, index=places.index)
    inside = away[away <= places["radius_km"]]
    return None if inside.empty else str(inside.idxmin())


def _unit(layers: Layers, lon: float, lat: float) -> Json:
    found = layers.communes.sindex.query(shapely.Point(lon, lat), predicate="intersects")
    return tables.row(layers.communes, layers.communes.index[found.min()])


def _title(layers: Layers, place: str | None, lon: float, lat: float, language: Language) -> str:
    if place is None:
        if layers.elsewhere:
            return words.position(language, lon, lat)
        cercle = tables.row(layers.cercles, _unit(layers, lon, lat)["cercle"])
        return f"Cercle {FRENCH.of(cercle['name_fr'])}"
    return language.place(tables.row(layers.places, place))


def _where(layers: Layers, lon: float, lat: float, day: date, language: Language) -> str:
    unit = _unit(layers, lon, lat)
    edition = boundaries.edition_on(day)
    region = tables.row(layers.regions[edition.name], unit[edition.column])
    title = language.field(edition, "title")
    if unit["cercle"] == BAMAKO:
        return f"{unit['name']}, {region['name_fr']} ({title})"
    return language.say(
        "Commune {of_commune}, cercle {of_cercle}, region {of_region} ({edition})",
        of_commune=language.of(unit["name"]),
        of_cercle=language.of(tables.row(layers.cercles, unit["cercle"])["name_fr"]),
        of_region=language.of(region["name_fr"]),
        edition=title,
    )


def _region(layers: Layers, lon: float, lat: float, day: date, language: Language) -> Json:
    """The region of the day, by its key, and what a link to its figures says."""
    edition = boundaries.edition_on(day)
    key = _unit(layers, lon, lat)[edition.column]
    name = tables.row(layers.regions[edition.name], key)["name_fr"]
    return {"key": key, "figures": language.say("Figures of the day: {region}", region=name)}


# ---- the state


def lasting(timeline: Timeline, face: int, day: date, first_day: date) -> pd.Series:
    """State on the day, and since when it is so, even if its evidence went stale meanwhile."""
    spans = history.at(timeline, face, until=day, first_day=first_day)
    last = spans.iloc[-1].copy()
    same = (spans["state"] == last["state"]) & (spans["actors"] == last["actors"])
    if last["state"] == "influence":
        same &= spans["influence"] == last["influence"]
    other = same.index[~same]
    last["start"] = spans["start"].iloc[0 if other.empty else other[-1] + 1]
    return last


def _names(layers: Layers, actors: Iterable[str], language: Language) -> list[str]:
    return [tables.row(layers.actors, actor)[language.column("short")] for actor in actors]


def _state(layers: Layers, span: pd.Series, overlays: pd.DataFrame, language: Language) -> Json:
    start = span["start"].date()
    since = words.since(language, start, "day")
    if start == layers.dataset.first_day:
        since = language.say("since before {day}", day=language.day(start))
    influence = language.listed(_names(layers, span["influence"], language))
    if influence and span["state"] != "influence":
        since = language.say("{since}; influence of {actors}", since=since, actors=influence)
    return {
        "text": said(layers, span, language),
        "since": since,
        "marks": _marks(layers, overlays, language),
        "colours": _colours(layers, span),
    }


def said(layers: Layers, span: pd.Series | Json, language: Language) -> str:
    """A resolved state in one line; `span` has `state`, `actors` and `influence`."""
    holders = _names(layers, span["actors"], language)
    return words.state(
        language, span["state"], holders, _names(layers, span["influence"], language)
    )


def _colours(layers: Layers, span: pd.Series | Json) -> list[str]:
    shown = span["actors"] or span["influence"]
    return [tables.row(layers.actors, actor)["colour"] for actor in shown]


def _marks(layers: Layers, overlays: pd.DataFrame, language: Language) -> list[str]:
    """Sieges and blockades of the place itself, in one line each."""
    at_place = overlays["area_ref"].str.startswith("place:")
    pressing = overlays[at_place & overlays["status"].isin(words.PRESSED)]
    said = []
    for row in tables.rows(pressing):
        actors = language.listed(_names(layers, [row["actor"]], language))
        pressed = language.say(words.PRESSED[row["status"]], actors=actors)
        since = words.since(language, row["valid_from"].date(), row["date_precision"])
        said.append(f"{pressed} {since}")
    return said


def _notices(
    deciding: pd.DataFrame, span: pd.Series, day: date, place: str | None, language: Language
) -> list[str]:
    notices = []
    if span["state"] == NONE:
        notices.append(language.translate(NOTHING))
    if span["stale"]:
        newest = deciding["last_confirmed"].max().date()
        ago = words.ago(language, (day - newest).days)
        notices.append(language.say(STALE, day=language.day(newest), ago=ago))
    units = deciding[deciding["area_ref"] != "drawn"]
    if place is None and units["status"].isin([*BASE, "influence"]).any():
        notices.append(language.translate(CERCLE))
    return notices


# ---- before and after


def _history(layers: Layers, timeline: Timeline, face: int, language: Language) -> list[Json]:
    """What became of the ground, from the first day of the data to the last."""
    first, last = layers.dataset.first_day, layers.dataset.supported_until
    spans = history.at(timeline, face, until=last, first_day=first)
    influence = spans["influence"].where(spans["state"] == "influence", None)
    told = pd.Series(list(zip(spans["state"], spans["actors"], influence, strict=True)))
    # Evidence going stale ends no span here.
    starts = spans.loc[told != told.shift()]
    ends = [*starts["start"].iloc[1:], pd.Timestamp(last) + pd.Timedelta(days=1)]
    days = (pd.Timestamp(last) - pd.Timestamp(first)).days + 1
    return [
        {
            "from": row["start"].date().isoformat(),
            "to": (end - pd.Timedelta(days=1)).date().isoformat(),
            "share": round((end - row["start"]).days / days, 5),
            "text": said(layers, row, language),
            "period": words.period(language, row["start"].date(), end.date(), "day"),
            "colours": _colours(layers, row),
        }
        for row, end in zip(tables.rows(starts), ends, strict=True)
    ]


def _events(layers: Layers, lon: float, lat: float, day: date, language: Language) -> list[Json]:
    """What happened within `NEAR_KM`, the nearest days first."""
    sited = layers.events[layers.events["place"] != ""]
    at = layers.places.geometry.loc[sited["place"]]
    _, _, metres = _GEOD.inv([lon] * len(at), [lat] * len(at), at.x, at.y)
    near = sited[metres <= NEAR_KM * 1000]
    away = (near["date"] - pd.Timestamp(day)).abs().sort_values(kind="stable")
    return [
        event(layers, row, language) for row in tables.rows(near.loc[away.index[:EVENTS_SHOWN]])
    ]


def event(layers: Layers, row: Json, language: Language) -> Json:
    """One event, as the panel and the statements show it.

    Returns
    -------
    dict
        `event` (its key), `iso`, `dayText`, `title`, `tags` (kind, place, doubt), `note`,
        `sources`.
    """
    return {
        "event": row["event"],
        "iso": row["date"].date().isoformat(),
        "dayText": words.dated(language, row["date"].date(), row["date_precision"]),
        "title": language.cell(row, "title"),
        "tags": _event_tags(layers, row, language),
        "note": language.cell(row, "note"),
        "sources": [source(layers, key, language) for key in row["sources"]],
    }


def _event_tags(layers: Layers, row: Json, language: Language) -> list[str]:
    """What kind of event, where, who is said to have done it, and how sure that is."""
    place = row["place"] and language.place(tables.row(layers.places, row["place"]))
    said = (
        words.EVENT_KIND.get(row["kind"], row["kind"]),
        place,
        words.ATTRIBUTION.get(row["attribution"], ""),
        words.CONFIDENCE[row["confidence"]],
    )
    return [language.translate(text) for text in said if text]


# ---- claims


def _roads(timeline: Timeline, lon: float, lat: float, day: date) -> pd.DataFrame:
    """Claims about roads near the point that are heard: they are lines and cover no face."""
    claims, codes = timeline.composite.claims, timeline.codes
    today = day_number(day)
    valid = (codes.first <= today) & (today < codes.after) & (codes.step == LISTED)
    roads = claims["area_ref"].str.startswith("road:").to_numpy()
    some = np.flatnonzero(valid & roads)
    near = shapely.dwithin(claims.geometry.to_numpy()[some], shapely.Point(lon, lat), ROAD_NEAR)
    if not near.any():
        return pd.DataFrame()
    found = pd.DataFrame(claims.iloc[some[near]].drop(columns="geometry"))
    heard = as_heard(found, timeline.filters.sources)
    return heard.assign(counts=True, step="listed")


def claim_block(layers: Layers, claim: Json, language: Language) -> Json:
    """One claim, as the panel shows it; `step` says what became of it."""
    actors = _names(layers, [claim["actor"], *claim["partners"]], language)
    heading = {
        "status": language.translate(words.STATUS[claim["status"]]),
        "actors": language.listed(actors),
    }
    aside = words.STEP.get(claim["step"])
    return {
        "id": claim["claim_id"],
        "heading": language.say("{status}: {actors}", **heading),
        "tags": [
            area(layers, claim["area_ref"], language),
            language.translate(words.ASSERTION[claim["assertion"]]),
            language.translate(words.CONFIDENCE[claim["confidence"]]),
            language.translate(words.VERIFICATION[claim["verification"]]),
            *_layer(layers, claim["claim_id"], language),
        ],
        "period": _days(layers, claim, language),
        "aside": aside and language.translate(aside),
        "reason": language.translate(claim["confidence_reason"]),
        "note": language.cell(claim, "note"),
        "sources": [source(layers, key, language) for key in cited(claim)],
    }


def _layer(layers: Layers, claim_id: str, language: Language) -> list[str]:
    """The uploaded layer a claim comes from, if it comes from one."""
    layer, _, rest = claim_id.partition(":")
    if not rest or layer not in layers.published.index:
        return []
    return [language.say("layer “{title}”", title=layers.published.loc[layer, "title"])]


def _days(layers: Layers, claim: Json, language: Language) -> str:
    """When a claim is valid, when and by whom it was last confirmed, and when it was reported."""
    ends: date | None = None if claim["valid_to"] is pd.NaT else claim["valid_to"].date()
    days = {
        "period": words.period(language, claim["valid_from"].date(), ends, claim["date_precision"]),
        "confirmed": confirmed(layers, claim, language),
        "reported": language.day(claim["reported_on"].date()),
    }
    if claim["reported_basis"] == "dated":
        return language.say("{period}. Last confirmed {confirmed}. Reported {reported}.", **days)
    return language.say(
        "{period}. Last confirmed {confirmed}. Reported {reported} (assumed: the first day of the "
        "claim).",
        **days,
    )


def confirmed(layers: Layers, claim: Json, language: Language) -> str:
    """The day on which a claim was last confirmed, and who did, if others than its sources."""
    day = language.day(claim["last_confirmed"].date())
    if not claim["confirmed_by"]:
        return day
    who = [str(tables.row(layers.bibliography, key)["publisher"]) for key in claim["confirmed_by"]]
    return language.say("{day} by {publishers}", day=day, publishers=language.listed(who))


def area(layers: Layers, ref: str, language: Language) -> str:
    """The ground of a claim, in words."""
    named = ground.parse(ref)
    if named.kind == "place":
        place = tables.row(layers.places, named.key)
        name = language.place(place)
        if place["kind"] not in TOWNS:
            return name
        return language.say("town {of_place}", of_place=language.of(name))
    if named.kind == "road":
        road = tables.row(layers.roads, (named.key, named.segment))
        return language.say("{road} (schematic)", road=language.cell(road, "name"))
    if named.kind == "commune":
        index = layers.communes.index
        whole = index.str.removesuffix("-n").str.removesuffix("-s") == named.key
        name = layers.communes.loc[whole | (index == named.key), "name"].iloc[0]
        return language.say("commune {of_commune}", of_commune=language.of(name))
    if named.kind in {"cercle", "region"}:
        return _unit_named(layers, named, language)
    return language.say("whole country") if named.kind == "country" else language.say("drawn area")


def _unit_named(layers: Layers, named: ground.AreaRef, language: Language) -> str:
    """A cercle, the part of one that lies in a region, or a region."""
    if named.kind == "region":
        return language.say("region {of_region}", of_region=_of_region(layers, named.key, language))
    of_cercle = language.of(layers.cercles.loc[named.key, "name_fr"])
    if not named.region:
        return language.say("cercle {of_cercle}", of_cercle=of_cercle)
    return language.say(
        "cercle {of_cercle}, part in the region {of_region}",
        of_cercle=of_cercle,
        of_region=_of_region(layers, named.region, language),
    )


def _of_region(layers: Layers, key: str, language: Language) -> str:
    known = [names for names in layers.regions.values() if key in names.index]
    return language.of(known[-1].loc[key, "name_fr"])


# ---- what contradicts it


def _disagreements(
    layers: Layers, place: str | None, here: pd.DataFrame, day: date, language: Language
) -> list[Json]:
    """Disagreements about this place, or about a claim over this ground, on this day."""
    table = disputed(layers, day)
    ids = set(here["claim_id"])
    claims = table["claims_a"] + table["claims_b"]
    touched = claims.map(lambda said: not ids.isdisjoint(said)).astype(bool)
    about = touched | (table["place"] == place if place else touched)
    return [disagreement(layers, row, language) for row in tables.rows(table[about])]


def disputed(layers: Layers, day: date) -> pd.DataFrame:
    """The rows of `Layers.disagreements` that are about a day."""
    table, today = layers.disagreements, pd.Timestamp(day)
    return table[(table["valid_from"] <= today) & ~(table["valid_to"] <= today)]


def disagreement(layers: Layers, row: Json, language: Language) -> Json:
    """Two accounts of one matter, as the panel shows them."""
    return {
        "topic": language.cell(row, "topic"),
        "reading": language.cell(row, "reading"),
        **{
            side: {
                "text": language.cell(row, f"account_{side}"),
                "saidBy": row[f"said_by_{side}"],
                "sources": [source(layers, key, language) for key in row[f"sources_{side}"]],
            }
            for side in "ab"
        },
    }
