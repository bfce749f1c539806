"""Films: a picture day by day, as MP4 or GIF. Only what the day changes is drawn again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from numpy.typing import NDArray
from PIL import Image

from geo.errors import SnapshotError
from geo.layers import Layers
from geo.snapshots import cartography, drawing, labels, metadata, scene, typeset
from geo.snapshots.drawing import Film, Subject
from geo.snapshots.ink import NOTHING
from geo.snapshots.labels import Label
from geo.snapshots.paper import Paper
from geo.snapshots.request import Snapshot
from geo.snapshots.scene import Scene, Town
from geo.timeline import Timeline

ENDINGS = (".gif", ".mp4")
FRAMES, RATE = 120, 12  # how many, and how many a second
HELD = 2.0  # seconds that the first and the last frame stand
GIF_WIDTH, GIF_BYTES = 800, 5_000_000  # what posts and mails take

_COLOURS = (256, 160, 96, 64)  # of a GIF, until it is small enough
_MOST_FRAMES = 3000
_SCALE = "scale=out_color_matrix=bt709:out_range=tv:threads=1"
_INCH = 72

Tell = Callable[[int, int], None]  # frames done, and of how many
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """A film, ready to be shot.

    Attributes
    ----------
    subject
        What is drawn; its snapshot shows the last day.
    days
        One a frame, in order.
    """

    subject: Subject
    days: tuple[date, ...]

    @property
    def drawn(self) -> int:
        """How many different maps it has."""
        film = self.subject.film
        return len(film.scenes) if film is not None else 1


def days(first: date, last: date, most: int = FRAMES) -> tuple[date, ...]:
    """At most so many days from first to last, both among them, as even as days can be."""
    span = (last - first).days
    count = min(most, span + 1)
    steps = np.rint(np.linspace(0, span, count)).astype(int)
    return tuple(first + timedelta(days=int(step)) for step in steps)


def prepare(snapshot: Snapshot, layers: Layers, timeline: Timeline, shown: Sequence[date]) -> Reel:
    """Gather what a film of some days shows.

    Parameters
    ----------
    snapshot
        The picture of the last day.
    shown
        One day a frame, in order.

    Raises
    ------
    SnapshotError
        There are fewer than two days or more than 3000, a day lies outside the data, or the preset
        shows several.
    """
    language = snapshot.view.language
    if not 2 <= len(shown) <= _MOST_FRAMES or list(shown) != sorted(set(shown)):  # noqa: PLR2004
        raise SnapshotError(
            language.say(
                "A film has from 2 to {most} different days, in order. Choose a later last day, "
                "or another number of frames.",
                most=_MOST_FRAMES,
            )
        )
    scenes: list[Scene] = []
    before: object = None
    for day in shown:
        state = scene.states(timeline, day)
        if state != before:
            scenes.append(scene.on(layers, timeline, day, language, claimed=snapshot.view.claimed))
        before = state
    last = replace(snapshot, view=replace(snapshot.view, day=shown[-1]))
    with typeset.settings():
        subject = Subject(last, layers, timeline, film=Film(tuple(shown), tuple(scenes)))
    return Reel(subject, tuple(shown))


def shoot(reel: Reel, *, width: int | None = None) -> Iterator[Pixels]:
    """The frames, (height, width, 3) uint8, one a day.

    Parameters
    ----------
    width
        In pixels; None: that of the preset.
    """
    stage = _Stage(reel, width)
    for day in reel.days:
        yield stage.frame(day)


def mp4(reel: Reel, tell: Tell, *, rate: int = RATE) -> bytes:
    """The film as MP4: H.264, yuv420p, what any player plays; first and last frame held."""
    about = metadata.of(reel.subject)
    told = {
        "title": about.title,
        "comment": about.record,
        "description": f"{about.description} {about.link}".strip(),
        "copyright": about.rights,
        "artist": about.credit,
        "date": about.made.isoformat(),
    }
    with tempfile.TemporaryDirectory() as for_now:
        path = Path(for_now) / "film.mp4"
        width, height = reel.subject.snapshot.preset.pixels
        writer = imageio_ffmpeg.write_frames(
            str(path),
            (width, height),
            fps=rate,
            codec="libx264",
            pix_fmt_in="rgb24",
            pix_fmt_out="yuv420p",
            quality=None,
            macro_block_size=2,
            ffmpeg_log_level="error",
            output_params=[
                # One thread each: of several, a busy machine decides who sees what of whose work.
                *("-crf", "20", "-preset", "medium", "-tune", "animation", "-threads", "1"),
                *("-filter_threads", "1"),
                # Colours as on screens; without the words players would guess.
                *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
                # Exact rounding: the fast way may depend on where in memory a frame lies.
                *("-vf", f"{_SCALE}:flags=bicubic+accurate_rnd+bitexact", "-color_range", "tv"),
                *("-movflags", "+faststart", "-fflags", "+bitexact", "-flags:v", "+bitexact"),
                *(part for key, text in told.items() for part in ("-metadata", f"{key}={text}")),
            ],
        )
        writer.send(None)
        for number, (pixels, held) in enumerate(_held(reel, shoot(reel), rate), start=1):
            for _ in range(held):
                writer.send(pixels)
            tell(number, len(reel.days))
        writer.close()
        return path.read_bytes()


def gif(reel: Reel, tell: Tell, *, rate: int = RATE) -> bytes:
    """The film as GIF, 800 pixels wide; with fewer colours where it would pass 5 MB."""
    about = metadata.of(reel.subject)
    wide = min(GIF_WIDTH, reel.subject.snapshot.preset.pixels[0])
    frames, times = [], []
    for number, (pixels, held) in enumerate(_held(reel, shoot(reel, width=wide), rate), start=1):
        frames.append(pixels)
        times.append(round(1000 * held / rate))
        tell(number, len(reel.days))
    comment = " ".join(filter(None, (about.title, about.code, about.link, about.record))).encode()
    content = b""
    for colours in _COLOURS:
        content = _packed(frames, times, comment, colours)
        if len(content) <= GIF_BYTES:
            break
    return content


WRITERS: dict[str, Callable[..., bytes]] = {".gif": gif, ".mp4": mp4}


def name(reel: Reel, ending: str) -> str:
    """What a film is called."""
    return metadata.name(reel.subject, ending, days=(reel.days[0], reel.days[-1]))


def _held(reel: Reel, frames: Iterator[Pixels], rate: int) -> Iterator[tuple[Pixels, int]]:
    """Frames, and for how many beats each stands."""
    last = len(reel.days) - 1
    for number, pixels in enumerate(frames):
        yield pixels, max(1, round(HELD * rate)) if number in {0, last} else 1


def _packed(frames: Sequence[Pixels], times: Sequence[int], comment: bytes, colours: int) -> bytes:
    palette = _palette(frames, colours)
    nearest: dict[int, int] = {}
    plain = [_indexed(frame, palette, nearest) for frame in frames]
    file = BytesIO()
    plain[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=plain[1:],
        duration=list(times),
        loop=0,
        optimize=False,
        disposal=1,
        comment=comment,
    )
    return file.getvalue()


def _palette(frames: Sequence[Pixels], colours: int) -> Pixels:
    """(colours, 3): one palette for all frames, so that nothing flickers.

    Half of it are the colours that cover most: fills and hatches keep their very own, however
    little ground they have. The rest is spread over what lies between, the edges of letters.
    """
    some = [frames[i] for i in np.unique(np.linspace(0, len(frames) - 1, 8).astype(int))]
    pixels = np.concatenate([frame.reshape(-1, 3) for frame in some])
    found, counts = np.unique(_numbers(pixels), return_counts=True)
    often = found[np.argsort(-counts, kind="stable")][: colours // 2]
    flat = np.stack([often >> 16, often >> 8 & 255, often & 255], axis=1).astype(np.uint8)
    side = int(len(pixels) ** 0.5)
    sample = Image.fromarray(pixels[: side * side].reshape(side, side, 3))
    rest = sample.quantize(colours - len(flat), method=Image.Quantize.MAXCOVERAGE)
    spread = np.array(rest.getpalette(), dtype=np.uint8).reshape(-1, 3)
    return np.concatenate([flat, spread])[:colours]


def _indexed(frame: Pixels, palette: Pixels, nearest: dict[int, int]) -> Image.Image:
    """A frame in the colours of the palette; Pillow's own way rounds them, and white turns grey.

    `nearest` remembers the place in the palette of every colour met so far.
    """
    found, where = np.unique(_numbers(frame), return_inverse=True)
    new = np.array([number for number in found.tolist() if number not in nearest], dtype=np.int64)
    if len(new):
        parts = np.stack([new >> 16, new >> 8 & 255, new & 255], axis=1)
        distance = ((parts[:, None, :] - palette[None, :, :].astype(np.int64)) ** 2).sum(axis=2)
        nearest.update(zip(new.tolist(), distance.argmin(axis=1).tolist(), strict=True))
    places = np.array([nearest[number] for number in found.tolist()], dtype=np.uint8)
    image = Image.fromarray(places[where].reshape(frame.shape[:2]))
    image.putpalette(palette.ravel().tolist())
    return image


def _numbers(pixels: Pixels) -> NDArray[np.int64]:
    """Colours as whole numbers, 0xrrggbb."""
    numbers: NDArray[np.int64] = pixels.astype(np.int64) @ np.array([65536, 256, 1])
    return numbers


class _Stage:
    """The page of a film: what stays is drawn once, the map when it changes, the date each day."""

    def __init__(self, reel: Reel, width: int | None) -> None:
        self._subject = reel.subject
        self._where = reel.subject.frames[0]
        preset = reel.subject.snapshot.preset
        self._page = Paper(preset.width, preset.height)
        self._page.figure.set_dpi(preset.dpi if width is None else _INCH * width / preset.width)
        self._canvas = FigureCanvasAgg(self._page.figure)
        film = reel.subject.film
        self._scenes = {s.day: s for s in (film.scenes if film is not None else ())}
        self._names, self._clocks = self._placed()
        with typeset.settings():
            drawing.surround(self._page, self._subject)
            cartography.ground(self._page, self._subject.base, self._where)
            self._canvas.draw()
            self._bare = self._canvas.copy_from_bbox(self._page.figure.bbox)
            self._lettering = self._added(
                lambda: cartography.names(self._page, self._names, self._where)
            )
        self._lines: dict[str, list[Artist]] = {}
        self._map = self._bare

    def frame(self, day: date) -> Pixels:
        """The picture of a day."""
        with typeset.settings():
            if day in self._scenes:
                self._draw_map(self._scenes[day])
            self._canvas.restore_region(self._map)
            dated = self._added(lambda: self._set_date(day))
            self._show(dated)
            self._page.remove(dated)
            return np.asarray(self._canvas.buffer_rgba())[:, :, :3].copy()

    def _draw_map(self, shown: Scene) -> None:
        page, where, palette = self._page, self._where, self._subject.palette
        self._canvas.restore_region(self._bare)
        towns = {label.town for label in self._names}
        states = self._added(lambda: cartography.states(page, shown, where, palette))
        if shown.edition not in self._lines:
            self._lines[shown.edition] = self._added(
                lambda: cartography.lines(page, self._subject.base, shown, where)
            )
        free = [at for at in labels.clocks(shown, where) if at in self._clocks]
        marks = self._added(lambda: cartography.clocks(page, free, where))
        marks += self._added(lambda: cartography.symbols(page, shown, where, palette, towns))
        for artists in (states, self._lines[shown.edition], marks, self._lettering):
            self._show(artists)
        self._page.remove([*states, *marks])
        self._map = self._canvas.copy_from_bbox(self._page.figure.bbox)

    def _set_date(self, day: date) -> None:
        language, line = self._subject.language, self._subject.plan.dates[0]
        side = self._subject.snapshot.preset.panel == "side"
        room = (self._where.box.left if side else self._where.box.right) - line.x
        said = language.say("Situation on {day}", day=language.day(day))
        text = said if typeset.width(said, line.style) <= room else language.day(day)
        drawing.set_lines(self._page, [replace(line, text=text)], "date")

    def _added(self, draw: Callable[[], None]) -> list[Artist]:
        before = self._page.mark()
        draw()
        return self._page.since(before)

    def _show(self, artists: Sequence[Artist]) -> None:
        for artist in artists:
            self._page.figure.draw_artist(artist)

    def _placed(self) -> tuple[tuple[Label, ...], set[tuple[float, float]]]:
        """Names that hold for the whole film, clear of whatever is ever drawn."""
        everywhere = merged([*self._scenes.values()])
        names, free = self._subject.labels(everywhere, self._where)
        return names, set(free)


def merged(scenes: Sequence[Scene]) -> Scene:
    """A scene with all towns, rings and plates of several: what names must keep clear of."""
    last = scenes[-1]
    towns = []
    for versions in zip(*(sorted(s.towns, key=lambda town: town.key) for s in scenes), strict=True):
        told: Town = next((town for town in versions if town.look != NOTHING), versions[-1])
        rings = sorted({ring for town in versions for ring in town.rings})
        badges = sorted({badge for town in versions for badge in town.badges})
        towns.append(replace(told, rings=tuple(rings), badges=tuple(badges)))
    clocks = tuple(dict.fromkeys(clock for one in scenes for clock in one.clocks))
    ordered = tuple(sorted(towns, key=lambda town: (town.rank, town.key)))
    return replace(last, towns=ordered, clocks=clocks)
