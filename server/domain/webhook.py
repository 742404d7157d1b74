"""Webhooks: what the company's own programs are told, how it is signed, where it may be sent."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from server.domain.events import Event, Kind, timestamp

TOLD: dict[Kind, str] = {
    Kind.BOOKING_MADE: "booking.made",
    Kind.BOOKING_MOVED: "booking.moved",
    Kind.BOOKING_CANCELLED: "booking.cancelled",
    Kind.BOOKING_ARRIVED: "booking.arrived",
    Kind.BOOKING_MISSED: "booking.missed",
    Kind.TICKET_CALLED: "visit.called",
    Kind.SERVICE_FINISHED: "visit.served",
}
"""What is told, by the kind of the log's event."""
EVENTS = tuple(TOLD.values())

MOST_AGE = timedelta(minutes=5)
"""How far a signature's time may be from the receiver's clock."""
OLD_SECRET_GOOD_FOR = timedelta(days=1)
"""After a new secret was made, how long the old one signs too."""
LONGEST_URL = 500

_FACTS = {"at": "starts_at", "from": "was_at"}
_KEPT = frozenset({"at", "from", "service", "count", "channel", "why", "in_time"})


@dataclass(frozen=True)
class Subscription:
    """Which events of which offices a program is told of; no ``offices`` means all."""

    id: str
    events: frozenset[str]
    offices: frozenset[str]

    def has_office(self, office: str) -> bool:
        """Whether it is told what happens in an office."""
        return not self.offices or office in self.offices


def subject_of(event: Event) -> str:
    """What an event is about, a booking or a visit: its messages keep their order."""
    return str(event.payload.get("booking") or event.visit)


def content(delivery: str, office: str, seq: int, event: Event) -> dict[str, Any]:
    """What is told of an event: ids, times and codes, never a person.

    ``sequence`` is the event's place in the office's log: of two messages the larger one is the later.
    """
    told: dict[str, Any] = {
        "delivery": delivery,
        "event": TOLD[event.kind],
        "office": office,
        "sequence": seq,
        "at": timestamp(event.at),
    }
    payload = event.payload
    if "booking" in payload:
        facts = {_FACTS.get(name, name): value for name, value in payload.items() if name in _KEPT}
        told["booking"] = {"id": payload["booking"], **facts}
    if event.visit is not None:
        told["visit"] = {"id": event.visit, **_of_visit(payload, event.desk)}
    return told


def signature(secrets: Iterable[str], at: int, body: str) -> str:
    """The value of ``Talon-Signature``: the time and, for each secret, HMAC-SHA-256 over time and body."""
    signed = f"{at}.{body}".encode()
    made = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={one}" for one in made)])


def checked_url(url: str, allow_private: bool) -> str:
    """The address of a receiver: https, or http on this machine; raises ``ValueError`` with the cure."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"an address has at most {LONGEST_URL} letters of ASCII and no spaces")
    if not host or parts.username or parts.fragment or parts.port == 0:
        raise ValueError("give an address like https://site.example/talon, without a user or a #")
    here = host in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise ValueError("the address must begin with https:// (http:// works on this machine alone)")
    try:
        reached = may_be_reached(host, allow_private)
    except ValueError:
        # A name: what it stands for is looked at each time something is sent.
        reached = allow_private or not here
    if not reached:
        raise ValueError("the address is of a private network: set [webhooks] allow_private = true")
    return url


def may_be_reached(address: str, allow_private: bool) -> bool:
    """Whether a receiver may have this IP address; private networks only where the company says so."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_multicast or found.is_unspecified:
        return False
    return allow_private or found.is_global


def _of_visit(payload: Mapping[str, Any], desk: str | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"desk": desk} if desk else {}
    return facts | ({"number": payload["number"]} if "number" in payload else {})
