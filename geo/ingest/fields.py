"""The fields of a claim that a column can be, and what people call them in French and English."""

from __future__ import annotations

from geo import claims
from geo.places import fold

# What a file may say beside the columns of docs/claims.md.
GROUND = ("place", "pcode", "cercle", "region", "commune", "where", "wkt", "lon", "lat")
OF_CLAIMS = tuple(column.name for column in claims.COLUMNS)
FIELDS = (*OF_CLAIMS, *GROUND, "radius_km")
DAYS = tuple(column.name for column in claims.COLUMNS if column.kind == "day")
_CUT = 10  # letters of a column that a Shapefile keeps
IGNORE = "-"  # a column that is not to be used

# The likeliest name first: of two columns that could be one field, the earlier name is chosen.
_NAMES: dict[str, tuple[str, ...]] = {
    "claim_id": ("claim_id", "claim id", "id", "identifier", "identifiant", "uid", "uuid", "ref"),
    "version": ("version",),
    "actor": (
        *("actor", "acteur", "actor1", "controlled by", "control by", "controle par"),
        *("contrôlé par", "controller", "held by", "tenu par", "détenu par", "holder"),
        *("group", "groupe", "armed group", "groupe armé", "side", "camp", "party", "partie"),
        *("faction", "owner", "belligerent", "belligérant", "who", "qui", "organisation"),
        "organization",
    ),
    "partners": ("partners", "partenaires", "actor2", "with", "avec", "co-actors", "allies"),
    "status": (
        *("status", "statut", "control status", "statut de contrôle", "state", "état"),
        *("control", "contrôle", "situation", "control type", "type de contrôle"),
    ),
    "assertion": ("assertion",),
    "area_ref": ("area_ref",),
    "level": ("level", "niveau"),
    "valid_from": (
        *("valid_from", "valid from", "valide du", "start", "start date", "startdate", "from"),
        *("début", "date de début", "date début", "du", "depuis", "since", "begin", "begins"),
        *("date_from", "from date", "date", "day", "jour", "event date", "timestamp", "date_start"),
        *("timespan begin", "when", "quand", "datum"),
    ),
    "valid_to": (
        *("valid_to", "valid to", "valide jusqu'au", "end", "end date", "enddate", "to", "fin"),
        *("date de fin", "date fin", "au", "until", "jusqu'au", "ends", "date_to", "to date"),
        *("date_end", "timespan end"),
    ),
    "date_precision": ("date_precision", "precision", "précision", "date precision"),
    "valid_from_latest": ("valid_from_latest",),
    "valid_to_earliest": ("valid_to_earliest",),
    "last_confirmed": ("last_confirmed", "last confirmed", "confirmé le", "dernière confirmation"),
    "confirmed_by": ("confirmed_by", "confirmed by", "confirmé par"),
    "reported_on": (
        *("reported_on", "reported on", "reported", "report date", "rapporté le", "signalé le"),
        *("published", "published on", "publié le", "date de publication", "source date"),
    ),
    "reported_basis": ("reported_basis",),
    "withdrawn_on": ("withdrawn_on", "withdrawn on", "retiré le"),
    "corrected_on": ("corrected_on", "corrected on", "corrigé le"),
    "confidence": ("confidence", "confiance", "certainty", "certitude", "fiabilité"),
    "confidence_reason": ("confidence_reason", "confidence reason", "raison de la confiance"),
    "verification": ("verification", "vérification"),
    "sources": (
        *("sources", "source", "source url", "url", "lien", "link", "reference", "référence"),
        "références",
    ),
    "note_en": ("note_en", "note", "notes", "comment", "comments", "remarks", "description"),
    "note_fr": ("note_fr", "commentaire", "commentaires", "remarque", "remarques"),
    "place": (
        *("place", "lieu", "town", "ville", "city", "localité", "locality", "village", "site"),
        *("settlement", "place name", "nom du lieu", "toponyme"),
    ),
    "pcode": (
        *("pcode", "p-code", "p_code", "code p", "adm3_pcode", "admin3pcod", "adm2_pcode"),
        *("admin2pcod", "adm1_pcode", "admin1pcod", "adm2pcode", "adm1pcode", "rowcapcode2"),
        "rowcapcode1",
    ),
    "cercle": ("cercle", "admin2", "adm2_fr", "adm2_en", "admin2name", "adm2_name", "district"),
    "region": ("region", "région", "admin1", "adm1_fr", "adm1_en", "admin1name", "adm1_name"),
    "commune": ("commune", "shape_id"),
    "where": ("area", "zone", "territory", "territoire", "location", "where", "où", "unit"),
    "wkt": ("wkt", "geometry", "géométrie", "geom", "the_geom", "wkt_geom", "shape", "polygon"),
    "lon": ("lon", "long", "longitude", "lng", "x", "point_x", "xcoord"),
    "lat": ("lat", "latitude", "y", "point_y", "ycoord"),
    "radius_km": ("radius_km", "radius", "rayon", "rayon_km", "radius km"),
}


def _squeezed(name: str) -> str:
    return fold(name).replace(" ", "")


_RANKS: dict[str, tuple[str, int]] = {}
for _field, _known in _NAMES.items():
    for _rank, _name in enumerate(_known):
        _RANKS.setdefault(_squeezed(_name), (_field, _rank))


def guess(name: str) -> tuple[str, int] | None:
    """The field a column of this name is likely to be, and how likely: the lower the better."""
    known = _RANKS.get(_squeezed(name))
    if known is None and len(name) == _CUT:
        whole = [column for column in OF_CLAIMS if column.startswith(name.lower())]
        return (whole[0], 0) if len(whole) == 1 else None
    return known
