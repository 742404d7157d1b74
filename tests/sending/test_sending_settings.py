"""[mail], [sms] and [messages]: what cannot be meant is refused with its cure, passwords lie elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server.config import TalonSettings
from server.sdk.settings import SettingsError, check
from server.sending.settings import password

HTTP = {"url": "https://gateway.example/", "fields": {"to": "{phone}", "text": "{text}"}}
SMPP = {"host": "sms.example", "system_id": "talon", "sender": "TALON"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"mail": {"way": "smtp", "sender": "a@b.example"}}, "host is missing"),
        ({"mail": {"way": "smtp", "host": "mail.example"}}, "sender is no e-mail address"),
        ({"mail": {"way": "smtp", "host": "m.example", "sender": "a@b.example\nBcc: c@d.example"}}, "sender"),
        ({"mail": {"way": "post"}}, "mail.way"),
        ({"mail": {"timeout_seconds": 31}}, "less than or equal to 30"),
        ({"mail": {"passwort": "x"}}, "unknown key"),
        ({"mail": {"security": "ssl"}}, "mail.security"),
        ({"sms": {"way": "http"}}, r"the table \[sms.http\] is missing"),
        ({"sms": {"way": "smpp"}}, r"the table \[sms.smpp\] is missing"),
        ({"sms": {"http": {**HTTP, "url": "gateway.example"}}}, "sms.http.url"),
        ({"sms": {"http": {**HTTP, "fields": {"to": "{phon}", "text": "{text}"}}}}, r"placeholder \{phon\}"),
        ({"sms": {"http": {**HTTP, "fields": {"to": "{phone}"}}}}, "has no {text}"),
        ({"sms": {"http": {**HTTP, "answer_field": "code"}}}, "belong together"),
        ({"sms": {"http": {**HTTP, "method": "GET"}}}, "GET has no body"),
        ({"sms": {"smpp": {**SMPP, "sender": "Талон"}}}, "only Latin letters"),
        ({"sms": {"smpp": {**SMPP, "port": 0}}}, "sms.smpp.port"),
        ({"messages": {"template": "x"}}, "unknown key"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_with_the_cure(values: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        check(TalonSettings, values, "server.toml")


def test_without_any_of_it_nothing_is_sent() -> None:
    settings = check(TalonSettings, {}, "server.toml")
    assert (settings.mail.way, settings.sms.way, settings.messages.templates) == ("none", "none", None)


def test_a_password_comes_from_the_environment_or_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "password"
    file.write_text("из файла\n", "utf-8")
    monkeypatch.delenv("TALON_MAIL_PASSWORD", raising=False)
    assert password("mail", None, "TALON_MAIL_PASSWORD") == ""
    assert password("mail", file, "TALON_MAIL_PASSWORD") == "из файла"
    with pytest.raises(SettingsError, match=r"\[mail\] password_file cannot be read"):
        password("mail", tmp_path / "nowhere", "TALON_MAIL_PASSWORD")
    monkeypatch.setenv("TALON_MAIL_PASSWORD", "из окружения")
    assert password("mail", file, "TALON_MAIL_PASSWORD") == "из окружения"
