"""A verdict in words, and as plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from geo import changes
from geo.languages import Language, message
from geo.layers import Layers
from geo.snapshots.verdict import Difference, Verdict

Json = dict[str, Any]
_Said = tuple[str, tuple[str, ...], tuple[str, ...]]
_NOTHING: _Said = ("none", (), ())


def headline(verdict: Verdict, language: Language) -> str:
    """The answer in one sentence."""
    if verdict.standing == "unchanged":
        return language.say("Unchanged: the map still shows what this export showed.")
    if verdict.standing == "reworded":
        return language.say(
            "The map still shows the same, but claims behind it have been mended since."
        )
    return language.say(
        "Corrected since: {area} km² would be shown otherwise today.",
        area=language.number(round(sum(one.km2 for one in verdict.differences))),
    )


def about(layers: Layers, verdict: Verdict, language: Language) -> list[str]:
    """What was exported, from which data, and whether the file is as it was made."""
    record = verdict.record
    shown = language.listed([language.day(day) for day in record.days])
    known = record.query.get("known")
    told = {"code": record.code, "days": shown, "version": record.edition}
    if known is None:
        said = [language.say("{code} shows {days}, of data version {version}.", **told)]
    else:
        day = language.day(date.fromisoformat(known))
        said = [
            language.say(
                "{code} shows {days} as known on {known}, of data version {version}.",
                known=day,
                **told,
            )
        ]
    if verdict.same_data:
        said.append(language.say("The data have not changed since, not by a byte."))
    else:
        said.append(
            language.say("The data of today are version {version}.", version=layers.dataset.version)
        )
    if verdict.original is not None:
        said.append(
            language.say("The file is, to the byte, as it was made here.")
            if verdict.original
            else language.say(
                "The file is not, to the byte, one that was made here: it was saved anew or "
                "changed."
            )
        )
    return said


def claims(verdict: Verdict, language: Language) -> list[str]:
    """Which claims have changed, one line a kind; none where none has."""
    corrected = [
        language.say(
            "{claim} (now version {version}: {columns})",
            claim=one.claim_id,
            version=one.version,
            columns=", ".join(one.columns),
        )
        if one.columns
        else language.say(
            "{claim} (now version {version})", claim=one.claim_id, version=one.version
        )
        for one in verdict.corrected
    ]
    said = []
    if corrected:
        said.append(language.say("Claims corrected since: {claims}.", claims=", ".join(corrected)))
    for text, ids in (
        (message("Claims taken back since: {claims}."), verdict.withdrawn),
        (message("Claims that decide today and did not then: {claims}."), verdict.added),
        (message("Claims that still stand and decide no longer: {claims}."), verdict.set_aside),
    ):
        if ids:
            said.append(language.say(text, claims=", ".join(ids)))
    return said


def differences(layers: Layers, verdict: Verdict, language: Language) -> list[str]:
    """What would be shown otherwise today, one line a place or unit."""
    several = len(verdict.record.days) > 1
    return [_difference(layers, one, language, dated=several) for one in verdict.differences]


def lines(layers: Layers, verdict: Verdict, language: Language) -> list[str]:
    """The whole verdict."""
    return [
        headline(verdict, language),
        *about(layers, verdict, language),
        *claims(verdict, language),
        *differences(layers, verdict, language),
    ]


def document(layers: Layers, verdict: Verdict, language: Language) -> Json:
    """The verdict as plain JSON types: keys of the tables, ISO days."""
    record = verdict.record
    return {
        "code": record.code,
        "view": dict(record.query),
        "days": [day.isoformat() for day in record.days],
        "box": None if record.box is None else list(record.box),
        "standing": verdict.standing,
        "original": verdict.original,
        "same_data": verdict.same_data,
        "data": {"version": record.edition, "sha256": record.data_version},
        "today": {"version": layers.dataset.version, "sha256": layers.fingerprint},
        "corrected": [
            {"claim_id": one.claim_id, "version": one.version, "columns": list(one.columns)}
            for one in verdict.corrected
        ],
        "withdrawn": list(verdict.withdrawn),
        "added": list(verdict.added),
        "set_aside": list(verdict.set_aside),
        "differences": [
            {
                "day": one.day.isoformat(),
                "kind": one.kind,
                "key": one.key,
                "before": _plain(one.before),
                "after": _plain(one.after),
                "km2": round(one.km2, 1),
            }
            for one in verdict.differences
        ],
        "text": lines(layers, verdict, language),
    }


def _difference(layers: Layers, one: Difference, language: Language, *, dated: bool) -> str:
    name = changes.name(layers, one.kind, one.key, language=language.code)
    told = {
        "ground": f"{name[0].upper()}{name[1:]}",
        "before": _states(layers, one.before, language),
        "after": _states(layers, one.after, language),
        "area": language.number(round(one.km2)),
    }
    if dated:
        return language.say(
            "{day}, {ground}: it showed {before}; today {after} ({area} km²).",
            day=language.day(one.day),
            **told,
        )
    return language.say("{ground}: it showed {before}; today {after} ({area} km²).", **told)


def _states(layers: Layers, shown: Sequence[tuple[_Said, float]], language: Language) -> str:
    states = [said for said, _ in shown] or [_NOTHING]
    return language.listed([changes.state(layers, one, language=language.code) for one in states])


def _plain(shown: Sequence[tuple[_Said, float]]) -> list[Json]:
    return [
        {"state": state, "actors": list(actors), "influence": list(influence), "km2": km2}
        for (state, actors, influence), km2 in shown
    ]
