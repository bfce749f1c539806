"""What a file says of itself: title, credit, rights, alt text, view, record; as text and XMP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from geo.snapshots import request
from geo.snapshots.drawing import Drawing, Subject

MAKER = "Mali Control Map"
_LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "cc": "http://creativecommons.org/ns#",
    "mcm": "urn:mali-control-map:1",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself.

    Attributes
    ----------
    title, description, alt
        Headline, caption and alt text.
    credit, rights, licence
        Whose map it is, the sentence of credit, and the licence as an address or an SPDX id.
    source
        The sources, in a sentence.
    link
        The view in the app; "" where the app has no address.
    view
        The view as JSON.
    code, version, record
        Check code, SHA-256 of the data, and the record that `verify` reads.
    made
        The day the data were compiled: a file made twice is the same twice.
    language
        `en-GB` or `fr-FR`.
    """

    title: str
    description: str
    alt: str
    credit: str
    rights: str
    licence: str
    source: str
    link: str
    view: str
    code: str
    version: str
    record: str
    made: date
    language: str


def of(drawing: Drawing | Subject) -> About:
    """What the files of a drawing say of themselves."""
    snapshot, words, data = drawing.snapshot, drawing.words, drawing.dataset
    language = snapshot.view.language
    return About(
        title=words.headline,
        description=words.caption,
        alt=words.alt,
        credit=language.field(data, "title"),
        rights=words.credit,
        licence=_LICENCES.get(data.licence, data.licence),
        source=words.sources,
        link=snapshot.permalink(),
        view=snapshot.as_json(),
        code=drawing.code,
        version=drawing.data_version,
        record=drawing.record,
        made=data.compiled_on,
        language=language.tag,
    )


def name(
    drawing: Drawing | Subject,
    ending: str,
    *,
    scale: int = 1,
    days: tuple[date, date] | None = None,
) -> str:
    """What a file is called: `mali-control_2025-11-07_known-2026-11-22_v7f3a91c2_fr_card.png`.

    Parameters
    ----------
    ending
        With its point.
    days
        The first and the last day of a film; None: those of the picture.
    """
    snapshot = drawing.snapshot
    first, last = days or (snapshot.shown[0], snapshot.shown[-1])
    dated = f"{first}" if first == last else f"{first}_{last}"
    known = request.known_on(snapshot, drawing.dataset)
    preset = snapshot.preset.name + ("" if scale == 1 else f"@{scale}x")
    language = snapshot.view.language.code
    version = f"v{drawing.data_version[:8]}"
    return f"mali-control_{dated}_known-{known}_{version}_{language}_{preset}{ending}"


def texts(about: About) -> dict[str, str]:
    """Keyword and text, as PNG keeps them; what is empty is left out."""
    said = {
        "Title": about.title,
        "Description": about.description,
        "Alt Text": about.alt,
        "Author": about.credit,
        "Copyright": f"{about.rights} {about.licence}",
        "Source": about.link or about.source,
        "Sources": about.source,
        "Creation Time": about.made.isoformat(),
        "Software": MAKER,
        "View": about.view,
        "Check Code": about.code,
        "Data Version": about.version,
        "Record": about.record,
    }
    return {keyword: text for keyword, text in said.items() if text}


def rdf(about: About) -> str:
    """The same as RDF, for XMP and SVG."""
    spaces = " ".join(f"xmlns:{key}={quoteattr(name)}" for key, name in _SPACES.items())
    told = {
        "dc:title": _spoken(about.title, about.language),
        "dc:description": _spoken(about.description, about.language),
        "dc:rights": _spoken(about.rights, about.language),
        "dc:creator": f"<rdf:Seq><rdf:li>{escape(about.credit)}</rdf:li></rdf:Seq>",
        "dc:language": f"<rdf:Bag><rdf:li>{about.language}</rdf:li></rdf:Bag>",
        "dc:source": escape(about.link or about.source),
        "dc:identifier": about.code,
        "xmp:CreateDate": about.made.isoformat(),
        "xmp:CreatorTool": MAKER,
        "xmpRights:WebStatement": escape(about.licence),
        "xmpRights:Marked": "True",
        "photoshop:Headline": escape(about.title),
        "photoshop:Credit": escape(about.credit),
        "photoshop:Source": escape(about.source),
        "photoshop:DateCreated": about.made.isoformat(),
        "Iptc4xmpCore:AltTextAccessibility": _spoken(about.alt, about.language),
        "cc:license": escape(about.licence),
        "mcm:view": escape(about.view),
        "mcm:dataVersion": about.version,
        "mcm:record": about.record,
    }
    members = "\n".join(f"<{key}>{text}</{key}>" for key, text in told.items())
    return (
        f'<rdf:RDF xmlns:rdf="{_RDF}">\n'
        f'<rdf:Description rdf:about="" {spaces}>\n{members}\n</rdf:Description>\n</rdf:RDF>'
    )


def xmp(about: About) -> str:
    """The same as an XMP packet."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n{rdf(about)}\n</x:xmpmeta>\n'
        '<?xpacket end="r"?>'
    )


def _spoken(text: str, language: str) -> str:
    said = escape(text)
    items = "".join(f'<rdf:li xml:lang="{tag}">{said}</rdf:li>' for tag in ("x-default", language))
    return f"<rdf:Alt>{items}</rdf:Alt>"
