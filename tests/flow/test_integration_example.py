"""docs/integration.md told the truth: its examples are taken out of it and run against a real server."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.flow.test_booking_race import take_bookings
from tests.needs import need
from tests.programs import ROOT, Program, Programs, clean_environment, free_port, until
from tests.working_company import OFFICE, a_working_company

DOCUMENT = (ROOT / "docs" / "integration.md").read_text("utf-8")
EVENTS = ("booking.made", "booking.moved", "booking.cancelled")


class Site:
    """A company's site beside the server: it knows what the document tells, and where its receiver is."""

    def __init__(self, server: Program, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.port = free_port()
        self.receiver = f"http://127.0.0.1:{self.port}/talon"
        shim = folder / "bin" / "talon-server"
        shim.parent.mkdir()
        shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m server --config {server.settings} "$@"\n')
        shim.chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        """What the document takes from the environment."""
        path = f"{self.folder}/bin:{os.environ['PATH']}"
        told = {"TALON": self.server.url, "OFFICE": OFFICE, "RECEIVER": self.receiver, "PATH": path}
        return {**clean_environment(), "PYTHONPATH": str(ROOT), **told, **more}

    def run(self, *command: str, text: str = "", **more: str) -> str:
        """Run an example to its end; returns what it printed."""
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            timeout=100,
            cwd=self.folder,
            env=self.environment(**more),
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{self.server.log[-2000:]}"
        return done.stdout


def examples(language: str) -> list[str]:
    """The document's examples in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    company = a_working_company(f"sqlite:///{folder}/talon.sqlite")
    take_bookings(company)
    with Programs(folder) as programs:
        server = programs.server(company.database_url, webhooks={"allow_private": True})
        yield Site(server, folder)


def test_the_examples_of_the_document_do_what_it_says(site: Site) -> None:
    need("curl")
    script = "\n".join(["set -euo pipefail", *examples("bash"), 'printf "%s\\n" "$TOKEN" "$ID"'])
    said = site.run("bash", "-s", text=script).splitlines()
    assert said[0] == "booked"
    moved, now = said[1:3]
    assert moved < now
    assert said[3] == "cancelled"
    webhook, secret = said[4].removeprefix("webhook "), said[5].removeprefix("secret  ")
    token = said[6]

    receiver, client = examples("python")
    log = site.folder / "receiver.log"
    settings = {"TALON_WEBHOOK_SECRETS": f"{secret} another", "PORT": str(site.port)}
    with log.open("wb") as output:
        program = subprocess.Popen(
            [sys.executable, "-c", receiver],
            stdout=output,
            stderr=subprocess.DEVNULL,
            env=site.environment(**settings),
        )
        try:
            until(lambda: is_listening(site.port), "the receiver listening")
            made = site.run(sys.executable, "-c", client, TOKEN=token).split()
            assert made[1] == "booked"
            until(lambda: f"booking.made {made[0]}\n" in log.read_text(), "the receiver being told")
            assert log.read_text().count("\n") == 1
            only_what_is_genuine_and_new_is_believed(site, secret)
            assert log.read_text().splitlines()[1:] == ["test repeated"]
        finally:
            program.kill()
            program.wait()
    # The receiver acts after its answer, and the server notes the answer after that.
    until(lambda: "1 sent" in site.run("talon-server", "webhook", "list"), "the message being sent")
    site.run("talon-server", "webhook", "remove", webhook)
    assert site.run("talon-server", "webhook", "list") == ""


def is_listening(port: int) -> bool:
    """Whether a program of this machine takes connections there."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def only_what_is_genuine_and_new_is_believed(site: Site, secret: str) -> None:
    """The document's receiver refuses forged and old messages and acts once on a repeated one."""

    def send(event: str, at: float, key: str) -> int:
        body = f'{{"delivery": "one", "event": "test", "booking": {{"id": "{event}"}}}}'
        signature = hmac.new(key.encode(), f"{int(at)}.{body}".encode(), hashlib.sha256).hexdigest()
        header = {"Talon-Signature": f"t={int(at)},v1={'0' * 64},v1={signature}"}
        with requests.Session() as session:
            session.trust_env = False
            return session.post(site.receiver, data=body, headers=header, timeout=10).status_code

    now = time.time()
    assert send("forged", now, "not the secret") == 403
    assert send("forged", now - 301, secret) == 403
    assert send("forged", now + 302, secret) == 403
    assert [send("repeated", now, secret) for _ in range(2)] == [204, 204]


def test_every_code_path_and_setting_the_document_names_is_there() -> None:
    from server.domain.webhook import EVENTS as TOLD
    from server.web.problems import TEXTS

    codes = set(re.findall(r"`([a-z]+_[a-z_]+)`", DOCUMENT.split("## Refusals")[1].split("## ")[0]))
    assert codes - {"nearest", "errors"} <= set(TEXTS)
    table = DOCUMENT.split("| event | what happened |")[1].split("```")[0]
    assert set(re.findall(r"`([a-z]+\.[a-z]+)`", table)) - {"visit.id", "visit.number", "visit.desk"} == set(
        TOLD
    )
