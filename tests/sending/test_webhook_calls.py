"""Webhooks sent: signed, once, in order, again after a fault; never on to another or a private address."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.actions import bookings
from server.db import webhook_rows
from server.db.contact_safe import ContactSafe
from server.db.store import Store
from server.db.webhook_rows import Delivery, WebhookRow
from server.domain.delivery import PAUSES
from server.domain.webhook import EVENTS
from server.sending import one_post
from server.sending.one_post import NotTaken, post
from server.sending.webhook_calls import WebhookCalls
from tests.booking_builders import TUESDAY, book, take_bookings
from tests.builders import NINE, Clock
from tests.programs import until
from tests.webhook_receiver import Receiver, Told

SECRET, OLD_SECRET = "the secret", "the old secret"
WEBHOOK = "00000000-0000-7000-8000-000000000001"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def calls(store: Store) -> Iterator[WebhookCalls]:
    take_bookings(store)
    made = WebhookCalls(store, allow_private=True, kept=timedelta(days=14))
    yield made
    made.stop()


def subscribe(store: Store, url: str, webhook: str = WEBHOOK) -> WebhookRow:
    assert store.contacts is not None
    sealed = store.contacts.seal_secret(webhook, SECRET)
    row = WebhookRow(webhook, url, list(EVENTS), [], sealed, None, None, True, NINE)
    with store.write_company() as connection:
        webhook_rows.add(connection, row)
    return row


def queued(store: Store, webhook: str = WEBHOOK) -> dict[str, int]:
    with store.read() as connection:
        return webhook_rows.counts(connection, webhook)


def given_up(store: Store) -> list[Delivery]:
    with store.read() as connection:
        return webhook_rows.failed(connection, WEBHOOK, 99)


def by(secret: str, told: Told, at: datetime) -> str:
    signed = f"{int(at.timestamp())}.{told.text}".encode()
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def test_a_message_is_signed_and_sent_once(store: Store, calls: WebhookCalls, receiver: Receiver) -> None:
    row = subscribe(store, receiver.url + "?from=queue")
    made, link = book(store)
    assert calls.send_due(row) == 1
    (told,) = receiver.told
    assert told.path == "/talon?from=queue"
    assert told.headers["Talon-Event"] == told.content["event"] == "booking.made"
    assert told.headers["Talon-Delivery"] == told.content["delivery"]
    assert told.headers["Talon-Signature"] == f"t={int(NINE.timestamp())},{by(SECRET, told, NINE)}"
    assert told.headers["Content-Type"] == "application/json"
    assert told.content["booking"]["id"] == made.id
    for secret in (link, "79270000012", "Иванов", str(made.code)):
        assert secret not in told.text
    assert calls.send_due(row) == 0
    assert queued(store) == {"sent": 1}


def test_after_a_change_of_secret_both_sign_for_a_day(
    store: Store, calls: WebhookCalls, receiver: Receiver, clock: Clock
) -> None:
    subscribe(store, receiver.url)
    assert store.contacts is not None
    with store.write_company() as connection:
        sealed = store.contacts.seal_secret(WEBHOOK, "the new secret")
        webhook_rows.set_secret(connection, WEBHOOK, sealed, clock.now)
        row = webhook_rows.by_id(connection, WEBHOOK)
    book(store)
    calls.send_due(row)
    told = receiver.told[0]
    at = int(NINE.timestamp())
    both = f"t={at},{by('the new secret', told, NINE)},{by(SECRET, told, NINE)}"
    assert told.headers["Talon-Signature"] == both
    clock.forward(days=1)
    book(store, at=TUESDAY + timedelta(days=1), phone="+79270000013")
    calls.send_due(row)
    assert receiver.told[1].headers["Talon-Signature"].count("v1=") == 1


def test_what_was_not_taken_comes_again_and_the_next_of_the_booking_after_it(
    store: Store, calls: WebhookCalls, receiver: Receiver, clock: Clock
) -> None:
    row = subscribe(store, receiver.url)
    made, _link = book(store)
    with store.write("north", "visitor") as uow:
        bookings.cancel(uow, uow.bookings.by_id(made.id))
    receiver.answer = lambda _told: 503
    assert calls.send_due(row) == 1
    assert calls.send_due(row) == 0
    receiver.answer = lambda _told: 200
    clock.forward(seconds=12)
    assert (calls.send_due(row), calls.send_due(row)) == (1, 1)
    assert receiver.events == ["booking.made", "booking.made", "booking.cancelled"]
    first, again, _last = receiver.told
    assert first.text == again.text
    assert first.headers["Talon-Signature"] != again.headers["Talon-Signature"]


def test_after_a_day_of_tries_it_is_given_up_with_the_fault_and_can_be_replayed(
    store: Store, calls: WebhookCalls, receiver: Receiver, clock: Clock
) -> None:
    row = subscribe(store, receiver.url)
    receiver.answer = lambda _told: 500
    book(store)
    for pause in (*PAUSES, timedelta()):
        assert calls.send_due(row) == 1
        clock.now += pause * 1.2 + timedelta(seconds=1)
    assert len(receiver.told) == len(PAUSES) + 1
    assert queued(store) == {"failed": 1}
    (lost,) = given_up(store)
    assert (lost.fault, lost.tries) == ("answered 500", len(PAUSES) + 1)
    receiver.answer = lambda _told: 204
    with store.write_company() as connection:
        webhook_rows.replay(connection, WEBHOOK, clock.now)
    assert calls.send_due(row) == 1
    assert queued(store) == {"sent": 1}
    clock.forward(days=15)
    assert calls.tidy() == 1


def test_a_redirect_is_not_followed(store: Store, calls: WebhookCalls, receiver: Receiver) -> None:
    row = subscribe(store, receiver.url)
    receiver.answer = lambda _told: 307
    book(store)
    calls.send_due(row)
    assert [told.path for told in receiver.told] == ["/talon"]
    assert queued(store) == {"queued": 1}


def test_a_private_address_is_not_called_unless_the_company_says_so(
    store: Store, calls: WebhookCalls, receiver: Receiver
) -> None:
    with pytest.raises(NotTaken, match=r"127\.0\.0\.1 is of a private network"):
        post(receiver.url, {}, b"{}", allow_private=False, seconds=5)
    with pytest.raises(NotTaken, match="private network"):
        post(receiver.url.replace("127.0.0.1", "localhost"), {}, b"{}", allow_private=False, seconds=5)
    assert receiver.told == []


def test_a_receiver_that_says_nothing_is_left_after_the_time_given(receiver: Receiver) -> None:
    receiver.answer = lambda _told: None
    # It would hang up after a minute: that is told otherwise.
    with pytest.raises(NotTaken, match=r"no answer in 0\.2 s"):
        post(receiver.url, {}, b"{}", allow_private=True, seconds=0.2)


def test_one_that_is_not_there_or_speaks_no_http_or_has_no_name_is_told_apart(receiver: Receiver) -> None:
    gone = Receiver()
    with gone:
        pass
    with pytest.raises(NotTaken, match="cannot be reached: Connection refused"):
        post(gone.url, {}, b"{}", allow_private=True, seconds=5)
    with pytest.raises(NotTaken, match="cannot be reached"):
        post(f"https://{'x' * 64}.example/", {}, b"{}", allow_private=True, seconds=5)
    with pytest.raises(NotTaken, match="cannot be reached"):
        post(receiver.url.replace("http:", "https:"), {}, b"{}", allow_private=True, seconds=5)


def test_a_receiver_over_tls_is_trusted_by_its_certificate_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = a_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Receiver(tls=context) as receiver:
        one_post._trust.cache_clear()
        with pytest.raises(NotTaken, match="CERTIFICATE_VERIFY_FAILED"):
            post(receiver.url, {}, b"{}", allow_private=True, seconds=5)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        one_post._trust.cache_clear()
        post(receiver.url, {}, b"{}", allow_private=True, seconds=5)
        assert [told.text for told in receiver.told] == ["{}"]
    one_post._trust.cache_clear()


def test_without_the_key_the_message_waits_and_says_what_is_wrong(
    store: Store, calls: WebhookCalls, receiver: Receiver
) -> None:
    row = subscribe(store, receiver.url)
    book(store)
    store.contacts = ContactSafe(b"another key".ljust(32))
    calls.send_due(row)
    assert receiver.told == []
    store.contacts = None
    with store.read() as connection:
        (waits,) = webhook_rows.claim(connection, WEBHOOK, NINE + timedelta(days=1), NINE, 9)
    assert "put the right key file back" in waits.fault


def test_a_slow_receiver_delays_neither_the_others_nor_the_booking(
    store: Store, calls: WebhookCalls, receiver: Receiver
) -> None:
    with Receiver(lambda _told: None) as slow:
        subscribe(store, slow.url)
        other = subscribe(store, receiver.url, WEBHOOK.replace("1", "2"))
        book(store)
        calls._look()
        until(lambda: slow.told, "the slow receiver being called")
        until(lambda: queued(store, other.id) == {"sent": 1}, "the other one being told")
        assert queued(store) == {"queued": 1}
        calls.stop()
    until(lambda: not calls._busy, "the slow one being left")


def a_certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a receiver of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "receiver.pem"
    plain = serialization.NoEncryption()
    encoding = serialization.Encoding.PEM
    key_text = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(made.public_bytes(encoding) + key_text)
    return path
