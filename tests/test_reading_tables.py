import re

import pandas as pd
import pytest

from geo import tables
from geo.errors import LayerError
from geo.tables import Column

FILE = "towns.csv"
COLUMNS = (
    Column("town", "key", "Key."),
    Column("aliases", "names", "Other names.", required=False),
    Column("taken_on", "day", "Day.", required=False),
)


def read(text):
    return tables.read(text, COLUMNS, file=FILE)


def test_cells_are_text_and_an_empty_cell_is_empty_text():
    table = read("town,aliases,taken_on\nkidal,,2012-03-30\n")
    assert table.loc[2].tolist() == ["kidal", "", "2012-03-30"]


def test_blanks_around_a_cell_do_not_count():
    assert read("town,aliases,taken_on\n kidal ,,\n").loc[2, "town"] == "kidal"


def test_columns_may_stand_in_any_order():
    assert read("taken_on,town,aliases\n,gao,\n").columns.tolist() == [c.name for c in COLUMNS]


def test_a_byte_order_mark_and_windows_line_ends_are_read_over():
    assert read("\ufefftown,aliases,taken_on\r\ngao,,\r\n")["town"].tolist() == ["gao"]


def test_a_row_is_known_by_the_line_of_the_file_it_starts_on():
    table = read('town,aliases,taken_on\nkidal,"two\nlines",\n\ngao,,\n')
    assert table.index.tolist() == [2, 5]


def test_a_table_without_rows_has_its_columns():
    table = read("town,aliases,taken_on\n")
    assert table.empty
    assert tables.words(table["aliases"]).empty
    assert tables.days(table, ["taken_on"], file=FILE)["taken_on"].dtype == "datetime64[s]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "towns.csv is empty. Restore it"),
        ('town,aliases,taken_on\n"gao,,\n', "towns.csv, line 2: not readable as CSV"),
        ("town,aliases,taken_on\ngao,\n", "line 2: 2 cells, but the header has 3"),
        ("town,aliases,taken_on\ngao,a,b,\n", "line 2: 4 cells, but the header has 3"),
        ("town,aliases\n", "column 'taken_on' is missing"),
        ("town,aliases,taken_on,taken_on\n", "column 'taken_on' is not expected here, or stands"),
        ("town,aliases,taken_on,note\n", "column 'note' is not expected here"),
        ("town,aliases,taken_on\n,,\n", "line 2: town is empty. Fill it in"),
    ],
)
def test_a_damaged_table_is_refused_with_its_line_and_a_remedy(text, said):
    with pytest.raises(LayerError, match=re.escape(said)):
        read(text)


@pytest.mark.parametrize("day", ["30/03/2012", "2012-3-30", "2012-02-30", "2012", "٢٠١٢-03-30"])
def test_a_day_that_is_no_iso_day_is_refused(day):
    table = read(f"town,aliases,taken_on\nkidal,,{day}\n")
    with pytest.raises(LayerError, match=r"line 2: taken_on is .* Write days as YYYY-MM-DD"):
        tables.days(table, ["taken_on"], file=FILE)


def test_an_empty_day_is_no_day():
    table = tables.days(read("town,aliases,taken_on\ngao,,\n"), ["taken_on"], file=FILE)
    assert table["taken_on"].isna().tolist() == [True]


def test_names_in_one_cell_are_split_where_the_table_says():
    table = read("town,aliases,taken_on\ntombouctou,Timbuktu| Tin Buktu |,\n")
    assert tables.words(table["aliases"], joined_by="|").tolist() == [("Timbuktu", "Tin Buktu")]
    assert tables.words(table["town"]).tolist() == [("tombouctou",)]


def test_a_number_that_is_none_is_refused():
    cells = pd.DataFrame({"lon": ["-3.0", "", "west"]}, index=[2, 3, 4])
    with pytest.raises(LayerError, match=r"line 4: lon is 'west'. Write a number"):
        tables.numbers(cells, "lon", file=FILE)
    assert tables.numbers(cells.loc[:3], "lon", file=FILE).isna().tolist() == [False, True]


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e999"])
def test_a_number_is_finite(value):
    cells = pd.DataFrame({"lon": [value]}, index=[2])
    with pytest.raises(LayerError, match=r"Write a number"):
        tables.numbers(cells, "lon", file=FILE)


def test_a_key_of_the_wrong_form_is_refused():
    table = read("town,aliases,taken_on\nKidal,,\n")
    with pytest.raises(LayerError, match=r"town is 'Kidal'. A key is"):
        tables.keyed(table, "town", file=FILE)


def test_a_key_stands_once():
    table = read("town,aliases,taken_on\nkidal,,\nkidal,,\n")
    with pytest.raises(LayerError, match=r"line 3: town is 'kidal'. That key is taken"):
        tables.keyed(table, "town", file=FILE)


def test_a_word_outside_the_vocabulary_is_refused():
    table = read("town,aliases,taken_on\nkidal,big,\ngao,,\n")
    with pytest.raises(LayerError, match=r"line 3: aliases is empty. Use one of: big, small"):
        tables.check_one_of(table, "aliases", ("big", "small"), file=FILE)
    tables.check_one_of(table, "aliases", ("big", "small"), file=FILE, empty=True)


def test_a_list_names_only_keys_of_the_other_table():
    table = read("town,aliases,taken_on\nkidal,gao nowhere,\n")
    table = table.assign(aliases=tables.words(table["aliases"]))
    with pytest.raises(LayerError, match=r"names 'nowhere', which places.csv does not have"):
        tables.check_known(table, "aliases", {"gao"}, file=FILE, kept_in="places.csv")


def test_rows_are_plain_values_under_the_names_of_index_and_columns():
    places = pd.DataFrame(
        {
            "people": pd.array([26_000, None], dtype="Int64"),
            "day": pd.to_datetime(["2012-01-17", None]),
            "tags": [("a",), ()],
        },
        index=pd.Index(["kidal", "gao"], name="place"),
    )
    kidal, gao = tables.rows(places)
    assert kidal == {
        "place": "kidal",
        "people": 26_000,
        "day": pd.Timestamp("2012-01-17"),
        "tags": ("a",),
    }
    assert (gao["people"], gao["day"]) == (None, pd.NaT)


def test_a_row_is_found_by_its_key_and_belongs_to_whoever_asked():
    places = pd.DataFrame({"name": ["Gao"]}, index=pd.Index(["gao"], name="place"))
    tables.row(places, "gao")["name"] = "changed"
    assert tables.row(places, "gao") == {"place": "gao", "name": "Gao"}
    with pytest.raises(KeyError):
        tables.row(places, "kidal")


def test_rows_that_were_kept_go_with_their_frame():
    places = pd.DataFrame({"name": ["Gao"]}, index=["gao"])
    tables.row(places, "gao")
    kept = len(tables._known)
    del places
    assert len(tables._known) == kept - 1
