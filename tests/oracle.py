"""The rule of docs/claims.md, slow and obvious: one point, one day, claim by claim.

Shares nothing with the program but the words of its vocabularies.
"""

from datetime import date

import pandas as pd

LEVELS = ["country", "region", "cercle", "commune", "place"]
CONFIDENCES = ["low", "medium", "high"]
SHELF_LIFE = {"control": 365, "shared": 365, "contested": 90, "influence": 180}
BASE = ("control", "contested", "shared")
KNOWLEDGE = ("reported-later", "published-later", "withdrawn")


def state_at(claims, point, day, **filters):
    """What the claims say of a point on a day, and the step at which each was set aside."""
    heard, steps = listen(valid(claims, point, day, filters.get("known_on")), **filters)
    base = [c for c in heard if c.status in BASE]
    local = keep(base, steps, "less-local", most_local(base))
    fresh = keep(local, steps, "superseded-by-source", not_superseded(local, filters))
    best = keep(fresh, steps, "weaker-evidence", best_known(fresh))
    state, actors = settle(best)

    beside = [c for c in heard if c.status == "influence"]
    influence = keep(beside, steps, "already-holder", others(beside, actors))
    evidence = {
        actor: [c for c in influence if actor in holders(c)]
        for actor in set().union(*map(holders, influence)) - set(actors)
    }
    late = sorted(a for a, cs in evidence.items() if stale(cs, "influence", day, filters))
    if state != "none":
        support = [c for c in local if holders(c) <= set(actors)]
        is_stale = stale(support, state, day, filters)
    else:
        state = "influence" if evidence else "none"
        is_stale = bool(evidence) and len(late) == len(evidence)

    counting = sorted(c.claim_id for c in heard if c.claim_id not in steps)
    return {
        "state": state,
        "actors": tuple(actors),
        "influence": tuple(sorted(evidence)),
        "level": best[0].level if best else "",
        "stale": is_stale,
        "stale_influence": tuple(late),
        "claim_ids": tuple(counting),
    }, steps | dict.fromkeys(counting, "counts")


def valid(claims, point, day, known_on):
    return [
        c
        for c in claims.itertuples()
        if c.geometry.geom_type in ("Polygon", "MultiPolygon")
        and c.geometry.contains(point)
        and c.valid_from.date() <= day < until(c.valid_to, known_on)
    ]


def listen(cs, **filters):
    heard, steps = [], {}
    for c in cs:
        reason = objection(c, **filters)
        if reason:
            steps[c.claim_id] = reason
        elif c.status in (*BASE, "influence"):
            heard.append(c)
        else:
            steps[c.claim_id] = "listed"
    return heard, steps


def until(day, known_on=None):
    """The end as it was known: nobody knew of one that was yet to come."""
    if pd.isna(day) or (known_on and day.date() > known_on):
        return date.max
    return day.date()


def had(c):
    """Since when the map had it."""
    return c.reported_on if pd.isna(c.published_on) else c.published_on


def holders(c):
    return {c.actor, *c.partners}


def objection(c, *, layers=None, **filters):
    layer = c.claim_id.split(":")[0] if ":" in c.claim_id else "shipped"
    reason = refusal(c, **filters)
    if layers is not None and layer not in layers and reason not in KNOWLEDGE:
        return "layer-off"
    return reason


def refusal(c, *, known_on=None, sources=None, min_confidence=None, claimed=False):
    if known_on and max(c.reported_on, had(c)).date() > known_on:
        return "reported-later" if c.reported_on.date() > known_on else "published-later"
    if not pd.isna(c.withdrawn_on) and c.withdrawn_on.date() <= (known_on or date.max):
        return "withdrawn"
    if c.assertion == "denied" or (c.assertion == "claimed" and not claimed):
        return "not-assessed"
    if sources is not None and not set(c.sources) & set(sources):
        return "source-off"
    if CONFIDENCES.index(c.confidence) < CONFIDENCES.index(min_confidence or "low"):
        return "below-confidence"
    return None


def keep(cs, steps, reason, kept):
    left = {c.claim_id for c in kept}
    steps.update({c.claim_id: reason for c in cs if c.claim_id not in left})
    return kept


def most_local(cs):
    return [c for c in cs if all(LEVELS.index(c.level) >= LEVELS.index(o.level) for o in cs)]


def not_superseded(cs, filters):
    sources = filters.get("sources")

    def corrected(c, source):
        return any(source in o.sources and o.reported_on > c.reported_on for o in cs)

    return [
        c
        for c in cs
        if not all(corrected(c, s) for s in c.sources if sources is None or s in sources)
    ]


def best_known(cs):
    rank = CONFIDENCES.index
    return [c for c in cs if all(rank(c.confidence) >= rank(o.confidence) for o in cs)]


def others(cs, actors):
    return [c for c in cs if holders(c) - set(actors)]


def settle(cs):
    if not cs:
        return "none", []
    actors = sorted(set().union(*(holders(c) for c in cs)))
    if any(c.status == "contested" for c in cs) or any(holders(c) != set(actors) for c in cs):
        return "contested", actors
    if len(actors) > 1 or any(c.status == "shared" for c in cs):
        return "shared", actors
    return "control", actors


def confirmed(c, sources):
    silent = sources is not None and c.confirmed_by and not set(c.confirmed_by) & set(sources)
    return (c.valid_from if silent else c.last_confirmed).date()


def stale(cs, status, day, filters):
    known_on = filters.get("known_on") or date.max
    newest = max(min(confirmed(c, filters.get("sources")), known_on) for c in cs)
    return (day - newest).days > SHELF_LIFE[status]
