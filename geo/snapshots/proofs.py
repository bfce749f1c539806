"""Proofs: the rules of the checklist about what is seen, and about the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from xml.etree import ElementTree as ET

from geo.snapshots import sight
from geo.snapshots.findings import BLOCK, WARN, Checked, Finding
from geo.snapshots.frame import Box

_PAPER = "#ffffff"
_TEXT_CONTRAST = 4.5  # WCAG 2, level AA
_APART = 9.0  # CIE76; fills of actors that are closer must differ in their pattern
_ROOM = 0.2  # of the height of a line: what its box has above and below small letters
_TOUCH = 0.5  # points a text may reach over the edge by
_ELSEWHERE = re.compile(
    rb"<(?:script|img|link|iframe|image|use)\b[^>]*?\s(?:src|href)\s*=\s*[\"']?\s*(?!data:|#)",
    re.IGNORECASE,
)
_HANDLER = re.compile(r"^on[a-z]+$")


# ---- what is seen


def colours_are_told_apart(asked: Checked) -> Iterator[Finding]:
    """Actors in the legend differ to every kind of eyes, in colour or in pattern."""
    language = asked.language
    if sight.contrast(asked.drawing.plan.key_style.colour, _PAPER) < _TEXT_CONTRAST:
        pale = language.say("The text of the legend is too pale to be read. Report this fault.")
        yield Finding("colours-are-told-apart", BLOCK, pale)
    actors = asked.layers.actors
    shown = [key.actor for key in asked.drawing.legend.actors if key.actor in actors.index]
    for one, other in combinations(sorted(set(shown)), 2):
        alike = actors["pattern"][one] == actors["pattern"][other]
        colours = str(actors["colour"][one]), str(actors["colour"][other])
        least = min(sight.difference(*colours, eyes) for eyes in sight.EYES)
        if alike and least < _APART:
            names = [str(actors[language.column("short")][actor]) for actor in (one, other)]
            yield Finding(
                "colours-are-told-apart",
                WARN,
                language.say(
                    "Some readers cannot tell the colours of {actors} apart. Name both on the map.",
                    actors=language.listed(names),
                ),
            )


def text_is_whole(asked: Checked) -> Iterator[Finding]:
    """No text leaves the page, and no two lie on each other."""
    drawing, language = asked.drawing, asked.language
    preset = drawing.snapshot.preset
    page = Box(0, 0, preset.width, preset.height)
    out = [text for text, box in drawing.texts if not _inside(box, page)]
    if out:
        yield Finding(
            "text-is-whole",
            BLOCK,
            language.say(
                "{text} does not fit on the picture. Shorten it, or choose a larger preset.",
                text=f"«{out[0][:60]}»",
            ),
        )
    lying = [
        (one, other)
        for (one, a), (other, b) in combinations(drawing.texts, 2)
        if _overlap(a, b) > max(_TOUCH, _ROOM * min(a.height, b.height))
    ]
    # The letters on a plate are in the legend too: a name over them is no beauty, and no loss.
    plates = set(asked.layers.actors["badge"])
    lying.sort(key=lambda pair: not plates.isdisjoint(pair))
    if lying:
        yield Finding(
            "text-is-whole",
            BLOCK if plates.isdisjoint(lying[0]) else WARN,
            language.say(
                "{one} and {other} lie on each other. Shorten the headline, or choose a larger "
                "preset.",
                one=f"«{lying[0][0][:40]}»",
                other=f"«{lying[0][1][:40]}»",
            ),
        )
    written, shown = drawing.snapshot.headline or "", drawing.words.headline
    if shown.endswith("…") and not written.rstrip().endswith("…"):
        cut = language.say("The headline is too long and was cut. Shorten it.")
        yield Finding("text-is-whole", WARN, cut)


# ---- files


def file_is_small_enough(asked: Checked) -> Iterator[Finding]:
    """A picture is no larger than those who show it take."""
    preset = asked.drawing.snapshot.preset
    size = len(asked.contents.get(".png", b""))
    if preset.most_bytes is not None and size > preset.most_bytes:
        yield Finding(
            "file-is-small-enough",
            BLOCK,
            asked.language.say(
                "The picture has {size} kB, more than the {most} kB that are taken. Choose a "
                "smaller extent or another preset.",
                size=size // 1000,
                most=preset.most_bytes // 1000,
            ),
        )


def drawn_again_it_is_the_same(asked: Checked) -> Iterator[Finding]:
    """Drawn once more, every file has the same bytes."""
    for ending, content in sorted(asked.again.items()):
        if asked.contents.get(ending) != content:
            yield Finding(
                "drawn-again-it-is-the-same",
                BLOCK,
                asked.language.say(
                    "Drawn once more, the {ending} file is another one. Report this fault.",
                    ending=ending,
                ),
            )


def nobody_else_is_asked(asked: Checked) -> Iterator[Finding]:
    """A page or an SVG opens with the network off."""
    for ending in (".html", ".svg"):
        if _ELSEWHERE.search(asked.contents.get(ending, b"")):
            yield Finding(
                "nobody-else-is-asked",
                BLOCK,
                asked.language.say(
                    "The {ending} file would ask another host. Report this fault.", ending=ending
                ),
            )


def text_stays_text(asked: Checked) -> Iterator[Finding]:
    """In an SVG nothing runs, whatever is written on it."""
    content = asked.contents.get(".svg")
    if content is None:
        return
    try:
        parts = list(ET.fromstring(content).iter())  # noqa: S314 -- our own file
        runs = any(
            part.tag.rpartition("}")[2] == "script" or any(map(_HANDLER.match, part.attrib))
            for part in parts
        )
    except ET.ParseError:
        runs = True
    if runs:
        yield Finding(
            "text-stays-text",
            BLOCK,
            asked.language.say("A text on the picture would run as a program. Write it anew."),
        )


def _inside(box: Box, page: Box) -> bool:
    return (
        box.left >= page.left - _TOUCH
        and box.bottom >= page.bottom - _TOUCH
        and box.right <= page.right + _TOUCH
        and box.top <= page.top + _TOUCH
    )


def _overlap(a: Box, b: Box) -> float:
    """How far two texts lie on each other, in points, on the side where it is less."""
    return min(
        min(a.right, b.right) - max(a.left, b.left),
        min(a.top, b.top) - max(a.bottom, b.bottom),
    )
