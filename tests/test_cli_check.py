"""`check`: a dry run of an upload."""

import asked
import pytest

from geo import layers

GOOD = "id,actor,valid_from,place,source\nc1,JNIM,2024-05-01,Kidal,RFI\n"
FAULTS = (
    "id,actor,valid_from,place,source\n"
    "c1,JNIM,03/04/2025,Kidal,RFI\n"
    "c2,,2024-05-01,Gao,RFI\n"
    "c3,FAMa,2024-05-01,Tombouktou,RFI\n"
)


@pytest.fixture
def check(capsys, tmp_path):
    def ask(text, *typed, name="front.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return asked.run(capsys, layers.FOLDER, "check", tmp_path / name, *typed)

    return ask


def test_a_good_file_is_accepted(check):
    answer = check(GOOD)
    assert answer.code == 0
    assert answer.out.startswith("Accepted.\nCSV: 1 feature, 1 claim.\n")


def test_a_file_with_faults_is_refused_with_each_line_and_its_remedy(check):
    answer = check(FAULTS)
    assert answer.code == 1
    for said in (
        "Line 2: valid_from is 03/04/2025: the day or the month may come first.",
        "    --set 'dates=dmy'\n    --set 'dates=mdy'\n",
        "Line 3: No actor is named.",
        "    --set 'place:Tombouktou=place:tombouctou'\n",
    ):
        assert said in answer.out


def test_what_is_offered_can_be_typed(check):
    typed = ["--set", "dates=dmy", "--set", "place:Tombouktou=place:tombouctou"]
    answer = check(FAULTS, *typed, "--set", "leave_out=refused", "--json")
    assert (answer.code, answer.json["verdict"], answer.json["claims"]) == (0, "warn", 2)


def test_json_has_what_the_contract_promises(check):
    answer = check(FAULTS, "--json")
    assert answer.code == 1
    assert (answer.json["verdict"], answer.json["claims"]) == ("reject", 0)
    wanted = {"rule", "severity", "claim_id", "feature", "message", "remedy"}
    assert all(wanted <= set(problem) for problem in answer.json["problems"])
    missing = next(one for one in answer.json["problems"] if one["rule"] == "actor-missing")
    assert (missing["claim_id"], missing["feature"], missing["line"]) == ("c2", 2, 3)


def test_a_column_can_be_mapped(check):
    answer = check(GOOD.replace("actor", "Who = x"), "--map", "Who = x=actor", "--json")
    assert (answer.code, answer.json["mapping"]["Who = x"]) == (0, "actor")


def test_it_speaks_french(check):
    answer = check(FAULTS, "--lang", "fr")
    assert answer.out.startswith("Refusé\u00a0: rien ne peut en être fait")
    assert "Ligne 3\u00a0: Aucun acteur n\u2019est nommé." in answer.out


def test_a_file_that_is_not_there_is_refused(capsys, tmp_path):
    answer = asked.run(capsys, layers.FOLDER, "check", tmp_path / "none.csv")
    assert (answer.code, answer.out) == (1, "")
    assert "cannot be read" in answer.err


@pytest.mark.parametrize("typed", [["--map", "x"], ["--set", "=x"], []])
def test_wrong_usage_is_told(capsys, typed):
    with pytest.raises(SystemExit, match=r"^2$"):
        asked.run(capsys, layers.FOLDER, "check", *typed)
