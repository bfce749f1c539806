"""Rules about what a claim says: who, what, when, according to whom."""

from __future__ import annotations

from geo.ingest.severities import DOUBTFUL, MENDED, NOTE, Rule, asked, refused
from geo.languages import message

_DAY = message("Write days as YYYY-MM-DD, such as 2024-05-31.")

OF_CLAIMS = {
    # ---- columns
    "column-actor-missing": refused(
        message("No column says who. Columns: {columns}."),
        message("Say which column names the actor, or give one actor for all rows."),
    ),
    "column-start-missing": refused(
        message("No column says since when. Columns: {columns}."),
        message("Say which column holds the first day, or give one day for all rows."),
    ),
    "columns-unused": Rule(NOTE, message("Columns that are not used: {columns}.")),
    "mapping-column": refused(
        message("There is no column {column}. Columns: {columns}."),
        message("Mend its name."),
    ),
    "mapping-field": refused(
        message("{field} is no field of a claim."),
        message("Use one of: {columns}"),
    ),
    "mapping-twice": refused(
        message("Two columns are to be {field}: {columns}."),
        message("Choose one of them."),
    ),
    "default-unknown": refused(
        message("{name} is nothing that can be set."),
        message("docs/uploads.md lists what can be."),
    ),
    "default-wrong": refused(
        message("{name} cannot be {value}."),
        message("Use one of: {columns}"),
    ),
    # ---- who
    "actor-missing": refused(message("No actor is named."), message("Say who.")),
    "actor-unreadable": refused(
        message("{name} is no name of an actor."), message("Write it with letters.")
    ),
    "actor-unknown": asked(
        message("No actor here goes by {name}."),
        message("Choose one of those offered, or keep it as a new actor."),
    ),
    "actors-several": asked(
        message("It names several actors: {names}."),
        message("Say whether they share the ground or contest it."),
        blocks=True,
    ),
    "actor-its-own-partner": refused(
        message("{name} is its own partner."), message("Name every actor once.")
    ),
    # ---- what
    "status-default": Rule(
        NOTE, message("No status is given; control is taken, as for any claim without one.")
    ),
    "confidence-default": Rule(
        NOTE, message("No confidence is given; low is taken, as for any claim without one.")
    ),
    "word-unknown": refused(
        message("{column} is {value}, which is none of its words."),
        message("Use one of: {columns}"),
    ),
    "number-wrong": refused(
        message("{column} is {value}."), message("Write a whole number: 1, 2, 3.")
    ),
    # ---- when
    "start-missing": refused(message("It has no first day."), _DAY),
    "day-impossible": refused(message("{column} is {value}: there is no such day."), _DAY),
    "day-unreadable": refused(message("{column} is {value}, which is no day."), _DAY),
    "day-number": refused(
        message("{column} is {value}, which looks like a spreadsheet's number for a day."),
        message("Format the column as a date of the form YYYY-MM-DD and save it again."),
    ),
    "day-ambiguous": asked(
        message("{column} is {value}: the day or the month may come first."),
        message("Say which comes first in this file."),
        blocks=True,
    ),
    "day-widened": Rule(
        MENDED,
        message("{column} is {value}: the day is not known, and the whole span is meant."),
    ),
    "day-rewritten": Rule(MENDED, message("{column} is {value}; it was read as {found}.")),
    "time-cut": Rule(
        MENDED,
        message("{column} is {value}; the day in Mali (UTC) is kept, the time of day is not."),
    ),
    "ends-before": refused(
        message("It ends ({end}) on or before the day it begins ({start})."),
        message("The end is the first day after. Correct one of the two."),
    ),
    "ends-meaning": asked(
        message(
            "Is {column} the last day it held, or the first day after? Read as the first day after."
        ),
        message("Say which is meant."),
    ),
    "days-order": refused(
        message("{late} ({end}) comes before {early} ({start})."),
        message("Correct one of the two days."),
    ),
    "reported-default": Rule(
        NOTE, message("When the source said so is not given; the day of upload is taken: {day}.")
    ),
    "reported-before": Rule(
        DOUBTFUL,
        message("Its source reported it ({end}) before it began ({start})."),
        message("Correct one of the two days if that is not meant."),
    ),
    "day-future": Rule(
        DOUBTFUL,
        message("{column} is {value}, a day that is yet to come."),
        message("Correct it if that is not meant."),
    ),
    "day-old": Rule(
        DOUBTFUL,
        message("{column} is {value}, long before the independence of Mali."),
        message("Correct it if that is not meant."),
    ),
    # ---- according to whom
    "source-missing": Rule(
        DOUBTFUL,
        message("No source is named; the file itself stands as the source."),
        message("Name who says so, for each row or once for the layer."),
    ),
    "sources-new": Rule(
        NOTE, message("Sources that are not in the bibliography go by what the file says: {names}.")
    ),
    # ---- rows among each other
    "id-made": Rule(NOTE, message("Claims without an id were given one, made from what they say.")),
    "id-rewritten": Rule(MENDED, message("The id {value} has blanks or signs; it became {found}.")),
    "id-twice": refused(
        message("The id {value} stands twice, for two different claims."),
        message("Give one of them another id, or a higher version and the first a corrected_on."),
    ),
    "repeated": Rule(MENDED, message("It says the same as an earlier row, and is left out.")),
    "conflict": asked(
        message(
            "{names} control the same ground on the same days, from {start}, in one source: "
            "{number} km². The map will show it as contested."
        ),
        message("Keep it if the source says so; else correct a day, an outline or the status."),
    ),
    "conflicts-many": Rule(
        DOUBTFUL,
        message("So much ground overlaps that not every pair could be compared."),
        message("Split the layer to see all contradictions inside it."),
    ),
    "text-cleaned": Rule(
        MENDED,
        message("{column} held control characters or marks that cannot be seen; removed."),
    ),
    "claim-refused": refused(message("It is no claim: {what}"), message("See docs/claims.md.")),
    "left-out": Rule(MENDED, message("{number} features with problems were left out, as asked.")),
    "more": Rule(NOTE, message("Something alike is said of {number} more features.")),
    "more-refused": refused(
        message("Something alike is the matter with {number} more features."),
        message("Mend what is listed first, then check the file again."),
    ),
}
