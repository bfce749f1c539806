"""Guided fuzzing of everything that parses a stranger's bytes: `make fuzz`, one minute.

`python tests/fuzz.py CORPUS -max_total_time=60` goes on from a folder of inputs found before. An
input that makes a parser raise anything but a refusal is printed and kept, and the exit code is
not 0.
"""

import contextlib
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["geo.ingest"]):
    from geo.ingest import LIMITS, gate, wkb
    from geo.ingest import days as days_of_files
    from geo.ingest.archives import Archive
    from geo.ingest.found import Found, Refusal
    from geo.ingest.readers import delimited, geojson, kml, shapefile, text

ANSWERS = (Refusal, wkb.UnsoundError, wkb.TooDeepError)


def _archive(data):
    archive = Archive(data, LIMITS)
    for name in archive.names:
        archive.read(name)


TARGETS = (
    lambda data: geojson.read(data, Found(), LIMITS),
    lambda data: delimited.read(data, Found(), LIMITS),
    lambda data: text.decode(data, Found()),
    lambda data: days_of_files.read(data.decode("utf-8", "replace")),
    lambda data: wkb.corners(data, 10_000),
    lambda data: kml._judged(data, LIMITS, "KML"),
    lambda data: shapefile._walked(data, LIMITS),
    lambda data: gate.kind(data, "front", LIMITS),
    _archive,
)
SEEDS = (
    (
        b'\0{"type":"FeatureCollection","features":[{"type":"Feature","geometry":'
        b'{"type":"Polygon","coordinates":[[[0,16],[1,16],[0,16]]]}}]}'
    ),
    b"\1actor;date;place\nJNIM;2024-05-01;Kidal\n",
    b"\2\xff\xfea\0,\0b\0",
    b"\x032024-05-01T00:00:00Z",
    b"\4\1\3\0\0\0\1\0\0\0\1\0\0\0" + b"\0" * 16,
    b"\5<kml><Document><Placemark/></Document></kml>",
    b"\6\0\0\x27\x0a" + b"\0" * 20 + b"\0\0\0\x32" + b"\0" * 72,
    b"\7PAR1",
    b"\x08PK\5\6" + b"\0" * 18,
)


def one(data):
    """The first byte chooses the parser, the rest is its input."""
    if data:
        with contextlib.suppress(*ANSWERS):
            TARGETS[data[0] % len(TARGETS)](data[1:])


def main():
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    for folder in folders[:1]:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for at, seed in enumerate(SEEDS):
            (Path(folder) / f"seed-{at}").write_bytes(seed)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
