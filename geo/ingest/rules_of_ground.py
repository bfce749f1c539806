"""Rules about the ground of a claim: its name, its outline and where it lies."""

from __future__ import annotations

from geo.ingest.severities import DOUBTFUL, MENDED, Rule, asked, refused
from geo.languages import message

_DRAW = message("Draw it again, or name the ground instead.")

OF_GROUND = {
    "column-ground-missing": refused(
        message("No column and no geometry says where. Columns: {columns}."),
        message("Say which column holds the place, the P-code, the coordinates or the WKT."),
    ),
    "ground-missing": refused(
        message("It has no ground: neither a geometry nor a name."),
        message("Draw it, or name a place, cercle or region."),
    ),
    "place-unknown": asked(
        message("No place goes by {name}."),
        message("Choose one of those offered, mend the spelling, or give coordinates."),
        blocks=True,
    ),
    "place-several": asked(
        message("{name} can mean several: {names}."),
        message("Choose one."),
        blocks=True,
    ),
    "ground-not-then": refused(
        message("There was no {name} on {start}."),
        message("Name the ground as it was called on that day, or draw it."),
    ),
    "place-read-as": Rule(
        MENDED,
        message("No town goes by {name}; it was read as {found}."),
    ),
    "pcode-unknown": refused(
        message("No cercle or region has the P-code {name}."),
        message("Use the codes of cercles (ML0801) or regions (ML08), or name the ground."),
    ),
    "radius-wrong": refused(
        message("The radius {value} cannot be used."),
        message("Write kilometres from 0.1 to 100."),
    ),
    "coordinates-wrong": refused(
        message("Coordinates must be numbers; found {value}."),
        message("Write degrees as numbers such as -1.41."),
    ),
    "coordinates-endless": refused(message("A coordinate is not a number or has no end."), _DRAW),
    "coordinates-off-earth": refused(
        message("A corner lies at {x}, {y}, which is not on Earth."),
        message("Write degrees of EPSG:4326, longitude first."),
    ),
    "geometry-damaged": refused(message("Its geometry cannot be read as {kind}."), _DRAW),
    "geometry-empty": refused(message("Its geometry is empty."), _DRAW),
    "geometry-nested": refused(
        message("Its geometry holds collections nested {number} deep; the most is {most}."), _DRAW
    ),
    "wkt-damaged": refused(
        message("The text {value} is no geometry in WKT."),
        message("Write it like POLYGON((-1 16, 0 16, 0 17, -1 16))."),
    ),
    "edge-too-wide": refused(
        message("An edge spans more than half the globe."),
        message("Split the ground at the 180th meridian."),
    ),
    "crossings-too-many": refused(
        message("Its outline crosses itself about {number} times, more than can be mended."), _DRAW
    ),
    "line-without-ground": refused(
        message("It is a line, and a line holds no ground; its status is {status}."),
        message("Draw a polygon, or write the status blockade, siege or presence."),
    ),
    "area-none": refused(message("Its outline encloses no ground."), _DRAW),
    "point-disc": Rule(
        MENDED,
        message("A point holds no ground: a disc of {number} km was drawn around it."),
        message("Give radius_km a number of kilometres if another is meant."),
    ),
    "heights-dropped": Rule(MENDED, message("It has heights, which were dropped.")),
    "ring-order": Rule(
        MENDED, message("Its rings run the wrong way round for GeoJSON; they were turned.")
    ),
    "ring-unclosed": Rule(MENDED, message("A ring of it was not closed; it was closed.")),
    "made-valid": Rule(
        MENDED,
        message("Its outline crossed or overlapped itself; mended, it has {after} km²."),
        message("Look at it on the map: is this what was meant?"),
    ),
    "collection-polygons": Rule(
        MENDED, message("It mixes kinds of geometry; only its polygons are used.")
    ),
    "decimal-comma": Rule(
        MENDED, message("Its coordinates have a decimal comma, which was read as a point.")
    ),
    "axes-swapped": asked(
        message(
            "It lies outside Mali, but inside with longitude and latitude swapped. Nothing was "
            "turned."
        ),
        message("Swap the two, or keep it where it is."),
    ),
    "outside": asked(
        message("It lies outside Mali."),
        message("Keep it if that is meant: it is then seen only in a layer opened on its own."),
    ),
    "reaches-outside": Rule(
        DOUBTFUL,
        message(
            "It reaches beyond the border: {after} km² of it lie outside Mali and are not drawn."
        ),
        message("Look at it on the map: is this what was meant?"),
    ),
    "tiny": Rule(
        DOUBTFUL,
        message("It has only {after} km²."),
        message("Look at it on the map: is this what was meant?"),
    ),
}
