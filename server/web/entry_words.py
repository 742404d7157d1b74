"""Words of the monthly entry in the reader's language: forms, fields, choices, faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from server.domain.entries import FORMS, Fault


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


FORM_TITLES = {
    "appeals": N_("Appeals and complaints"),
    "calls": N_("Phone calls"),
    "channels": N_("Remote channels"),
    "measures": N_("Programme measures"),
    "offices": N_("Offices"),
}

FORM_HINTS = {
    "appeals": N_(
        "Appeals received in the month, one row for each office, kind, form and topic. "
        "Received = answered in time + answered late + unanswered."
    ),
    "calls": N_(
        "Calls to the dedicated numbers in the month. Sums are in seconds over answered calls; "
        "waiting runs from the operators' queue to the answer."
    ),
    "channels": N_("How each remote channel worked in the month, with its outages."),
    "measures": N_("Measures of the programme and what came of each, or why it was not done."),
    "offices": N_("What the disclosure tells of each office beside its hours and services."),
}

FIELD_TITLES = {
    "month": N_("Month"),
    "year": N_("Year"),
    "office": N_("Office"),
    "kind": N_("Kind"),
    "channel": N_("Channel"),
    "topic": N_("Topic"),
    "received": N_("Received"),
    "in_time": N_("Answered in time"),
    "late": N_("Answered late"),
    "open": N_("Unanswered"),
    "extended": N_("Term extended"),
    "repeated": N_("Repeated"),
    "calls": N_("All calls"),
    "answered": N_("Answered by an operator"),
    "automatic": N_("Handled by the voice menu"),
    "wait_seconds": N_("Sum of waiting, s"),
    "handling_seconds": N_("Sum of handling, s"),
    "hours": N_("Hours"),
    "outages": N_("Outages"),
    "outage_minutes": N_("Outages in all, min"),
    "number": N_("No."),
    "measure": N_("Measure"),
    "term": N_("Term"),
    "responsible": N_("Responsible"),
    "result": N_("Result"),
    "type": N_("Kind of office"),
    "email": N_("E-mail"),
    "others": N_("Outside organisations"),
    "other_names": N_("Their names"),
}

FAULTS = {
    "not_text": N_("The file is not a text: save the table as CSV."),
    "not_csv": N_("The file cannot be read as CSV: a quotation mark is not closed."),
    "empty": N_("The file has no rows."),
    "too_many_rows": N_("The file has more than %(most)s rows: split it."),
    "unknown_column": N_("There is no column “%(column)s” in this form."),
    "column_twice": N_("Column “%(column)s” stands twice."),
    "column_missing": N_("Column “%(column)s” is missing."),
    "cells": N_("The row has %(count)s cells instead of %(wanted)s."),
    "duplicate": N_("The same is told in line %(line)s already."),
    "missing": N_("Nothing is written here."),
    "not_a_month": N_("“%(text)s” is not a month: write 2025-03 or 03.2025."),
    "not_a_year": N_("“%(text)s” is not a year: write 2025."),
    "in_future": N_("“%(text)s” has not begun yet."),
    "negative": N_("“%(text)s” is less than nothing."),
    "not_whole": N_("“%(text)s” is not a whole number."),
    "too_large": N_("“%(text)s” is too large."),
    "too_long": N_("The text is longer than %(most)s characters."),
    "unknown_office": N_("No office has the code “%(text)s”."),
    "unknown_choice": N_("“%(text)s” is none of: %(choices)s."),
    "topic_needs_kind": N_("The topic cannot be read before the kind is right."),
    "parts_differ": N_("Answered in time, late and unanswered make %(sum)s, but %(received)s were received."),
    "more_than_received": N_("It is more than the %(received)s received."),
    "more_than_calls": N_("Answered and automatic are more than all %(calls)s calls."),
    "seconds_of_nobody": N_("No call was answered, so there are no seconds."),
    "outages_differ": N_("Outages and their minutes are both nothing or both something."),
    "already_entered": N_("%(actor)s entered another value on %(at)s. Allow corrections to replace it."),
    "reason_needed": N_("A correction needs a reason."),
    "other_office": N_("You may enter the counts of your own office only."),
}


def fault_rows(form: str, faults: tuple[Fault, ...]) -> list[dict[str, Any]]:
    """The faults as a page shows them: line, column as in the file, and what is wrong."""
    titles = {part.code: part.title for part in FORMS[form]}
    return [
        {
            "line": fault.line,
            "column": titles.get(fault.place or "", ""),
            "text": gettext(FAULTS[fault.code], **_worded(fault.values)),
        }
        for fault in faults
    ]


def _worded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.strftime("%d.%m.%Y") if name == "at" else value for name, value in values.items()}
