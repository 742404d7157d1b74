"""SMS by HTTP: a gateway is described by settings, so that another one needs no program."""

from __future__ import annotations

import json
import logging
from typing import Any

import requests

from server.sending.settings import HttpGatewaySettings
from server.sending.templates import filled
from server.sending.ways import NotTaken, OutOfReach, Refused, Sms

_LARGEST_ANSWER = 65_536
_NOT_US = (401, 403, 407, 429)
"""The gateway has something against us, not against this SMS."""

# It would write the address of every request into a log that tells all: with the phone, for some gateways.
logging.getLogger("urllib3").setLevel(logging.INFO)


class HttpGateway:
    """One request for each SMS."""

    def __init__(self, settings: HttpGatewaySettings, password: str, timeout_seconds: float) -> None:
        self._settings = settings
        self._password = password
        self._timeout = timeout_seconds
        self._session = requests.Session()
        self._session.trust_env = False

    def send(self, sms: Sms) -> None:
        """Hand an SMS to the gateway; raises ``SendingFault``."""
        told, text = self._asked(sms)
        settings = self._settings
        value = _value_at(settings.answer_field, text)
        if told in settings.refused_statuses or value in settings.refused_values:
            raise Refused(f"HTTP {told}")
        if told in _NOT_US:
            raise OutOfReach(f"HTTP {told}")
        if told not in settings.accepted_statuses:
            raise NotTaken(f"HTTP {told}")
        if settings.answer_field and value not in settings.accepted_values:
            raise NotTaken(f"HTTP {told}, but the answer does not say that it was taken")

    def rest(self) -> None:
        """Connections may stay open: the session opens a new one where the gateway closed its own."""

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def _asked(self, sms: Sms) -> tuple[int, bytes]:
        settings = self._settings
        values = {
            "phone": sms.to,
            "digits": sms.to.removeprefix("+"),
            "text": sms.text,
            "id": sms.id,
            "password": self._password,
        }
        fields = filled(settings.fields, values)
        body: dict[str, Any] = {{"json": "json", "form": "data", "query": "params"}[settings.body]: fields}
        try:
            with self._session.request(
                settings.method,
                filled(settings.url, values),
                headers={name: value.encode() for name, value in filled(settings.headers, values).items()},
                timeout=self._timeout,
                # Where it leads is not what was set; the password would go there too.
                allow_redirects=False,
                stream=True,
                **body,
            ) as answer:
                return answer.status_code, answer.raw.read(_LARGEST_ANSWER, decode_content=True)
        except (requests.RequestException, OSError) as fault:
            # Its words would name the address asked.
            raise OutOfReach(type(fault).__name__) from None


def _value_at(path: str, text: bytes) -> str | None:
    """What the JSON answer holds at ``path`` as a word; ``None``: nothing."""
    if not path:
        return None
    try:
        found = json.loads(text)
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else json.dumps(found)
