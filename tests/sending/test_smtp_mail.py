"""Mail over a real SMTP line: what goes out, and what each way of going wrong means."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.sending.smtp_mail import SmtpMail
from server.sending.ways import Attachment, Mail, NotTaken, OutOfReach, Refused
from tests.programs import free_port
from tests.sending.mail_server import PASSWORD, MailServer, a_certificate

MAIL = Mail("0195-1", "ivan@mail.example", "Вы записаны: вторник", "Текст\n", "<p>Текст</p>", "ru")


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with MailServer() as started:
        yield started


@pytest.fixture
def way(server: MailServer) -> Iterator[SmtpMail]:
    server.taken.clear()
    server.envelopes.clear()
    server.refuse.clear()
    made = SmtpMail(server.settings(sender_name="Энергосбыт", timeout_seconds=5), "")
    yield made
    made.close()


def test_a_mail_arrives_with_both_texts_and_says_that_a_machine_wrote_it(
    way: SmtpMail, server: MailServer
) -> None:
    way.send(MAIL)
    (letter,) = server.taken
    assert (letter["Subject"], letter["To"]) == ("Вы записаны: вторник", "ivan@mail.example")
    assert letter["From"].addresses[0].display_name == "Энергосбыт"
    assert letter["Message-ID"] == "<0195-1@queue.example>"
    assert (letter["Auto-Submitted"], letter["Content-Language"]) == ("auto-generated", "ru")
    plain, html = letter.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().splitlines() == ["Текст"]
    assert server.envelopes == [("talon@queue.example", ["ivan@mail.example"])]


def test_files_go_with_it_under_their_names(way: SmtpMail, server: MailServer) -> None:
    way.send(
        Mail(
            "2",
            "a@b.example",
            "Отчёт",
            "Текст",
            attachments=(
                Attachment("Отчёт.pdf", "application/pdf", b"%PDF-"),
                Attachment("visit.ics", "text/calendar; charset=utf-8; method=PUBLISH", "Приём".encode()),
            ),
        )
    )
    file, visit = server.taken[0].iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "Отчёт.pdf", "application/pdf", b"%PDF-",
    )  # fmt: skip
    assert (visit["Content-Type"].params["method"], visit.get_content()) == ("PUBLISH", "Приём")


def test_all_that_is_waiting_goes_over_one_connection(way: SmtpMail, server: MailServer) -> None:
    before = server.connections
    for number in range(3):
        way.send(Mail(str(number), "a@b.example", "Тема", "Текст"))
    assert (len(server.taken), server.connections - before) == (3, 1)


def test_a_connection_that_the_server_closed_is_opened_anew(way: SmtpMail, server: MailServer) -> None:
    way.send(MAIL)
    assert way._line is not None
    assert way._line.sock is not None
    way._line.sock.shutdown(socket.SHUT_RDWR)
    way.send(MAIL)
    assert len(server.taken) == 2


def test_an_address_that_is_refused_for_good_differs_from_one_to_try_later(
    way: SmtpMail, server: MailServer
) -> None:
    server.refuse = {"ivan@mail.example": "550 5.1.1"}
    with pytest.raises(Refused, match=r"^SMTP 550$"):
        way.send(MAIL)
    server.refuse = {"ivan@mail.example": "451 4.7.1"}
    with pytest.raises(NotTaken, match=r"^SMTP 451$"):
        way.send(MAIL)
    server.refuse = {}
    for answer, fault in (("554 spam", Refused), ("452 full", NotTaken)):
        server.answers = [answer]
        with pytest.raises(fault):
            way.send(MAIL)
    way.send(MAIL)
    assert len(server.taken) == 1


def test_a_server_that_is_down_is_out_of_reach() -> None:
    way = SmtpMail(MailServer(port=free_port()).settings(), "")
    with pytest.raises(OutOfReach, match="ConnectionRefusedError"):
        way.send(MAIL)


def test_a_server_that_says_nothing_is_out_of_reach_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        way = SmtpMail(MailServer(port=silent.getsockname()[1]).settings(timeout_seconds=1), "")
        with pytest.raises(OutOfReach, match="SMTPServerDisconnected"):
            way.send(MAIL)


def test_an_address_in_other_letters_arrives_by_its_ascii_name(way: SmtpMail, server: MailServer) -> None:
    way.send(Mail("3", "ivan@почта.example", "Тема", "Текст"))
    assert server.envelopes[0][1] == ["ivan@xn--80a1acny.example"]


def test_a_subject_cannot_add_a_header(way: SmtpMail, server: MailServer) -> None:
    way.send(Mail("4", "a@b.example", "Тема\r\nBcc: other@b.example", "Текст"))
    assert server.envelopes[0][1] == ["a@b.example"]
    assert server.taken[0]["Bcc"] is None


def test_over_tls_with_a_password_only_to_a_server_that_is_trusted(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path / "server.pem")
    with MailServer(certificate) as server:
        safe = {"security": "starttls", "user": "talon", "ca_file": certificate}
        trusting = SmtpMail(server.settings(**safe), PASSWORD)
        trusting.send(MAIL)
        trusting.close()
        assert len(server.taken) == 1
        with pytest.raises(OutOfReach, match="SMTP 535"):
            SmtpMail(server.settings(**safe), "wrong").send(MAIL)
        with pytest.raises(OutOfReach, match="SSLCertVerificationError"):
            SmtpMail(server.settings(**{**safe, "ca_file": None}), PASSWORD).send(MAIL)


def test_without_starttls_at_the_server_nothing_is_sent_in_the_open(server: MailServer) -> None:
    with pytest.raises(OutOfReach, match="STARTTLS"):
        SmtpMail(server.settings(security="starttls"), "").send(MAIL)
