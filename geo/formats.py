"""Formats: a slice as the bytes of a file, one function a format, by the ending of its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from geo import tables
from geo.layers import geojson

LISTS = ("actors", "influence", "claim_ids")
PROPERTIES = ("state", *LISTS, "area_km2", "stale")

_DECIMALS = 6  # of a degree: the grid of the composite; of a km²: one square metre
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one
_KML = "http://www.opengis.net/kml/2.2"
_KML_TYPES = {"area_km2": "double", "stale": "bool"}
_LINE, _OPACITY = "ff50504c", "66"  # KML writes colours as aabbggrr


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What is written.

    Attributes
    ----------
    name
        Of the layer inside the file: letters, digits and `_`.
    about
        What a reader of the file alone has to know: `title`, `date`, `licence` and so on.
    shapes
        GeoDataFrame: `PROPERTIES`, of which `LISTS` are tuples of text, and `geometry`.
    labels
        A line for people, one a shape.
    colours
        `#rrggbb`, one a shape; "" for ground nobody is said to hold.
    made
        The date a GeoPackage gives as its own; None: that of the clock.
    """

    name: str
    about: Mapping[str, str]
    shapes: gpd.GeoDataFrame
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    made: date | None = None


def rounded(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """`shapes` with no more decimals than they have meaning, shells anticlockwise (RFC 7946)."""
    ground = shapely.transform(shapes.geometry.to_numpy(), lambda xy: np.round(xy, _DECIMALS) + 0.0)
    areas = shapes["area_km2"].round(_DECIMALS)
    return shapes.assign(area_km2=areas).set_geometry(
        gpd.GeoSeries(shapely.orient_polygons(ground), index=shapes.index, crs=shapes.crs)
    )


def _flat(sheet: Sheet) -> gpd.GeoDataFrame:
    """The shapes with lists as text, joined by one space."""
    joined = {name: sheet.shapes[name].map(" ".join).astype("str") for name in LISTS}
    return sheet.shapes.assign(**joined)[[*PROPERTIES, "geometry"]]


def _geojson(sheet: Sheet) -> bytes:
    lines = [
        json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for feature in _flat(sheet).iterfeatures(drop_id=True)
    ]
    return geojson.collection(sheet.about, lines)


def _geopackage(sheet: Sheet) -> bytes:
    if sheet.made is None:
        return _written(sheet)
    # The library would write the time of the clock, and other bytes every time.
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{sheet.made}T00:00:00.000Z"})
    try:
        return _written(sheet)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _written(sheet: Sheet) -> bytes:
    file = BytesIO()
    pyogrio.write_dataframe(
        _flat(sheet),
        file,
        driver="GPKG",
        layer=sheet.name,
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        layer_options={
            "IDENTIFIER": sheet.about["title"],
            "DESCRIPTION": _told(sheet),
        },
    )
    return file.getvalue()


def _geoparquet(sheet: Sheet) -> bytes:
    first = BytesIO()
    sheet.shapes[[*PROPERTIES, "geometry"]].to_parquet(first, index=False)
    # Threads of a reader that are still starting when the command ends would abort it.
    table = pq.ParquetFile(first, pre_buffer=False).read(use_threads=False)
    schema = table.schema
    for name in LISTS:  # a column of empty lists alone would be a list of nothing
        keys = pa.field(name, pa.list_(pa.string()))
        schema = schema.set(schema.get_field_index(name), keys)
    about = {name.encode(): text.encode() for name, text in sheet.about.items()}
    told = table.cast(schema).replace_schema_metadata({**schema.metadata, **about})
    file = BytesIO()
    pq.write_table(told, file, compression="zstd")
    return file.getvalue()


def _csv(sheet: Sheet) -> bytes:
    flat = _flat(sheet)
    texts = [name for name in PROPERTIES if name not in _KML_TYPES]
    columns = {name: flat[name].map(harmless) for name in texts}
    columns["stale"] = flat["stale"].map({True: "true", False: "false"})
    table = flat.assign(**columns).to_wkt(rounding_precision=_DECIMALS)
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text.encode()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _kml(sheet: Sheet) -> bytes:
    ET.register_namespace("", _KML)
    root = ET.Element(f"{{{_KML}}}kml")
    document = _inside(root, "Document")
    _inside(document, "name", sheet.about["title"])
    _inside(document, "description", _told(sheet))
    schema = _inside(document, "Schema", name=sheet.name, id=sheet.name)
    for name in PROPERTIES:
        _inside(schema, "SimpleField", name=name, type=_KML_TYPES.get(name, "string"))
    folder = _inside(document, "Folder")
    _inside(folder, "name", sheet.name)
    flat = _flat(sheet).assign(stale=sheet.shapes["stale"].astype("int64"))
    columns = [flat[name] for name in PROPERTIES]
    rows = zip(sheet.labels, sheet.colours, flat.geometry, *columns, strict=True)
    for label, colour, ground, *cells in rows:
        placemark = _inside(folder, "Placemark")
        _inside(placemark, "name", label)
        _style(placemark, colour)
        data = _inside(_inside(placemark, "ExtendedData"), "SchemaData", schemaUrl=f"#{sheet.name}")
        for name, cell in zip(PROPERTIES, cells, strict=True):
            _inside(data, "SimpleData", str(cell), name=name)
        _ground(placemark, ground)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _style(placemark: ET.Element, colour: str) -> None:
    style = _inside(placemark, "Style")
    line = _inside(style, "LineStyle")
    _inside(line, "color", _LINE)
    fill = _inside(style, "PolyStyle")
    if colour:
        _inside(fill, "color", f"{_OPACITY}{colour[5:7]}{colour[3:5]}{colour[1:3]}")
    else:
        _inside(fill, "fill", "0")


def _ground(placemark: ET.Element, ground: shapely.Geometry) -> None:
    many = _inside(placemark, "MultiGeometry")
    for part in shapely.get_parts(ground):
        polygon = _inside(many, "Polygon")
        shell, *holes = shapely.get_rings(part)
        for name, ring in [("outer", shell), *(("inner", hole) for hole in holes)]:
            points = " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(ring).tolist())
            boundary = _inside(_inside(polygon, f"{name}BoundaryIs"), "LinearRing")
            _inside(boundary, "coordinates", points)


def _inside(parent: ET.Element, tag: str, text: str | None = None, **more: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_KML}}}{tag}", more)
    child.text = None if text is None else tables.escaped(text)
    return child


def _told(sheet: Sheet) -> str:
    """Everything about the file, as one text."""
    return "\n".join(f"{name}: {text}" for name, text in sheet.about.items())


WRITERS: Mapping[str, Callable[[Sheet], bytes]] = {
    ".geojson": _geojson,
    ".gpkg": _geopackage,
    ".parquet": _geoparquet,
    ".csv": _csv,
    ".kml": _kml,
}
