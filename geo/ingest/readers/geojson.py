"""GeoJSON, read by Python's own parser; every fault is told by the number of its feature."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import shapely

from geo.claims import CRS
from geo.ingest.found import Found, Refusal
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import text

KIND = "GeoJSON"
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_DECIDES = frozenset({"type", "features", "geometry", "geometries", "coordinates", "properties"})
_MOST_DIGITS = 400  # of a whole number; a float of more digits is cut by Python itself
_LON_LAT = re.compile(r"(?:urn:ogc:def:crs:OGC:[0-9.]*:)?(?:OGC:)?CRS84", re.IGNORECASE)
# Depth of lists inside `coordinates`.
_DEPTHS = {
    "Point": 1,
    "MultiPoint": 2,
    "LineString": 2,
    "MultiLineString": 3,
    "Polygon": 3,
    "MultiPolygon": 4,
}
_FEWEST = {"LineString": 2, "Polygon": 4}
_LEAST_ORDINATES, _MOST_COLLECTIONS = 2, 8


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys stood twice."""

    __slots__ = ("twice",)
    twice: tuple[str, ...]


class _Bad(Exception):  # noqa: N818 (caught a few lines further on)
    """A geometry that cannot be read: the rule, and what fills it in."""

    def __init__(self, rule: str, **values: Any) -> None:  # noqa: ANN401
        super().__init__(rule)
        self.rule, self.values = rule, values


def read(data: bytes, found: Found, limits: Limits) -> Raw:
    """Features of a FeatureCollection, of one feature, or of one geometry."""
    letters = text.decode(data, found)
    features, crs = _features(_document(letters, limits), found)
    if len(features) > limits.features:
        raise Refusal("too-many-features", number=len(features), most=limits.features)
    corners = _Corners(limits.vertices)
    shapes = np.full(len(features), None, dtype=object)
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    for number, feature in enumerate(features, start=1):
        properties, geometry = _parts(feature, number, found)
        if properties is None:
            continue
        try:
            shapes[len(rows)] = _shape(geometry, number, found, corners)
        except _Bad as bad:
            found.add(bad.rule, number, **bad.values)
        rows.append(properties)
        numbers.append(number)
    columns = _columns(rows, limits)
    return Raw(KIND, columns, shapes[: len(rows)], crs, numbers, (), len(features))


# ---- the document


def _document(letters: str, limits: Limits) -> Any:  # noqa: ANN401 (anything JSON can be)
    deep = _depth(letters.encode("utf-8", "surrogatepass"))
    if deep > limits.depth:
        raise Refusal("json-depth", number=deep, most=limits.depth)
    try:
        return json.loads(
            letters, object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole
        )
    except json.JSONDecodeError as fault:
        raise Refusal("damaged-at", kind="JSON", number=fault.lineno) from None
    except (ValueError, RecursionError):
        raise Refusal("damaged", kind="JSON") from None


def _depth(data: bytes) -> int:
    """How deep brackets are nested, without parsing what may be too deep to parse."""
    plain = np.frombuffer(_STRING.sub(b"", data), dtype=np.uint8)
    steps = np.isin(plain, (0x5B, 0x7B)).astype(np.int32) - np.isin(plain, (0x5D, 0x7D))
    return int(np.cumsum(steps, dtype=np.int64).max(initial=0))


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    seen: set[str] = set()
    made.twice = (
        tuple(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        if len(made) < len(pairs)
        else ()
    )
    return made


def _constant(_text: str) -> float:
    return math.nan  # found again where it stands, and told with its feature


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise Refusal("number-too-long")
    return int(digits)


def _features(document: Any, found: Found) -> tuple[Sequence[Any], str]:  # noqa: ANN401
    if not isinstance(document, dict):
        raise Refusal("json-other", found=type(document).__name__)
    _check_twice(document, 0, found, everything=True)
    kind = document.get("type")
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            raise Refusal("json-other", found="FeatureCollection")
    elif kind == "Feature":
        features = [document]
    elif kind in _DEPTHS or kind == "GeometryCollection":
        features = [{"type": "Feature", "properties": {}, "geometry": document}]
    else:
        raise Refusal("json-other", found=str(kind) if kind else ", ".join(list(document)[:3]))
    return features, _crs(document)


def _crs(document: dict[str, Any]) -> str:
    """What coordinates are in: RFC 7946 knows one system; its forerunner could name another."""
    said = document.get("crs")
    if said is None:
        return CRS
    name = ""
    if isinstance(said, dict) and isinstance(said.get("properties"), dict):
        name = str(said["properties"].get("name", ""))
    if said.get("type") != "name" if isinstance(said, dict) else True:
        raise Refusal("crs-unusable", name=name or "crs")  # a link is never followed
    return CRS if _LON_LAT.fullmatch(name) else name or CRS


# ---- features


def _parts(
    feature: Any,  # noqa: ANN401
    number: int,
    found: Found,
) -> tuple[dict[str, Any] | None, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        found.add("geometry-damaged", number, kind="Feature")
        return None, None
    properties = feature.get("properties")
    if properties is None:
        properties = _object([])
    if not isinstance(properties, dict):
        found.add("geometry-damaged", number, kind="properties")
        return None, None
    _check_twice(feature, number, found)
    _check_twice(properties, number, found, everything=True)
    told = {str(name): _cell(value) for name, value in properties.items()}
    if "id" not in told and isinstance(feature.get("id"), str | int):
        told["id"] = feature["id"]
    return told, feature.get("geometry")


def _check_twice(made: Any, number: int, found: Found, *, everything: bool = False) -> None:  # noqa: ANN401
    for name in dict.fromkeys(getattr(made, "twice", ())):
        if everything or name in _DECIDES or name == "id":
            found.add("keys-twice", number, name=name)
        else:
            found.add("keys-twice-unused", number, name=name)


def _cell(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def _columns(rows: list[dict[str, Any]], limits: Limits) -> dict[str, list[object]]:
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
        if len(names) > limits.columns:
            raise Refusal("too-many-columns", number=len(names), most=limits.columns)
    return {name: [row.get(name) for row in rows] for name in names}


# ---- geometry


class _Corners:
    """How many corners there are so far, refused before there are too many to hold."""

    def __init__(self, most: int) -> None:
        self.count, self.most = 0, most

    def more(self, count: int) -> None:
        self.count += count
        if self.count > self.most:
            raise Refusal("too-many-vertices", number=self.count, most=self.most)


def _shape(
    geometry: Any,  # noqa: ANN401
    number: int,
    found: Found,
    corners: _Corners,
    depth: int = 1,
) -> shapely.Geometry | None:
    if geometry is None:
        return None
    if not isinstance(geometry, dict):
        raise _Bad("geometry-damaged", kind="geometry")
    for name in getattr(geometry, "twice", ()):
        raise _Bad("keys-twice", name=name)
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        return _collection(geometry.get("geometries"), number, found, corners, depth)
    if not isinstance(kind, str) or kind not in _DEPTHS:
        raise _Bad("geometry-damaged", kind=str(kind or "geometry"))
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise _Bad("geometry-damaged", kind=kind)
    made = _MAKERS[_DEPTHS[kind], kind.startswith("Multi")](kind, coordinates, corners)
    return _checked(made, kind, number, found)


def _collection(
    parts: Any,  # noqa: ANN401
    number: int,
    found: Found,
    corners: _Corners,
    depth: int,
) -> shapely.Geometry:
    if depth > _MOST_COLLECTIONS:
        raise _Bad("geometry-nested", number=depth, most=_MOST_COLLECTIONS)
    if not isinstance(parts, list):
        raise _Bad("geometry-damaged", kind="GeometryCollection")
    made = [_shape(part, number, found, corners, depth + 1) for part in parts]
    return shapely.GeometryCollection([part for part in made if part is not None])


def _checked(made: tuple[Any, bool, bool], kind: str, number: int, found: Found) -> Any:  # noqa: ANN401
    shape, high, unclosed = made
    if high:
        found.add("heights-dropped", number)
    if unclosed:
        found.add("ring-unclosed", number)
    if kind.endswith("Polygon"):
        parts = shapely.get_parts(shape)
        outer = shapely.get_exterior_ring(parts[~shapely.is_empty(parts)])
        if not shapely.is_ccw(outer).all():
            found.add("ring-order", number)
    return shape


def _line(kind: str, points: Any, corners: _Corners) -> tuple[np.ndarray[Any, Any], bool]:  # noqa: ANN401
    """(N, 2) coordinates of a list of positions, and whether any had a height."""
    if not isinstance(points, list):
        raise _Bad("geometry-damaged", kind=kind)
    corners.more(len(points))
    xy: list[tuple[float, float]] = []
    high = False
    for point in points:
        if not isinstance(point, list) or len(point) < _LEAST_ORDINATES:
            raise _Bad("geometry-damaged", kind=kind)
        for ordinate in point:
            if isinstance(ordinate, bool) or not isinstance(ordinate, int | float):
                raise _Bad("coordinates-wrong", value=_written(ordinate))
        high = high or len(point) > _LEAST_ORDINATES
        xy.append((_float(point[0]), _float(point[1])))
    return np.array(xy, dtype=np.float64).reshape(-1, 2), high


def _float(ordinate: float) -> float:
    try:
        number = float(ordinate)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _Bad("coordinates-endless")
    return number


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:200]


def _point(kind: str, coordinates: Any, corners: _Corners) -> tuple[Any, bool, bool]:  # noqa: ANN401
    xy, high = _line(kind, [coordinates] if coordinates else [], corners)
    return (shapely.Point(xy[0]) if len(xy) else shapely.Point()), high, False


def _points(kind: str, coordinates: Any, corners: _Corners) -> tuple[Any, bool, bool]:  # noqa: ANN401
    xy, high = _line(kind, coordinates, corners)
    if kind == "MultiPoint":
        return shapely.MultiPoint(xy), high, False
    if 0 < len(xy) < _FEWEST[kind]:
        raise _Bad("geometry-damaged", kind=kind)
    return shapely.LineString(xy), high, False


def _lines(_kind: str, coordinates: Any, corners: _Corners) -> tuple[Any, bool, bool]:  # noqa: ANN401
    made = [_points("LineString", part, corners) for part in coordinates]
    shapes = [shape for shape, _, _ in made]
    return shapely.MultiLineString(shapes), any(high for _, high, _ in made), False


def _polygon(kind: str, coordinates: Any, corners: _Corners) -> tuple[Any, bool, bool]:  # noqa: ANN401
    if not isinstance(coordinates, list):
        raise _Bad("geometry-damaged", kind=kind)
    rings, high, unclosed = [], False, False
    for ring in coordinates:
        xy, raised = _line(kind, ring, corners)
        if len(xy) and not (xy[0] == xy[-1]).all():
            xy, unclosed = np.vstack([xy, xy[:1]]), True
        if len(xy) < _FEWEST["Polygon"]:
            raise _Bad("geometry-damaged", kind=kind)
        rings.append(xy)
        high = high or raised
    if not rings:
        return shapely.Polygon(), high, unclosed
    return shapely.Polygon(rings[0], rings[1:]), high, unclosed


def _polygons(_kind: str, coordinates: Any, corners: _Corners) -> tuple[Any, bool, bool]:  # noqa: ANN401
    made = [_polygon("Polygon", part, corners) for part in coordinates]
    shape = shapely.MultiPolygon([part for part, _, _ in made])
    return shape, any(high for _, high, _ in made), any(turned for _, _, turned in made)


_MAKERS = cast(
    "dict[tuple[int, bool], Any]",
    {
        (1, False): _point,
        (2, False): _points,
        (2, True): _points,
        (3, True): _lines,
        (3, False): _polygon,
        (4, True): _polygons,
    },
)
