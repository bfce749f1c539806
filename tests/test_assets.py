"""What the browser is given: files named after their content, at addresses of our own."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from xstatic.pkg import leaflet

from geo import browser
from geo.pages import assets

PAYLOAD = "data-0123456789abcdef.js"


@pytest.fixture(scope="module")
def addresses():
    return assets.addresses(PAYLOAD)


def ours(addresses):
    return [addresses.styles, *addresses.scripts]


def test_every_address_is_relative_to_the_frame_of_the_map(addresses):
    everything = [addresses.leaflet_js, addresses.leaflet_css, *ours(addresses)]
    assert all(re.fullmatch(r"\.\./[\w.]+/[\w.-]+", address) for address in everything)


def test_the_name_of_a_file_is_the_hash_of_its_content(addresses):
    for address in ours(addresses)[:-1]:
        name = address.rpartition("/")[2]
        content = (assets._folder() / name).read_bytes()
        assert re.search("-([0-9a-f]{16})[.]", name)[1] == hashlib.sha256(content).hexdigest()[:16]


def test_scripts_reach_the_browser_in_one_file_as_they_lie_in_the_repository(addresses):
    ours, _ = addresses.scripts
    sent = (assets._folder() / ours.rpartition("/")[2]).read_text("utf-8")
    assert sent == browser.text(*browser.MAP)


def test_the_only_thing_a_file_is_told_is_where_the_typeface_is(addresses):
    sent = (assets._folder() / addresses.styles.rpartition("/")[2]).read_text("utf-8")
    assert sent == assets.text("overlay.css").replace("TYPEFACE", assets._typeface())
    assert "TYPEFACE" not in sent
    assert re.fullmatch(
        r"\.\./\.\./static/media/SourceSansVF-Upright[\w.-]*\.woff2", assets._typeface()
    )


def test_the_data_are_named_last_and_as_published(addresses):
    assert addresses.scripts[-1] == assets.address(PAYLOAD)


def test_leaflet_is_where_its_package_keeps_it(addresses):
    for address in (addresses.leaflet_js, addresses.leaflet_css):
        assert (Path(leaflet.BASE_DIR) / address.rpartition("/")[2]).is_file()


def test_the_same_content_is_written_once():
    first, second = (assets._write("twice", ".js", b"same") for _ in range(2))
    assert first == second
    assert assets._write("twice", ".js", b"other") != first


def test_data_that_left_the_cache_are_deleted_after_a_while_and_never_those_still_in_it(
    monkeypatch,
):
    now = [0.0]
    monkeypatch.setattr(assets, "monotonic", lambda: now[0])
    shelf = assets._Shelf()

    def there(name):
        return (assets._folder() / name).is_file()

    def put(content):
        return shelf.put(assets._write("shelf", ".js", content))

    twice, once = put(b"named by two entries"), put(b"named by one entry")
    assert put(b"named by two entries") == twice
    shelf.release(once)
    shelf.release(twice)
    now[0] = assets.GRACE
    put(b"another")
    assert there(once)  # a browser may be about to fetch it
    now[0] = assets.GRACE + 1
    put(b"yet another")
    assert not there(once)
    assert there(twice)
    shelf.release(twice)
    now[0] *= 2
    assert put(b"named by two entries") == twice  # asked for again in time
    now[0] *= 2
    put(b"one more")
    assert there(twice)


def test_the_caches_release_the_files_of_the_entries_they_drop():
    for cached in (assets.publish, assets.publish_answers):
        assert cached._info.on_release == assets._shelf.release


def test_the_files_go_when_the_app_ends():
    asked = "from geo.pages import assets; print(assets._folder(), assets._folder().is_dir())"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    folder, was_there = ran.stdout.split()
    assert was_there == "True"
    assert not Path(folder).exists()


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (Path(assets.__file__).parents[1] / "browser").iterdir())
)
def test_no_file_for_the_browser_names_another_host_or_writes_markup(name):
    text = assets.text(name)
    named = re.findall(r"https?://[\w.-]+", text)
    assert set(named) <= {"http://www.w3.org"}  # the namespace of SVG, which is asked nothing
    if name.endswith(".js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\{\{",
            text,
        )
