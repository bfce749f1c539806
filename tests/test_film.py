import io
import subprocess
from datetime import date, timedelta

import drawn
import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from geo.errors import SnapshotError
from geo.languages import FRENCH
from geo.snapshots import film, ink, presets, seal
from geo.snapshots.request import Snapshot
from geo.view import View

FIRST, LAST = date(2013, 12, 1), date(2024, 2, 10)
COUNT = 6


@pytest.fixture(scope="module")
def reel():
    known, resolved = drawn.small_world()
    snapshot = Snapshot(View(LAST, language=FRENCH), presets.named("square"))
    return film.prepare(snapshot, known, resolved, film.days(FIRST, LAST, COUNT))


@pytest.fixture(scope="module")
def frames(reel):
    return list(film.shoot(reel))


@pytest.fixture(scope="module")
def mp4(reel):
    told = []
    return film.mp4(reel, lambda done, of: told.append((done, of))), told


def decoded(content, path, size):
    """What ffmpeg tells of a film, and its frames."""
    path.write_bytes(content)
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    run = subprocess.run([ffmpeg, "-i", str(path), *raw], capture_output=True, check=True)
    return run.stderr.decode(errors="replace"), np.frombuffer(run.stdout, np.uint8).reshape(
        -1, size, size, 3
    )


def apart(one, other):
    return np.abs(one.astype(int) - other.astype(int)).mean()


def test_days_are_even_and_have_both_ends():
    days = film.days(date(2024, 1, 1), date(2024, 1, 31), 4)
    assert days == tuple(date(2024, 1, 1) + timedelta(days=10 * step) for step in range(4))
    assert len(film.days(date(2024, 1, 1), date(2024, 1, 3), 120)) == 3


def test_the_date_of_every_frame_is_drawn(reel, frames):
    line = reel.subject.plan.dates[0]
    height = frames[0].shape[0]
    top, bottom = (int(height - edge) for edge in (line.room.top, line.room.bottom))
    dates = [frame[top:bottom, int(line.x) : int(line.x) + 500] for frame in frames]
    assert len({date.tobytes() for date in dates}) == COUNT
    assert all(date.min() < 80 for date in dates)


def test_only_what_a_day_changes_is_drawn_again(reel, monkeypatch):
    drawn_maps = []
    draw = film._Stage._draw_map
    monkeypatch.setattr(
        film._Stage, "_draw_map", lambda self, s: (drawn_maps.append(s.day), draw(self, s))
    )
    days = film.days(LAST - timedelta(days=3), LAST, 4)
    known, resolved = drawn.small_world()
    still = film.prepare(reel.subject.snapshot, known, resolved, days)
    assert len(list(film.shoot(still))) == 4
    assert drawn_maps == [days[0]]
    assert still.drawn == 1


def test_what_stays_is_the_same_in_every_frame(reel, frames):
    lines = reel.subject.plan.lines
    bottom = min(line.room.bottom for line in lines)
    top = max(line.room.top for line in lines if line.room.top < reel.subject.plan.locator.top + 5)
    height = frames[0].shape[0]
    foot = [frame[int(height - top) : int(height - bottom)] for frame in frames]
    assert all((part == foot[0]).all() for part in foot)


def test_mp4_is_what_any_player_plays_and_holds_its_ends(mp4, frames, tmp_path):
    content, told = mp4
    about, shown = decoded(content, tmp_path / "film.mp4", 1080)
    stream = next(line for line in about.splitlines() if "Video: h264" in line)
    assert "yuv420p(tv, bt709" in stream
    assert "1080x1080" in stream
    held = round(film.HELD * film.RATE)
    assert len(shown) == COUNT - 2 + 2 * held
    assert told == [(number, COUNT) for number in range(1, COUNT + 1)]
    # Every frame is that of its date: nearer to the one drawn for it than to any other.
    order = [0] * held + list(range(1, COUNT - 1)) + [COUNT - 1] * held
    for number in (0, held - 1, *range(held, held + COUNT - 2), len(shown) - 1):
        distances = [apart(shown[number], frame) for frame in frames]
        assert int(np.argmin(distances)) == order[number]
        assert min(distances) < 5


def test_mp4_carries_title_and_record(mp4, reel):
    content, _ = mp4
    assert reel.subject.words.headline.encode() in content
    assert seal.read(content).code == reel.subject.code


def test_gif_is_small_holds_its_ends_and_carries_its_record(reel):
    content = film.gif(reel, lambda _done, _of: None)
    assert len(content) <= film.GIF_BYTES
    assert seal.read(content).code == reel.subject.code
    with Image.open(io.BytesIO(content)) as gif:
        assert gif.size == (800, 800)
        assert gif.n_frames == COUNT
        times = []
        for number in range(COUNT):
            gif.seek(number)
            times.append(gif.info["duration"])
        gif.seek(COUNT - 1)
        last = np.asarray(gif.convert("RGB"))
    wide = list(film.shoot(reel, width=800))[-1]
    fills = [
        ink.fill(look, reel.subject.palette) for look, _ in reel.subject.film.scenes[-1].grounds
    ]
    flat = {colour for fill in fills for colour in (fill.ground, *filter(None, fill.bands))}
    kept = 0
    for colour in flat:
        parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        drawn_so = (wide == parts).all(axis=2)
        kept += drawn_so.sum() > 20  # thinner bands are all edges
        assert (last[drawn_so] == parts).all()
    assert kept >= 2
    assert times[0] == times[-1] == 2000
    assert set(times[1:-1]) == {80}


def test_a_film_made_twice_is_the_same_twice(reel, mp4):
    assert film.mp4(reel, lambda _done, _of: None) == mp4[0]


def test_the_headline_of_a_film_names_its_ends(reel):
    assert reel.subject.words.headline.endswith("de décembre 2013 à février 2024")
    assert film.name(reel, ".mp4").startswith("mali-control_2013-12-01_2024-02-10_known-")


@pytest.mark.parametrize("count", [1, 0])
def test_a_film_of_one_day_is_refused(reel, count):
    known, resolved = drawn.small_world()
    with pytest.raises(SnapshotError, match="Un film a de 2 à 3000 jours"):
        film.prepare(reel.subject.snapshot, known, resolved, [LAST] * count)
