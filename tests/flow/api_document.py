"""Runs schemathesis over the OpenAPI document of a running server, as people and devices of several roles."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from server.web.auth import ROLE_RIGHTS, SCOPE_RIGHTS
from tests.flow.one_server import OneServer
from tests.flow.test_booking_race import take_bookings
from tests.programs import ROOT, Caller, clean_environment
from tests.working_company import CLOSED_OFFICE, OFFICE, OTHER_OFFICE

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
NO_LIMITS: dict[str, object] = {"holds_per_minute": 0, "requests_per_minute": 0}
"""How the server is to be set: else the public is soon told to come later, and nothing more."""
SETTINGS = """\
# What lies beside the document's own security is tried by the hooks.
[generation]
with-security-parameters = false
[phases.coverage]
unexpected-methods = []
"""


def explore(live: OneServer, examples: int, seed: int, phases: str, seconds: int) -> int:
    """Ask all that the document describes; returns how many cases were tried, all answered as documented."""
    take_bookings(live.company)
    folder = live.program.settings
    assert folder is not None
    settings = folder.with_name("schemathesis.toml")
    settings.write_text(SETTINGS, "utf-8")
    said = len(live.program.log)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run"]
    command += [f"{live.program.url}/api/v1/openapi.json", "--checks", ",".join(CHECKS), "--phases", phases]
    command += ["--max-examples", str(examples), "--seed", str(seed), "--generation-database", "none"]
    command += ["--no-shrink", "--no-color", "--continue-on-failure"]
    command += ["--suppress-health-check", "all", "--warnings", "off"]
    environment = {
        **clean_environment(),
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
        "SCHEMATHESIS_HOOKS": "tests.flow.api_hooks",
        "TALON_CASES": json.dumps(_cases(live)),
    }
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=seconds,
        cwd=settings.parent,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-3000:]
    assert "Traceback" not in live.program.log[said:], live.program.log[said:][-5000:]
    found = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert found is not None, done.stdout[-3000:]
    assert found[1] == found[2], done.stdout[-3000:]
    return int(found[1])


def _cases(live: OneServer) -> dict[str, Any]:
    """Who may ask what, and things that are there to be asked for."""
    devices, people = live.company.devices, live.company.people
    roles = {"admin": "administrator", "operator-1": "operator", "manager": "manager"}
    known = [(devices[scope], rights) for scope, rights in SCOPE_RIGHTS.items()]
    known += [(people[login], ROLE_RIGHTS[role]) for login, role in roles.items()]
    askers = {
        right: [token for token, rights in known if right in rights]
        for right in {right for _token, rights in known for right in rights}
    }
    askers["public"] = ["", devices["integration"], people["admin"]]
    with Caller(live.program.url, devices["integration"]) as site, Caller(live.program.url) as visitor:
        version = site.get(f"offices/{OFFICE}/booking-rules").json()["consent"]["version"]
        slots = site.get(f"offices/{OFFICE}/slots", service="contract").json()["days"][1]["slots"]
        at = [slot["at"] for slot in slots[:20]]
        holds = [
            site.post("bookings", {"office": OFFICE, "service": "contract", "at": one}).json() for one in at
        ]
        details = {"name": "A. A.", "phone": "+79270000012", "consent": True, "consent_version": version}
        for n, hold in enumerate(holds[:8]):
            told = {**details, "phone": f"+792700000{n:02d}"}
            assert site.post(f"bookings/{hold['hold']}/confirm", told).status_code == 200
        with Caller(live.program.url, devices["kiosk"]) as kiosk:
            tickets = [
                kiosk.post(f"offices/{OFFICE}/tickets", {"service": service}).json()
                for service in ("contract", "cash") * 10
            ]
        codes = [ticket["status_url"].rsplit("/", 1)[1] for ticket in tickets]
        assert visitor.get(f"tickets/{codes[0]}").status_code == 200
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
    return {
        "askers": askers,
        "others": ["", "nobody's", devices["display"], people["other-operator"], devices["other-kiosk"]],
        "places": {
            "office": [OFFICE, OFFICE, OTHER_OFFICE, OFFICE, CLOSED_OFFICE],
            "desk": [f"{OFFICE}-1", f"{OFFICE}-1", f"{OFFICE}-2", f"{OTHER_OFFICE}-1"],
            "code": codes,
            "booking-code": [hold["hold"] for hold in holds],
            "booking": [hold["id"] for hold in holds],
            "visit": [ticket["id"] for ticket in tickets],
        },
        "values": {
            "service": ["contract", "cash"],
            "office": [OFFICE],
            "at": [*at, tomorrow],
            "consent_version": [version],
            "visit": [ticket["id"] for ticket in tickets],
            "ticket": [ticket["id"] for ticket in tickets],
            "phone": ["+79270000012"],
            "email": ["a@mail.example"],
            "desk": [f"{OFFICE}-1", f"{OFFICE}-2"],
        },
    }
