"""How to cite a view of the map: as a sentence, as BibTeX and as CSL-JSON, with both its dates."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date

from geo.layers import Dataset
from geo.view import View

ADDRESS = "ADDRESS"  # stands for the address, which only the browser knows


def formats(
    view: View, dataset: Dataset, accessed: date, layers: Sequence[str] = ()
) -> dict[str, str]:
    """The citation of one view, by format: `text`, `bibtex`, `csl`.

    `layers` says which layers are off, see `roster.said`.

    `ADDRESS` stands where the address of the view belongs. Both dates, that of the map and that of
    the knowledge behind it, and the version of the data are in each.
    """
    known_on = min(view.known_on or accessed, accessed)
    language = view.language
    title = language.say(
        "{title}: {day}, as known on {known_on} (data version {version})",
        title=language.field(dataset, "title"),
        day=language.day(view.day),
        known_on=language.day(known_on),
        version=dataset.version,
    )
    if layers:
        title = language.say("{title}, {heard}", title=title, heard=", ".join(layers))
    read = language.say("Accessed {day}.", day=language.day(accessed))
    return {
        "text": f"{title}. {dataset.licence}. {read} {ADDRESS}",
        "bibtex": _bibtex(title, view, dataset, accessed),
        "csl": json.dumps(_csl(title, view, dataset, accessed), ensure_ascii=False, indent=2),
    }


def _authors(view: View, dataset: Dataset) -> str:
    title = view.language.field(dataset, "title")
    return view.language.say("{title} contributors", title=title)


def _key(view: View, dataset: Dataset) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{dataset.title_en} {view.day} {dataset.version}".lower())


def _bibtex(title: str, view: View, dataset: Dataset, accessed: date) -> str:
    fields = {
        "title": f"{{{title}}}",
        "author": f"{{{_authors(view, dataset)}}}",
        "year": str(accessed.year),
        "version": dataset.version,
        "langid": {"en": "english", "fr": "french"}[view.language.code],
        "url": ADDRESS,
        "urldate": accessed.isoformat(),
        "note": dataset.licence,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{_key(view, dataset)},\n{lines}\n}}"


def _csl(title: str, view: View, dataset: Dataset, accessed: date) -> list[dict[str, object]]:
    day = {"date-parts": [[accessed.year, accessed.month, accessed.day]]}
    return [
        {
            "id": "mali-control-map",
            "type": "map",
            "title": title,
            "author": [{"literal": _authors(view, dataset)}],
            "language": view.language.tag,
            "version": dataset.version,
            "issued": {"date-parts": [[accessed.year]]},
            "accessed": day,
            "URL": ADDRESS,
            "license": dataset.licence,
        }
    ]
