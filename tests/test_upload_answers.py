"""What a click on the page of uploads makes of the answers so far."""

import pytest
import small

from geo import layers
from geo.ingest import Choice, Offer, Report
from geo.ingest.report import problem
from geo.languages import ENGLISH, FRENCH
from geo.pages import offered, report, shelf

ORDER = Offer("dates", (Choice("dmy", {"dates": "dmy"}), Choice("mdy", {"dates": "mdy"})))
ACTOR = Offer("actor", (Choice("<b>", {"actor:<b>": "new"}),))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    path = small.built(tmp_path_factory.mktemp("world") / "layers")
    return layers.load(path)


@pytest.fixture
def told():
    doubts = (
        problem("day-ambiguous", column="date", value="03/04/2026", offer=ORDER),
        problem("actor-unknown", name="<b>", features=(2,), offer=ACTOR),
    )
    return Report(
        "a.csv", columns=("who", "date"), mapping={"who": "actor"}, problems=doubts, sha256="0"
    )


def answered(told, mapping=None, **answer):
    return report.answered(told, {"id": report.key(told), **answer}, mapping or {})


def test_a_choice_adds_what_it_offers(told):
    assert answered(told, choose=[0, 1]) == ({}, {"dates": "mdy"})


def test_a_click_on_an_older_report_changes_nothing(told):
    assert report.answered(told, {"id": "another", "choose": [0, 1]}, {}) == ({}, {})


@pytest.mark.parametrize("which", [[9, 0], [0, 9], [-1, 0], [0, -1], ["0", 0], "x", None, [0]])
def test_a_choice_that_was_not_offered_changes_nothing(told, which):
    assert answered(told, choose=which) == ({}, {})


def test_a_field_has_the_column_that_was_chosen_last(told):
    mapping, _ = answered(told, {"who": "actor"}, columns={"date": "actor"})
    assert mapping == {"date": "actor"}
    mapping, _ = answered(told, columns={"date": "no field", "no column": "actor"})
    assert mapping == {}


def test_an_answer_is_taken_back():
    given = Report("a.csv", defaults={"dates": "dmy", "source": "x"})
    assert answered(given, undo="dates") == ({}, {"source": "x"})
    assert answered(given, leave=True)[1]["leave_out"] == "refused"


@pytest.mark.parametrize(
    ("language", "first", "new"),
    [
        (ENGLISH, "The day comes first", "Keep “<b>” as a new actor"),
        (FRENCH, "Le jour vient d\u2019abord", "Garder «\u00a0<b>\u00a0» comme nouvel acteur"),
    ],
)
def test_offers_are_said_in_words(told, language, first, new, shipped):
    labels = [offered.label(found.offer.choices[0], shipped, language) for found in told.problems]
    assert labels == [first, new]


def test_no_answer_and_no_offer_shows_the_key_it_is_kept_under(shipped):
    given = {
        "dates": "dmy",
        "axes": "keep",
        "ends": "inclusive",
        "actor:GSIM": "JNIM",
        "actor:Nous": "new",
        "place:Konnaa": "place:kidal",
        "status:held": "contested",
        "crs": "EPSG:32630",
        "leave_out": "3,7",
        "confidence": "low",
    }
    said = [text for _, text in offered.given(Report("a.csv", defaults=given), shipped, ENGLISH)]
    assert said == [
        "In days such as 03/04/2025: The day comes first",
        "Longitude and latitude stay as they are",
        "The end of a claim is: The last day",
        "“GSIM” means JNIM",
        "“Nous” is a new actor",
        "“Konnaa” means town of Kidal",
        "“held” means Contested",
        "Coordinates are in metres, UTM zone 30 north (EPSG:32630)",
        "Left out are the features 3,7",
        "Confidence, where a row says nothing: low confidence",
    ]


def test_a_doubt_lies_where_the_file_has_it_and_an_answer_where_it_would_put_it(shipped):
    there, here = ({"type": "Point", "coordinates": at} for at in ([18.4, 1.4], [1.4, 18.4]))
    swap = Choice("swap", {"axes": "swap"}, place=here)
    offer = Offer("axes", (swap, Choice("keep", {"axes": "keep"}, place=there)))
    named = Offer("place", (Choice("place:kidal", {"place:Kidall": "place:kidal"}, place=here),))
    doubts = (
        problem("axes-swapped", features=(1,), place=here, offer=offer),
        problem("place-unknown", name="Kidall", features=(2,), offer=named),
        problem("place-read-as", name="Kidal", found="place:kidal", features=(3,)),
    )
    made = report.document(Report("a.csv", problems=doubts), shipped, ENGLISH)
    assert made["dots"] == [[18.4, 1.4, 1]]
    assert made["ghosts"] == [[1.4, 18.4, 1, 0], [1.4, 18.4, 2, 0]]
    assert [one["number"] for one in made["problems"]] == ["1", "2", ""]
    assert made["problems"][0]["link"] is None  # our map does not show that ground
    assert "place:kidal" not in made["problems"][2]["said"]


def test_the_log_is_a_table_with_the_newest_entry_first():
    entries = [
        dict(n=n, at="2026-07-06T09:30:00Z", who="Awa", action=action, layer="up1", hash=str(n))
        | {"detail": {"version": 1, "reason": reason}}
        for n, action, reason in ((1, "publish", ""), (2, "withdraw", "=1+1"))
    ]
    made = shelf.log(entries, ENGLISH)
    assert [row[3].text for row in made.rows] == ["Withdrawn", "Published"]
    assert "'=1+1" in made.csv()
    assert made.lead.endswith("2")
