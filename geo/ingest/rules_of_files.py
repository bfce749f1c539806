"""Rules about the file itself: what it is, how large, and whether it can be read."""

from __future__ import annotations

from geo.ingest.severities import MENDED, NOTE, Rule, asked, refused
from geo.languages import message

_SAVE_AGAIN = message("Save it again from the program it came from.")
_SAVE_AS = message(
    "Save it as GeoJSON, GeoPackage, zipped Shapefile, KML, KMZ, FlatGeobuf, GeoParquet or CSV."
)
_PACK_AGAIN = message("Pack the files again, by themselves, as an ordinary ZIP.")
_SPLIT = message("Split it, or simplify its outlines.")

OF_FILES = {
    "file-empty": refused(message("The file is empty."), _SAVE_AGAIN),
    "file-too-large": refused(
        message("The file has {size} MB; the most is {most} MB."),
        message("Split it, simplify its outlines, or leave out columns."),
    ),
    "kind-unknown": refused(
        message("This is none of the formats that can be read here."), _SAVE_AS
    ),
    "kind-refused": refused(message("This is {kind}, which is not read here."), _SAVE_AS),
    "spreadsheet": refused(
        message("This is a workbook of a spreadsheet program."),
        message("Save the sheet with the claims as CSV (UTF-8) and bring that."),
    ),
    "shapefile-part": refused(
        message("This is one part of a Shapefile; without the others it says too little."),
        message("Pack the .shp, .shx, .dbf, .prj and .cpg files into one ZIP and bring that."),
    ),
    "wrong-ending": refused(
        message("The name ends in {ending}, but the content is {kind}."),
        message("Give it the right ending if that is what it is, or save it again."),
    ),
    "damaged": refused(
        message("The file begins like {kind} but is damaged or cut off."), _SAVE_AGAIN
    ),
    "damaged-at": refused(
        message("The file is not sound {kind}: reading stopped at line {number}."),
        message("Mend that line, or save the file again."),
    ),
    "took-too-long": refused(
        message("Reading the file took more than {seconds} seconds and was stopped."), _SPLIT
    ),
    "took-too-much": refused(
        message("Reading the file needed more memory than a file may take, and was stopped."),
        _SPLIT,
    ),
    "reader-stopped": refused(
        message("Reading the file had to be stopped: something in it is not sound."), _SAVE_AGAIN
    ),
    # ---- archives
    "archive-damaged": refused(message("The archive is damaged or cut off."), _PACK_AGAIN),
    "archive-members": refused(
        message("The archive holds {number} files; the most is {most}."), _PACK_AGAIN
    ),
    "archive-path": refused(
        message("The archive holds a file whose path leads out of it: {name}."), _PACK_AGAIN
    ),
    "archive-link": refused(
        message("The archive holds a link in place of a file: {name}."), _PACK_AGAIN
    ),
    "archive-nested": refused(
        message("The archive holds another archive: {name}."),
        message("Unpack it first, and pack the files themselves."),
    ),
    "archive-encrypted": refused(
        message("The archive is protected by a password: {name}."),
        message("Pack it again without a password."),
    ),
    "archive-packing": refused(
        message("The archive is packed in an unusual way: {name}."), _PACK_AGAIN
    ),
    "archive-twice": refused(
        message("The archive holds two files of one name: {name}."), _PACK_AGAIN
    ),
    "archive-ratio": refused(
        message("The archive unpacks to far more than its size: {name}."), _PACK_AGAIN
    ),
    "archive-unpacked": refused(
        message("The archive unpacks to more than {most} MB."),
        message("Split it, simplify its outlines, or leave out columns."),
    ),
    "archive-nothing": refused(
        message("The archive holds no layer that can be read here. It holds: {names}."), _SAVE_AS
    ),
    "archive-several": asked(
        message("The archive holds several layers: {names}."),
        message("Say which one holds the claims."),
        blocks=True,
    ),
    "archive-layer": refused(
        message("The archive holds no layer {name}. It holds: {names}."),
        message("Choose one of these."),
    ),
    "shapefile-incomplete": refused(
        message("The Shapefile {name} lacks its {missing} file."),
        message("Pack the .shp, .shx, .dbf and .prj files of one layer together."),
    ),
    # ---- text, JSON and XML
    "encoding-unknown": refused(
        message("The text is in no encoding that can be read here."),
        message("Save it as UTF-8."),
    ),
    "encoding-read-as": Rule(
        MENDED,
        message("The text is not UTF-8 and was read as {encoding}. Does this look right: {sample}"),
        message("If letters are wrong, save the file as UTF-8."),
    ),
    "json-depth": refused(
        message("Brackets are nested {number} deep; the most is {most}."), _SAVE_AGAIN
    ),
    "json-other": refused(
        message("This is JSON, but no GeoJSON: it begins as {found}."),
        message("Save it as GeoJSON: a FeatureCollection of features."),
    ),
    "keys-twice": refused(
        message("{name} stands twice in one object, and the two may differ."),
        message("Keep one of the two."),
    ),
    "keys-twice-unused": Rule(
        NOTE,
        message("{name} stands twice in one object. It is not used."),
    ),
    "number-too-long": refused(
        message("A number in the file has too many digits."),
        message("Write numbers with at most 20 digits."),
    ),
    "xml-definitions": refused(
        message("The file brings definitions of its own (DTD or entities)."),
        message("Save it again without them."),
    ),
    "xml-depth": refused(
        message("Elements are nested {number} deep; the most is {most}."), _SAVE_AGAIN
    ),
    "network-link": Rule(
        MENDED,
        message("The file points to content elsewhere, which is never fetched: left out."),
        message("Save a copy with that content in it."),
    ),
    # ---- tables
    "table-empty": refused(
        message("There is not one row in it."),
        message("Bring a file with at least one claim."),
    ),
    "too-many-features": refused(
        message("The file holds {number} features; the most is {most}."),
        message("Split it, or join features of one actor and period."),
    ),
    "too-many-vertices": refused(
        message("The outlines have {number} corners; the most is {most}."), _SPLIT
    ),
    "too-many-columns": refused(
        message("The file holds {number} columns; the most is {most}."),
        message("Leave out the columns that say nothing about the claims."),
    ),
    "cell-too-long": refused(
        message("A cell of {column} has {number} letters; the most is {most}."),
        message("Shorten it."),
    ),
    "row-length": refused(
        message("The row has {number} cells, but the header has {most}."),
        message("Put cells that contain the separator in quotation marks."),
    ),
    "csv-quotes": refused(
        message("The table cannot be read: a quotation mark is not closed or stands astray."),
        message("Close every quotation mark, and double those inside a cell."),
    ),
    "csv-zero": refused(
        message("The table holds bytes that are no text."), message("Save it as CSV (UTF-8).")
    ),
    "header-twice": refused(
        message("Two columns are called {column}."), message("Give one of them another name.")
    ),
    "features-lost": refused(
        message("The file announces {number} features, but only {found} could be read."),
        _SAVE_AGAIN,
    ),
    "layers-several": asked(
        message("The file holds several layers: {names}."),
        message("Say which one holds the claims."),
        blocks=True,
    ),
    "layer-unknown": refused(
        message("There is no layer {name} in the file. It holds: {names}."),
        message("Choose one of these."),
    ),
    "layer-none": refused(
        message("There is no layer with claims in the file."),
        message("Save the layer itself into it."),
    ),
    "layer-computed": refused(
        message("The layer {name} is no table but a query, which is never run here."),
        message("Save its result as a layer of its own."),
    ),
    "geometry-packing": refused(
        message("The geometry is stored in a way that is not read here ({found})."),
        message("Save it with geometry as WKB, the usual way."),
    ),
    # ---- a series of daily files
    "series-day": refused(
        message("The name {name} does not say of which one day the file is."),
        message("Let the name have the day as YYYY-MM-DD, once."),
    ),
    "series-twice": refused(
        message("Two files are of {day}: {names}."), message("Leave out one of them.")
    ),
    "series-long": refused(
        message("The series is too long: {number}; the most is {most}."),
        message("Split it by years."),
    ),
    "series-gaps": asked(
        message("There are days without a file, from: {names}. Claims end there."),
        message("Say whether a claim ends where days are missing, or holds until the next file."),
    ),
    # ---- where it lies
    "crs-unknown": asked(
        message("The coordinate system is not known; one coordinate pair is {x}, {y}."),
        message("Say which system the coordinates are in."),
        blocks=True,
    ),
    "crs-unusable": refused(
        message("The coordinate system of the file cannot be used: {name}."),
        message("Save the layer in EPSG:4326 (longitude, latitude)."),
    ),
    "reprojected": Rule(
        MENDED,
        message("The coordinates were in {name} and have been turned into longitude and latitude."),
    ),
}
