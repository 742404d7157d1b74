"""What goes to paper: a ticket, given online or offline, or a service's information, as printer bytes."""

from __future__ import annotations

from kiosk.printer_profile import PrinterProfile
from kiosk.rendering import render
from kiosk.slip_layout import information_layout
from kiosk.ticket_layout import USUAL, Feed, Item, Rule, ticket_layout
from kiosk.ticket_template import TicketTemplate
from kiosk.words import all_words
from server.sdk.messages import IssuedTicket, Language, OfficeInfo


class Paper:
    """Draws for one printer by one template. ``template_fault``: why the office's own one is not used."""

    def __init__(
        self, profile: PrinterProfile, template: TicketTemplate = USUAL, template_fault: str = ""
    ) -> None:
        self.template_fault = template_fault
        self._profile = profile
        self._template = template
        fields = tuple(field for field in template.fields if field != "people_ahead")
        self._without_place = template.model_copy(update={"fields": fields})

    def ticket(self, office: OfficeInfo, ticket: IssuedTicket, place_known: bool) -> bytes:
        """A ticket; with no word of people ahead where nobody knows how many they are."""
        if place_known:
            return render(ticket_layout(office, ticket, all_words(), self._template), self._profile)
        layout = ticket_layout(office, ticket, all_words(), self._without_place)
        return render(_without_empty_parts(layout), self._profile)

    def information(self, office: OfficeInfo, service: str, language: Language) -> bytes:
        """A service's information; raises ``LookupError`` for a service the office does not have."""
        layout = information_layout(office, service, language, all_words(), self._template)
        return render(layout, self._profile)


def _without_empty_parts(layout: list[Item]) -> list[Item]:
    """One rule where nothing stands between two."""
    kept: list[Item] = []
    for item in layout:
        above = [one for one in kept if not isinstance(one, Feed)][-1:]
        if not (isinstance(item, Rule) and above and isinstance(above[0], Rule)):
            kept.append(item)
    return kept
