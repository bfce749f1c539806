"""A file of ten rows with three faults: mended, tried, published, on the map, withdrawn, logged."""

import csv
import io

import looks
import pytest
import uploads
from conftest import DESK, sitting
from reader import FIRST, App
from shapely import box

from geo.store import desk as publish
from geo.store import engine, where

EVIL = "<img src=x onerror=window.pwned=1> [a](javascript:window.pwned=1) $7*7$ :material/star:"
TOWNS = ("Gao", "Kidal", "Mopti", "Konna", "Boni", "Hombori", "Douentza")
FILE = "\n".join(
    [
        f"groupe,lieu,date de debut,{EVIL}",
        f"JNIMM,Aguelhok,2026-05-02,{EVIL}",
        "FLA,Zzyzxville,2026-05-02,=1+1",
        "JNIM,Bankass,03/05/2026,",
        *(f"JNIM,{town},2026-05-02," for town in TOWNS),
    ]
)


@pytest.fixture(scope="module")
def desk(app, tmp_path_factory):
    """An app with a store of its own, and what was cut already."""
    folder = tmp_path_factory.mktemp("desk")
    with App(folder, MALI_CONTROL_CACHE=str(app.log.parent / "cache")) as started:
        yield started


def press(reader, name):
    reader.page.get_by_role("button", name=name, exact=True).first.click()


def said(reader, text):
    reader.page.locator(".uploads").get_by_text(text).first.wait_for(timeout=FIRST)


def twin(reader, side):
    """The map without the layer, or with it, once it has been told its day and what to mark."""
    frame = reader.page.wait_for_selector(f".st-key-compare-{side} iframe", timeout=FIRST)
    frame = frame.content_frame()
    frame.wait_for_function("() => window.mcmOverlay?._marks && mcmOverlay.day() !== null")
    return frame


def bankass(reader):
    lon, lat = looks.at("bankass")
    reader.open(f"?date=2026-05-04&at={lon},{lat}&lang=en")
    reader.details(day="4 May 2026")
    return reader.unfold(reader.page.locator(".details")).inner_text()


def try_the_draft(reader):
    """Both maps, without the layer and with it, move and scrub together."""
    page = reader.page
    page.locator("article").get_by_role("button", name="What would it change?").click()
    said(reader, "The draft of up1")
    page.locator("h3", has_text="Claims that it meets").wait_for(timeout=FIRST)
    maps = [twin(reader, side) for side in ("from", "to")]
    lon, lat = looks.at("bankass")
    look = "([lon, lat]) => mcmOverlay.stateAt(lon, lat).label"
    without, beside = (frame.evaluate(look, [lon, lat]) for frame in maps)
    assert without != beside
    marked = "() => mcmOverlay._marksNow().length"
    assert all(frame.evaluate(marked) for frame in maps)
    maps[0].evaluate("([lon, lat]) => void mcmOverlay._map.setView([lat, lon], 9)", [lon, lat])
    maps[1].wait_for_function("() => mcmOverlay._map.getZoom() === 9")
    day = maps[1].evaluate("() => mcmOverlay.day()")
    press(reader, "Later change")
    for frame in maps:
        frame.wait_for_function("(day) => mcmOverlay.day() > day", arg=day)
    press(reader, "Earlier change")
    for frame in maps:
        frame.wait_for_function("(day) => mcmOverlay.day() === day", arg=day)


DONBAS = """{"type": "FeatureCollection", "features": [{"type": "Feature",
 "properties": {"actor": "Somebody", "valid_from": "2022-05-20", "source": "x"}, "geometry":
 {"type": "Polygon", "coordinates": [[[37, 47], [39, 47], [39, 49], [37, 49], [37, 47]]]}}]}"""


def test_a_layer_elsewhere_is_opened_and_scrubbed_without_being_published(desk, chromium):
    with sitting(desk, chromium, **DESK) as reader:
        page = reader.page
        page.goto(f"{desk.address}layers?lang=en")
        file = {"name": "east.geojson", "mimeType": "application/json", "buffer": DONBAS.encode()}
        page.locator("input[type=file]").set_input_files(file, timeout=FIRST)
        said(reader, "Accepted, with what is listed below.")
        press(reader, "Open it without publishing")
        said(reader, "Not published: only you see this.")
        reader.ready()
        assert reader.state(38, 48)[:2] == ["control", ["Somebody"]]
        reader.scrub("2022-05-19")
        assert reader.state(38, 48) is None or reader.state(38, 48)[0] == "none"
        page.mouse.click(*reader.spot(38, 48))
        reader.details(title="48° N, 38° E", day="19 May 2022")
        assert "Mali" not in page.locator(".panel").inner_text()
        page.locator("a[hreflang=fr]").click()  # the layer stays open
        reader.details(title="48° N, 38° E", day="19 mai 2022")
        press(reader, "Retour à vos couches")
        page.get_by_text("Toujours là").wait_for()


def test_ten_rows_with_three_faults_are_mended_tried_published_and_withdrawn(desk, chromium):
    with sitting(desk, chromium, **DESK) as reader:
        page = reader.page
        page.goto(f"{desk.address}layers?lang=en")
        said(reader, "No layer has been uploaded.")
        file = {"name": "ten.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
        page.locator("input[type=file]").set_input_files(file)

        said(reader, "No place goes by Zzyzxville.")
        said(reader, "date de debut is 03/05/2026")
        said(reader, "No actor here goes by JNIMM.")
        assert page.get_by_role("button", name="Save draft").count() == 0
        press(reader, "The day comes first")
        said(reader, "it was read as 2026-05-03")
        press(reader, "JNIM")
        said(reader, "“JNIMM” means JNIM")
        press(reader, "Go on without whatever is refused")
        said(reader, "Accepted, with what is listed below.")

        title = page.get_by_label("Title of the layer")
        title.fill(EVIL)
        title.press("Enter")
        assert page.get_by_role("button", name="Publish", exact=True).is_disabled()
        press(reader, "Save draft")
        said(reader, "up1 is saved as a draft.")
        try_the_draft(reader)
        ground = page.get_by_role("region", name="Ground that changes, 3 May 2026")
        assert "Bankass" in ground.inner_text()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Download this table as CSV").last.click()
        rows = list(csv.reader(io.StringIO(saved.value.path().read_text(encoding="utf-8"))))
        assert {"C064", "C067"} <= {row[0] for row in rows}  # Konna and Hombori: others hold them

        press(reader, "Publish")
        said(reader, "up1 is on the map.")
        assert EVIL in page.locator("article h3").inner_text()
        assert "ten.csv" in bankass(reader)

        page.goto(f"{desk.address}layers?lang=en")
        page.get_by_label("Reason, for the audit log").fill("=cmd " + EVIL)
        press(reader, "Withdraw")
        said(reader, "up1 is off the map.")
        table = page.get_by_role("region", name="Audit log")
        table.get_by_text("Withdrawn", exact=True).wait_for()
        log = table.inner_text()
        assert log.index("Withdrawn") < log.index("Published") < log.index("Draft saved")
        assert "=cmd " + EVIL in log
        assert "ten.csv" not in bankass(reader)
        assert page.evaluate("() => window.pwned") is None


def test_layers_are_heard_alone_and_the_versions_of_one_compared(desk, chromium, monkeypatch):
    kidal = dict(level="place", valid_from="2026-05-01", ground=box(1.2, 18.2, 1.6, 18.6))
    monkeypatch.setenv(where.FOLDER, str(desk.log.parent / "store"))
    store = engine.opened(where.address())
    before = uploads.upload(uploads.row("k1", "JNIM", **kidal), title=EVIL)
    one = publish.put_up(store, uploads.EDITOR, before, at=uploads.later(0)).layer
    after = uploads.upload(
        uploads.row("k1", "FLA", **kidal), title=EVIL, corrects=(one.layer, one.rev)
    )
    publish.put_up(store, uploads.EDITOR, after, at=uploads.later(2))
    store.close()
    with sitting(desk, chromium, **DESK) as reader:
        page = reader.page
        reader.open("?date=2026-06-01&at=1.41,18.44&lang=en")
        listed = page.locator(".roster")
        listed.get_by_text(EVIL).wait_for()
        assert "Version 2, published on 8 July 2026: 1 claim" in listed.inner_text()
        listed.get_by_role("button", name=f"only this layer: {EVIL}").click()
        page.wait_for_url(f"**layers={one.layer}*")
        page.locator(".details .state", has_text="Controlled by FLA").wait_for()
        page.locator(".legend", has_not_text="Contested").wait_for()
        assert EVIL in page.locator(".details").inner_text()  # the tag of the claim
        listed.get_by_role("button", name="Hear every layer").click()
        page.wait_for_url(lambda address: "layers=" not in address)
        listed.locator(f"input[value={one.layer}]").uncheck()
        page.wait_for_url(f"**without_layers={one.layer}*")
        page.locator(".filters", has_text="without the layer “<img src=x").wait_for()
        page.locator(".effect table").wait_for()
        page.get_by_role("link", name="Figures", exact=True).click()
        page.get_by_text("Heard: without the layer “<img src=x").wait_for(timeout=FIRST)

        page.goto(f"{desk.address}layers?lang=en")
        press(reader, "Compare versions")
        said(reader, "0 added, 0 removed, 1 changed, 0 as before.")
        assert "Actor: JNIM → FLA" in page.locator(".uploads table").first.inner_text()
        page.locator("h3", has_text="Ground that changes").wait_for()
        page.get_by_role("link", name="The map as known on 7 July 2026, with version 1").click()
        page.locator(".details .state", has_text="JNIM").wait_for(timeout=FIRST)
        assert "known=2026-07-07" in page.url
        assert page.evaluate("() => window.pwned") is None
