"""What logs, measures, the console and the start say of messages: nobody's name, and a cure."""

from __future__ import annotations

import logging

import pytest

from server.db.booking_tables import outbox
from server.db.store import Store
from server.sdk.settings import Settings, SettingsError
from server.sending.console import Console
from server.sending.post_office import PostOffice
from server.sending.postman import MailPostman, SmsPostman
from server.sending.settings import MailSettings, MessageSettings, SmsSettings
from server.sending.smtp_mail import SmtpMail
from server.sending.ways import Mail, Sms
from tests.booking_builders import TUESDAY, book, minutes, take_bookings
from tests.builders import Clock
from tests.sending.failing_way import BASE, IVAN, TEXTS, book_by_mail, by_mail
from tests.sending.mail_server import MailServer


def test_logs_and_faults_name_no_visitor_and_no_code(
    booking_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made, link = book_by_mail(booking_store, email=IVAN)
    with MailServer() as server:
        server.refuse = {IVAN: "550 5.1.1"}
        by_mail(booking_store, SmtpMail(server.settings(), "")).send_due()
    with booking_store.read() as connection:
        row = connection.execute(outbox.select().where(outbox.c.kind == "booked")).one()
    for words in (row.fault, *(r.getMessage() for r in caplog.records if r.name.startswith("server"))):
        assert not any(secret in words for secret in ("ivan", "Иванов", link, str(made.code)))
    assert "SMTP 550" in caplog.text


@pytest.fixture
def console_office(booking_store: Store) -> PostOffice:
    mail, sms = MailSettings(way="console"), SmsSettings(way="none")
    return PostOffice(booking_store, mail, sms, MessageSettings(), BASE)


def test_the_state_of_each_channel_tells_what_waits_and_since_when(
    console_office: PostOffice, booking_store: Store, clock: Clock
) -> None:
    book_by_mail(booking_store, email=IVAN)
    book(booking_store, at=TUESDAY + minutes(30))
    clock.forward(seconds=90)
    mail, sms = console_office.states()
    assert (mail.channel, mail.way, mail.waiting, mail.oldest_seconds) == ("email", "console", 1, 90)
    assert (sms.channel, sms.way, sms.waiting, sms.oldest_seconds) == ("sms", "none", 1, 90)
    console_office._postmen["email"].send_due()
    mail, sms = console_office.states()
    assert (mail.sent, mail.waiting, mail.oldest_seconds) == (1, 0, 0)
    assert (sms.sent, sms.waiting) == (0, 1)


def test_the_console_shows_as_little_of_the_addressee_as_a_list_does(
    booking_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    book_by_mail(booking_store, email=IVAN)
    book(booking_store, at=TUESDAY + minutes(30))
    console = Console()
    assert MailPostman(booking_store, TEXTS, BASE, console).send_due() == 1
    assert SmsPostman(booking_store, TEXTS, BASE, console).send_due() == 1
    assert capsys.readouterr().out.splitlines() == [
        "mail to i***@mail.example: Вы записаны: вторник, 3 марта, 08:00",
        "SMS to +7 *** **-12: 2 part(s)",
    ]
    assert [type(message) for message in console.sent] == [Mail, Sms]


@pytest.mark.parametrize(("confirm_by", "table"), [("email", "mail"), ("sms", "sms")])
def test_an_office_that_sends_codes_by_a_way_there_is_none_for_is_told_with_the_cure(
    store: Store, confirm_by: str, table: str
) -> None:
    take_bookings(store, confirm_by=confirm_by)
    values = {"mail": MailSettings(), "sms": SmsSettings()}
    nothing = PostOffice(store, **values, messages=MessageSettings(), public_url=BASE)
    (fault,) = nothing.unserved()
    assert "office north" in fault
    assert f"[{table}] way" in fault
    way: Settings = MailSettings(way="console") if table == "mail" else SmsSettings(way="console")
    served = PostOffice(store, **{**values, table: way}, messages=MessageSettings(), public_url=BASE)
    assert served.unserved() == []
    take_bookings(store)
    assert nothing.unserved() == []


def test_a_user_without_a_password_is_refused_with_the_cure(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TALON_MAIL_PASSWORD", raising=False)
    mail = MailServer().settings(user="talon")
    with pytest.raises(SettingsError, match="set password_file or TALON_MAIL_PASSWORD"):
        PostOffice(store, mail, SmsSettings(), MessageSettings(), BASE)


def test_what_will_stay_queued_is_said_at_the_start_by_who_has_something_to_send(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    office = PostOffice(store, MailSettings(), SmsSettings(), MessageSettings(), BASE)
    office.warn()
    assert "queue" not in caplog.text
    take_bookings(store)
    office.warn()
    assert "set [mail] way" in caplog.text
    assert "set [sms] way" in caplog.text
