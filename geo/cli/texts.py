"""Every sentence the command line writes, in both languages. Help and wrong usage are English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo import words


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, in which `{names}` stand for what is filled in."""

    en: str
    fr: str

    def said(self, lang: str, **values: object) -> str:
        """Say it in a language: `en` or `fr`."""
        return (self.fr if lang == "fr" else self.en).format(**values)


# ---- what is refused, and what to do

NO_ACCESS = Text(
    "{file}: {reason}. Check who may read and write there.",
    "{file} : {reason}. Vérifiez qui peut lire et écrire à cet endroit.",
)
DAY_OUTSIDE = Text(
    "{day} is outside the days this data can answer for. Choose one from {first} to {last}: "
    "nothing before or after is supported by a source here.",
    "Le {day} est hors des jours dont ces données répondent. Choisissez-en un du {first} au "
    "{last} : rien d'antérieur ni de postérieur n'est appuyé ici par une source.",
)
UNKNOWN_SOURCE = Text(
    "No source is called {source!r}. {hint}",
    "Aucune source ne s'appelle {source!r}. {hint}",
)
UNKNOWN_PLACE = Text(
    "No place, or more than one, goes by {name!r}. {hint}",
    "Aucun lieu, ou plus d'un, ne répond au nom {name!r}. {hint}",
)
DID_YOU_MEAN = Text("Did you mean {near}?", "Vouliez-vous dire {near} ?")
SEE_BIBLIOGRAPHY = Text(
    "layers/bibliography.csv lists them.", "layers/bibliography.csv en donne la liste."
)
SOURCES_GIVEN = Text("The layers given name: {known}.", "Les couches données nomment : {known}.")
UNKNOWN_LAYER = Text(
    "No layer is called {layer!r}. On the map: {known}.",
    "Aucune couche ne s'appelle {layer!r}. Sur la carte : {known}.",
)
LAYERS_OF_THE_MAP = Text(
    "--only-layer and --without-layer choose among the layers on the map. Leave them out with "
    "--layer, which reads other claims in their place.",
    "--only-layer et --without-layer choisissent parmi les couches de la carte. Retirez-les avec "
    "--layer, qui lit d'autres affirmations à leur place.",
)
CHECK_SPELLING = Text("Check the spelling.", "Vérifiez l'orthographe.")
POINT_OUTSIDE = Text(
    "Longitude {lon:g}, latitude {lat:g} lies outside the country. {hint}",
    "Longitude {lon:g}, latitude {lat:g} : ce point est hors du pays. {hint}",
)
SWAPPED = Text(
    "Longitude comes first: did you mean {lon:g} {lat:g}?",
    "La longitude vient d'abord : vouliez-vous dire {lon:g} {lat:g} ?",
)
CHOOSE_INSIDE = Text(
    "Choose a point inside it, longitude first.",
    "Choisissez un point à l'intérieur, la longitude d'abord.",
)
ENDING_UNKNOWN = Text(
    "{file}: a slice cannot be written there. Let the name end in one of {endings}.",
    "{file} : impossible d'y écrire une coupe. Le nom doit finir par l'un de {endings}.",
)
AREAS_ENDING = Text(
    "{file}: figures are written as CSV. Let the name end in {endings}.",
    "{file} : les chiffres s'écrivent en CSV. Le nom doit finir par {endings}.",
)
PICTURE_ENDING = Text(
    "{file}: a picture cannot be written there. Let the name end in one of {endings}.",
    "{file} : impossible d'y écrire une image. Le nom doit finir par l'un de {endings}.",
)
FILM_ENDING = Text(
    "{file}: a film cannot be written there. Let the name end in one of {endings}.",
    "{file} : impossible d'y écrire un film. Le nom doit finir par l'un de {endings}.",
)
NOT_PICTURED = Text(
    "The layers given lie outside the country, and pictures are of Mali. Use slice to write them "
    "as a file.",
    "Les couches données sont hors du pays, et les images montrent le Mali. Utilisez slice pour "
    "les écrire dans un fichier.",
)
NO_REGIONS = Text(
    "The layers given lie outside the country, so there are no regions. Leave out --by region.",
    "Les couches données sont hors du pays : il n'y a pas de régions. Retirez --by region.",
)
DAYS_TURNED = Text(
    "The days run backwards. Name {first} before {second}.",
    "Les jours sont à l'envers. Nommez {first} avant {second}.",
)
NO_FOLDER = Text(
    "{file}: there is no folder {folder} to write it to. Make the folder first.",
    "{file} : il n'y a pas de dossier {folder} où l'écrire. Créez d'abord le dossier.",
)
IS_FOLDER = Text(
    "{file} is a folder. Write the name of a file.",
    "{file} est un dossier. Écrivez le nom d'un fichier.",
)
NOT_WRITTEN = Text(
    "{file} could not be written ({reason}). Nothing was changed.",
    "{file} n'a pas pu être écrit ({reason}). Rien n'a été modifié.",
)
LAYER_NOT_READ = Text(
    "{file} cannot be read ({reason}). Check its name, and who may read it.",
    "{file} ne peut pas être lu ({reason}). Vérifiez son nom, et qui peut le lire.",
)
NO_FILE_NO_CODE = Text(
    "{file} is neither a file nor a check code. A code looks like MCM-7F3A-91C2.",
    "{file} n'est ni un fichier ni un code de contrôle. Un code ressemble à MCM-7F3A-91C2.",
)
FILE_TOO_LARGE = Text(
    "{file} is larger than any export. Name the file that was exported.",
    "{file} est plus gros que tout export. Nommez le fichier qui a été exporté.",
)
LAYER_UNKNOWN = Text(
    "{file} is neither GeoJSON, GeoPackage nor GeoParquet. Save it as one of these.",
    "{file} n'est ni du GeoJSON, ni un GeoPackage, ni du GeoParquet. Enregistrez-le ainsi.",
)
LAYER_DAMAGED = Text(
    "{file} begins like {kind} but is damaged or of another kind. Save it again.",
    "{file} commence comme du {kind} mais est abîmé ou d'un autre genre. "
    "Enregistrez-le de nouveau.",
)
FEATURE_DAMAGED = Text(
    "{file}: feature {number} is damaged. Mend its properties or its geometry.",
    "{file} : l'objet {number} est abîmé. Corrigez ses attributs ou sa géométrie.",
)
LAYERS_INSIDE = Text(
    "{file} holds {count} layers with geometry ({names}). Keep the one with the claims.",
    "{file} contient {count} couches avec géométrie ({names}). Gardez celle des affirmations.",
)
LAYER_EMPTY = Text(
    "{file} holds no claims. Give a layer with at least one.",
    "{file} ne contient aucune affirmation. Donnez une couche qui en a au moins une.",
)
LAYER_UNUSABLE = Text(
    "{file} is not a layer of claims: its text or its coordinates cannot be read. Save it as "
    "UTF-8 in EPSG:4326 (lon, lat).",
    "{file} n'est pas une couche d'affirmations : son texte ou ses coordonnées sont illisibles. "
    "Enregistrez-le en UTF-8 et en EPSG:4326 (lon, lat).",
)
CLAIM_TWICE = Text(
    "Claim {claim_id!r} stands in {file} and in a layer given before it. Give one of them an id "
    "of its own.",
    "L'affirmation {claim_id!r} figure dans {file} et dans une couche donnée avant. Donnez à l'une "
    "des deux un identifiant à elle.",
)
NO_STREAMLIT = Text(
    "The app needs Streamlit, which this Python does not have. "
    "Run: python -m pip install -r requirements.txt",
    "L'application a besoin de Streamlit, que ce Python n'a pas. "
    "Lancez : python -m pip install -r requirements.txt",
)

# ---- what is said while working, and warnings

READING = Text("reading the layers", "lecture des couches")
CUTTING = Text("cutting {count} claims into faces", "découpage de {count} affirmations")
RESOLVING = Text("resolving every day", "résolution de chaque jour")
DRAWING = Text("drawing", "dessin")
FILMING = Text("drawing frames", "dessin des images")
PICTURED = Text("{file}: {headline}", "{file} : {headline}")
FILMED = Text(
    "{file}: {count} frames, {drawn} of them drawn, {seconds} s, {size} kB.",
    "{file} : {count} images, dont {drawn} dessinées, {seconds} s, {size} ko.",
)
DOUBT = Text("Look again: {message}", "À revoir : {message}")
SEALED = Text("Check code {code}", "Code de contrôle {code}")
WRITING = Text("writing {file}", "écriture de {file}")
WRITTEN = Text(
    "{file} written: the state on {day}; shapes: {count}; {area} km².",
    "{file} écrit : l'état le {day} ; formes : {count} ; {area} km².",
)
COUNTING = Text("adding up the figures", "addition des chiffres")
AREAS_WRITTEN = Text(
    "{file} written: rows: {count}; days: {days}.",
    "{file} écrit : lignes : {count} ; jours : {days}.",
)
REPAIRED = Text("Claim {claim_id!r} {what}.", "Affirmation {claim_id!r} (en anglais) : {what}.")
KNOWN_TOO_LATE = Text(
    "This data was compiled on {compiled}: it has nothing reported after that day.",
    "Ces données ont été compilées le {compiled} : elles n'ont rien de rapporté après ce jour.",
)

# ---- answers

STATE: Mapping[str, Text] = {
    "control": Text("Controlled by {holders}", "Contrôle : {holders}"),
    "shared": Text("Held jointly by {holders}", "Contrôle partagé : {holders}"),
    "contested": Text("Contested: {holders}", "Disputé : {holders}"),
    "influence": Text(
        "Influence of {influence}; no holder known",
        "Influence : {influence} ; aucun détenteur connu",
    ),
    "none": Text(words.NO_INFORMATION, "Sans information"),
}
INFLUENCE_BESIDE = Text("; influence of {influence}", " ; influence : {influence}")
OTHERS = Text("others not named", "d'autres non nommés")
STALE = Text(
    "The newest evidence is past its shelf-life: it may no longer hold.",
    "L'élément le plus récent a dépassé son délai de validité : la situation a pu changer.",
)
STALE_SHORT = Text("evidence past its shelf-life", "éléments ayant dépassé leur délai de validité")
STALE_INFLUENCE = Text(
    "influence of {actors}: evidence past its shelf-life",
    "influence, {actors} : éléments ayant dépassé leur délai de validité",
)
STALE_FROM = Text(
    " (evidence past its shelf-life from {day})",
    " (éléments dépassant leur délai de validité dès le {day})",
)
NOBODY_SAYS = Text(
    "No claim about this ground counts on this day. Blank never means anyone.",
    "Aucune affirmation sur ce terrain ne compte ce jour-là. Un blanc n'est jamais attribué à "
    "personne.",
)
POINT = Text(
    "{day}, longitude {lon:g}, latitude {lat:g}", "{day}, longitude {lon:g}, latitude {lat:g}"
)
WHERE = Text(
    "Commune of {commune}, cercle of {cercle}, region of {region} ({edition})",
    "Commune : {commune} ; cercle : {cercle} ; région : {region} ({edition})",
)
HISTORY = Text("{place}, from {first} to {last}", "{place}, du {first} au {last}")
SUPPORTED_UNTIL = Text(
    "Sources support this data up to {last}; what came later is not known here.",
    "Les sources appuient ces données jusqu'au {last} ; la suite n'est pas connue ici.",
)
KNOWN_ON = Text("As known on {day}.", "Tel que connu le {day}.")
HEARD = Text("Heard: {sources}.", "Sources entendues : {sources}.")
LAYERS_HEARD = Text("Layers heard: {layers}.", "Couches entendues : {layers}.")
NO_LAYER_HEARD = Text("No layer is heard.", "Aucune couche n'est entendue.")
FROM_LAYER = Text(
    "from the layer “{title}” ({layer}), newest version of {day}",
    "de la couche « {title} » ({layer}), dernière version du {day}",
)
FLOOR = Text("No claim below {confidence}.", "Aucune affirmation en dessous de : {confidence}.")

CHANGES = Text(
    "What differs between {first} and {second}", "Ce qui diffère entre le {first} et le {second}"
)
BEFORE = Text("before: {state}", "avant : {state}")
AFTER = Text("after: {state}", "après : {state}")
DECIDING = Text("decides now: {ids}", "décide maintenant : {ids}")
NO_LONGER = Text("no longer decides: {ids}", "ne décide plus : {ids}")
MARKS = Text("Sieges, blockades and forces", "Sièges, blocus et forces")
BEGAN = Text("new: {mark}", "nouveau : {mark}")
ENDED = Text("no longer there: {mark}", "n'est plus là : {mark}")

DECIDE = Text("What decides", "Ce qui décide")
BESIDE = Text("Sieges, blockades and forces here", "Sièges, blocus et forces ici")
NEAR_ROADS = Text("On roads near here", "Sur les routes proches")
ASIDE = Text("Set aside, and why", "Écarté, et pourquoi")
SOURCES = Text("Sources", "Sources")
REASON = Text("Why so sure: {reason}", "Pourquoi cette confiance (en anglais) : {reason}")
WHO = Text("{status}: {actors}", "{status} : {actors}")
BY = Text("Sources: {sources}", "Sources : {sources}")
REPORTED = Text("reported {day}", "rapporté le {day}")
REPORTED_ASSUMED = Text("report day assumed: {day}", "jour du rapport supposé : {day}")
CONFIRMED = Text("last confirmed {day}", "dernière confirmation le {day}")
CONFIRMED_BY = Text(
    "last confirmed {day} by {sources}", "dernière confirmation le {day} par {sources}"
)
UNCERTAIN = Text(
    "It may not have begun yet on this day, or may have ended: its days are not known exactly.",
    "Elle n'a peut-être pas encore commencé ce jour-là, ou a pu prendre fin : ses jours ne sont "
    "pas connus exactement.",
)
SPAN = Text("{first} to {last}", "{first} au {last}")
FROM_TO = Text("from {first} to {last}", "du {first} au {last}")
SINCE = Text("since {first}, as far as known", "depuis le {first}, pour autant qu'on sache")
APART = Text("; ", " ; ")
GRADE = Text("grade {grade}", "note {grade}")

STATUS: Mapping[str, Text] = {
    name: Text(words.STATUS[name], french)
    for name, french in {
        "control": "Contrôle",
        "contested": "Disputé",
        "shared": "Contrôle partagé",
        "influence": "Influence",
        "presence": "Forces basées ici",
        "siege": "Siège",
        "blockade": "Blocus",
    }.items()
}
ASSERTION: Mapping[str, Text] = {
    name: Text(words.ASSERTION[name], french)
    for name, french in {
        "assessed": "établi",
        "claimed": "revendiqué, non corroboré",
        "denied": "démenti",
    }.items()
}
CONFIDENCE: Mapping[str, Text] = {
    name: Text(words.CONFIDENCE[name], french)
    for name, french in {
        "low": "confiance faible",
        "medium": "confiance moyenne",
        "high": "confiance élevée",
    }.items()
}
VERIFICATION: Mapping[str, Text] = {
    name: Text(words.VERIFICATION[name], french)
    for name, french in {
        "read": "source lue",
        "partly-read": "source lue en partie",
        "secondhand": "de seconde main",
        "general-knowledge": "connaissances générales, non vérifié",
    }.items()
}
PRECISION: Mapping[str, Text] = {
    "day": Text("", ""),
    "month": Text(" (day uncertain)", " (jour incertain)"),
    "quarter": Text(" (about that quarter)", " (vers ce trimestre)"),
    "year": Text(" (month uncertain)", " (mois incertain)"),
}
STEP: Mapping[str, Text] = {
    name: Text(words.STEP[name], french)
    for name, french in {
        "corrected": "Écarté : cette carte l'a corrigé, et une autre version vaut.",
        "reported-later": "Écarté : rapporté seulement plus tard.",
        "published-later": "Écarté : cette carte ne l'a eu que plus tard.",
        "withdrawn": "Écarté : sa source s'est rétractée.",
        "layer-off": "Écarté : sa couche est désactivée.",
        "not-assessed": "Écarté : une partie ou une source le dit, et rien ne le corrobore.",
        "source-off": "Écarté : sa source est désactivée.",
        "below-confidence": "Écarté : la confiance est inférieure à celle demandée.",
        "less-local": "Écarté : une affirmation portant sur une zone plus petite parle pour ce "
        "terrain.",
        "superseded-by-source": "Écarté : la même source a dit autre chose plus tard.",
        "weaker-evidence": "Écarté : de meilleurs éléments disent autre chose.",
        "already-holder": "Non dessiné : cet acteur tient ou dispute déjà le terrain.",
    }.items()
}
GROUND: Mapping[str, Text] = {
    "place": Text("town of {name}", "localité : {name}"),
    "commune": Text("commune of {name}", "commune : {name}"),
    "cercle": Text("cercle of {name}", "cercle : {name}"),
    "part": Text(
        "cercle of {name}, part in the region of {region}",
        "cercle : {name}, partie située dans la région : {region}",
    ),
    "region": Text("region of {name}", "région : {name}"),
    "road": Text("{name} (schematic)", "{name} (tracé schématique)"),
    "country": Text("whole country", "ensemble du pays"),
    "drawn": Text("drawn area", "zone dessinée"),
}

# ---- in every export

SLICE_TITLE = Text("State on {day}: {title}", "État le {day} : {title}")
ATTRIBUTION = (
    "Boundaries: geoBoundaries MLI-ADM3 (Runfola et al. 2020; DNCT, DNP, OCHA Mali), CC BY 4.0, "
    "simplified and joined. Places: GeoNames (CC BY 4.0), Natural Earth (public domain) and the "
    "compilers."
)

_AND = Text(" and ", " et ")
_OR = Text(" or ", " ou ")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def listed(lang: str, names: Sequence[str], joint: Text = _AND) -> str:
    """Names as a list in a sentence: `A`, `A and B`, `A, B and C`."""
    *most, last = names or [""]
    return f"{', '.join(most)}{joint.said(lang)}{last}" if most else last


def choice(lang: str, names: Sequence[str]) -> str:
    """Names to choose from: `A`, `A or B`, `A, B or C`."""
    return listed(lang, names, _OR)


def day(lang: str, value: date) -> str:
    """A day in full: `7 November 2025`, `7 novembre 2025`."""
    if lang == "en":
        return f"{value.day} {value:%B %Y}"
    number = "1er" if value.day == 1 else value.day
    return f"{number} {_MONTHS[value.month - 1]} {value.year}"


def number(lang: str, value: float) -> str:
    """A whole number with its thousands apart: `327,653`, `327 653`."""
    return f"{value:,.0f}".replace(",", "," if lang == "en" else " ")


def state(lang: str, kind: str, holders: Sequence[str], influence: Sequence[str]) -> str:
    """One line for a resolved state: who holds the ground, or that nobody is known to."""
    # A single name is contested by somebody whom no source names.
    alone = kind == "contested" and len(holders) == 1
    named = [*holders, OTHERS.said(lang)] if alone else holders
    beside = listed(lang, influence)
    line = STATE[kind].said(lang, holders=listed(lang, named), influence=beside)
    if influence and kind != "influence":
        line += INFLUENCE_BESIDE.said(lang, influence=beside)
    return line


def period(lang: str, first: date, last: date | None, precision: str) -> str:
    """The validity of a claim, ISO days, both included; without a last one it still lasts."""
    uncertain = PRECISION[precision].said(lang)
    if last is None:
        return SINCE.said(lang, first=first) + uncertain
    return FROM_TO.said(lang, first=first, last=last) + uncertain
