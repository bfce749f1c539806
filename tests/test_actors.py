import pandas as pd
import pytest

from geo import actors
from geo.errors import LayerError


def row(actor, **more):
    cells = dict.fromkeys((column.name for column in actors.COLUMNS), "")
    group = {"kind": "jihadist", "colour": "#aa5500", "pattern": "plain", "holds_ground": "yes"}
    return cells | group | {"actor": actor, "name_en": actor, "name_fr": actor} | more


def parsed(*rows):
    lines = pd.Index(range(2, len(rows) + 2), name="line")
    return actors.parse(pd.DataFrame(rows, index=lines, dtype="str"))


def test_what_an_actor_became_is_a_list_of_actors():
    found = parsed(
        row("AQIM", successors="JNIM"),
        row("JNIM", parent="AQIM", sources="v59 v87"),
    )
    assert found.loc["AQIM", "successors"] == ("JNIM",)
    assert found.loc["JNIM", "parent"] == ("AQIM",)
    assert found.loc["JNIM", "successors"] == ()
    assert found.loc["JNIM", "sources"] == ("v59", "v87")


def test_whether_an_actor_holds_ground_is_yes_or_no():
    found = parsed(row("FAMA"), row("WAGNER", holds_ground="no"))
    assert found["holds_ground"].tolist() == [True, False]


def test_actors_stay_in_the_order_of_the_file():
    assert parsed(row("JNIM"), row("FAMA")).index.tolist() == ["JNIM", "FAMA"]


@pytest.mark.parametrize("day", ["2017", "2017-03", "2017-03-02", ""])
def test_a_date_is_as_precise_as_known(day):
    assert parsed(row("JNIM", active_from=day)).loc["JNIM", "active_from"] == day


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"actor": "jnim"}, r"actor is 'jnim'. A key is upper-case ASCII letters"),
        ({"kind": "terrorist"}, r"actors.csv, line 2: kind is 'terrorist'. Use one of: state"),
        ({"pattern": "stripes"}, r"pattern is 'stripes'. Use one of: plain, lines"),
        ({"holds_ground": "maybe"}, r"holds_ground is 'maybe'. Use one of: yes, no"),
        ({"confidence": "sure"}, r"confidence is 'sure'. Use one of: low, medium, high"),
        ({"colour": "red"}, r"colour is 'red'. Write a colour as #rrggbb"),
        ({"active_to": "March 2017"}, r"active_to is 'March 2017'. Write a date as precise"),
        ({"successors": "ISGS"}, r"successors names 'ISGS', which actors.csv does not have"),
        ({"parent": "AQMI"}, r"parent names 'AQMI', which actors.csv does not have"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_and_a_remedy(cells, said):
    with pytest.raises(LayerError, match=said):
        parsed(row("JNIM") | cells)


def test_an_actor_stands_once():
    with pytest.raises(LayerError, match=r"line 3: actor is 'JNIM'. That key is taken"):
        parsed(row("JNIM"), row("JNIM"))
