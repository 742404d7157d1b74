"""``talon-server simulate``: a table for people, JSON for programs, and no database."""

from __future__ import annotations

import json

import pytest

from server import cli
from server.demonstration import start

COMMAND = ["simulate", "--company", str(start.COMPANY), "--days", "1"]


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects fails."""

    def refuse(*_arguments: object) -> None:
        raise AssertionError("a simulation needs no database")

    monkeypatch.setattr(cli, "connect", refuse)


def run(*more: str) -> int:
    return cli.main([*COMMAND, *more], lambda _settings: 0)


def test_the_table_has_a_line_for_every_office_and_one_for_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert names == ["zarechny", "almaly", "sadovy", "all"]


def test_the_same_seed_prints_the_same_and_another_seed_something_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed = []
    for seed in ("3", "3", "4"):
        assert run("--office", "sadovy", "--seed", seed, "--json") == 0
        printed.append(json.loads(capsys.readouterr().out)["sadovy"])
    assert printed[0] == printed[1]
    assert printed[0] != printed[2]
    assert {"visits", "inside", "error", "plain_error", "less"} <= set(printed[0])


def test_an_unknown_office_and_a_missing_file_are_refused_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--office", "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err
    assert cli.main(["simulate", "--company", "no-such-file.toml"], lambda _settings: 0) == 2
    assert "no-such-file.toml" in capsys.readouterr().err
