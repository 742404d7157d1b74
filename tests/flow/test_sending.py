"""Messages of two real processes: mail server and gateway say nothing while people book, and answer later."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from server import cli
from server.company import CompanySettings
from server.db.engine import connect
from server.db.store import Store
from tests.postgresql import PostgreSql
from tests.programs import ROOT, Caller, Program, Programs, clean_environment, free_port, toml, until
from tests.sending.gateway import Gateway
from tests.sending.mail_server import PASSWORD, MailServer, a_certificate
from tests.working_company import OFFICE, WorkingCompany, a_working_company, company_document

PEOPLE = 4
"""So many leave a mail address, and as many a phone."""


def take_bookings(company: WorkingCompany, **rules: Any) -> None:
    document = company_document()
    pool = {"code": "hall", "services": ["contract"], "public": 20, "staff": 0}
    document["offices"][0]["bookings"] = {"pools": [pool], "lead_minutes": 0, "remind_minutes": [], **rules}
    engine = connect(company.database_url)
    cli.import_company(Store(engine), CompanySettings.model_validate(document), "test")
    engine.dispose()


def book(server: Program, company: WorkingCompany, contact: dict[str, str]) -> dict[str, Any]:
    now = datetime.now(UTC)
    at = (now + timedelta(hours=2)).replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    with Caller(server.url, company.devices["integration"]) as caller:
        rules = caller.get(f"offices/{OFFICE}/booking-rules").json()
        body = {"office": OFFICE, "service": "contract", "at": at.isoformat(), "channel": "account"}
        hold = caller.post("bookings", body, key=f"hold-{sorted(contact.values())[0]}").json()["hold"]
        consent = {"consent": True, "consent_version": rules["consent"]["version"]}
        answer = caller.post(f"bookings/{hold}/confirm", {"name": "И. И.", **contact, **consent})
    assert answer.status_code == 200, answer.text
    booked: dict[str, Any] = answer.json()
    return booked


def sent(servers: list[Program]) -> Counter[str]:
    """How many messages all servers say they sent, by channel."""
    found: Counter[str] = Counter()
    for server in servers:
        with requests.Session() as session:
            session.trust_env = False
            text = session.get(f"{server.url}/metrics", timeout=10).text
        line = r'talon_messages_total\{channel="(\w+)",outcome="sent"\} (\d+)'
        found.update({channel: int(count) for channel, count in re.findall(line, text)})
    return found


def test_bookings_stand_at_once_and_each_message_goes_out_once_when_somebody_listens(
    programs: Programs, postgresql: PostgreSql
) -> None:
    company = a_working_company(postgresql.new_database())
    take_bookings(company)
    folder = programs.folder
    (folder / "mail.password").write_text(PASSWORD, "utf-8")
    mail_server = MailServer(a_certificate(folder / "mail.pem"))
    silent = socket.create_server(("127.0.0.1", mail_server.port))
    secure = {"security": "starttls", "user": "talon"}
    files = {"ca_file": str(folder / "mail.pem"), "password_file": str(folder / "mail.password")}
    mail = mail_server.settings(**secure, **files, timeout_seconds=1).model_dump(mode="json")
    with silent, Gateway() as gateway:
        gateway.go_on.clear()
        sms = {
            "way": "http",
            # The gateway says nothing until all have booked, however long that takes here.
            "timeout_seconds": 30,
            "http": {"url": gateway.url, "fields": {"to": "{phone}", "text": "{text}", "id": "{id}"}},
        }
        # One under green threads, one under real ones.
        servers = [
            programs.server(company.database_url, name, mode, mail=mail, sms=sms)
            for name, mode in (("server-1", "eventlet"), ("server-2", "threading"))
        ]
        contacts = [{"email": f"v{n}@mail.example"} for n in range(PEOPLE)]
        contacts += [{"phone": f"+7927000{n:04}"} for n in range(PEOPLE)]
        booked = [book(servers[n % 2], company, contact) for n, contact in enumerate(contacts)]
        assert {one["state"] for one in booked} == {"booked"}
        until(lambda: gateway.requests, "an SMS under way")
        assert sent(servers).total() == 0
        silent.close()
        gateway.go_on.set()
        with mail_server:
            wanted = {"email": PEOPLE, "sms": PEOPLE}
            until(lambda: sent(servers) == wanted, "every message sent")
        texts = "".join(request.body for request in gateway.requests)
    assert Counter(str(letter["To"]) for letter in mail_server.taken) == {
        c["email"]: 1 for c in contacts[:PEOPLE]
    }
    assert len(gateway.requests) == PEOPLE
    for one in booked[PEOPLE:]:
        assert texts.count(one["code"]) == 1
    for server in servers:
        for secret in ("@mail.example", "+7927000", *(one["code"] for one in booked)):
            assert secret not in server.log
        assert "Traceback" not in server.log


def test_a_server_whose_office_sends_codes_no_way_sends_says_so_and_does_not_start(
    programs: Programs, company: WorkingCompany
) -> None:
    take_bookings(company, confirm_by="sms")
    values = {
        "server": {"port": free_port(), "state_folder": str(programs.folder / "server")},
        "database": {"url": company.database_url},
    }
    settings = programs.folder / "alone.toml"
    settings.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()), "utf-8")
    line = [sys.executable, "-m", "server", "--config", str(settings)]
    done = subprocess.run(
        line, capture_output=True, text=True, timeout=60, cwd=ROOT, env=clean_environment(), check=False
    )
    assert done.returncode == 2
    assert 'office north has confirm_by = "sms"' in done.stderr
    assert "set [sms] way" in done.stderr
