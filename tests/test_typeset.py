import pytest

from geo.snapshots import typeset
from geo.snapshots.typeset import Style

TEXT = Style(20)


def test_lines_are_no_wider_than_their_room():
    said = "Les zones montrées résument des affirmations sourcées et datées. " * 4
    lines = typeset.wrap(said.strip(), TEXT, 240)
    assert max(typeset.width(line, TEXT) for line in lines) <= 240
    assert " ".join(lines) == said.strip()


def test_a_word_too_long_is_cut_after_a_sign_of_its_address():
    lines = typeset.wrap("maps.example.org/?date=2025-11-07&extent=region:kidal", TEXT, 200)
    assert "".join(lines) == "maps.example.org/?date=2025-11-07&extent=region:kidal"
    assert max(typeset.width(line, TEXT) for line in lines) <= 200
    assert lines[0][-1] in "/&?"
    assert len(typeset.wrap("W" * 60, TEXT, 100)) > 5


def test_spaces_that_do_not_break_do_not_break():
    lines = typeset.wrap(
        "Mali\u00a0: aaaa\u00a0bbbb cccc", TEXT, typeset.width("aaaa\u00a0bbbb", TEXT)
    )
    assert lines == ["Mali\u00a0:", "aaaa\u00a0bbbb", "cccc"]


def test_lines_of_a_headline_are_even():
    lines = typeset.wrap("one two three four five six seven", TEXT, 210)
    even = typeset.balanced(lines, TEXT, 210)
    assert len(even) == len(lines)
    spread = [max(map(len, some)) - min(map(len, some)) for some in (lines, even)]
    assert spread[1] <= spread[0]


def test_what_does_not_fit_ends_in_an_ellipsis():
    assert typeset.shortened("Tombouctou", TEXT, 60).endswith("…")
    assert typeset.width(typeset.shortened("Tombouctou", TEXT, 60), TEXT) <= 60
    assert typeset.shortened("Gao", TEXT, 60) == "Gao"


@pytest.mark.parametrize("text", ["Région ɛɔŋ « œuvre » 1 254 km²", "مالي", "Ɔ"])
def test_letters_some_face_has_stay(text):
    assert typeset.drawable(text) == text


def test_letters_no_face_has_become_one_sign():
    assert typeset.drawable("a\U0001fae8b") == "a\ufffdb"


def test_widths_grow_with_size_and_weight():
    assert typeset.width("Kidal", Style(40)) == pytest.approx(2 * typeset.width("Kidal", TEXT))
    assert typeset.width("Kidal", Style(20, 700)) > typeset.width("Kidal", TEXT)
