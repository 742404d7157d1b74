"""talon-server webhook: what it does, what it shows once, what it refuses with which cure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server import cli
from server.db import webhook_rows
from server.db.contact_safe import safe_from_file
from server.db.store import Store
from server.db.webhook_rows import WebhookRow

URL = "https://site.example/talon"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command on the tests' database; returns its exit code and all it said."""
    settings = tmp_path / "server.toml"
    settings.write_text(
        f'[server]\nstate_folder = "{tmp_path}/state"\n[database]\nurl = "{store.engine.url}"\n'
    )
    safe_from_file(tmp_path / "state" / "contacts.key")

    def act(*arguments: str) -> tuple[int, str]:
        code = cli.main(["--config", str(settings), "webhook", *arguments], lambda _settings: 9)
        said = capsys.readouterr()
        return code, said.out + said.err

    return act


def added(run: Run, *more: str) -> tuple[str, str]:
    """Add a webhook; returns its id and secret."""
    code, said = run("add", URL, *more)
    assert code == 0, said
    first, second = said.splitlines()
    return first.removeprefix("webhook "), second.removeprefix("secret  ")


def kept(store: Store) -> list[WebhookRow]:
    with store.read() as connection:
        return webhook_rows.all_webhooks(connection)


def test_a_webhook_is_added_listed_paused_and_removed(run: Run, store: Store) -> None:
    webhook, secret = added(run, "--events", "booking.made", "visit.called", "--offices", "north")
    (row,) = kept(store)
    assert (row.id, row.events, row.offices) == (webhook, ["booking.made", "visit.called"], ["north"])
    assert secret.encode() not in row.secret
    listed = run("list")[1]
    assert f"{webhook} active {URL}" in listed
    assert "north: booking.made visit.called" in listed
    assert secret not in listed
    for act, active in (("pause", False), ("resume", True)):
        assert run(act, webhook)[0] == 0
        assert kept(store)[0].active is active
    assert run("remove", webhook)[0] == 0
    assert kept(store) == []


def test_a_secret_is_shown_once_and_opened_with_the_servers_key(
    run: Run, store: Store, tmp_path: Path
) -> None:
    webhook, secret = added(run)
    new = run("rotate", webhook)[1].splitlines()[0].removeprefix("secret  ")
    safe, _made = safe_from_file(tmp_path / "state" / "contacts.key")
    (row,) = kept(store)
    assert row.old_secret is not None
    opened = [safe.open_secret(webhook, sealed) for sealed in (row.secret, row.old_secret)]
    assert opened == [new, secret]
    assert len(secret) >= 40
    assert new != secret


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (("add", "http://site.example/"), "https://"),
        (("add", "https://10.0.0.5/"), "allow_private"),
        (("add", URL, "--offices", "west"), "unknown_office"),
        (("add",), "needs an address"),
        (("rotate", "nobody"), "unknown_webhook"),
        (("remove", "nobody"), "unknown_webhook"),
        (("remove",), "needs an id"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_cure(
    run: Run, store: Store, arguments: tuple[str, ...], cure: str
) -> None:
    code, said = run(*arguments)
    assert (code, cure in said) == (2, True), said
    assert kept(store) == []


def test_without_the_servers_key_no_secret_is_made(run: Run, store: Store, tmp_path: Path) -> None:
    (tmp_path / "state" / "contacts.key").unlink()
    code, said = run("add", URL)
    assert (code, kept(store)) == (2, [])
    assert "[bookings] key_file" in said
    assert not (tmp_path / "state" / "contacts.key").exists()


def test_a_replay_of_nothing_says_so(run: Run) -> None:
    assert run("replay", "nothing") == (1, "0 message(s) will be sent again\n")
