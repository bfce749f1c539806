import pytest

from geo import languages
from geo.errors import SnapshotError
from geo.snapshots import presets
from geo.snapshots.presets import PRESETS


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_type_is_legible_where_the_picture_is_seen(preset):
    shrunk = preset.seen / preset.width
    screen = preset.unit == "px"
    read = presets.LEAST_READ_PX if screen else presets.LEAST_READ_PT
    fine = presets.LEAST_FINE_PX if screen else presets.LEAST_FINE_PT
    assert min(preset.type.headline, preset.type.text) * shrunk >= read
    assert preset.type.fine * shrunk >= fine


@pytest.mark.parametrize(
    ("name", "pixels"),
    [
        ("card", (1200, 630)),
        ("article", (1200, 800)),
        ("article-2x", (2400, 1600)),
        ("wide", (1920, 1080)),
        ("square", (1080, 1080)),
        ("portrait", (1080, 1350)),
        ("story", (1080, 1920)),
        ("column-1", (638, 1512)),
        ("a4", (3508, 2480)),
    ],
)
def test_a_preset_has_the_pixels_it_is_asked_for(name, pixels):
    assert presets.named(name).pixels == pixels


def test_the_text_of_a_link_card_keeps_to_its_central_nine_tenths():
    card = PRESETS["card"]
    assert card.margins.left >= 0.05 * card.width <= card.margins.right
    assert card.margins.top >= 0.05 * card.height <= card.margins.bottom


def test_an_unknown_preset_is_refused_with_those_there_are():
    with pytest.raises(SnapshotError, match=r"called 'poster'. Choose one of: card, article"):
        presets.named("poster")
    with pytest.raises(SnapshotError, match="Aucun format ne s\u2019appelle 'poster'"):
        presets.named("poster", languages.FRENCH)
