"""`compare-versions`: what one version of an uploaded layer says that another does not."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from geo import cache, layers
from geo.cli import console, files, options, records, texts, uploaded
from geo.cli.options import Commands
from geo.errors import StoreError
from geo.languages import Language
from geo.sheets import Sheet, rehearsal, revised
from geo.sheets.revised import Teller
from geo.store import known, people, revisions, shelf, where
from geo.store.revisions import ADDED, CHANGED, REMOVED, Revised, Revision

_ENDINGS = (".csv",)


def add(commands: Commands) -> None:
    """Add the command."""
    about = "what one version of an uploaded layer says that another does not"
    parser = commands.add_parser(
        "compare-versions",
        help=about,
        description=f"{about[0].upper()}{about[1:]}.",
        allow_abbrev=False,
    )
    parser.add_argument("layer", metavar="ID", help="of the layer: up1, up2 …")
    for name, dest, which in (("--from", "first", "earlier"), ("--to", "second", "later")):
        parser.add_argument(
            name,
            dest=dest,
            type=int,
            metavar="N",
            help=f"number of the {which} version; the newest two if left out",
        )
    parser.add_argument(
        "--date", type=options.day, metavar="DAY", help="also say what the map makes of it then"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the claims that differ to a .csv file, too"
    )
    options.add_json(parser)
    options.add_language(parser)
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    language = Language(asked.lang)
    if asked.out is not None:
        files.check(asked.out, _ENDINGS, texts.AREAS_ENDING, asked.lang)
    if where.absent(where.address()):
        raise StoreError(shelf.NO_LAYER, layer=asked.layer)
    with console.progress(3) as step:
        step(texts.READING.said(asked.lang))
        who, numbers = people.local(people.user()), (asked.first, asked.second)
        _, editions = revisions.read(uploaded.store(), who, asked.layer, numbers)
        before, after = editions
        revision = revisions.between(before.claims, after.claims)
        told = known.side_by_side(layers.load(folder), asked.layer, editions)
        teller = Teller(told, {**before.sources, **after.sources}, language)
        listed = revised.claims(revision, teller)
        ground = None
        if asked.date is not None:
            step(texts.CUTTING.said(asked.lang, count=len(told.claims)))
            cut = cache.composite(told.claims, told.units)
            ids = [known.apart(asked.layer, edition.version) for edition in editions]
            step(texts.RESOLVING.said(asked.lang))
            tried = revised.rehearsed(told, cut, ids[0], ids[1])
            heads = revised.heads(before.version, after.version, language)
            ground = rehearsal.ledger(tried, asked.date, language, heads)
    if asked.out is not None:
        files.put(asked.out, listed.csv().encode(), asked.lang)
    about = {"layer": asked.layer, "from": before.version, "to": after.version}
    if asked.json:
        console.write_json(about | _document(revision, ground, asked.date))
    else:
        console.write(_lines(about, listed, ground, language))
    return console.DONE


def _document(revision: Revision, ground: Sheet | None, day: date | None) -> dict[str, Any]:
    kinds = (ADDED, REMOVED, CHANGED)
    told: dict[str, Any] = {
        kind: [_plain(one) for one in revision.revised if one.kind == kind] for kind in kinds
    }
    told["same"] = revision.same
    told["date"] = day and str(day)
    told["ground"] = None if ground is None else [_line(row) for row in ground.rows]
    return told


def _plain(one: Revised) -> dict[str, Any]:
    sides = {"before": one.before, "after": one.after}
    plain = {
        name: None
        if row is None
        else records.plain({key: row[key] for key in row if key != "geometry"})
        for name, row in sides.items()
    }
    return {
        "claim_id": one.newest["claim_id"],
        **plain,
        "columns": list(one.columns),
        "redrawn": one.redrawn,
        "more_km2": round(one.more_km2, 2),
        "less_km2": round(one.less_km2, 2),
    }


def _line(row: tuple[Any, ...]) -> dict[str, Any]:
    where_, before, after, km2, decide, ended = row
    return {
        "where": where_.text,
        "before": before.text,
        "after": after.text,
        "km2": float(km2.value),
        "claim_ids": decide.text.split(),
        "ended_ids": ended.text.split(),
    }


def _lines(
    about: dict[str, Any], listed: Sheet, ground: Sheet | None, language: Language
) -> Iterator[str]:
    yield language.say("{layer}, version {to} against version {from}", **about)
    yield listed.lead
    for claim, change, place, what, more, less in (row for row in listed.rows):
        yield f"  {claim.text}  {change.text}"
        yield f"      {place.text}. {what.text}"
        if more.text or less.text:
            yield "      " + language.say(
                "ground: {more} km² more, {less} km² less",
                more=more.text or "0",
                less=less.text or "0",
            )
    if ground is not None:
        yield ""
        yield f"{ground.caption}. {ground.lead}"
        for place, before, after, km2, _, _ in ground.rows:
            field = f"  {place.text}, {km2.text} km²"
            yield language.say(
                "{field}: {old} → {new}", field=field, old=before.text, new=after.text
            )
