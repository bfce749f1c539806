"""What the buttons below a doubt say, and what a reader has answered: in words."""

from __future__ import annotations

from geo import details, words
from geo.errors import AreaRefError
from geo.ingest import Choice, Report
from geo.languages import Language, message
from geo.layers import Layers

# What the codes of an offer mean; other labels are names, the same in all languages.
LABELS = {
    "dmy": message("The day comes first"),
    "mdy": message("The month comes first"),
    "swap": message("Exchange longitude and latitude"),
    "exclusive": message("The first day after"),
    "inclusive": message("The last day"),
    "keep": message("Keep it as it is"),
    "contested": message("They contest it"),
    "shared": message("They hold it jointly"),
    "end": message("Claims end where days have no file"),
    "hold": message("Claims last over days without a file"),
}
_ANSWERED = {
    ("axes", "keep"): message("Longitude and latitude stay as they are"),
    ("outside", "keep"): message("Ground outside Mali is meant"),
    ("conflicts", "keep"): message("Two holders of the same ground are kept"),
    ("leave_out", "refused"): message("Whatever is refused is left out"),
}
# What coordinates of Mali are likely in; a number alone says nothing to most readers.
SYSTEMS = {
    "EPSG:4326": message("degrees, WGS 84"),
    "EPSG:32628": message("metres, UTM zone 28 north"),
    "EPSG:32629": message("metres, UTM zone 29 north"),
    "EPSG:32630": message("metres, UTM zone 30 north"),
    "EPSG:32631": message("metres, UTM zone 31 north"),
    "EPSG:3857": message("metres of a web map"),
}
FIELD_NAMES = {
    "source": message("Source"),
    "actor": message("Actor"),
    "status": message("Status"),
    "confidence": message("Confidence"),
    "valid_from": message("First day"),
    "valid_to": message("First day after"),
    "reported_on": message("Day of the report"),
    "sources": message("Sources"),
    "place": message("Place"),
    "lon": message("Longitude"),
    "lat": message("Latitude"),
}
_SENTENCES = {
    "crs": message("Coordinates are in {meant}"),
    "dates": message("In days such as 03/04/2025: {meant}"),
    "ends": message("The end of a claim is: {meant}"),
    "gaps": "{meant}",
    "several": message("Several actors in one cell: {meant}"),
    "axes": "{meant}",
    "layer": message("Layer of the file: {meant}"),
    "leave_out": message("Left out are the features {meant}"),
    "radius_km": message("Discs around points reach {meant} km"),
}
_CODED = ("axes", "dates", "ends", "gaps", "several")
_MEANS, _NEW = message("“{text}” means {meant}"), "new"


def label(choice: Choice, layers: Layers, language: Language) -> str:
    """What the button of an answer says."""
    for name, value in choice.defaults.items():
        kind, of_text, _ = name.partition(":")
        if value == _NEW:
            return language.say("Keep “{name}” as a new actor", name=choice.label)
        if of_text:
            return _meant(kind, value, layers, language)
        if name == "crs":
            return _system(value, language)
        if (name, value) in _ANSWERED and value != "keep":
            return language.translate(_ANSWERED[name, value])
        if value in LABELS:
            return language.translate(LABELS[value])
    return choice.label


def field(name: str, language: Language) -> str:
    """A field a column can be, with its key, as docs/claims.md has it."""
    known = FIELD_NAMES.get(name)
    return f"{language.translate(known)} ({name})" if known else name


def given(report: Report, layers: Layers, language: Language) -> list[list[str]]:
    """Key and sentence of every answer that was given, in the order of giving."""
    return [
        [name, _given(name, str(value), layers, language)]
        for name, value in report.defaults.items()
    ]


def _given(name: str, value: str, layers: Layers, language: Language) -> str:
    kind, of_text, text = name.partition(":")
    if (name, value) in _ANSWERED:
        return language.translate(_ANSWERED[name, value])
    meant = _meant(kind, value, layers, language)
    if of_text:
        said = message("“{text}” is a new actor") if value == _NEW else _MEANS
        return language.say(said, text=text, meant=meant)
    if name in _SENTENCES:
        return language.say(_SENTENCES[name], meant=meant)
    about = {"field": language.translate(FIELD_NAMES.get(name, name)), "value": meant}
    return language.say("{field}, where a row says nothing: {value}", **about)


def _meant(kind: str, value: str, layers: Layers, language: Language) -> str:
    """What a text of the file was taken for."""
    if kind == "actor" and value in layers.actors.index:
        return str(layers.actors[language.column("short")][value])
    if kind == "place":
        return ground(value, layers, language)
    if kind == "crs":
        return _system(value, language)
    known = {"status": words.STATUS, "confidence": words.CONFIDENCE}.get(kind)
    known = known or (LABELS if kind in _CODED else {})
    return language.translate(known[value]) if value in known else value


def ground(ref: str, layers: Layers, language: Language) -> str:
    """Ground in words; a text that names none of ours, as it is."""
    try:
        return details.area(layers, ref, language)
    except (AreaRefError, KeyError, IndexError):
        return ref


def _system(name: str, language: Language) -> str:
    known = SYSTEMS.get(name)
    return f"{language.translate(known)} ({name})" if known else name
