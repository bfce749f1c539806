"""The rule of docs/claims.md, steps 2 to 6: the claims over one ground, held against each other.

Written for many grounds at once. A **group** is one ground on one day, or over days between which
no claim comes or goes; the claims that are valid there are given as pairs (group, claim).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.claims import BASE, SHELF_LIFE_DAYS
from geo.timeline.codes import COUNTS, STEPS, Bools, Codes, Ints

STATES = ("control", "contested", "shared", "influence")
NOBODY = -1  # the state of a ground on which nothing counts

_CONTROL, _CONTESTED, _SHARED, _INFLUENCE = range(len(STATES))
_SHELF_LIFE = np.array([SHELF_LIFE_DAYS[state] for state in STATES])

_LESS_LOCAL = STEPS.index("less-local")
_SUPERSEDED = STEPS.index("superseded-by-source")
_WEAKER = STEPS.index("weaker-evidence")
_ALREADY_HOLDER = STEPS.index("already-holder")

_NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What the claims over each group come to. Pairs are sorted, each once.

    Attributes
    ----------
    state
        (G,) places in `STATES`, or `NOBODY`.
    level
        (G,) places in `LEVELS` of the claims that decide; -1 where none does.
    stale_from
        (G,) day number from which the state is past its shelf-life; under `influence`, from
        which everybody's is.
    holder_group, holder
        Pairs: the actor holds or contests the ground.
    influence_group, influencer
        Pairs: the actor has influence beside the holders.
    influence_stale_from
        One day number a pair of these.
    """

    state: Ints
    level: Ints
    stale_from: Ints
    holder_group: Ints
    holder: Ints
    influence_group: Ints
    influencer: Ints
    influence_stale_from: Ints


def judge(codes: Codes, group: Ints, claim: Ints) -> Ints:
    """Say for each pair, a claim valid in a group, what becomes of the claim.

    Parameters
    ----------
    group, claim
        (N,) pairs in any order; groups are numbered from 0, with few gaps.

    Returns
    -------
    ndarray
        (N,) places in `STEPS`.
    """
    step, _ = _judge(codes, group, claim)
    return step


def _judge(codes: Codes, group: Ints, claim: Ints) -> tuple[Ints, Ints]:
    """What `judge` says, and who holds or contests each group: keys as `_actors` makes them."""
    step = codes.step[claim]
    left = np.flatnonzero((step == COUNTS) & codes.holds(claim))
    for reason, stands in _SILENCING[:1] if codes.every_side else _SILENCING:
        passed = stands(codes, group[left], claim[left])
        step[left[~passed]] = reason
        left = left[passed]

    beside = np.flatnonzero((step == COUNTS) & ~codes.holds(claim))
    holders = _actors(codes, group[left], claim[left])
    step[beside[_within(codes, group[beside], claim[beside], holders)]] = _ALREADY_HOLDER
    return step, holders


def decide(codes: Codes, group: Ints, claim: Ints, count: int) -> Verdict:
    """Resolve groups 0 … count - 1 from the pairs (group, claim) of claims valid in them."""
    step, holders = _judge(codes, group, claim)
    base = codes.holds(claim)
    counts = step == COUNTS
    deciding, influence = counts & base, counts & ~base
    influencers, confirmed = _influence(codes, group[influence], claim[influence], holders)
    holder_group, holder = np.divmod(holders, len(codes.names) or 1)
    influence_group, influencer = np.divmod(influencers, len(codes.names) or 1)

    state = _state(codes, group[deciding], claim[deciding], holder_group, count)
    only = influence_group[state[influence_group] == NOBODY]
    state[only] = _INFLUENCE

    # What a later report or better evidence set aside still shows that the holder was there.
    support = base & np.isin(step, (COUNTS, _SUPERSEDED, _WEAKER))
    support[support] = _within(codes, group[support], claim[support], holders)
    newest = np.full(count, _NEVER)
    np.maximum.at(newest, group[support], codes.confirmed[claim[support]])
    alone = state[influence_group] == _INFLUENCE
    np.maximum.at(newest, influence_group[alone], confirmed[alone])

    level = np.full(count, -1)
    level[group[deciding]] = codes.level[claim[deciding]]
    return Verdict(
        state=state,
        level=level,
        stale_from=newest + _SHELF_LIFE[state] + 1,
        holder_group=holder_group,
        holder=holder,
        influence_group=influence_group,
        influencer=influencer,
        influence_stale_from=confirmed + _SHELF_LIFE[_INFLUENCE] + 1,
    )


def _most_local(codes: Codes, group: Ints, claim: Ints) -> Bools:
    """Step 2: a town's claim over its region's."""
    level = codes.level[claim]
    return np.asarray(level == _highest(group, level))


def _not_superseded(codes: Codes, group: Ints, claim: Ints) -> Bools:
    """Step 3: at least one source of the claim has said nothing later about this ground."""
    pair, source = codes.sources.of(claim)
    reported = codes.reported[claim[pair]]
    voice = group[pair] * (codes.sources.member.max(initial=0) + 1) + source
    latest = _highest(pd.factorize(voice)[0], reported)
    stands = np.zeros(len(claim), dtype=bool)
    stands[pair[reported == latest]] = True
    return stands


def _best_known(codes: Codes, group: Ints, claim: Ints) -> Bools:
    """Step 4: the highest confidence only."""
    confidence = codes.confidence[claim]
    return np.asarray(confidence == _highest(group, confidence))


# Steps 2, 3 and 4, in their order. The disagreement view stops after the first.
_SILENCING = (
    (_LESS_LOCAL, _most_local),
    (_SUPERSEDED, _not_superseded),
    (_WEAKER, _best_known),
)


def _state(codes: Codes, group: Ints, claim: Ints, holder_group: Ints, count: int) -> Ints:
    """Step 5: one holder, several who agree to share, or several who do not agree."""
    holders = np.bincount(holder_group, minlength=count)
    status = codes.status[claim]
    # The holders of a group are those of all its claims together, so a claim that names as many
    # names the same.
    disagrees = codes.actors.size[claim] < holders[group]

    state = np.full(count, NOBODY)
    state[holders > 0] = _CONTROL
    state[holders > 1] = _SHARED
    state[group[status == BASE.index("shared")]] = _SHARED
    state[group[disagrees | (status == BASE.index("contested"))]] = _CONTESTED
    return state


def _influence(codes: Codes, group: Ints, claim: Ints, holders: Ints) -> tuple[Ints, Ints]:
    """Step 6: keys of who has influence beside the holders, and when it was last confirmed."""
    pair, actor = codes.actors.of(claim)
    key = group[pair] * len(codes.names) + actor
    beside = ~_among(key, holders)
    keys, row = np.unique(key[beside], return_inverse=True)
    newest = np.full(len(keys), _NEVER)
    np.maximum.at(newest, row, codes.confirmed[claim[pair[beside]]])
    return keys, newest


def _actors(codes: Codes, group: Ints, claim: Ints) -> Ints:
    """Keys of the actors that the claims over each group name, sorted: group x actors + actor."""
    pair, actor = codes.actors.of(claim)
    keys = np.sort(group[pair] * len(codes.names) + actor)
    last = np.append(np.diff(keys) > 0, True)  # by hand: np.unique takes three times as long
    distinct: Ints = keys[last[: len(keys)]]
    return distinct


def _within(codes: Codes, group: Ints, claim: Ints, actors: Ints) -> Bools:
    """Which claims name nobody but `actors`, keys as `_actors` makes them."""
    pair, actor = codes.actors.of(claim)
    other = ~_among(group[pair] * len(codes.names) + actor, actors)
    within = np.ones(len(claim), dtype=bool)
    within[pair[other]] = False
    return within


def _among(keys: Ints, sorted_keys: Ints) -> Bools:
    """Which of `keys` stand among the sorted ones; by hand: np.isin takes ten times as long."""
    return np.asarray(np.append(sorted_keys, _NEVER)[np.searchsorted(sorted_keys, keys)] == keys)


def _highest(group: Ints, value: Ints) -> Ints:
    """For each row, the highest `value` in its group."""
    highest = np.full(group.max(initial=-1) + 1, _NEVER)
    np.maximum.at(highest, group, value)
    return highest[group]
