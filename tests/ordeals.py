"""What a store must outlive: done for real, few times in the tests, many times in `reliability.py`.

Every ordeal raises AssertionError unless the store is whole afterwards, and returns its figures.
Processes are forked: they are there at once, and are killed at any moment of their work.
"""

import contextlib
import os
import random
import resource
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
import uploads
from uploads import EDITOR, MONDAY

from geo.errors import StoreError
from geo.store import backup, desk, engine, shelf, trail, where

CLAIMS = 150
BYTES = 600_000


@contextlib.contextmanager
def opened(address):
    store = engine.Store(address)
    try:
        yield store
    finally:
        store.close()


def given(number):
    """A file large enough for a publish to take a while, unlike any other."""
    data = random.Random(number).randbytes(BYTES)
    return replace(_LARGE, data=data, report=_reported(data))


def _reported(data):
    return replace(_LARGE.report, sha256=uploads.hashlib.sha256(data).hexdigest())


_LARGE = uploads.upload(*uploads.many(CLAIMS), title="Large")


def whole(store, acknowledged=()):
    """Assert that everything is as it was written, and that nothing acknowledged is missing."""
    verdict = trail.verify(store, EDITOR)
    assert not verdict.faults, [str(fault) for fault in verdict.faults]
    if store.file is not None:
        with store.reading() as connection:
            assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
            assert not connection.execute(sa.text("PRAGMA foreign_key_check")).all()
    found = {one.layer: one for one in shelf.layers(store, EDITOR)}
    for layer, content in acknowledged:
        shown = found[layer].shown
        assert shown is not None
        assert shown.content == content
        assert len(shelf.claims(store, EDITOR, layer, shown.version)) == shown.claims
    for one in found.values():
        assert one.shown is not None, f"{one.layer} is half a layer"
    return verdict


def forked(work):
    """Run `work(tell)` in a process of its own; its number, and where it tells."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    code = 1
    try:
        os.close(reader)
        work(lambda *words: os.write(writer, (" ".join(map(str, words)) + "\n").encode()))
        code = 0
    finally:
        os._exit(code)


def told(reader):
    """Everything a process has told, once it is gone."""
    with os.fdopen(reader, encoding="utf-8") as pipe:
        return [line.split() for line in pipe.read().splitlines()]


# ---- kill -9


def killed(address, times, *, most_seconds=0.4, fresh=None, seed=0):
    """Kill a process that publishes, at random moments.

    Parameters
    ----------
    fresh
        Called before each time with no argument: it takes the store away, so that its making is
        killed too. None: the same store all the time.
    """
    dice, acknowledged, begun = random.Random(seed), [], time.monotonic()
    unknown = all_told = 0
    for number in range(times):
        if fresh is not None:
            fresh()
            acknowledged = []

        def work(tell, number=number):
            with opened(address) as store:
                for step in range(1_000_000):
                    tell("begins")
                    done = desk.put_up(store, EDITOR, given(number * 1000 + step), at=MONDAY)
                    tell(done.layer.layer, done.layer.newest.content)

        process, reader = forked(work)
        time.sleep(dice.uniform(0, most_seconds))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        heard = told(reader)
        acknowledged += [words for words in heard if len(words) == 2]
        all_told += len(heard) // 2
        unknown += bool(heard) and heard[-1] == ["begins"]
        if fresh is not None or number == times - 1 or number % 10 == 9:
            with opened(address) as store:
                kept = whole(store, acknowledged)
    return {
        "times": times,
        "in the middle": unknown,
        "acknowledged": all_told,
        "entries": kept.entries,
        "seconds": time.monotonic() - begun,
    }


# ---- two writers


def two_writers(address, publishes):
    """Two processes publish as fast as they can, and quarrel about one layer in between."""
    with opened(address) as store:
        desk.put_up(store, EDITOR, uploads.upload(title="Shared"), at=MONDAY)
    begun = time.monotonic()

    def writer(name):
        def work(tell):
            longest = 0
            with opened(address) as store:
                for number in range(publishes):
                    start = time.monotonic()
                    own = uploads.upload(title=name, data=f"{name} {number}".encode())
                    done = desk.put_up(store, EDITOR, own, at=MONDAY)
                    longest = max(longest, time.monotonic() - start)
                    tell("own", done.layer.layer, done.layer.newest.content)
                    tell(*_quarrel(store, f"{name} shared {number}"))
            tell("longest", longest)

        return work

    made = [forked(writer(name)) for name in ("one", "two")]
    codes = [os.waitpid(process, 0)[1] for process, _ in made]
    heard = [words for _, reader in made for words in told(reader)]
    assert codes == [0, 0]
    own = [words[1:] for words in heard if words[0] == "own"]
    won = sum(words[0] == "won" for words in heard)
    assert len({layer for layer, _ in own}) == 2 * publishes
    with opened(address) as store:
        verdict = whole(store, own)
        shared = shelf.layer(store, EDITOR, "up1")
    assert len(shared.versions) == won + 1
    assert verdict.entries == 2 + 2 * len(own) + 2 * won
    return {
        "publishes": len(own),
        "won": won,
        "told that they were late": sum(words[0] == "lost" for words in heard),
        "longest wait": max(float(words[1]) for words in heard if words[0] == "longest"),
        "seconds": time.monotonic() - begun,
    }


def _quarrel(store, text):
    """Correct the one shared layer; who comes second is told."""
    rev = shelf.layer(store, EDITOR, "up1").rev
    mine = uploads.upload(title=text, data=text.encode(), corrects=("up1", rev))
    try:
        desk.put_up(store, EDITOR, mine, at=MONDAY)
    except StoreError as fault:
        _says(fault, "Somebody has changed layer up1")
        return ("lost",)
    return ("won",)


# ---- no room


@contextlib.contextmanager
def no_file_larger_than(size):
    """As on a full disk: any file past this size is refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def full_disk(address, times):
    """Publish where there is no room, with the limit at every place from the first byte on."""
    with opened(address) as store:
        acknowledged, refused = [], 0
        done = desk.put_up(store, EDITOR, given(0), at=MONDAY)
        acknowledged.append((done.layer.layer, done.layer.newest.content))
        for number in range(1, times + 1):
            room = Path(where.file_of(address)).stat().st_size
            room += (number - 1) * 2 * BYTES // times  # a publish needs a little more than BYTES
            with no_file_larger_than(room):
                try:
                    done = desk.put_up(store, EDITOR, given(number), at=MONDAY)
                except StoreError as fault:
                    _says(fault, "no room left")
                    refused += 1
                else:
                    acknowledged.append((done.layer.layer, done.layer.newest.content))
            whole(store, acknowledged)
        done = desk.put_up(store, EDITOR, given(times + 1), at=MONDAY)  # there is room again
        acknowledged.append((done.layer.layer, done.layer.newest.content))
        whole(store, acknowledged)
    assert refused
    return {"times": times, "refused": refused, "acknowledged": len(acknowledged)}


def full_server(address):
    """Publish on a server whose disk fills up, until it refuses; what it took must be whole."""
    acknowledged = []
    with opened(address) as store:
        for number in range(200):
            try:
                done = desk.put_up(store, EDITOR, given(number), at=MONDAY)
            except StoreError as fault:
                _says(fault, "no room left")
                break
            acknowledged.append((done.layer.layer, done.layer.newest.content))
        else:
            raise AssertionError("the disk never filled up")
        whole(store, acknowledged)
    return {"acknowledged": len(acknowledged)}


# ---- the server goes away


def restarted(server, address, times):
    """Stop and start PostgreSQL while one store, which is never opened anew, is in use."""
    acknowledged, told_of, slowest, healed = [], 0, 0.0, []
    stop, errors = threading.Event(), []
    with opened(address) as store:

        def use():
            nonlocal told_of, slowest
            number = 0
            while not stop.is_set():
                number += 1
                start = time.monotonic()
                try:
                    done = desk.put_up(store, EDITOR, given(number), at=MONDAY)
                    acknowledged.append((done.layer.layer, done.layer.newest.content))
                except StoreError as fault:
                    told_of += 1
                    slowest = max(slowest, time.monotonic() - start)
                    if "cannot be reached" not in str(fault):
                        errors.append(fault)
                    time.sleep(0.02)
                except Exception as fault:  # noqa: BLE001 -- whatever it is, it must be seen
                    errors.append(fault)

        store.prepare()
        user = threading.Thread(target=use)
        user.start()
        for _ in range(times):
            _until_more(lambda: len(acknowledged))
            server.stop("immediate")
            _until_more(lambda: told_of)
            server.start()
            start = time.monotonic()
            _until_more(lambda: len(acknowledged))
            healed.append(time.monotonic() - start)
        stop.set()
        user.join()
        assert not errors, errors
        whole(store, acknowledged)
    return {
        "times": times,
        "acknowledged": len(acknowledged),
        "told": told_of,
        "slowest answer": slowest,
        "slowest to heal": max(healed),
    }


def _says(fault, words):
    if words not in str(fault):
        raise AssertionError(str(fault)) from fault


def _until_more(count):
    before = count()
    _until(lambda: count() > before)


def _until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


# ---- backup under load


def backed_up(address, folder, times):
    """Back up while another process publishes; each backup is restored and compared."""

    def work(_tell):
        with opened(address) as store:
            for number in range(1_000_000):
                desk.put_up(store, EDITOR, given(number), at=MONDAY)
                time.sleep(0.2)

    begun, sizes = time.monotonic(), []
    process, reader = forked(work)
    try:
        with opened(address) as store:
            _until(lambda: len(shelf.layers(store, EDITOR)) > 1)
            made = []
            for number in range(times):
                target = folder / f"{number}.zip"
                made.append((target, backup.make(store, EDITOR, target, at=MONDAY)))
                sizes.append(target.stat().st_size)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(reader)
    with opened(address) as store:
        log = {entry["n"]: entry["hash"] for entry in trail.entries(store, EDITOR)}
        for number, (target, manifest) in enumerate(made):
            assert log[manifest.entries] == manifest.head
            moment = uploads.later(number + 1)
            backup.restore(store, EDITOR, target, at=moment, replace=True)
            verdict = whole(store)
            assert (verdict.entries, verdict.head) == (manifest.entries, manifest.head)
    return {
        "times": times,
        "layers": f"{made[0][1].layers} to {made[-1][1].layers}",
        "megabytes": f"{sizes[0] / 1e6:.1f} to {sizes[-1] / 1e6:.1f}",
        "seconds": time.monotonic() - begun,
    }
