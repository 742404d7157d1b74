"""Webhooks: what is told of an event, how it is signed, where it may go."""

from __future__ import annotations

import pytest

from server.domain import webhook
from server.domain.events import Event, Kind
from tests.builders import NINE


def test_what_is_told_of_a_booking_names_it_by_id_and_nobody_by_name() -> None:
    payload = {"booking": "b1", "service": "cash", "at": "2026-03-03T05:00:00.000Z", "channel": "bot"}
    made = Event(Kind.BOOKING_MADE, NINE, "device:d1", None, None, {**payload, "count": 2})
    assert webhook.subject_of(made) == "b1"
    assert webhook.content("d1", "north", 7, made) == {
        "delivery": "d1",
        "event": "booking.made",
        "office": "north",
        "sequence": 7,
        "at": "2026-03-02T09:00:00.000Z",
        "booking": {
            "id": "b1",
            "service": "cash",
            "starts_at": "2026-03-03T05:00:00.000Z",
            "channel": "bot",
            "count": 2,
        },
    }


def test_what_is_told_of_a_call_is_the_number_and_the_desk_but_not_who_called() -> None:
    facts = {"number": "А001", "call": "c1", "count": 1, "why": "by_hand", "reason": "other"}
    called = Event(Kind.TICKET_CALLED, NINE, "anna", "v1", "north-1", facts)
    told = webhook.content("d1", "north", 8, called)
    assert told["visit"] == {"id": "v1", "number": "А001", "desk": "north-1"}
    assert "booking" not in told
    assert "anna" not in str(told)
    assert webhook.subject_of(called) == "v1"


def test_a_signature_is_an_hmac_of_time_and_body_by_each_secret() -> None:
    # As: printf '1772442000.{"a":1}' | openssl dgst -sha256 -hmac key
    assert webhook.signature(["key"], 1772442000, '{"a":1}') == (
        "t=1772442000,v1=8e901b8fdb1372fb939f408fc70d11db24d0c0e35c14ca41b4af7ec45532ee79"
    )
    both = webhook.signature(["new", "old"], 1772442000, '{"a":1}')
    assert both.count(",v1=") == 2


@pytest.mark.parametrize(
    ("url", "allow_private"),
    [
        ("https://site.example/talon?from=queue", False),
        ("https://site.example:8443", False),
        ("https://93.184.215.14/talon", False),
        ("https://10.0.0.5/talon", True),
        ("http://127.0.0.1:8000/talon", True),
        ("http://localhost:8000/", True),
    ],
)
def test_a_receiver_is_reached_by_https_or_on_this_machine(url: str, allow_private: bool) -> None:
    assert webhook.checked_url(url, allow_private) == url


@pytest.mark.parametrize(
    ("url", "allow_private", "cure"),
    [
        ("http://site.example/talon", True, "https://"),
        ("http://10.0.0.5/talon", True, "https://"),
        ("ftp://site.example", True, "https://"),
        ("site.example", True, "give an address"),
        ("https://", True, "give an address"),
        ("https://user:word@site.example/", True, "give an address"),
        ("https://site.example:99999/", True, "Port"),
        ("https://site.example/a b", True, "no spaces"),
        ("https://сайт.рф/", True, "ASCII"),
        ("https://site.example/" + "x" * 500, True, "500"),
        ("https://site.example/\r\nHost:x", True, "no spaces"),
        ("http://127.0.0.1:8000/talon", False, "allow_private"),
        ("https://localhost/talon", False, "allow_private"),
        ("https://192.168.1.5/talon", False, "allow_private"),
        ("https://[::1]/talon", False, "allow_private"),
    ],
)
def test_other_addresses_are_refused_with_the_cure(url: str, allow_private: bool, cure: str) -> None:
    with pytest.raises(ValueError, match=cure):
        webhook.checked_url(url, allow_private)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "224.0.0.1"),
    ],
)
def test_private_networks_are_not_reached_by_themselves(address: str) -> None:
    assert not webhook.may_be_reached(address, allow_private=False)


def test_private_networks_are_reached_where_the_company_says_so_but_never_many_at_once() -> None:
    assert webhook.may_be_reached("10.1.2.3", allow_private=True)
    assert webhook.may_be_reached("93.184.215.14", allow_private=False)
    assert not webhook.may_be_reached("224.0.0.1", allow_private=True)
    assert not webhook.may_be_reached("0.0.0.0", allow_private=True)
