"""The checklist: what is looked at before anything goes out. Each rule is one function.

A finding either warns, and an editor decides, or blocks, and nothing goes out. A rule that finds
nothing says nothing. No rule mends anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pandas as pd

from geo import slices
from geo.errors import SnapshotError
from geo.snapshots import facts, metadata, proofs, request, seal
from geo.snapshots.findings import BLOCK, WARN, Checked, Finding
from geo.timeline import NONE

DELAY_DAYS = 21  # nothing tactical that is younger goes out: docs/claims.md, section 6
UNCHECKED = "general-knowledge"  # the source of what no page was opened for
_TACTICAL = ("siege", "blockade", "presence")
_SHARE = 0.25  # of the ground with a state: below, a doubt is no warning for the whole picture
_TOUCHED = 0.05  # of a face: less of it in view may be hidden under a town or an edge
_WHOLE = 1e-6  # shares sum to one but for rounding
_ALIKE = {"alone": "contested"}  # contested by one who is named and others who are not
_FIGURE = re.compile(r"\d[\d\s.,\u00a0\u202f]*\s*(?:km²|km2|%)")
_RANGE = re.compile(
    r"\d[\d\s.,\u00a0\u202f]*\s*(?:%|km²|km2)?\s*(?:\u2013|-|\bto\b|\bà\b|\band\b|\bet\b)\s*"
    r"\d[\d\s.,\u00a0\u202f]*\s*(?:km²|km2|%)"
)


def check(asked: Checked) -> tuple[Finding, ...]:
    """Everything the rules find, what blocks first."""
    found = [finding for rule in RULES for finding in rule(asked)]
    return tuple(sorted(found, key=lambda finding: finding.severity != BLOCK))


def refuse(found: tuple[Finding, ...]) -> None:
    """Raise `SnapshotError` with everything that blocks; do nothing where nothing does."""
    blocking = [finding.message for finding in found if finding.severity == BLOCK]
    if blocking:
        raise SnapshotError(" ".join(blocking))


# ---- dates, legend, figures


def _dates_agree(asked: Checked) -> Iterator[Finding]:
    """The dates on the picture, in its address and in its name are the same."""
    drawing, language = asked.drawing, asked.language
    written = " ".join(text for text, _ in drawing.texts)
    name, query = metadata.name(drawing, ".png"), drawing.snapshot.query()
    for day in drawing.snapshot.shown:
        on_picture = language.day(day).replace("\u00a0", " ") in written.replace("\u00a0", " ")
        in_address = day.isoformat() in f"{query['date']},{query.get('days', '')}"
        ends = day in (drawing.snapshot.shown[0], drawing.snapshot.shown[-1])
        in_name = day.isoformat() in name or not ends
        if not (on_picture and in_address and in_name):
            yield Finding(
                "dates-agree",
                BLOCK,
                language.say(
                    "{day} is not on the picture, in its address and in its file name alike. "
                    "Choose the date again.",
                    day=language.day(day),
                ),
            )


def _legend_is_what_is_drawn(asked: Checked) -> Iterator[Finding]:
    """Every state in view is in the legend, no other is, and no information always is."""
    drawing = asked.drawing
    ground = request.ground_of(drawing.snapshot, asked.layers)
    drawn = {NONE}
    for day in drawing.snapshot.shown:
        share = facts.within(asked.timeline, ground, day)
        drawn |= set(slices.at(asked.timeline, day)["state"][share > _TOUCHED])
    told = {_ALIKE.get(key.kind, key.kind) for key in drawing.legend.states}
    if not drawn <= told or NONE not in told:
        yield Finding(
            "legend-is-what-is-drawn",
            BLOCK,
            asked.language.say(
                "The legend lacks a state that the map shows. Choose another preset or extent."
            ),
        )


def _shares_sum_to_one(asked: Checked) -> Iterator[Finding]:
    """The shares of the ground, with no information, are the whole of it."""
    ground = request.ground_of(asked.drawing.snapshot, asked.layers)
    for day in asked.drawing.snapshot.shown:
        km2 = facts.gather(asked.layers, asked.timeline, ground, day).km2
        whole = km2[NONE].of
        if whole and abs(sum(share.value for share in km2.values()) / whole - 1) > _WHOLE:
            yield Finding(
                "shares-sum-to-one",
                BLOCK,
                asked.language.say(
                    "The shares on {day} do not sum to 100 percent. Report this fault.",
                    day=asked.language.day(day),
                ),
            )


def _figures_are_ranges(asked: Checked) -> Iterator[Finding]:
    """A figure an editor wrote is a range, as every figure of ours is."""
    snapshot = asked.drawing.snapshot
    for text in (snapshot.headline, snapshot.caption):
        bare = _RANGE.sub("", text or "")
        for figure in _FIGURE.findall(bare):
            yield Finding(
                "figures-are-ranges",
                WARN,
                asked.language.say(
                    "{figure} stands alone. What is known is a range: write from and to, and of "
                    "what.",
                    figure=figure.strip(),
                ),
            )


# ---- claims


def _nothing_too_young(asked: Checked) -> Iterator[Finding]:
    """Nothing tactical that is only some weeks old when the data are compiled."""
    drawing, data = asked.drawing, asked.layers.dataset
    since = data.compiled_on - timedelta(days=DELAY_DAYS)
    claims = _deciding(asked)
    young = claims[claims["status"].isin(_TACTICAL) & (claims["valid_from"].dt.date > since)]
    if len(young):
        yield Finding(
            "nothing-too-young",
            BLOCK,
            asked.language.say(
                "Forces, sieges or blockades less than {days} days old would be shown: {claims}. "
                "Choose an earlier date.",
                days=DELAY_DAYS,
                claims=", ".join(sorted(young["claim_id"])),
            ),
        )
    if drawing.snapshot.shown[-1] > since:
        yield Finding(
            "nothing-too-young",
            WARN,
            asked.language.say(
                "The day shown is less than {days} days old: what is known of it will change.",
                days=DELAY_DAYS,
            ),
        )


def _every_area_has_a_source(asked: Checked) -> Iterator[Finding]:
    """Every claim that decides names a source of the bibliography."""
    language, known = asked.language, set(asked.layers.bibliography.index)
    claims = _deciding(asked)
    without = [
        str(claim)
        for claim, sources in zip(claims["claim_id"], claims["sources"], strict=True)
        if known.isdisjoint(sources)
    ]
    if without:
        yield Finding(
            "every-area-has-a-source",
            BLOCK,
            language.say(
                "No published source stands behind {claims}. Add it to the bibliography, or leave "
                "the claims out.",
                claims=", ".join(sorted(without)),
            ),
        )
    for told in _gathered(asked):
        if told.unchecked > _SHARE:
            yield Finding(
                "every-area-has-a-source",
                WARN,
                language.say(
                    "{share} % of the ground with a state on {day} rests on general knowledge: no "
                    "page was opened for it. Say so, or ask for a higher confidence.",
                    share=round(100 * told.unchecked),
                    day=language.day(told.day),
                ),
            )


def _evidence_is_fresh(asked: Checked) -> Iterator[Finding]:
    """Not much of what is shown rests on evidence past its shelf-life."""
    for told in _gathered(asked):
        if told.stale > _SHARE:
            yield Finding(
                "evidence-is-fresh",
                WARN,
                asked.language.say(
                    "{share} % of the ground with a state on {day} rests on evidence past its "
                    "shelf-life. Keep the caveat.",
                    share=round(100 * told.stale),
                    day=asked.language.day(told.day),
                ),
            )


def _knowledge_reaches_the_day(asked: Checked) -> Iterator[Finding]:
    """The day shown is not after the day up to which reports are heard."""
    known = request.known_on(asked.drawing.snapshot, asked.layers.dataset)
    day = asked.drawing.snapshot.shown[-1]
    if known < day:
        yield Finding(
            "knowledge-reaches-the-day",
            WARN,
            asked.language.say(
                "{day} is shown as known on {known}, before it had come. Choose a later day of "
                "knowledge.",
                day=asked.language.day(day),
                known=asked.language.day(known),
            ),
        )


RULES: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    _dates_agree,
    _legend_is_what_is_drawn,
    _shares_sum_to_one,
    _figures_are_ranges,
    _nothing_too_young,
    _every_area_has_a_source,
    _evidence_is_fresh,
    _knowledge_reaches_the_day,
    proofs.colours_are_told_apart,
    proofs.text_is_whole,
    proofs.file_is_small_enough,
    proofs.drawn_again_it_is_the_same,
    proofs.nobody_else_is_asked,
    proofs.text_stays_text,
)


def _deciding(asked: Checked) -> pd.DataFrame:
    """The claims that decide the picture."""
    snapshot = asked.drawing.snapshot
    ground = request.ground_of(snapshot, asked.layers)
    box = None if ground.kind == "country" else ground.box
    view = snapshot.view
    rows = seal.deciding(asked.timeline, snapshot.shown, box, claimed=view.claimed)
    return pd.DataFrame(asked.timeline.composite.claims.iloc[rows].drop(columns="geometry"))


def _gathered(asked: Checked) -> list[facts.Facts]:
    ground = request.ground_of(asked.drawing.snapshot, asked.layers)
    return [
        facts.gather(asked.layers, asked.timeline, ground, day)
        for day in asked.drawing.snapshot.shown
    ]
