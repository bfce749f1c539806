import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import drawn
import pytest
from PIL import Image
from pypdf import PdfReader

from geo.errors import SnapshotError
from geo.languages import FRENCH
from geo.snapshots import files, metadata, presets, seal
from geo.snapshots.files import ENDINGS

SVG, DC = "{http://www.w3.org/2000/svg}", "{http://purl.org/dc/elements/1.1/}"
HOSTILE = '</title><script>alert(1)</script> ${x} $y$ {z} & "q" <img onerror=1>'


@pytest.fixture(scope="module")
def french():
    return drawn.picture("card", language=FRENCH, headline="Où en est-on ? « Gao » & co")


@pytest.fixture(scope="module")
def hostile():
    return drawn.small_picture("card", headline=HOSTILE, caption=HOSTILE, alt=HOSTILE)


def test_png_has_the_pixels_of_its_preset_once_and_twice(french):
    for scale in (1, 2):
        with Image.open(io.BytesIO(files.png(french, scale))) as image:
            assert image.size == (1200 * scale, 630 * scale)
            assert image.mode == "RGB"


def test_png_for_print_says_its_resolution():
    with Image.open(io.BytesIO(files.png(drawn.small_picture("column-2")))) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.width / 300 * 25.4 == pytest.approx(112, abs=0.1)


def test_png_carries_all_it_says_of_itself(french):
    with Image.open(io.BytesIO(files.png(french))) as image:
        text = image.text
    assert text["Title"] == french.words.headline
    assert text["Description"] == french.words.caption
    assert text["Alt Text"] == french.words.alt
    assert text["Author"] == "Carte du contrôle territorial au Mali"
    assert "CC BY 4.0" in text["Copyright"]
    assert text["Source"] == "https://maps.example.org/?date=2025-11-07&lang=fr"
    assert json.loads(text["View"]) == {"date": "2025-11-07", "lang": "fr"}
    assert text["Check Code"] == french.code
    packet = ET.fromstring(text["XML:com.adobe.xmp"].split("?>", 1)[1].rsplit("<?", 1)[0])
    told = {
        element.tag.rpartition("}")[2]: "".join(element.itertext()) for element in packet.iter()
    }
    assert french.words.alt in told["AltTextAccessibility"]
    assert told["Headline"] == french.words.headline


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_made_twice_is_the_same_twice(ending):
    one, other = (files.render(drawn.small_picture("square"), ending) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_file_carries_the_record_that_verify_reads(french, ending):
    content = files.render(french, ending)
    assert seal.read(content).code == french.code


def test_svg_is_text_with_its_letters_inside(french):
    content = files.svg(french)
    root = ET.fromstring(content)
    assert (root.get("width"), root.get("height")) == ("1200", "630")
    assert root.find(f"{SVG}title").text == french.words.headline
    assert root.find(f"{SVG}desc").text == french.words.alt
    assert root.find(f".//{DC}source").text == "https://maps.example.org/?date=2025-11-07&lang=fr"
    said = [element.text for element in root.iter(f"{SVG}text")]
    for part in ("Tombouctou", "JNIM", "Situation au 7 novembre 2025"):
        assert part in said
    style = root.find(f"{SVG}style").text
    assert style.count("@font-face") == 4
    assert "url(data:font/woff;base64," in style
    assert re.findall(rb'(?:href|src)="(?!#)[^"]*"', content) == []


def test_svg_names_its_layers(french):
    ids = {element.get("id") or "" for element in ET.fromstring(files.svg(french)).iter()}
    for group in ("ground", "state-control", "water", "borders", "town-bamako", "legend", "name"):
        assert any(name.startswith(group) for name in ids), group
    assert len(ids) == len(set(ids))


def test_pdf_says_what_it_is_and_embeds_its_faces(french):
    pdf = PdfReader(io.BytesIO(files.pdf(french)))
    page = pdf.pages[0]
    assert [float(side) for side in page.mediabox[2:]] == [1200, 630]
    assert pdf.metadata.title == french.words.headline
    assert pdf.metadata.subject == french.words.caption
    assert french.code in pdf.metadata["/Keywords"]
    assert pdf.xmp_metadata.dc_title["fr-FR"] == french.words.headline
    assert pdf.trailer["/Root"]["/Lang"] == "fr-FR"
    faces = page["/Resources"]["/Font"]
    names = set()
    for face in faces.values():
        of = face.get_object()["/DescendantFonts"][0].get_object()
        assert of["/Subtype"] == "/CIDFontType2"  # TrueType
        assert "/FontFile2" in of["/FontDescriptor"].get_object()
        names.add(of["/BaseFont"].split("+")[1])
    assert names == {
        "SourceSansPro-Regular", "SourceSansPro-It", "SourceSansPro-Semibold", "SourceSansPro-Bold",
    }  # fmt: skip
    assert "/XObject" not in page["/Resources"] or not page["/Resources"]["/XObject"]
    assert "Tombouctou" in page.extract_text()


def test_paper_is_as_large_as_it_says():
    page = PdfReader(io.BytesIO(files.pdf(drawn.small_picture("a4")))).pages[0]
    assert [float(side) / 72 * 25.4 for side in page.mediabox[2:]] == pytest.approx(
        [297, 210], abs=0.1
    )


def test_hostile_texts_are_text_in_every_format(hostile):
    with Image.open(io.BytesIO(files.png(hostile))) as image:
        assert image.text["Title"] == HOSTILE
    root = ET.fromstring(files.svg(hostile))
    assert root.find(f"{SVG}title").text == HOSTILE
    assert list(root.iter(f"{SVG}script")) == []
    assert list(root.iter("script")) == []
    pdf = PdfReader(io.BytesIO(files.pdf(hostile)))
    assert pdf.metadata.title == HOSTILE
    assert "</title><script>" in pdf.pages[0].extract_text().replace("\n", "")


def test_a_file_is_named_after_all_that_makes_it_what_it_is(french):
    assert metadata.name(french, ".png") == (
        f"mali-control_2025-11-07_known-2026-11-22_v{french.data_version[:8]}_fr_card.png"
    )
    assert metadata.name(french, ".png", scale=2).endswith("_fr_card@2x.png")
    four = drawn.small_picture("four")
    assert metadata.name(four, ".svg").startswith("mali-control_2012-06-01_2024-02-10_known-")


def test_a_link_card_that_would_be_too_large_is_refused(french):
    small = replace(french.snapshot.preset, most_bytes=1000)
    with pytest.raises(SnapshotError, match="prennent au plus 1 ko"):
        files.png(replace(french, snapshot=replace(french.snapshot, preset=small)))


def test_a_link_card_is_below_its_limit(french):
    assert len(files.png(french)) < presets.named("card").most_bytes
