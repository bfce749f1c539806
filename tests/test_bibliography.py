import pandas as pd
import pytest

from geo import bibliography
from geo.errors import LayerError


def row(source, **more):
    cells = dict.fromkeys((column.name for column in bibliography.COLUMNS), "")
    article = {"publisher": "RFI", "kind": "media", "reliability": "B", "read": "read"}
    return cells | article | {"source": source} | more


def parsed(*rows):
    lines = pd.Index(range(2, len(rows) + 2), name="line")
    return bibliography.parse(pd.DataFrame(rows, index=lines, dtype="str"))


def test_a_source_may_have_several_addresses_or_none():
    found = parsed(
        row("v70", address="https://example.org/a http://example.org/b"),
        row("named-afp", read="not-opened", reliability="F"),
    )
    assert found.loc["v70", "address"] == ("https://example.org/a", "http://example.org/b")
    assert found.loc["named-afp", "address"] == ()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "www.rfi.fr", "file:///etc/passwd", "https://a.ml data:text/html,x"],
)
def test_only_web_addresses_are_addresses(address):
    with pytest.raises(LayerError, match=r"line 2: address is .* Write web addresses"):
        parsed(row("v01", address=address))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"source": "V01"}, r"source is 'V01'. A key is lower-case ASCII words"),
        ({"kind": "blog"}, r"bibliography.csv, line 2: kind is 'blog'. Use one of"),
        ({"reliability": "G"}, r"reliability is 'G'. Use one of: A, B, C, D, E, F"),
        ({"read": "skimmed"}, r"read is 'skimmed'. Use one of: read, partly-read"),
        ({"published_on": "Feb 2012"}, r"published_on is 'Feb 2012'. Write a date as precise"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_and_a_remedy(cells, said):
    with pytest.raises(LayerError, match=said):
        parsed(row("v01") | cells)


def test_a_source_stands_once():
    with pytest.raises(LayerError, match=r"line 3: source is 'v01'. That key is taken"):
        parsed(row("v01"), row("v01"))
