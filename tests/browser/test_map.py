"""What is painted on a day, as the map says it and as the screen shows it."""

import json
import math

import looks
import pytest
import shapely
from reader import ROOT, Reader

OUTPUT = ROOT / "tests" / "output"
TOWN, COUNTRY = 9, 5  # zoom: a town is a disc of some 27 pixels, or a dot

NOBODY = ("none", [])
STATE = ("control", ["FAMA"])
# From the compiled dossier.
HELD = {
    "2012-04-05": {
        "kidal": ("shared", ["ANSARDINE", "MNLA"]),
        "gao": ("shared", ["ANSARDINE", "MNLA", "MUJAO"]),
        "tombouctou": ("shared", ["ANSARDINE", "AQIM"]),
        "bamako": STATE,
        "farabougou": NOBODY,
    },
    "2013-02-01": {
        "kidal": ("shared", ["MIA", "MNLA"]),
        "gao": STATE,
        "tombouctou": STATE,
        "bamako": STATE,
        "farabougou": NOBODY,
    },
    "2023-11-15": {
        "kidal": STATE,
        "gao": STATE,
        "tombouctou": STATE,
        "bamako": STATE,
        "farabougou": ("contested, stale", ["FAMA", "JNIM"]),
    },
    "2025-11-07": {
        "kidal": STATE,
        "gao": STATE,
        "tombouctou": STATE,
        "bamako": STATE,
        "farabougou": ("control", ["JNIM"]),
    },
    "2026-05-15": {
        "kidal": ("control", ["FLA"]),
        "gao": STATE,
        "tombouctou": STATE,
        "bamako": STATE,
        "farabougou": ("control", ["JNIM"]),
    },
}


@pytest.fixture(scope="module")
def country(staying: Reader):
    """The map as it opens, and where it looks then."""
    zoom, lat, lon = staying.open().camera()
    return staying, (lon, lat, zoom)


# Moves the date day by day, and compares what that left with everything painted at once: the share
# of pixels that differ by more than the smoothing of an edge, and how often a part was painted.
STEPPED = """async ([first, last]) => {
    const overlay = window.mcmOverlay;
    const ctx = overlay._ctx[1];
    const pixels = () => ctx.getImageData(0, 0, ctx.canvas.width, ctx.canvas.height).data;
    let parts = 0;
    const patches = overlay._patches;
    overlay._patches = function counted(boxes) {
        const found = patches.call(this, boxes);
        parts += found !== null;
        return found;
    };
    for (let day = first; day <= last; day += 1) {
        overlay.setDay(day);
        await new Promise(requestAnimationFrame);
    }
    const left = pixels();
    delete overlay._patches;
    overlay._drawFills();
    const anew = pixels();
    let differ = 0;
    for (let i = 0; i < left.length; i += 4) {
        differ += [0, 1, 2, 3].some((k) => Math.abs(left[i + k] - anew[i + k]) > 64);
    }
    return { differ: differ / (left.length / 4), parts };
}"""


def test_what_a_day_changes_is_painted_as_if_all_were_painted_anew(country):
    reader, view = country
    reader.look_at(*view)
    reader.scrub("2012-01-20")
    told = reader.frame.evaluate(STEPPED, [20, 420])  # the days on which most changed hands
    assert told["parts"] > 10
    assert told["differ"] < 1e-4


@pytest.mark.parametrize("day", HELD)
def test_five_towns_on_five_days_are_painted_as_the_dossier_says(country, day):
    reader, view = country
    OUTPUT.mkdir(exist_ok=True)
    reader.look_at(*view)
    reader.scrub(day)
    assert reader.shown() == day
    country = reader.picture(OUTPUT / f"map-{day}-1280.png")  # for people to look at
    for place, (kind, actors) in HELD[day].items():
        said, names, stale = reader.state(*looks.at(place))
        assert sorted(looks.key(name) for name in names) == actors, place
        assert said + ", stale" * stale == kind, place
        check_dot(country.around(reader.spot(*looks.at(place)), 4), place, names, stale=stale)
    for place, (kind, actors) in HELD[day].items():
        spot = reader.look_at(*looks.at(place), TOWN)
        check_disc(reader.picture().around(spot, 16), place, kind, actors)


def check_dot(seen, place, names, *, stale):
    """The whole country: a dot, one sector for each holder clockwise from the top."""
    faded = looks.STALE_DOT if stale else looks.DOT
    held = [looks.mixed(looks.COLOURS[looks.key(name)], faded) for name in names]
    assert looks.sectors(seen, 2, held or [looks.HOLLOW]), place


def check_disc(seen, place, kind, actors):
    """Zoomed in: the ground of the town, in the half of its disc that carries no symbols."""
    ground = [p for (dx, dy), p in seen.items() if 5 < math.hypot(dx, dy) < 15 and dy > 2]
    colours = [looks.mixed(looks.COLOURS[actor], looks.TOWN) for actor in actors]
    if kind == "none":
        # A town of nobody's is ground, with its sparse dots.
        colours, least = [looks.GROUND], 0.8
    elif kind == "control":
        least = 0.35  # where a river crosses the town, much of it is water
    elif kind == "shared":
        least = 0.3 / len(actors)  # stripes of some 4 pixels, of which 2 are smoothed
    else:
        assert kind == "contested, stale"
        colours = [looks.mixed(looks.COLOURS[actor], looks.STALE) for actor in actors]
        least = 0.3 / 4  # half as wide, with neutral ground between
        assert looks.share(ground, looks.BETWEEN) > least, place
    for colour in colours:
        assert looks.share(ground, colour) > least, place


def test_bamako_is_ringed_with_dashes_under_blockade_and_with_a_line_under_siege(reader: Reader):
    lon, lat = looks.at("bamako")
    radius = 8 * looks.km(lat, TOWN) + 3
    reader.open("?date=2012-04-05")
    spot = reader.look_at(lon, lat, TOWN)
    drawn = {}
    for day in ("2012-04-05", "2025-11-07", "2026-05-15"):
        seen = reader.scrub(day).picture().around(spot, 40)
        drawn[day] = looks.ring(seen, radius, looks.COLOURS["JNIM"])
    assert drawn["2012-04-05"] == 0
    assert 0.4 < drawn["2025-11-07"] < 0.8
    assert drawn["2026-05-15"] > 0.95  # over the airport near by, whose plate makes room


def test_a_label_stands_at_its_dot_and_makes_room_for_a_disc_on_days_that_have_one(reader: Reader):
    spread = """() => {
        const place = mcmOverlay._data.places.find((place) => place.name.startsWith("Ténenkou"));
        return [mcmOverlay._spread(place), mcmOverlay._dotRadius(place)];
    }"""
    reader.open("?date=2013-06-01")
    reader.look_at(*looks.at("tenenkou"), TOWN)
    reach, dot = reader.frame.evaluate(spread)
    assert reach == dot
    held = next(
        day
        for day in reader.frame.evaluate("() => mcmOverlay._data.days")
        if reader.frame.evaluate(
            """(day) => {
                const place = mcmOverlay._data.places.find((p) => p.name.startsWith("Ténenkou"));
                const state = mcmOutlook.stateOn(mcmOverlay._runs[place.face], day);
                return mcmOverlay._states[state].level === "place";
            }""",
            day,
        )
    )
    drawn = reader.frame.evaluate(
        """async (day) => {
            const before = mcmOverlay._drawnSpreads;
            mcmOverlay.setDay(day);
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            return before !== mcmOverlay._drawnSpreads;
        }""",
        held,
    )
    reach, dot = reader.frame.evaluate(spread)
    assert drawn
    assert reach > dot + 3


def test_the_road_west_of_bamako_is_dashed_while_it_is_blockaded(reader: Reader):
    road = road_to_kita()
    points = [road.interpolate(part / 100, normalized=True) for part in range(25, 76)]
    reader.open("?date=2025-11-24")
    reader.look_at(points[25].x, points[25].y, 8)
    spots = [reader.spot(point.x, point.y) for point in points]

    def painted():
        seen = reader.picture()
        near = [[seen.at(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)] for x, y in spots]
        colour = looks.COLOURS["JNIM"]
        return sum(any(looks.alike(p, colour) for p in around) for around in near) / len(spots)

    assert painted() > 0.4
    reader.page.locator(".next").click()
    assert reader.shown() == "2025-11-25"
    assert painted() == 0


def road_to_kita():
    """The part of the road that was blockaded until 25 November 2025."""
    layer = json.loads((looks.LAYERS / "claims_roads.geojson").read_text(encoding="utf-8"))
    (found,) = (
        feature["geometry"]
        for feature in layer["features"]
        if feature["properties"]["area_ref"] == "road:kati-kita/2"
        and feature["properties"]["valid_to"] == "2025-11-25"
    )
    return shapely.from_geojson(json.dumps(found))


def test_the_un_is_shown_in_kidal_as_long_as_it_was_there(reader: Reader):
    reader.open("?date=2014-06-15")
    spot = reader.look_at(*looks.at("kidal"), TOWN)
    drawn = {}
    for day in ("2014-06-15", "2019-01-01", "2023-10-30", "2023-10-31"):
        seen = reader.scrub(day).picture().around(spot, 120)
        plates = [p for (dx, dy), p in seen.items() if dx > 0 and -24 < dy < -4]
        drawn[day] = sum(looks.alike(p, looks.COLOURS["MINUSMA"]) for p in plates)
    assert drawn.pop("2023-10-31") == 0
    assert min(drawn.values()) > 60  # of some 260 pixels; the rest are letters and their smoothing


def test_the_legend_names_what_is_in_view_and_always_no_information(reader: Reader):
    reader.open("?date=2025-11-07")
    legend = reader.page.locator(".legend ul")
    assert {"JNIM", "State (FAMa)", "FLA", "No information"} <= set(
        legend.locator("li").all_inner_texts()
    )
    reader.look_at(*looks.at("kidal"), 11)
    legend.get_by_text("IS Sahel", exact=True).wait_for(state="detached")
    assert legend.locator("li").last.inner_text() == "No information"


CANVASES = (
    """() => [...document.querySelectorAll(".mcm-overlay canvas")].map((c) => c.toDataURL())"""
)


def test_the_map_is_the_same_with_every_other_host_out_of_reach(reader: Reader, free: Reader):
    # In all other windows other hosts are refused; here nothing is, and nothing more is asked for.
    asked = []
    free.page.on("request", lambda request: asked.append(request.url))
    free.open("?date=2025-11-07").rest()
    reader.open("?date=2025-11-07").rest()
    assert len(asked) > 10
    hosts = ("data:", "blob:", reader.app.address)
    assert [address for address in asked if not address.startswith(hosts)] == []
    drawn = reader.frame.evaluate(CANVASES)
    assert len(drawn) == 4
    assert drawn == free.frame.evaluate(CANVASES)
