"""What every test in a browser relies on, tried on an address without a page: it costs nothing."""

from conftest import DESK, sitting
from reader import Reader

HEALTH = "_stcore/health"
LEFT = """() => [document.cookie.includes("left=1"), localStorage.length, sessionStorage.length]"""
LEAVE = """() => {
    document.cookie = "left=1; path=/";
    localStorage.left = sessionStorage.left = 1;
}"""
ASKS = "(address) => fetch(address, {mode: 'no-cors'}).then(() => 'answered', () => 'refused')"


def test_a_host_that_is_not_the_apps_is_refused_and_remembered(app, chromium):
    foreign = ["http://example.org/", "https://example.org/", "http://192.0.2.1/"]
    with chromium.tab() as page:
        reader = Reader(app, page)
        page.goto(app.address + HEALTH)
        assert [page.evaluate(ASKS, address) for address in foreign] == ["refused"] * 3
        assert page.evaluate(ASKS, app.address + HEALTH) == "answered"
        assert reader.foreign == foreign
        assert len(reader.errors) == 3
        reader.leave()


def test_nothing_is_left_to_the_next_reader(app, chromium):
    for _ in range(2):
        with sitting(app, chromium, **DESK) as reader:
            reader.page.goto(app.address + HEALTH)
            assert reader.page.evaluate(LEFT) == [False, 0, 0]
            assert reader.page.evaluate("() => history.length") <= 2
            reader.page.evaluate(LEAVE)
            assert reader.page.evaluate(LEFT) == [True, 1, 1]
