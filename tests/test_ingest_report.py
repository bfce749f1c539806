import json
import re
import string
from pathlib import Path

import pytest
from builders import GAO, claim, make

from geo.ingest import report, rules
from geo.ingest.report import Choice, Offer, Problem, Report, problem
from geo.languages import ENGLISH, FRENCH


def told(*problems, layer=None):
    return Report("front.csv", "CSV", 12, "ab", 3, ("who",), {"who": "actor"}, {}, problems, layer)


def names(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


LAYER = make(claim("1", "FAMA", GAO, "2024-01-01"))
SWAPPED = problem(
    "axes-swapped",
    features=(3, 7),
    claim_id="c3",
    place={"type": "Point", "coordinates": [16.0, -0.1]},
    offer=Offer("axes", (Choice("swap", {"axes": "swap"}), Choice("keep", {"axes": "keep"}))),
)


@pytest.mark.parametrize(
    ("problems", "layer", "verdict"),
    [
        ((), LAYER, "accept"),
        ((problem("status-default"),), LAYER, "accept"),
        ((problem("heights-dropped", features=(1,)),), LAYER, "warn"),
        ((SWAPPED,), LAYER, "warn"),
        ((problem("start-missing", features=(1,)),), LAYER, "reject"),
        ((problem("start-missing", features=(1,), left_out=True),), LAYER, "warn"),
        ((), None, "reject"),
    ],
)
def test_the_verdict_is_that_of_the_worst_problem(problems, layer, verdict):
    assert told(*problems, layer=layer).verdict == verdict


def test_a_sentence_says_which_feature_or_line():
    assert problem("start-missing", features=(4,)).message == "Feature 4: It has no first day."
    assert problem("start-missing", features=(4,), line=5).message.startswith("Line 5: ")
    assert SWAPPED.message.startswith("Feature 3 and 1 more: ")
    assert SWAPPED.said(FRENCH).startswith("Objet 3 et 1 autre\u00a0: ")
    assert problem("file-empty").message == "The file is empty."


def test_text_out_of_a_file_is_one_short_line_in_a_sentence():
    evil = "{x!r}\x1b[31m\u202e<b>\n" + "a" * 5_000
    for found in (problem("actor-unknown", name=evil), problem("place-unknown", name=evil)):
        for language in (ENGLISH, FRENCH):
            said = found.said(language)
            assert len(said) < 200
            assert "{x!r} [31m <b> aaa" in said
            assert not {"\x1b", "\n", "\u202e"} & set(said)


def test_no_sentence_is_longer_than_a_thousand_letters():
    for name, rule in rules.RULES.items():
        wanted = names(rule.message) | names(rule.remedy)
        values = {key: ["w" * 500] * 50 for key in wanted}
        found = problem(name, **values)
        for language in (ENGLISH, FRENCH):
            assert 0 < len(found.said(language)) <= report.MOST_LETTERS
            assert bool(found.mend(language)) == bool(rule.remedy)


def test_every_rule_that_blocks_says_what_to_do():
    assert not [name for name, rule in rules.RULES.items() if rule.blocks and not rule.remedy]


def test_a_report_is_written_and_read_again():
    before = told(
        SWAPPED, problem("conflict", names=["A", "B"], number=3.5, start="2024-01-01"), layer=LAYER
    )
    after = Report.from_json(before.to_json(FRENCH), LAYER)
    assert after.document() == before.document()
    assert after.problems[0].said(FRENCH) == SWAPPED.said(FRENCH)


def test_the_document_has_what_check_promises():
    document = json.loads(told(SWAPPED, layer=LAYER).to_json())
    assert (document["verdict"], document["claims"]) == ("warn", 1)
    assert {"rule", "severity", "claim_id", "feature", "message", "remedy"} <= set(
        document["problems"][0]
    )


def test_what_blocks_comes_first():
    doubts = [
        problem("status-default"),
        problem("heights-dropped", features=(1,)),
        SWAPPED,
        problem("start-missing", features=(9,)),
        problem("start-missing", features=(2,)),
    ]
    assert [(found.rule, found.feature) for found in report.ordered(doubts)] == [
        ("start-missing", 2),
        ("start-missing", 9),
        ("axes-swapped", 3),
        ("heights-dropped", 1),
        ("status-default", None),
    ]


def test_a_problem_is_a_value():
    assert problem("file-empty") == Problem("file-empty")


def test_every_rule_is_one_by_which_something_is_judged():
    folder = Path(rules.__file__).parent
    sources = [path for path in folder.rglob("*.py") if not path.name.startswith("rules")]
    written = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert not [name for name in rules.RULES if f'"{name}"' not in written]


def test_every_problem_that_is_added_has_a_rule():
    folder = Path(rules.__file__).parent
    written = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    added = re.findall(r"add\(\s*\"([a-z]+(?:-[a-z]+)+)\"", written)
    assert len(added) > 50
    assert not set(added) - rules.RULES.keys()
