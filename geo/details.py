"""The answer to a click: who holds this ground, since when, according to whom, what contradicts it.

Plain JSON types with finished sentences; `browser/panel.js` sets every one as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd
import pyproj
import shapely

from geo import boundaries, ground, history, slices, tables, words
from geo.claims import BASE
from geo.layers import Layers
from geo.timeline import NONE, Timeline

Json = dict[str, Any]

ROAD_NEAR = 0.06  # degrees, about 6 km: a click this near a road asks about it too
NEAR_KM = 40  # events this near are listed with a place
EVENTS_SHOWN = 8
_GEOD = pyproj.Geod(ellps="WGS84")


def at(layers: Layers, timeline: Timeline, lon: float, lat: float, day: date) -> Json | None:
    """Everything known about one point on one day; None outside the country.

    Returns
    -------
    dict
        `title`, `where`, `dayText`; `state` (`text`, `since`, `marks`, `colours`); `notices`
        (text); `claims` (they decide), `overlays` (sieges, blockades, forces), `aside` (with the
        reason); `disagreements` (two accounts each); `history` (every span: `from`, `to` as ISO
        days, `share` of the whole, `text`, `period`, `colours`); `events` near by, nearest in time
        first (`iso`, `dayText`, `title`, `note`, `sources`).
    """
    face = slices.locate(timeline.composite, lon, lat)
    if face is None:
        return None
    place = _place(layers, lon, lat)
    here = pd.concat(
        [slices.explain(timeline, lon, lat, day), _roads(layers, lon, lat, day)], ignore_index=True
    )
    listed = here["step"] == "listed"
    decide = here["counts"] & ~listed
    span = _span(timeline, face, day, layers.dataset.first_day)
    blocks = [_claim(layers, claim) for claim in tables.rows(here)]
    return {
        "title": _title(layers, place, lon, lat),
        "where": _where(layers, lon, lat, day),
        "dayText": words.day(day),
        "state": _state(layers, span, here[listed]),
        "notices": _notices(here[decide], span, day, place),
        "claims": [block for block, chosen in zip(blocks, decide, strict=True) if chosen],
        "overlays": [block for block, chosen in zip(blocks, listed, strict=True) if chosen],
        "aside": [b for b, c in zip(blocks, here["counts"], strict=True) if not c],
        "disagreements": _disagreements(layers, place, here, day),
        "history": _history(layers, timeline, face),
        "events": _events(layers, lon, lat, day),
    }


def source(layers: Layers, key: str) -> Json:
    """One entry of the bibliography, as the panel shows it."""
    entry = _row(layers.bibliography, key)
    return {
        "publisher": entry["publisher"],
        "title": entry["title"],
        "grade": entry["reliability"],
        "gradeText": words.GRADE[entry["reliability"]],
        "links": list(entry["address"]),
        "read": words.READ[entry["read"]],
        "caveat": entry["caveat_en"],
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


def _row(frame: pd.DataFrame, key: str) -> Json:
    return tables.rows(frame.loc[[key]])[0]


def _unit(layers: Layers, lon: float, lat: float) -> Json:
    found = layers.communes.sindex.query(shapely.Point(lon, lat), predicate="intersects")
    return tables.rows(layers.communes.iloc[[found.min()]])[0]


def _title(layers: Layers, place: str | None, lon: float, lat: float) -> str:
    if place is None:
        cercle = _row(layers.cercles, _unit(layers, lon, lat)["cercle"])
        return f"Cercle de {cercle['name_fr']}"
    known = _row(layers.places, place)
    if known["name_fr"] == known["name_en"]:
        return str(known["name_fr"])
    return f"{known['name_fr']} ({known['name_en']})"


def _where(layers: Layers, lon: float, lat: float, day: date) -> str:
    unit = _unit(layers, lon, lat)
    edition = boundaries.edition_on(day)
    region = layers.regions[edition.name].loc[unit[edition.column], "name_fr"]
    cercle = layers.cercles.loc[unit["cercle"], "name_fr"]
    return f"Commune of {unit['name']}, cercle of {cercle}, region of {region} ({edition.title_en})"


# ---- the state


def _span(timeline: Timeline, face: int, day: date, first_day: date) -> pd.Series:
    """State on the day, and since when it is so, even if its evidence went stale meanwhile."""
    spans = history.at(timeline, face, until=day, first_day=first_day)
    last = spans.iloc[-1].copy()
    same = (spans["state"] == last["state"]) & (spans["actors"] == last["actors"])
    if last["state"] == "influence":
        same &= spans["influence"] == last["influence"]
    other = same.index[~same]
    last["start"] = spans["start"].iloc[0 if other.empty else other[-1] + 1]
    return last


def _names(layers: Layers, actors: Iterable[str]) -> list[str]:
    return layers.actors["short_en"].loc[list(actors)].tolist()


def _state(layers: Layers, span: pd.Series, overlays: pd.DataFrame) -> Json:
    influence = _names(layers, span["influence"])
    start, first_day = span["start"].date(), layers.dataset.first_day
    since = f"since {'before ' if start == first_day else ''}{words.day(start)}"
    if influence and span["state"] != "influence":
        since += f"; influence of {words.listed(influence)}"
    return {
        "text": _text(layers, span),
        "since": since,
        "marks": _marks(layers, overlays),
        "colours": _colours(layers, span),
    }


def _text(layers: Layers, span: pd.Series | Json) -> str:
    holders, influence = _names(layers, span["actors"]), _names(layers, span["influence"])
    return words.state(span["state"], holders, influence)


def _colours(layers: Layers, span: pd.Series | Json) -> list[str]:
    shown = list(span["actors"] or span["influence"])
    return list(layers.actors["colour"].loc[shown])


def _marks(layers: Layers, overlays: pd.DataFrame) -> list[str]:
    """Sieges and blockades of the place itself, in one line each."""
    at_place = overlays["area_ref"].str.startswith("place:")
    pressing = overlays[at_place & overlays["status"].isin(words.PRESSED)]
    return [
        f"{words.PRESSED[row['status']]} by {words.listed(_names(layers, [row['actor']]))} "
        f"since {words.dated(row['valid_from'].date(), row['date_precision'])}"
        for row in tables.rows(pressing)
    ]


def _notices(deciding: pd.DataFrame, span: pd.Series, day: date, place: str | None) -> list[str]:
    notices = []
    if span["state"] == NONE:
        notices.append("No claim says who holds this ground on this day. Blank never means anyone.")
    if span["stale"]:
        newest = deciding["last_confirmed"].max().date()
        notices.append(
            f"The newest evidence is of {words.day(newest)}, {words.ago((day - newest).days)} "
            "before this day: past its shelf-life. It may no longer hold."
        )
    if place is None and deciding["status"].isin([*BASE, "influence"]).any():
        notices.append(
            "This is about the cercle as a whole: towns and camps in it may be held otherwise, and "
            "its edges are not front lines."
        )
    return notices


# ---- before and after


def _history(layers: Layers, timeline: Timeline, face: int) -> list[Json]:
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
            "text": _text(layers, row),
            "period": words.period(row["start"].date(), end.date(), "day"),
            "colours": _colours(layers, row),
        }
        for row, end in zip(tables.rows(starts), ends, strict=True)
    ]


def _events(layers: Layers, lon: float, lat: float, day: date) -> list[Json]:
    """What happened within `NEAR_KM`, the nearest days first."""
    sited = layers.events[layers.events["place"] != ""]
    at = layers.places.geometry.loc[sited["place"]]
    _, _, metres = _GEOD.inv([lon] * len(at), [lat] * len(at), at.x, at.y)
    near = sited[metres <= NEAR_KM * 1000]
    away = (near["date"] - pd.Timestamp(day)).abs().sort_values(kind="stable")
    return [event(layers, row) for row in tables.rows(near.loc[away.index[:EVENTS_SHOWN]])]


def event(layers: Layers, row: Json) -> Json:
    """One event, as the panel and the statements show it."""
    return {
        "iso": row["date"].date().isoformat(),
        "dayText": words.dated(row["date"].date(), row["date_precision"]),
        "title": row["title_en"],
        "note": row["note_en"],
        "sources": [source(layers, key) for key in row["sources"]],
    }


# ---- claims


def _roads(layers: Layers, lon: float, lat: float, day: date) -> pd.DataFrame:
    """Claims about roads near the point: they are lines and cover no face."""
    claims = pd.DataFrame(layers.claims.drop(columns="geometry"))
    near = shapely.dwithin(layers.claims.geometry.to_numpy(), shapely.Point(lon, lat), ROAD_NEAR)
    today = pd.Timestamp(day)
    valid = (claims["valid_from"] <= today) & ~(claims["valid_to"] <= today)
    road = claims["area_ref"].str.startswith("road:") & (claims["assertion"] == "assessed")
    found: pd.DataFrame = claims[near & valid & road]
    return found.assign(counts=True, step="listed")


def _claim(layers: Layers, claim: Json) -> Json:
    actors = _names(layers, [claim["actor"], *claim["partners"]])
    ends: date | None = None if claim["valid_to"] is pd.NaT else claim["valid_to"].date()
    confirmed = claim["last_confirmed"].date()
    basis = "" if claim["reported_basis"] == "dated" else " (assumed: the first day of the claim)"
    return {
        "id": claim["claim_id"],
        "heading": f"{words.STATUS[claim['status']]}: {words.listed(actors)}",
        "tags": [
            _area(layers, claim["area_ref"]),
            words.ASSERTION[claim["assertion"]],
            words.CONFIDENCE[claim["confidence"]],
            words.VERIFICATION[claim["verification"]],
        ],
        "period": (
            f"{words.period(claim['valid_from'].date(), ends, claim['date_precision'])}. "
            f"Last confirmed {words.day(confirmed)}. "
            f"Reported {words.day(claim['reported_on'].date())}{basis}."
        ),
        "aside": words.STEP.get(claim["step"]),
        "reason": claim["confidence_reason"],
        "note": claim["note_en"],
        "sources": [source(layers, key) for key in claim["sources"]],
    }


def _area(layers: Layers, ref: str) -> str:
    """The ground of a claim, in words."""
    named = ground.parse(ref)
    if named.kind == "place":
        return f"town of {layers.places.loc[named.key, 'name_fr']}"
    if named.kind == "cercle":
        part = f", part in the region of {_region(layers, named.region)}" if named.region else ""
        return f"cercle of {layers.cercles.loc[named.key, 'name_fr']}{part}"
    if named.kind == "road":
        return f"{layers.roads.loc[(named.key, named.segment), 'name_en']} (schematic)"
    if named.kind == "commune":
        whole = layers.communes.index.str.removesuffix("-n").str.removesuffix("-s") == named.key
        return f"commune of {layers.communes.loc[whole, 'name'].iloc[0]}"
    if named.kind == "region":
        return f"region of {_region(layers, named.key)}"
    return "whole country" if named.kind == "country" else "drawn area"


def _region(layers: Layers, key: str) -> str:
    known = [names for names in layers.regions.values() if key in names.index]
    return str(known[-1].loc[key, "name_fr"])


# ---- what contradicts it


def _disagreements(layers: Layers, place: str | None, here: pd.DataFrame, day: date) -> list[Json]:
    """Disagreements about this place, or about a claim over this ground, on this day."""
    table = layers.disagreements
    today = pd.Timestamp(day)
    ids = set(here["claim_id"])
    claims = table["claims_a"] + table["claims_b"]
    touched = claims.map(lambda said: not ids.isdisjoint(said))
    about = touched | (table["place"] == place if place else touched)
    live = (table["valid_from"] <= today) & ~(table["valid_to"] <= today)
    return [disagreement(layers, row) for row in tables.rows(table[about & live])]


def disagreement(layers: Layers, row: Json) -> Json:
    """Two accounts of one matter, as the panel shows them."""
    return {
        "topic": row["topic_en"],
        "reading": row["reading_en"],
        **{
            side: {
                "text": row[f"account_{side}_en"],
                "saidBy": row[f"said_by_{side}"],
                "sources": [source(layers, key) for key in row[f"sources_{side}"]],
            }
            for side in "ab"
        },
    }
