"""What must be on the screen: the colours of `actors.csv`, mixed as `paint.js` says it mixes them.

Written from the contract of that file and not from its code, so that the two can differ.
"""

import csv
import math
from pathlib import Path

LAYERS = Path(__file__).parents[2] / "layers"
GROUND = (0xE9, 0xE8, 0xE3)  # no information
BETWEEN = (0xF6, 0xF5, 0xF1)  # neutral, between the bands of what is contested
HOLLOW = (0xFB, 0xFA, 0xF8)  # the dot of a town nobody is known to hold
TOWN, DOT = 0.05, 0.0  # how far a town is mixed towards the ground: its fill, its dot
STALE, STALE_DOT = 0.45, 0.5  # and how far what then remains, once the evidence is stale
TOLERANCE = 6  # of 255 in each channel: rounding, and pixels at the very edge of a band


def _rows(name):
    with (LAYERS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _colour(text):
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


COLOURS = {row["actor"]: _colour(row["colour"]) for row in _rows("actors.csv")}
SHORT = {row["actor"]: row["short_en"] for row in _rows("actors.csv")}
PLACES = {row["place"]: row for row in _rows("places.csv")}


def key(short):
    """The actor that goes by a short name."""
    return next(actor for actor, name in SHORT.items() if name == short)


def at(place):
    """Longitude and latitude of a place."""
    return float(PLACES[place]["lon"]), float(PLACES[place]["lat"])


def km(lat, zoom):
    """Pixels of a kilometre."""
    return 256 * 2**zoom / (40075.017 * math.cos(math.radians(lat)))


def mixed(colour, share):
    """`colour`, `share` of the way to the ground."""
    return tuple(round(c + (g - c) * share) for c, g in zip(colour, GROUND, strict=True))


def alike(pixel, colour, tolerance=TOLERANCE):
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True))


def share(pixels, colour):
    """How much of some pixels has a colour, from 0 to 1."""
    pixels = list(pixels)
    return sum(alike(pixel, colour) for pixel in pixels) / len(pixels)


def sectors(pixels, radius, colours):
    """Whether a pie around the middle shows each of `colours`, clockwise from the top.

    The middle of each sector is looked at, of which one pixel at least is hardly touched by the
    smoothing of the edges.
    """
    for n, colour in enumerate(colours):
        angle = 2 * math.pi * (n + 0.5) / len(colours) - math.pi / 2
        middle = (radius * math.cos(angle), radius * math.sin(angle)) if colours[1:] else (0, 0)
        near = (pixel for spot, pixel in pixels.items() if math.dist(spot, middle) <= 1)
        if not any(alike(pixel, colour, 2 * TOLERANCE) for pixel in near):
            return False
    return True


def ring(pixels, radius, colour, *, every=72):
    """How much of a circle around the middle is drawn in a colour."""
    # A line of 2.6 pixels: the smoothing of its edges reaches almost everywhere.
    drawn = [spot for spot, pixel in pixels.items() if alike(pixel, colour, 4 * TOLERANCE)]
    angles = (2 * math.pi * i / every for i in range(every))
    points = [(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]
    return sum(any(math.dist(point, spot) <= 1 for spot in drawn) for point in points) / every
