"""Files: a drawing as PNG, SVG or PDF, the same bytes each time, with all it says of itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from geo.errors import SnapshotError
from geo.snapshots import metadata, typeset
from geo.snapshots.drawing import Drawing

ENDINGS = (".png", ".svg", ".pdf")
SCALES = (1, 2)

_XMP = "XML:com.adobe.xmp"  # the keyword under which PNG keeps a packet
_SVG_ROOT = re.compile(r"<svg\b[^>]*>", re.DOTALL)
_SVG_SIZE = re.compile(r'\b(width|height)="([0-9.]+)pt"')
_SVG_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_SVG_PATH = re.compile(r' d="[^"]*"')
_SVG_LONG = re.compile(r"-?[0-9]+\.[0-9]{3,}")
# What an editor may type into a picture of ours; and so most pictures carry the same faces.
_USUAL = "".join(map(chr, range(0x20, 0x7F))) + (
    "\u00a0\u202f\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u00b7\u00d7\u00ab\u00bb\u00b2\u20ac\u00b0"
    "ÀÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜŸàâäæçèéêëîïôöœùûüÿñ"
)
_SANS = "'Source Sans Pro', 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif"


def render(drawing: Drawing, ending: str, *, scale: int = 1) -> bytes:
    """A drawing as the bytes of a file.

    Parameters
    ----------
    ending
        One of `ENDINGS`.
    scale
        Of a PNG: 2 for twice as many pixels each way.

    Raises
    ------
    SnapshotError
        The file would be larger than those who show it take.
    """
    return _WRITERS[ending](drawing, scale)


def pixels(drawing: Drawing, scale: int = 1) -> np.ndarray:
    """The picture as (height, width, 3) uint8."""
    with typeset.settings():
        figure = drawing.figure
        figure.set_dpi(drawing.snapshot.preset.dpi * scale)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[:, :, :3].copy()


def png(drawing: Drawing, scale: int = 1) -> bytes:
    """The picture as PNG, its texts as `iTXt` and XMP."""
    about, preset = metadata.of(drawing), drawing.snapshot.preset
    info = PngInfo()
    for keyword, text in metadata.texts(about).items():
        info.add_itxt(keyword, text, lang=about.language)
    info.add_itxt(_XMP, metadata.xmp(about))
    file = BytesIO()
    resolution = preset.dpi * scale
    Image.fromarray(pixels(drawing, scale)).save(
        file, "PNG", pnginfo=info, dpi=(resolution, resolution), compress_level=6
    )
    content = file.getvalue()
    if scale == 1 and preset.most_bytes is not None and len(content) > preset.most_bytes:
        raise SnapshotError(
            drawing.snapshot.view.language.say(
                "The picture has {size} kB, but those who show the preset {name} take at most "
                "{most} kB. Choose another preset or a smaller extent.",
                size=len(content) // 1000,
                name=preset.name,
                most=preset.most_bytes // 1000,
            )
        )
    return content


def svg(drawing: Drawing, _scale: int = 1) -> bytes:
    """The picture as SVG: text as text, the letters it needs inside."""
    file = BytesIO()
    with typeset.settings():
        # Without metadata of its own: matplotlib would date it.
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        FigureCanvasSVG(drawing.figure).print_svg(file, metadata=nothing)
    text = _SVG_METADATA.sub("", file.getvalue().decode("utf-8"), count=1)
    text = _SVG_PATH.sub(lambda path: _SVG_LONG.sub(_shortened, path[0]), text)
    about = metadata.of(drawing)
    described = (
        f'<title id="picture-title">{escape(about.title)}</title>\n'
        f'<desc id="picture-alt">{escape(about.alt)}</desc>\n'
        f"<metadata>\n{metadata.rdf(about)}\n</metadata>\n"
        f"<style>\n{_faces(drawing)}</style>"
    )
    root = _SVG_ROOT.search(text)
    if root is None:  # pragma: no cover -- matplotlib always writes one
        raise SnapshotError("The drawing has no root.")
    named = root[0][:-1] + (
        f' role="img" aria-labelledby="picture-title picture-alt"'
        f" xml:lang={quoteattr(about.language)}>"
    )
    if drawing.snapshot.preset.unit == "px":
        # A point of the drawing is a pixel on a screen.
        named = _SVG_SIZE.sub(r'\1="\2"', named)
    return (
        f"{text[: root.start()]}{named}\n{described}{text[root.end() :]}".replace(
            f"'{typeset.FAMILY}'", f"'{typeset.FAMILY}', {_SANS}"
        )
    ).encode()


def pdf(drawing: Drawing, _scale: int = 1) -> bytes:
    """The picture as PDF: vectors, faces embedded as TrueType, its texts as information and XMP."""
    about = metadata.of(drawing)
    made = datetime.combine(about.made, time(), UTC)
    file = BytesIO()
    information = {
        "Title": about.title,
        "Author": about.credit,
        "Subject": about.description,
        "Keywords": f"{about.code} {about.link}".strip(),
        "Creator": metadata.MAKER,
        "Producer": metadata.MAKER,
        "CreationDate": made,
    }
    with typeset.settings():
        FigureCanvasPdf(drawing.figure).print_pdf(file, metadata=information)
    writer = PdfWriter(clone_from=PdfReader(file))
    writer.xmp_metadata = metadata.xmp(about).encode()
    writer.add_metadata({"/Producer": metadata.MAKER, "/Record": about.record})
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(about.language)
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(value=True)}
    )
    finished = BytesIO()
    writer.write(finished)
    return finished.getvalue()


_WRITERS: Mapping[str, Callable[[Drawing, int], bytes]] = {".png": png, ".svg": svg, ".pdf": pdf}


def _shortened(number: re.Match[str]) -> str:
    """A coordinate to a hundredth of a point."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _faces(drawing: Drawing) -> str:
    """The faces of the text as CSS: the usual letters, and what else is in it."""
    said = {char for text, _ in drawing.texts for char in text}
    letters = "".join(sorted(said.union(_USUAL)))
    rules = []
    for weight, slope in typeset.FILES:
        packed = base64.b64encode(_subset(weight, slope, letters)).decode()
        rules.append(
            f'@font-face {{ font-family: "{typeset.FAMILY}"; font-weight: {weight}; '
            f"font-style: {slope}; src: url(data:font/woff;base64,{packed}); }}\n"
        )
    return "".join(rules)


@lru_cache(maxsize=32)
def _subset(weight: int, slope: str, letters: str) -> bytes:
    options = subset.Options()
    options.flavor = "woff"
    options.hinting = False
    options.layout_features = ["kern"]
    options.drop_tables += ["GSUB", "GDEF", "DSIG"]
    options.notdef_outline = True
    font = TTFont(typeset.path_of(weight, slope), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    file = BytesIO()
    subset.save_font(font, file, options)
    return file.getvalue()
