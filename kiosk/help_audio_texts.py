"""What the help by voice says on each screen of the touch page, in a visitor's language. Pure.

Buttons are called by the words that stand on them: both come from one catalogue.
"""

from __future__ import annotations

from kiosk.words import words
from server.sdk.messages import OfficeInfo


def help_texts(language: str, office: OfficeInfo | None) -> dict[str, str]:
    """The text of each screen (names as in ``ui/app.js``); what this office has not is not spoken of."""
    _ = words(language).gettext
    back = _("To go back, touch %(button)s.") % {"button": _("Back")}
    staff = _("If you need help, touch %(button)s.") % {"button": _("Call the administrator")}
    booking = _("If you have a booking, touch %(button)s.") % {"button": _("I have a booking")}
    printing = _("If you see the button %(button)s, you can take the text with you on paper.")
    taking = _("If you see the button %(button)s, touch it to get a ticket.")
    first = _("If you have the right to be served first, find the question about it and choose your line.")
    sentences = {
        "home": [
            _("This terminal gives tickets. Touch the button with the service you have come for."),
            booking if office and office.bookings else "",
            staff,
        ],
        "group": [
            _("These are the services of the group you chose. Touch the one you have come for."),
            back,
            staff,
        ],
        "search": [
            _("Type the first letters of the service on the keyboard of the screen."),
            _("Fitting services appear above the keyboard: touch yours."),
            back,
            staff,
        ],
        "booking": [
            _("Type the six digits of your booking code, or hold its QR code to the scanner."),
            _("Without the code, touch %(button)s and type the last four digits of your phone.")
            % {"button": _("Phone number")},
            _("Then touch %(button)s.") % {"button": _("I am here")},
            back,
            staff,
        ],
        "information": [
            _("The screen tells about the service. Buttons with arrows turn a long text."),
            printing % {"button": _("Print")},
            taking % {"button": _("Take a ticket")},
            back,
        ],
        "unavailable": [
            _("There are no tickets for this service now. The screen tells why and what to do."),
            back,
            staff,
        ],
        "staff": [
            _("Touch %(button)s, and the administrator of the hall will come to this terminal.")
            % {"button": _("Call the administrator")},
            back,
        ],
        "confirm": [
            _("You have chosen a service. Touch %(button)s, and your ticket is printed.")
            % {"button": _("Take a ticket")},
            first if office and office.categories else "",
            back,
        ],
        "category": [
            _("Choose the line that fits you, and the ticket is printed at once."),
            _("The ticket does not name the reason. Staff may ask for a document."),
            back,
        ],
        "ticket": [
            _("Your number stands large on the screen. Take the paper ticket from the terminal."),
            _("If no ticket comes out, remember the number: it is valid."),
            _("Wait in the hall: you will be called by the board and by voice."),
            _("When you are ready, touch %(button)s.") % {"button": _("Done")},
        ],
        "problem": [
            _("No ticket was given now. The screen tells why."),
            _("If you see the button %(button)s, touch it.") % {"button": _("Try again")},
            _("To begin anew, touch %(button)s.") % {"button": _("To the start")},
            staff,
        ],
        "closed": [_("The office is closed now. The screen shows when it opens.")],
        "pause": [
            _("The terminal cannot give tickets at the moment. Please ask the staff for a ticket."),
            _("The terminal comes back by itself."),
        ],
    }
    return {screen: " ".join(filter(None, parts)) for screen, parts in sentences.items()}
