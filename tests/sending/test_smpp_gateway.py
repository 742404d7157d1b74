"""SMS over a real SMPP line: binding, parts that a phone joins, and what each answer means."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from server.sending import smpp_gateway
from server.sending.settings import SmppSettings
from server.sending.smpp_gateway import SmppGateway
from server.sending.ways import NotTaken, OutOfReach, Refused, SendingFault, Sms
from tests.programs import free_port, until
from tests.sending.sms_centre import SmsCentre

SHORT = Sms("0195-7", "+79270000012", "Сіз жазылдыңыз: 3 наурыз, 08:00")
LONG = Sms("0195-8", "+79270000012", "".join(f"Строка {number:03}. " for number in range(12)) + "😀")


@pytest.fixture
def centre() -> Iterator[SmsCentre]:
    with SmsCentre() as started:
        yield started


def a_way(port: int, password: str = "secret", timeout: float = 10, **changes: Any) -> SmppGateway:
    values = {"host": "127.0.0.1", "port": port, "system_id": "talon", "sender": "TALON", **changes}
    return SmppGateway(SmppSettings.model_validate(values), password, timeout)


@pytest.mark.parametrize("bind", ["transceiver", "transmitter"])
def test_a_short_text_is_one_sms_in_ucs2(centre: SmsCentre, bind: str) -> None:
    way = a_way(centre.port, bind=bind)
    way.send(SHORT)
    (one,) = centre.submitted
    assert (one.sender, one.to, one.coding, one.esm_class) == ("TALON", "79270000012", 8, 0)
    assert one.text == SHORT.text
    assert centre.binds == [(bind, "talon")]
    way.close()
    assert centre.unbound == 1


def test_a_long_text_goes_in_parts_that_a_phone_can_join(centre: SmsCentre) -> None:
    way = a_way(centre.port)
    way.send(LONG)
    way.send(LONG)
    way.close()
    first, again = centre.submitted[:3], centre.submitted[3:]
    assert "".join(part.text for part in first) == LONG.text
    headers = [part.content[:6] for part in first]
    assert [(h[:3], h[4], h[5]) for h in headers] == [(b"\x05\x00\x03", 3, n) for n in (1, 2, 3)]
    assert all(len(part.content) <= 140 and part.esm_class == 0x40 for part in first)
    # A repeat has the same reference: a phone that has a part already puts it in its place.
    assert {h[3] for h in headers} == {part.content[3] for part in again}


def test_a_long_text_may_go_in_parts_by_sar(centre: SmsCentre) -> None:
    way = a_way(centre.port, long_messages="sar")
    way.send(LONG)
    way.close()
    assert "".join(part.text for part in centre.submitted) == LONG.text
    assert [(part.options[0x20E], part.options[0x20F]) for part in centre.submitted] == [
        (3, 1),
        (3, 2),
        (3, 3),
    ]
    assert len({part.options[0x20C] for part in centre.submitted}) == 1


@pytest.mark.parametrize(
    ("status", "fault"),
    [(0xB, Refused), (0x65, Refused), (0x58, OutOfReach), (0x14, OutOfReach), (0x8, NotTaken)],
)
def test_what_a_status_means(centre: SmsCentre, status: int, fault: type[SendingFault]) -> None:
    way = a_way(centre.port)
    centre.statuses = [status]
    with pytest.raises(fault, match=f"SMPP {status:#04x}"):
        way.send(SHORT)
    way.send(SHORT)
    assert len(centre.submitted) == 2
    way.close()


def test_a_wrong_password_and_a_centre_that_is_down_are_out_of_reach(centre: SmsCentre) -> None:
    with pytest.raises(OutOfReach, match="SMPP 0x0e"):
        a_way(centre.port, password="wrong").send(SHORT)
    with pytest.raises(OutOfReach, match="ConnectionError"):
        a_way(free_port()).send(SHORT)


def test_a_centre_that_says_nothing_is_out_of_reach_and_a_cut_line_is_opened_anew(centre: SmsCentre) -> None:
    centre.silent = True
    way = a_way(centre.port, timeout=0.5)
    with pytest.raises(OutOfReach):
        way.send(SHORT)
    centre.silent = False
    # Who answers gets the time it takes on a busy machine: only silence was to be short.
    way._timeout = 10
    way.send(SHORT)
    centre.hang_up()
    with pytest.raises(OutOfReach):
        way.send(SHORT)
    way.send(SHORT)
    assert len(centre.binds) == 3
    way.close()


def test_what_the_centre_asks_meanwhile_is_answered(
    centre: SmsCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.talks_between = True
    way = a_way(centre.port)
    way.send(SHORT)
    monkeypatch.setattr(smpp_gateway, "ENQUIRE_SECONDS", -1)
    way.rest()
    until(lambda: centre.answered_enquiries == 1, "an enquiry")
    centre.hang_up()
    way.rest()
    centre.talks_between = False
    way.send(SHORT)
    assert len(centre.submitted) == 2
    way.close()


def test_no_log_tells_a_phone_a_text_or_a_password(
    centre: SmsCentre, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    way = a_way(centre.port)
    way.send(SHORT)
    way.close()
    for secret in (b"79270000012", b"secret", SHORT.text.encode("utf-16-be")):
        assert secret.hex() not in caplog.text
