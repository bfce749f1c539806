"""Files that mean harm, or were harmed: made here, byte by byte, with the verdict each must get.

Each is (name, file name, bytes or a function that makes them, verdict, rule that must be named).
"""

# ruff: noqa: E501, ISC004 (a table, one file a row)

import io
import json
import random
import sqlite3
import struct
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from brought import GAO, KIDAL, collection, drawn, feature

REJECT, WARN, ACCEPT = "reject", "warn", "accept"
VRT = (
    b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource>"
    b"</OGRVRTLayer></OGRVRTDataSource>"
)
GOOD = collection(feature())


def geometry(kind, coordinates, **more):
    return collection(feature({"type": kind, "coordinates": coordinates} | more))


def polygon(*points):
    return geometry("Polygon", [list(map(list, points))])


def raw(text):
    """A layer whose one geometry is spelt out."""
    head, tail = GOOD.split(json.dumps(drawn(KIDAL)).encode())
    return head + text.encode() + tail


def zipped(*members, packing=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def linked():
    info = zipfile.ZipInfo("front.geojson")
    info.external_attr = 0o120777 << 16
    return zipped((info, "/etc/passwd"))


def encrypted():
    data = bytearray(zipped(("front.geojson", GOOD)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def lying():
    """An archive that says it unpacks to less than it does."""
    data = bytearray(zipped(("front.geojson", b" " * 3_000_000 + GOOD)))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)
    return bytes(data)


def overlong():
    """An archive whose listing says it is longer than all that is there."""
    data = bytearray(zipped(("front.geojson", GOOD)))
    struct.pack_into("<H", data, data.index(b"PK\x05\x06") + 10, 60_000)
    return bytes(data)


def written(name, **options):
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / name
        row = dict(actor="JNIM", valid_from="2024-05-01", source="RFI")
        pyogrio.write_dataframe(
            gpd.GeoDataFrame([row], geometry=[KIDAL], crs=4326), path, **options
        )
        if path.suffix == ".shp":
            return {part.suffix: part.read_bytes() for part in Path(made).iterdir()}
        return path.read_bytes()


def shapefile(**changed):
    parts = written("front.shp")
    for ending, change in changed.items():
        part = bytearray(parts[f".{ending}"])
        parts[f".{ending}"] = change(part) or bytes(part)
    return zipped(*((f"front{ending}", bytes(content)) for ending, content in parts.items()))


def patched(shape, at, value):
    return lambda part: struct.pack_into(shape, part, at, value)


def geopackage(*statements):
    """A GeoPackage without index and triggers, after these statements."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "front.gpkg"
        path.write_bytes(written("front.gpkg", SPATIAL_INDEX="NO"))
        with sqlite3.connect(path) as opened:
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in opened.execute(triggers).fetchall():
                opened.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                opened.execute(statement)
        opened.close()
        return path.read_bytes()


ENDLESS = (
    "ALTER TABLE front RENAME TO hidden",
    "CREATE VIEW front AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS fid, 'JNIM' AS actor, '2024-05-01' AS valid_from, NULL AS geom FROM n",
)


def wal():
    data = bytearray(written("front.gpkg"))
    data[18:20] = b"\2\2"
    return bytes(data)


def parquet(wkb, **more):
    geo = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }
    columns = dict(actor=["JNIM"], valid_from=["2024-05-01"], geometry=[wkb]) | more
    table = pa.table(columns).replace_schema_metadata({"geo": json.dumps(geo)})
    made = io.BytesIO()
    pq.write_table(table, made)
    return made.getvalue()


def bomb_of_one_word():
    """Twenty thousand cells of a megabyte that are packed as one."""
    word = pa.array(["x" * 1_000_000])
    cells = pa.DictionaryArray.from_arrays(pa.array(np.zeros(19_999, dtype=np.int8)), word)
    made = io.BytesIO()
    pq.write_table(pa.table({"actor": cells}), made)
    return made.getvalue()


def nested_wkb(depth):
    one = struct.pack("<BII", 1, 7, 1)
    return one * depth + struct.pack("<BII", 1, 7, 0)


def kml(inside, head=""):
    return (
        f'<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{inside}</Document></kml>"
    ).encode()


LAUGHS = (
    '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c '
    '"&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
PLACEMARK = (
    "<Placemark><ExtendedData><Data name='actor'><value>JNIM</value></Data><Data name='date'>"
    "<value>2024-05-01</value></Data></ExtendedData><Point><coordinates>1.4,18.4</coordinates>"
    "</Point></Placemark>"
)


def scribble(corners):
    rng = random.Random(7)
    points = [[rng.uniform(0, 2), rng.uniform(16, 18)] for _ in range(corners)]
    return polygon(*points, points[0])


def star(corners):
    """A star polygon that crosses itself a few times."""
    turn = [4 * np.pi * at / corners for at in range(corners)]
    points = [[float(np.cos(angle)), 17 + float(np.sin(angle))] for angle in turn]
    return polygon(*points, points[0])


def comb(teeth):
    """Two combs laid across each other: every tooth crosses every other."""
    one = [[x / teeth, 16 + (x % 2)] for x in range(2 * teeth)]
    other = [[2 - y % 2 * 2, 16 + y / (2 * teeth)] for y in range(2 * teeth)]
    return polygon(*one, *other, one[0])


def csv(*lines):
    return "\n".join(lines).encode()


HEAD, ROW = "id,actor,valid_from,place,source", "1,JNIM,2024-05-01,Kidal,RFI"

FILES = [
    # ---- not what it says it is
    ("a query in XML as GeoJSON", "front.geojson", VRT, REJECT, "kind-refused"),
    ("a query in XML as GeoPackage", "front.gpkg", VRT, REJECT, "kind-refused"),
    ("a query in XML as FlatGeobuf", "front.fgb", VRT, REJECT, "kind-refused"),
    ("a query in XML as KML", "front.kml", VRT, REJECT, "kind-refused"),
    ("a query in XML in a ZIP", "front.zip", zipped(("front.kml", VRT)), REJECT, "table-empty"),
    ("a pipeline in JSON", "front.json", b'{"type":"gdal_streamed_alg","command_line":"gdal vector '
     b'read /etc/passwd"}', REJECT, "json-other"),
    ("a service in XML", "front.xml", b"<OGRWFSDataSource><URL>http://127.0.0.1/</URL>"
     b"</OGRWFSDataSource>", REJECT, "kind-refused"),
    ("a name of a connection", "front.csv", b"WFS:http://127.0.0.1/x", REJECT, "table-empty"),
    ("a path of a virtual file", "front.csv", b"/vsicurl/http://127.0.0.1/x", REJECT, "table-empty"),
    ("another JSON of maps", "front.json", b'{"type":"Topology","objects":{}}', REJECT,
     "json-other"),
    ("JSON that is a list", "front.json", b"[1,2,3]", REJECT, "json-other"),
    ("GML", "front.xml", b"<gml:FeatureCollection/>", REJECT, "kind-refused"),
    ("a page", "front.csv", b"<html><script>1</script></html>", REJECT, "kind-refused"),
    ("a picture", "front.geojson", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, REJECT, "kind-refused"),
    ("a document", "front.geojson", b"%PDF-1.7\n", REJECT, "kind-refused"),
    ("a program", "front.csv", b"MZ\x90\0", REJECT, "kind-refused"),
    ("a packed file", "front.geojson.gz", b"\x1f\x8b\x08\0" + b"\0" * 99, REJECT, "kind-refused"),
    ("a database of another kind", "front.gpkg", b"SQLite format 3\0" + b"\0" * 200, REJECT,
     "kind-refused"),
    ("an old workbook", "front.csv", b"\xd0\xcf\x11\xe0" + b"\0" * 99, REJECT, "spreadsheet"),
    ("a workbook", "front.zip", zipped(("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "")),
     REJECT, "spreadsheet"),
    ("one part of a Shapefile", "front.shp", lambda: written("front.shp")[".shp"], REJECT,
     "shapefile-part"),
    ("GeoPackage with the name of GeoJSON", "front.geojson", lambda: written("front.gpkg"), REJECT,
     "wrong-ending"),
    ("GeoJSON with the name of a table", "front.csv", GOOD, REJECT, "wrong-ending"),
    ("nothing", "front.geojson", b"", REJECT, "file-empty"),
    ("nothing but blanks", "front.geojson", b"\xef\xbb\xbf \n\t", REJECT, "file-empty"),
    ("noise", "front.geojson", random.Random(1).randbytes(5_000), REJECT, "kind-unknown"),
    ("too many bytes", "front.csv", b"x" * 25_000_001, REJECT, "file-too-large"),
    # ---- JSON
    ("JSON cut off", "front.json", GOOD[:-40], REJECT, "damaged-at"),
    ("brackets without end", "front.json", b'{"type":"FeatureCollection","features":'
     + b"[" * 1_000_000, REJECT, "json-depth"),
    ("brackets 61 deep", "front.json", raw("[" * 58 + "]" * 58), REJECT, "json-depth"),
    ("two actors in one object", "front.json", GOOD.replace(b'"actor": "JNIM"',
     b'"actor": "JNIM", "actor": "FAMA"'), REJECT, "keys-twice"),
    ("two geometries in one feature", "front.json", GOOD.replace(b'"geometry":',
     b'"geometry": null, "geometry":'), REJECT, "keys-twice"),
    ("a coordinate that is no number", "front.json",
     raw('{"type":"Point","coordinates":[NaN,18]}'), REJECT, "coordinates-endless"),
    ("a coordinate without end", "front.json",
     raw('{"type":"Point","coordinates":[1e999,18]}'), REJECT, "coordinates-endless"),
    ("a coordinate of 9,000 digits", "front.json",
     raw('{"type":"Point","coordinates":[' + "9" * 9_000 + ",18]}"), REJECT, "number-too-long"),
    ("a coordinate of 350 digits", "front.json",
     raw('{"type":"Point","coordinates":[' + "9" * 350 + ",18]}"), REJECT, "coordinates-endless"),
    ("coordinates as text", "front.json", geometry("Point", ["1.4", "18.4"]), REJECT,
     "coordinates-wrong"),
    ("coordinates that are true", "front.json", geometry("Point", [True, False]), REJECT,
     "coordinates-wrong"),
    ("coordinates as an object", "front.json", geometry("Polygon", {"a": 1}), REJECT,
     "geometry-damaged"),
    ("one coordinate", "front.json", geometry("Point", [1.4]), REJECT, "geometry-damaged"),
    ("rings too deep", "front.json", geometry("Polygon", [[[[1, 2]]]]), REJECT,
     "geometry-damaged"),
    ("rings too flat", "front.json", geometry("MultiPolygon", [1, 2]), REJECT, "geometry-damaged"),
    ("lines too flat", "front.json", geometry("MultiLineString", [1]), REJECT, "geometry-damaged"),
    ("a geometry of no kind", "front.json", geometry(["Point"], [1, 2]), REJECT, "geometry-damaged"),
    ("a ring of two corners", "front.json", polygon([1, 17], [2, 17]), REJECT, "geometry-damaged"),
    ("an empty polygon", "front.json", geometry("Polygon", []), REJECT, "geometry-empty"),
    ("features that are none", "front.json", b'{"type":"FeatureCollection","features":[null,1]}',
     REJECT, "geometry-damaged"),
    ("no list of features", "front.json", b'{"type":"FeatureCollection","features":{}}', REJECT,
     "json-other"),
    ("no features", "front.json", collection(), REJECT, "table-empty"),
    ("properties as a list", "front.json", GOOD.replace(b'"properties": {', b'"properties": [], "p": {'),
     REJECT, "geometry-damaged"),
    ("150,000 columns", "front.json", lambda: collection(
        feature(KIDAL, **{f"k{at}": 1 for at in range(150_000)})), REJECT, "too-many-columns"),
    ("20,001 features", "front.json", lambda: collection(*[feature({"type": "Point", "coordinates":
     [1, 17]})] * 20_001), REJECT, "too-many-features"),
    ("300,001 corners", "front.json", lambda: geometry("LineString", [[1, 17]] * 300_001), REJECT,
     "too-many-vertices"),
    ("a system behind a link", "front.json", collection(feature(), crs={"type": "link",
     "properties": {"href": "http://127.0.0.1/x"}}), REJECT, "crs-unusable"),
    ("a system nobody knows", "front.json", collection(feature(), crs={"type": "name",
     "properties": {"name": "EPSG:999999"}}), REJECT, "crs-unusable"),
    ("a system that is a file", "front.json", collection(feature(), crs={"type": "name",
     "properties": {"name": "/etc/passwd"}}), REJECT, "crs-unusable"),
    ("collections in collections", "front.json", raw('{"type":"GeometryCollection","geometries":['
     * 12 + "]}" * 12), REJECT, "geometry-nested"),
    ("half a letter", "front.json", collection(feature(note_en="a\ud800b")), WARN, "text-cleaned"),
    ("a name that commands a terminal", "front.json",
     collection(feature(actor="\x1b[2J\u202eFAMA")), WARN, "actor-unknown"),
    ("a name that commands a template", "front.json",
     collection(feature(actor="{{7*7}}${7*7}<img src=x onerror=1>")), WARN, "actor-unknown"),
    ("text that commands a spreadsheet", "front.json",
     collection(feature(note_en="=cmd|' /C calc'!A0")), ACCEPT, None),
    ("a name of a million letters", "front.json", collection(feature(actor="x" * 1_000_000)),
     REJECT, "cell-too-long"),
    # ---- geometry
    ("off the Earth", "front.json", polygon([-4, 14], [-3, 14], [-3, 95], [-4, 14]), REJECT,
     "coordinates-off-earth"),
    ("metres without a system", "front.json", polygon([5e5, 2e6], [6e5, 2e6], [6e5, 2.1e6],
     [5e5, 2e6]), REJECT, "crs-unknown"),
    ("across the 180th meridian", "front.json", polygon([179, 14], [-179, 14], [-179, 15],
     [179, 14]), REJECT, "edge-too-wide"),
    ("crossing itself a million times", "front.json", lambda: scribble(3_000), REJECT,
     "crossings-too-many"),
    ("two combs across each other", "front.json", lambda: comb(600), REJECT, "crossings-too-many"),
    ("a bow-tie", "front.json", polygon([0, 16], [1, 17], [1, 16], [0, 17], [0, 16]), WARN,
     "made-valid"),
    ("a star", "front.json", star(5), WARN, "made-valid"),
    ("a ring left open", "front.json", polygon([0, 16], [1, 16], [1, 17], [0, 17]), WARN,
     "ring-unclosed"),
    ("a line folded onto itself", "front.json", polygon([0, 16], [1, 17], [2, 18], [0, 16]), REJECT,
     "area-none"),
    ("a line that is to be ground", "front.json", geometry("LineString", [[0, 16], [1, 17]]), REJECT,
     "line-without-ground"),
    ("every corner the same", "front.json", polygon(*[[0, 16]] * 5), REJECT, "area-none"),
    # ---- XML
    ("entities in entities", "front.kml", kml(PLACEMARK + "<name>&c;</name>", LAUGHS), REJECT,
     "xml-definitions"),
    ("an entity that is a file", "front.kml", kml("<name>&x;</name>",
     '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), REJECT, "xml-definitions"),
    ("definitions in UTF-16", "front.kml", kml("", LAUGHS).decode().replace("?>",
     ' encoding="UTF-16"?>', 1).encode("utf-16"), REJECT, "xml-definitions"),
    ("definitions far down", "front.kml", b"<!--" + b" " * 9_000 + b"-->"
     + kml("", LAUGHS).partition(b"?>")[2], REJECT, "kind-refused"),
    ("elements in elements", "front.kml", kml("<Folder>" * 500 + "</Folder>" * 500), REJECT,
     "xml-depth"),
    ("XML cut off", "front.kml", kml(PLACEMARK)[:-30], REJECT, "damaged-at"),
    ("a link to a server", "front.kml", kml(PLACEMARK + "<NetworkLink><Link><href>"
     "http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"), WARN, "network-link"),
    ("an encoding nobody knows", "front.kml", kml(PLACEMARK).replace(b"?>", b' encoding="x-no"?>', 1),
     REJECT, "encoding-unknown"),
    ("no placemarks", "front.kml", kml(""), REJECT, "table-empty"),
    # ---- archives
    ("a path that climbs out", "front.zip", zipped(("../front.geojson", GOOD)), REJECT,
     "archive-path"),
    ("a path from the root", "front.zip", zipped(("/home/front.geojson", GOOD)), REJECT,
     "archive-path"),
    ("a path of Windows", "front.zip", zipped(("C:front.geojson", GOOD)), REJECT, "archive-path"),
    ("a link in an archive", "front.zip", linked(), REJECT, "archive-link"),
    ("an archive in an archive", "front.zip", zipped(("x.zip", zipped(("a", "b")))), REJECT,
     "archive-nested"),
    ("an archive under another name", "front.zip", zipped(("x.geojson", zipped(("a", "b")))), REJECT,
     "archive-nested"),
    ("a password", "front.zip", encrypted(), REJECT, "archive-encrypted"),
    ("501 files", "front.zip", zipped(*((f"{at}.txt", "") for at in range(501))), REJECT,
     "archive-members"),
    ("a listing that lies about its length", "front.zip", overlong(), REJECT, "archive-members"),
    ("zeros by the hundred megabytes", "front.kmz", lambda: zipped(("doc.kml", b"\0" * 120_000_000)),
     REJECT, "archive-ratio"),
    ("a size that lies", "front.zip", lying(), REJECT, "archive-damaged"),
    ("an unusual packing", "front.zip", zipped(("front.geojson", GOOD), packing=zipfile.ZIP_LZMA),
     REJECT, "archive-packing"),
    ("two names that differ by case", "front.zip", zipped(("a.geojson", GOOD), ("A.GEOJSON", GOOD)),
     REJECT, "archive-twice"),
    ("an archive cut off", "front.zip", zipped(("front.geojson", GOOD))[:-30], REJECT,
     "archive-damaged"),
    ("an archive of texts", "front.zip", zipped(("readme.txt", "x")), REJECT, "archive-nothing"),
    ("an empty archive", "front.zip", zipped(), REJECT, "archive-nothing"),
    # ---- databases, Shapefiles and the rest
    ("a layer that is an endless query", "front.gpkg", lambda: geopackage(*ENDLESS), REJECT,
     "layer-computed"),
    ("a second file announced", "front.gpkg", wal, ACCEPT, None),
    ("no catalogue", "front.gpkg", lambda: geopackage("DROP TABLE gpkg_contents"), REJECT, "damaged"),
    ("geometry that is noise", "front.gpkg", lambda: geopackage("UPDATE front SET geom = "
     "x'4750000100000000ffffffffff'"), REJECT, None),
    ("a database cut off", "front.gpkg", lambda: written("front.gpkg")[:20_000], REJECT, None),
    ("a record longer than its file", "front.zip", lambda: shapefile(shp=patched(">i", 104, 10**6)),
     REJECT, "damaged"),
    ("a record with a billion parts", "front.zip", lambda: shapefile(shp=patched("<i", 144, 10**9)),
     REJECT, "damaged"),
    ("a record with fewer than no parts", "front.zip", lambda: shapefile(shp=patched("<i", 144, -1)),
     REJECT, "damaged"),
    ("a header that lies about the length", "front.zip", lambda: shapefile(shp=patched(">i", 24, 5)),
     REJECT, "damaged"),
    ("a table with a billion rows", "front.zip", lambda: shapefile(dbf=patched("<I", 4, 10**9)),
     REJECT, "damaged"),
    ("a system that is noise", "front.zip", lambda: shapefile(prj=lambda _: b"GEOGCS[" * 500), REJECT,
     "crs-unknown"),
    ("FlatGeobuf that is noise", "front.fgb", b"fgb\x03fgb\x00" + b"\xff" * 500, REJECT, None),
    ("FlatGeobuf cut off", "front.fgb", lambda: written("front.fgb")[:-20], REJECT, None),
    ("180 kB of collections in collections", "front.parquet", lambda: parquet(nested_wkb(20_000)),
     REJECT, "geometry-nested"),
    ("a ring of four billion corners", "front.parquet", lambda: parquet(struct.pack(
        "<BIII", 1, 3, 1, 0xFFFFFFFF)), REJECT, "geometry-damaged"),
    ("bytes after the geometry", "front.parquet", lambda: parquet(shapely.to_wkb(GAO) + b"\0"), REJECT,
     "geometry-damaged"),
    ("cells that unpack to 20 GB", "front.parquet", bomb_of_one_word, REJECT, None),
    ("a footer that is noise", "front.parquet", b"PAR1" + b"\xff" * 400 + b"PAR1", REJECT, "damaged"),
    # ---- tables
    ("a quotation mark left open", "front.csv", csv(HEAD, '1,"JNIM,2024-05-01,Kidal,RFI'), REJECT,
     "csv-quotes"),
    ("a row too long", "front.csv", csv(HEAD, ROW, f"{ROW},more"), REJECT, "row-length"),
    ("a row too short", "front.csv", csv(HEAD, ROW, "2,JNIM"), REJECT, "row-length"),
    ("two columns of one name", "front.csv", csv("actor,actor,date,place", "A,B,2024-05-01,Gao"),
     REJECT, "header-twice"),
    ("201 columns", "front.csv", csv(",".join(f"c{at}" for at in range(201)), "1" + ",1" * 200),
     REJECT, "too-many-columns"),
    ("a header and nothing else", "front.csv", csv(HEAD), REJECT, "table-empty"),
    ("bytes that are no letters", "front.csv", csv(HEAD) + b"\n1,\x81\x8d,2024-05-01,Gao,RFI", REJECT,
     "encoding-unknown"),
    ("UTF-32", "front.csv", f"{HEAD}\n{ROW}".encode("utf-32"), REJECT, None),
    ("brackets without end in a cell", "front.csv", csv("actor;date;wkt", "JNIM;2024-05-01;"
     + "GEOMETRYCOLLECTION(" * 9_000), REJECT, "geometry-nested"),
    ("a corner without end in a cell", "front.csv", csv("actor;date;wkt",
     "JNIM;2024-05-01;POLYGON((0 16, inf 17, nan 18, 0 16))"), REJECT, None),
    ("a formula for a name", "front.csv", csv(HEAD, "1,=1+1,2024-05-01,Kidal,RFI"), WARN,
     "actor-unknown"),
]  # fmt: skip
