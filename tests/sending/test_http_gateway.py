"""SMS by HTTP: the request is what the settings say, the answer means what the settings say."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from server.sending.http_gateway import HttpGateway
from server.sending.settings import HttpGatewaySettings
from server.sending.ways import NotTaken, OutOfReach, Refused, SendingFault, Sms
from tests.programs import free_port, until
from tests.sending.gateway import Gateway

SMS = Sms("0195-7", "+79270000012", "Сіз жазылдыңыз: 3 наурыз")


@pytest.fixture(scope="module")
def listening() -> Iterator[Gateway]:
    with Gateway() as started:
        yield started


@pytest.fixture
def gateway(listening: Gateway) -> Gateway:
    listening.requests.clear()
    listening.answers.clear()
    return listening


def a_way(gateway: Gateway, timeout: float = 10, **changes: Any) -> HttpGateway:
    values = {"url": gateway.url, "fields": {"to": "{phone}", "text": "{text}"}, **changes}
    return HttpGateway(HttpGatewaySettings.model_validate(values), "пароль", timeout)


def test_json_with_nested_fields_and_a_header_with_the_password(gateway: Gateway) -> None:
    fields = {"from": "TALON", "messages": [{"to": "{digits}", "text": "{text}", "id": "{id}", "ttl": 60}]}
    a_way(gateway, fields=fields, headers={"Authorization": "Bearer {password}"}).send(SMS)
    (request,) = gateway.requests
    assert json.loads(request.body) == {
        "from": "TALON",
        "messages": [{"to": "79270000012", "text": SMS.text, "id": "0195-7", "ttl": 60}],
    }
    assert request.headers["Authorization"].encode("latin-1").decode() == "Bearer пароль"
    assert request.headers["Content-Type"] == "application/json"


def test_form_fields_and_a_query(gateway: Gateway) -> None:
    a_way(gateway, body="form").send(SMS)
    a_way(gateway, method="GET", body="query").send(SMS)
    form, query = gateway.requests
    wanted = {"to": ["+79270000012"], "text": [SMS.text]}
    assert parse_qs(form.body) == wanted
    assert (query.method, query.body, parse_qs(urlsplit(query.path).query)) == ("GET", "", wanted)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (400, Refused),
        (422, Refused),
        (401, OutOfReach),
        (403, OutOfReach),
        (429, OutOfReach),
        (500, NotTaken),
        (503, NotTaken),
        (302, NotTaken),
        (204, NotTaken),
    ],
)
def test_what_a_status_means(gateway: Gateway, status: int, fault: type[SendingFault]) -> None:
    gateway.answers = [(status, "")]
    with pytest.raises(fault, match=rf"^HTTP {status}$"):
        a_way(gateway).send(SMS)
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ('{"sms": [{"code": 100}]}', None),
        ('{"sms": [{"code": "queued"}]}', None),
        ('{"sms": [{"code": 202}]}', Refused),
        ('{"sms": [{"code": 500}]}', NotTaken),
        ('{"sms": []}', NotTaken),
        ('{"sms": "100"}', NotTaken),
        ("<html>Fehler</html>", NotTaken),
        ("", NotTaken),
        ("\xff{", NotTaken),
    ],
)
def test_what_an_answers_field_means(gateway: Gateway, answer: str, fault: type[SendingFault] | None) -> None:
    way = a_way(
        gateway,
        answer_field="sms.0.code",
        accepted_values=["100", "queued"],
        refused_values=["202"],
    )
    gateway.answers = [(200, answer)]
    if fault is None:
        way.send(SMS)
    else:
        with pytest.raises(fault):
            way.send(SMS)


def test_a_gateway_that_is_not_there_or_says_nothing_is_out_of_reach(gateway: Gateway) -> None:
    way = a_way(gateway, url=f"http://127.0.0.1:{free_port()}/send?to={{phone}}", fields={"text": "{text}"})
    with pytest.raises(OutOfReach, match=r"^ConnectionError$"):
        way.send(SMS)
    gateway.go_on.clear()
    with pytest.raises(OutOfReach, match=r"^ReadTimeout$"):
        a_way(gateway, timeout=0.2).send(SMS)
    # Else it might come only during the next test, and take away the answer meant for that one's.
    until(lambda: gateway.requests, "the request that got no answer in time")
    gateway.go_on.set()


def test_no_log_tells_a_phone_or_a_text(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    gateway.answers = [(500, SMS.text)]
    with pytest.raises(NotTaken) as told:
        a_way(gateway, method="GET", body="query").send(SMS)
    for words in (caplog.text, str(told.value)):
        assert "0000012" not in words
        assert "%D0" not in words
