"""The stub server with the hall administrator's page and slips."""

from __future__ import annotations

from flask import Flask, render_template

from server.sdk.messages import OfficeInfo, TicketStatus
from server.web import hall_pages
from tests.browser_pages import states
from tests.browser_pages.stub_server import StubServer

STATUS_URL = "https://queue.example/t/Zb0cXw9nQkq7vJ2m"


class HallStub(StubServer):
    """Serves the hall's page, with acts if ``may_manage``, and slips of ``slip_status``."""

    def __init__(self) -> None:
        self.may_manage = True
        self.slip_office = states.office()
        self.slip_status = states.ticket_status()
        super().__init__()
        self.person = {"login": "admin", "role": "administrator"}

    def _app(self) -> Flask:
        app = super()._app()
        app.add_url_rule("/hall/<office>", view_func=self._hall)
        app.add_url_rule("/hall/<office>/equipment", view_func=self._equipment)
        app.add_url_rule("/hall/<office>/slip/<ticket>", view_func=self._slip)
        return app

    def _hall(self, office: str) -> str:
        return render_template("hall.html", office=states.office(), may_manage=self.may_manage)

    def _equipment(self, office: str) -> str:
        return render_template("equipment.html", office=states.office(), may_manage=self.may_manage)

    def _slip(self, office: str, ticket: str) -> str:
        info, status = OfficeInfo(**self.slip_office), TicketStatus(**self.slip_status)
        return render_template("slip.html", slip=hall_pages.slip_of(info, status, STATUS_URL))
