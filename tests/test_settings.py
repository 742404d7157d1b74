"""Settings and the company's file: every fault at once, each with its cure."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from server import company, config
from server.domain.office import office_from_document
from server.sdk import settings
from server.sdk.settings import SettingsError
from tests.builders import COMPANY, changed_company


def faults_of(values: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as error:
        settings.check(company.CompanySettings, values, "company.toml")
    return "\n".join(error.value.faults)


def test_all_faults_of_a_file_are_listed_at_once(tmp_path: Path) -> None:
    path = tmp_path / "talon.toml"
    path.write_text("[server]\nport = 99999\nprot = 1\n[database]\nurl = 5\n", "utf-8")
    with pytest.raises(SettingsError) as error:
        config.load(path)
    assert len(error.value.faults) == 3
    text = str(error.value)
    assert "server.prot: unknown key: remove it or correct its spelling (known here: async_mode" in text
    assert "server.port" in text
    assert "database.url" in text


@pytest.mark.parametrize("text", ["[server", "\x00", "port = "])
def test_a_file_that_is_not_toml_is_told_as_such(tmp_path: Path, text: str) -> None:
    path = tmp_path / "talon.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="not valid TOML"):
        config.load(path)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist: give its path"):
        config.load(tmp_path / "nothing.toml")


def test_the_environment_overrides_three_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALON_PORT", "8090")
    monkeypatch.setenv("TALON_DATABASE_URL", "postgresql+psycopg2:///talon")
    monkeypatch.setenv("TALON_REDIS_URL", "redis://127.0.0.1/1")
    loaded = config.load(None)
    assert (loaded.server.port, loaded.database.url, loaded.redis.url) == (
        8090, "postgresql+psycopg2:///talon", "redis://127.0.0.1/1",
    )  # fmt: skip


def test_a_bad_port_in_the_environment_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALON_PORT", "eighty")
    with pytest.raises(SettingsError, match="TALON_PORT"):
        config.load(None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda o: o["services"][0].update(prefix="З"), "easily confused"),
        (lambda o: o.update(timezone="Moscow"), "Europe/Saratov"),
        (lambda o: o["services"].append(dict(o["services"][0])), "service contract is given twice"),
        (lambda o: o["desks"].append({"label": "1"}), "desk 1 is given twice"),
        (lambda o: o["desks"].append({"label": "5А"}), "add code"),
        (lambda o: o["desks"][0].update(services=["weather"]), "unknown service weather"),
        (lambda o: o["desks"][0].update(when_idle=["contract"]), "service contract is given twice"),
        (lambda o: o["categories"][0].update(head_start_minutes=5), "needs out_of_turn = false"),
        (lambda o: o.update(reasons={"hold": [{"code": "other", "name": {"ru": "Иное"}}]}), "own words"),
        (lambda o: o.update(policy={"most_overtaken": -1}), "most_overtaken"),
        (lambda o: o["name"].pop("ru"), "no Russian name"),
        (
            lambda o: o["schedule"]["weekly"].update(mon=[["17:00", "08:00"]]),
            "from an earlier to a later time",
        ),
        (lambda o: o["schedule"]["weekly"].update(mon=[["25:00", "26:00"]]), "schedule"),
    ],
)
def test_a_fault_of_the_company_is_named_with_its_cure(change: Any, words: str) -> None:
    assert words in faults_of(changed_company(change))


def test_an_office_below_25_hours_a_week_is_allowed_with_a_warning() -> None:
    checked = settings.check(company.CompanySettings, COMPANY, "company.toml")
    assert company.warnings(checked) == ["south: receives 9 hours a week, the rule asks for 25"]


def test_the_demonstration_company_has_no_faults_and_says_what_it_is() -> None:
    path = Path(company.__file__).parent / "demonstration" / "company.toml"
    checked = settings.load(company.CompanySettings, path)
    assert checked.demonstration
    assert company.warnings(checked) == []
    assert all("демонстрация" in office.name["ru"] for office in checked.offices)


def test_limits_of_waiting_hold_from_their_day_on_for_each_kind() -> None:
    limits = [
        {"from": "2026-03-01", "minutes": 20},
        {"from": "2026-04-01", "minutes": 15, "booked_minutes": 3},
    ]
    service = {"wait_limit_minutes": 30, "limits": limits}
    values = changed_company(lambda office: office["services"][0].update(service))
    document = company.CompanySettings.model_validate(values).documents()[0]
    office = office_from_document(document)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [office.limit_at("contract", "walk_in", day) // 60 for day in days] == [30, 20, 20, 15]
    assert [office.limit_at("contract", "booked", day) // 60 for day in days] == [5, 5, 5, 3]


def test_limits_that_stand_out_of_order_are_refused_with_the_cure() -> None:
    limits = [{"from": "2026-04-01", "minutes": 20}, {"from": "2026-04-01", "minutes": 15}]
    values = changed_company(lambda office: office["services"][0].update(limits=limits))
    assert "put them in the order of their days, each day once" in faults_of(values)
