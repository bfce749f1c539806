"""Where sources differ: painted in place of who holds what, and listed, while the date moves."""

import looks
from reader import Reader

AGUELHOK = looks.at("aguelhok")
KINDS = """([lon, lat]) => mcmOverlay.stateAt(lon, lat).kind"""


def kind(reader, place):
    return reader.frame.evaluate(KINDS, [*looks.at(place)])


def legend(reader):
    return reader.page.locator(".legend li span").all_inner_texts()


def on(reader):
    reader.frame.wait_for_function("() => mcmOverlay._answers")
    return reader


def test_the_switch_paints_where_sources_differ_and_back(reader: Reader):
    reader.open("?date=2026-07-14")
    held = kind(reader, "aguelhok")
    reader.page.locator(".filters summary").click()
    switch = reader.page.get_by_label("Show where sources differ")
    switch.check()
    on(reader).address(show="disagreement")
    assert (held, kind(reader, "aguelhok")) == ("contested", "dissent")
    assert (kind(reader, "gao"), kind(reader, "bourem")) == ("agree", "single")
    reader.page.locator(".legend").get_by_text("Most sources agree, others differ").wait_for()
    assert legend(reader) == [
        "Most sources agree, others differ",
        "Several sources, one answer",
        "One source alone",
        "No source says who holds it",
    ]
    switch.uncheck()
    reader.frame.wait_for_function("() => !mcmOverlay._answers")
    assert "show" not in reader.address(date="2026-07-14")
    assert kind(reader, "aguelhok") == "contested"
    reader.page.locator(".legend").get_by_text("Control", exact=True).wait_for()


def test_while_scrubbing_it_is_painted_in_the_browser_and_the_list_follows_at_the_end(
    reader: Reader,
):
    on(reader.open("?date=2026-07-14&show=disagreement")).rest()
    section = reader.page.locator(".differ")
    assert section.locator("h2").inner_text().upper() == "WHERE SOURCES DIFFER ON 14 JULY 2026"
    sent = len(reader.sent)
    with reader.dragging("2021-01-01", steps=40):
        point = [1.0163, 15.942]  # the cercle of Ansongo
        reader.frame.wait_for_function(
            "([lon, lat]) => mcmOverlay.stateAt(lon, lat).kind === 'split'", arg=point
        )
        assert len(reader.sent) == sent
    section.locator("h3", has_text="Ansongo").wait_for()
    answers = section.locator(".answers > li strong").all_inner_texts()
    assert len(answers) == len(set(answers)) >= 2


def test_each_answer_names_its_sources_and_the_entry_opens_the_place(reader: Reader):
    reader.open("?date=2026-07-14&show=disagreement")
    section = reader.unfold(reader.page.locator(".differ"))
    section.locator("h3").first.wait_for()
    assert section.locator(".answers > li").count() == 2
    assert "3 of 5 sources" in section.locator(".answers > li").first.inner_text()
    reader.unfold(section)
    assert section.locator(".answers .sources > li").count() == 5
    section.get_by_role("button", name="Aguelhok").first.press("Enter")
    reader.details(title="Aguelhok", day="14 July 2026")
    zoom, lat, lon = reader.camera()
    assert (zoom, round(lon, 2), round(lat, 2)) == (8, *(round(x, 2) for x in AGUELHOK))
    assert reader.address(at="0.8589,19.4614")["show"] == "disagreement"


def test_another_time_in_which_sources_differ_is_gone_to(reader: Reader):
    reader.open("?date=2026-07-14&show=disagreement")
    times = reader.page.locator(".differ .times")
    times.locator("..").locator("summary").click()
    times.get_by_role("button", name="Ansongo").click()
    reader.address(date="2020-01-01")
    reader.page.locator(".differ h3", has_text="Ansongo").wait_for()
    assert reader.shown() == "2020-01-01"
    # The list is new, and the reader is where they were.
    assert times.get_by_role("button", name="Ansongo").evaluate(
        "(button) => button.getRootNode().activeElement === button"
    )


def test_sources_that_are_switched_off_no_longer_differ(reader: Reader):
    reader.open("?date=2026-07-14&show=disagreement&confidence=high")
    on(reader)
    reader.frame.wait_for_function(KINDS.replace("=>", "=> ") + " !== 'dissent'", arg=[*AGUELHOK])
    said = reader.page.locator(".differ .summary").inner_text()
    assert said.startswith("On this day no two claims of this map contradict")


def test_the_view_is_french_in_french(french: Reader):
    on(french.open("?date=2026-07-14&show=disagreement&lang=fr"))
    french.page.locator(".legend").get_by_text("Une seule source").wait_for()
    said = french.page.locator(".differ").inner_text()
    assert "3 sources sur 5" in said
    assert "Les sources se contredisent sur 1 lieu" in said


def test_disputes_on_record_are_listed_for_the_day_and_open_their_place(reader: Reader):
    reader.open("?date=2022-05-31&show=disagreement")
    section = reader.page.locator(".differ")
    section.get_by_text("Disputes on record for this day").wait_for()
    kidal = section.locator("article", has_text="Kidal under the accord")
    assert "keeps the state out" in kidal.inner_text()
    assert "The state and the UN are present" in kidal.inner_text()
    kidal.get_by_role("button", name="Kidal").click()
    reader.page.locator(".details h2, .details h3").get_by_text("Kidal").first.wait_for()
