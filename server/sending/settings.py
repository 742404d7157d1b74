"""``[mail]``, ``[sms]`` and ``[messages]`` of the server's settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from server.domain.letter import is_address
from server.sdk.settings import Settings, SettingsError
from server.sending.templates import names_in

Port = Annotated[int, Field(ge=1, le=65535)]
# A message must be over before another process may take it up: see LEASE in server/message_sending.py.
Seconds = Annotated[int, Field(ge=1, le=30)]
Status = Annotated[int, Field(ge=100, le=599)]
Octet = Annotated[int, Field(ge=0, le=255)]

GATEWAY_NAMES = ("phone", "digits", "text", "id", "password")
"""What a gateway's request may hold: +79…, 79…, the text, the message's own id, the password."""

MAIL_PASSWORD, SMS_PASSWORD = "TALON_MAIL_PASSWORD", "TALON_SMS_PASSWORD"


class MailSettings(Settings):
    """``[mail]``: how mail leaves. ``none``: it stays in the queue."""

    way: Literal["none", "smtp", "console"] = "none"
    host: str = ""
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    # Certificates to trust instead of the system's, for a mail server of the company itself.
    ca_file: Path | None = None
    user: str = ""
    # Or the environment's TALON_MAIL_PASSWORD.
    password_file: Path | None = None
    sender: str = ""
    sender_name: str = ""
    timeout_seconds: Seconds = 20

    @model_validator(mode="after")
    def _is_whole(self) -> MailSettings:
        if self.way == "smtp":
            if not self.host:
                raise ValueError("host is missing: give the mail server's name")
            if not is_address(self.sender):
                raise ValueError("sender is no e-mail address: give the one that mail comes from")
        return self


class HttpGatewaySettings(Settings):
    """``[sms.http]``: one request for each SMS, and what of the answer means that it was taken.

    ``url``, ``headers`` and ``fields`` may hold {phone}, {digits}, {text}, {id} and {password}.
    ``answer_field`` is where the JSON answer tells how it went: names and places joined by dots.
    """

    url: str = Field(pattern=r"^https?://[^\s/]+")
    method: Literal["GET", "POST", "PUT"] = "POST"
    body: Literal["json", "form", "query"] = "json"
    headers: dict[str, str] = Field(default_factory=dict)
    fields: dict[str, Any]
    accepted_statuses: list[Status] = Field([200, 201, 202], min_length=1)
    refused_statuses: list[Status] = Field([400, 422])
    answer_field: str = ""
    accepted_values: list[str] = Field(default_factory=list)
    refused_values: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _makes_sense(self) -> HttpGatewaySettings:
        named = names_in([self.url, self.headers, self.fields])
        if unknown := sorted(named - set(GATEWAY_NAMES)):
            known = ", ".join(GATEWAY_NAMES)
            raise ValueError(f"unknown placeholder {{{unknown[0]}}}: correct its spelling (known: {known})")
        if "text" not in named or not named & {"phone", "digits"}:
            raise ValueError("the request has no {text}, or neither {phone} nor {digits}: add them")
        if bool(self.answer_field) != bool(self.accepted_values):
            raise ValueError("answer_field and accepted_values belong together: give both, or neither")
        if self.method == "GET" and self.body != "query":
            raise ValueError('GET has no body: set body = "query"')
        return self


class SmppSettings(Settings):
    """``[sms.smpp]``: a line to an operator's SMS centre (SMPP 3.4)."""

    host: str = Field(min_length=1)
    port: Port = 2775
    system_id: str = Field(max_length=15)
    system_type: str = Field("", max_length=12)
    bind: Literal["transceiver", "transmitter"] = "transceiver"
    # Who the SMS is from: 5 and 0 are a name in Latin letters, 1 and 1 an international number.
    sender: str = Field(min_length=1, max_length=20)
    sender_ton: Octet = 5
    sender_npi: Octet = 0
    long_messages: Literal["udh", "sar"] = "udh"

    @field_validator("system_id", "system_type", "sender")
    @classmethod
    def _is_ascii(cls, value: str) -> str:
        if not value.isascii():
            raise ValueError("only Latin letters, digits and signs can be sent here")
        return value


class SmsSettings(Settings):
    """``[sms]``: how SMS leave. ``none``: they stay in the queue."""

    way: Literal["none", "http", "smpp", "console"] = "none"
    # Or the environment's TALON_SMS_PASSWORD.
    password_file: Path | None = None
    timeout_seconds: Seconds = 20
    http: HttpGatewaySettings | None = None
    smpp: SmppSettings | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> SmsSettings:
        if self.way in ("http", "smpp") and getattr(self, self.way) is None:
            raise ValueError(f"the table [sms.{self.way}] is missing: add it, or choose another way")
        return self


class MessageSettings(Settings):
    """``[messages]``: a folder with ``ru.toml``, ``kk.toml``, ``en.toml``: own words instead of ours."""

    templates: Path | None = None


def password(table: str, file: Path | None, variable: str) -> str:
    """The password of a way: from the environment, else from its file, else none.

    Raises ``SettingsError`` when the file cannot be read.
    """
    if given := os.environ.get(variable):
        return given
    if file is None:
        return ""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            str(file), [f"[{table}] password_file cannot be read: check its path, and that it is ours"]
        ) from None
