"""The page on method says what docs/method.md says, in both languages."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from geo.languages import ENGLISH, FRENCH
from geo.pages import method


def page():
    from geo.pages import method  # noqa: PLC0415 -- the body is a script of its own

    method.show()


def words(text):
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_the_page_is_the_whole_text_of_the_file(monkeypatch, tmp_path, language):
    monkeypatch.chdir(tmp_path)  # from any working directory
    app = AppTest.from_function(page)
    app.query_params["lang"] = language.code
    app.run()
    assert not app.exception
    title, *headings = [heading.value for heading in (*app.title, *app.header)]
    lead, contents, *parts = [element.value for element in app.markdown]
    shown = [title, lead]
    for heading, part in zip(headings, parts, strict=True):
        assert f"[{heading}](#part-" in contents
        shown += [heading, part]
    file = (method.DOCS / method.FILES[language.code]).read_text("utf-8")
    own = re.sub(r"\*(In English|En français) ?: \[.*?\)\.\*", "", file)
    own = own.replace("[claims.md](claims.md)", "docs/claims.md")
    assert words("\n".join(shown)) == words(own)


def test_both_languages_have_the_same_parts():
    parts = {language: method.read(language)[2] for language in (ENGLISH, FRENCH)}
    assert len(parts[ENGLISH]) == len(parts[FRENCH]) > 10
    assert [p.anchor for p in parts[ENGLISH]] == [p.anchor for p in parts[FRENCH]]


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_no_link_leads_to_a_file_that_the_page_does_not_have(language):
    _, lead, parts = method.read(language)
    text = lead + "".join(part.text for part in parts)
    assert not re.findall(r"\]\((?!https?:)", text)
