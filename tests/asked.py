"""Commands asked of the small world, as a reader would type them."""

import functools
import json
from contextlib import contextmanager
from typing import NamedTuple

import pytest
import small

from geo import cache, cli, layers


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@contextmanager
def world(tmp_path_factory):
    """The small world, built, for as long as a module's tests run."""
    path = small.built(tmp_path_factory.mktemp("world") / "layers")
    with reading_once(tmp_path_factory):
        yield path


@contextmanager
def reading_once(tmp_path_factory):
    """A cache of its own for composites, and layers read again only when they have changed."""
    load = functools.cache(lambda source, _stamp: read(source))
    read = layers.load
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))
        patch.setattr(layers, "load", lambda source: load(source, layers.stamp(source)))
        yield


@contextmanager
def with_claim(folder, line):
    """The world with one more line in its table of claims, for a moment."""
    path = folder / "claims.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}{line}\n", encoding="utf-8")
    layers.write(folder)
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")
        layers.write(folder)


def run(capsys, folder, *typed):
    code = cli.main([str(word) for word in typed], folder=folder)
    return Answer(code, *capsys.readouterr())
