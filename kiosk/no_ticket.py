"""Why a visitor gets no ticket, in the visitor's own words."""

from __future__ import annotations

import logging
from typing import Literal

from kiosk.offline_desk import Why
from kiosk.words import words
from server.sdk.client import ServerRefused
from server.sdk.messages import Language

log = logging.getLogger(__name__)


class NoTicket(Exception):
    """No ticket was given. ``text`` tells the visitor why and what to do, in the visitor's language.

    ``kind``: ``refused`` (the queue said no), ``unreachable`` (try again: the same tap never gives
    two tickets), ``broken`` (staff must look).
    """

    def __init__(self, kind: Literal["refused", "unreachable", "broken"], text: str) -> None:
        self.kind = kind
        self.text = text
        super().__init__(f"{kind}: {text}")


def refused_by_server(refused: ServerRefused, language: Language, unknown_is_told: bool = False) -> NoTicket:
    """The server's no: told as it is where it concerns the visitor, else a fault of this terminal."""
    status = refused.problem.status
    if status == 409 or (status == 404 and unknown_is_told):
        return NoTicket("refused", refused.problem.detail)
    log.error("the server refuses to issue: %s: check [server] token and the services", refused)
    return broken(language)


def refused_offline(why: Why, language: Language) -> NoTicket:
    """No number can be given without the server."""
    _ = words(language).gettext
    if why == "closed":
        return NoTicket("refused", _("The office is closed now. Please come in its working hours."))
    if why == "no_service":
        return NoTicket("refused", _("No tickets are given for this service now. Please ask the staff."))
    return broken(language)


def out_of_reach(language: Language) -> NoTicket:
    """The server does not answer and there are no numbers in hand."""
    _ = words(language).gettext
    text = _("The queue does not answer. Try again: you will not get two tickets. Or ask the staff.")
    return NoTicket("unreachable", text)


def booking_out_of_reach(language: Language) -> NoTicket:
    """A booking can be looked up at the server only."""
    _ = words(language).gettext
    text = _("Your booking cannot be looked up now. Take a ticket, or ask the staff.")
    return NoTicket("unreachable", text)


def not_ready(language: Language) -> NoTicket:
    """The terminal has never heard of its office."""
    _ = words(language).gettext
    return NoTicket("unreachable", _("The terminal is getting ready. Please ask the staff."))


def staff_out_of_reach(language: Language) -> NoTicket:
    """Nobody can be called from here."""
    _ = words(language).gettext
    text = _("The staff cannot be told from here now. Please go to the nearest window.")
    return NoTicket("unreachable", text)


def broken(language: Language) -> NoTicket:
    """Staff must look."""
    _ = words(language).gettext
    text = _("This terminal cannot give a ticket now. Please ask the staff, they will help.")
    return NoTicket("broken", text)
