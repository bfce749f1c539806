"""What docs/cli.md shows is what the commands write."""

import re
import shlex

import asked
import pytest
import small

from geo import claims, cli

PAGE = (small.WORLD.parents[1] / "docs" / "cli.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ python -m geo (.*)\n((?s:.*?))```", PAGE)
ELLIPSIS = "…\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


def shown(text):
    """A pattern of the lines of an example; `…` stands for any lines."""
    return re.compile("(?s:.*)".join(re.escape(part) for part in text.split(ELLIPSIS)))


def members(section):
    """What the table of members in a section of the page lists before each bar."""
    _, _, rest = PAGE.partition(f"\n## `{section}`\n")
    _, _, table = rest.partition("| member | is |\n|---|---|\n")
    rows = re.match(r"(\|.*\n)+", table)[0].splitlines()
    return [name for row in rows for name in re.findall("`([^`]+)`", row.split("|")[1])]


@pytest.mark.parametrize("typed", [typed for typed, _ in EXAMPLES])
def test_the_page_shows_what_is_written(folder, capsys, typed):
    answer = asked.run(capsys, folder, *shlex.split(typed))
    assert answer.code == 0
    assert shown(dict(EXAMPLES)[typed]).fullmatch(answer.out)


def test_the_page_has_examples_of_text_and_json():
    assert len(EXAMPLES) == 9


@pytest.mark.parametrize(
    ("section", "typed"),
    [("place", "place Kidal --json"), ("explain", "explain 1.41 18.44 --date 2024-02-10 --json")],
)
def test_the_page_lists_the_members_of_the_document(folder, capsys, section, typed):
    document = asked.run(capsys, folder, *typed.split()).json
    assert list(document) == members(section)
    columns = [column.name for column in claims.COLUMNS]
    more = ["counts", "step", "uncertain"] if section == "explain" else []
    assert list(document["claims"][0]) == [*columns, *more]


def test_the_page_lists_the_members_of_lifelines(folder, capsys):
    typed = "lifelines Gao --date 2024-02-10 --json"
    document = asked.run(capsys, folder, *typed.split()).json
    assert list(document) == members("lifelines")
    road, item = document["roads"][0], document["items"]["C004"]
    section = PAGE.partition("\n## `lifelines`\n")[2]
    for part, first in (
        ("roads", {**road, **road["stretches"][0], **road["reasons"][0]}),
        ("items", item),
    ):
        row = next(line for line in section.splitlines() if line.startswith(f"| `{part}` |"))
        assert set(first) <= set(re.findall(r"`(\w+)`", row))


def test_the_page_lists_the_members_of_changes(folder, capsys):
    typed = "changes 2014-06-01 2024-02-10 --json"
    document = asked.run(capsys, folder, *typed.split()).json
    assert list(document) == members("changes")
    for part in ("changes", "marks"):
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{part}` |"))
        listed = re.findall(r"`(\w+)`", row)[1:]
        first = document[part][0]
        assert list(dict.fromkeys(word for word in listed if word in first)) == list(first)


def test_the_page_lists_the_columns_of_areas(folder, capsys):
    answer = asked.run(capsys, folder, "areas", "--from", "2024-01-01", "--to", "2024-01-01")
    _, _, section = PAGE.partition("\n## `areas`\n")
    rows = re.match(r"(\|.*\n)+", section.partition("| column | is |\n|---|---|\n")[2])[0]
    listed = [
        name for row in rows.splitlines() for name in re.findall("`([^`]+)`", row.split("|")[1])
    ]
    assert answer.out.splitlines()[0].split(",") == listed


@pytest.mark.parametrize(("part", "name"), [("spans", "Kidal"), ("overlays", "Gao")])
def test_the_page_lists_the_members_of_a_span_and_an_overlay(folder, capsys, part, name):
    first = asked.run(capsys, folder, "place", name, "--json").json[part][0]
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{part}` |"))
    listed = re.findall(r"`(\w+)`", row)[1:]
    assert list(dict.fromkeys(word for word in listed if word in first)) == list(first)


def test_the_page_lists_every_command(capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main(["--help"])
    listed = re.findall(r"^    ([a-z]+)(?: |$)", capsys.readouterr().out, re.MULTILINE)
    assert listed == re.findall(r"^\| `([a-z]+) .*\|$", PAGE.partition("\n## ")[0], re.MULTILINE)
