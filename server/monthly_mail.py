"""The month's paper by mail: once a month is over, a letter with the PDF is left for every addressee."""

from __future__ import annotations

from server.actions import disclosures
from server.db.disclosure_rows import DisclosureRows
from server.db.store import Store
from server.domain.letter import Letter
from server.reports import monthly_letter
from server.reports.document import Imprint
from server.reports.render import rendered
from server.web import disclosure_data

ACTOR = "clock"


def post_last_month(store: Store) -> int:
    """Write the letters of the last month that is over, to whoever has none yet; returns how many.

    May be run at any time and again. Raises ``CannotRender`` when the PDF cannot be drawn.
    """
    now = store.clock()
    year, month = (now.year, now.month - 1) if now.month > 1 else (now.year - 1, 12)
    with store.read() as connection:
        rows = DisclosureRows(connection, now, ACTOR)
        if not set(rows.addressees()) - rows.posted(f"{year}-{month:02}"):
            return 0
        document = monthly_letter.document(disclosure_data.year_of(store, connection, year), month)
    # Drawn before the transaction: nothing is waited for inside it.
    file = rendered(document, Imprint(), "pdf")
    letter = Letter(
        document.period,
        f"{document.company}. {document.title}"[:200],
        f"{document.title}.\n\nОтчёт приложен.\n",
        f"talon-{document.period}.pdf",
        file,
    )
    with store.write_company() as connection:
        return disclosures.post(DisclosureRows(connection, now, ACTOR), letter)
