"""The texts of messages: every kind in every language, whole and short; a company's own in their place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from server.domain.booking import Booking, BookingState, Contact
from server.domain.notices import CONFLICT_REASONS, KINDS
from server.domain.office import Office
from server.sdk.settings import SettingsError
from server.sending import notices, texts
from server.sending.notices import Notice
from server.sending.sms_parts import parts, units
from tests.builders import NINE, an_office

BASE = "https://queue.company.example"
CONTACT = Contact("Иванов И. И.", "+79270000012", "ivan@mail.example", "abcdefghjkmnpqrstuvwxyz2", "482913")
OURS = texts.load(None)


def an_address(office: Office) -> Office:
    return replace(office, address={"ru": "ул. Лесная, 1", "kk": "Орман к-сі, 1"}, phone="8 800 000-00-00")


def a_booking(language: str = "ru", at: datetime = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)) -> Booking:
    return Booking(
        id="b1", office="north", link_hash="", code="004217", day=at.date(), service="contract",
        pool="contract", starts_at=at, ends_at=at, count=1, state=BookingState.BOOKED, channel="site",
        language=language, made_at=NINE, expires_at=None,
    )  # fmt: skip


def a_notice(kind: str, language: str = "ru", office: Office | None = None, reason: str = "closed") -> Notice:
    facts = {"from": "2026-03-02T14:30:00.000Z", "reason": reason, "minutes": 120}
    known = office or an_address(an_office())
    return Notice("m1", kind, facts, NINE + timedelta(minutes=7), a_booking(language), known, CONTACT)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_message_is_whole_and_names_nobody(kind: str, language: str) -> None:
    september = a_booking(language, datetime(2026, 9, 23, 5, 0, tzinfo=UTC))
    notice = replace(a_notice(kind, language), booking=september)
    mail = notices.mail(notice, OURS, BASE)
    sms = notices.sms(notice, OURS, BASE)
    for said in (mail.subject, mail.text, mail.html, sms.text):
        assert said
        assert not re.search(r"\{\w*\}", said)
        assert "Иванов" not in said
    assert len(parts(sms.text)) <= 2
    assert (mail.to, sms.to, mail.language) == ("ivan@mail.example", "+79270000012", language)
    name = {"ru": "Север", "kk": "Солтүстік", "en": "North"}[language]
    assert kind == "proof" or name in mail.text
    assert f'lang="{language}"' in mail.html


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("kind", ["proof", "cancelled", "reminder"])
def test_what_needs_no_link_fits_into_one_sms(kind: str, language: str) -> None:
    assert len(parts(notices.sms(a_notice(kind, language), OURS, BASE).text)) == 1


@pytest.mark.parametrize("reason", CONFLICT_REASONS)
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_reason_of_a_conflict_is_told(language: str, reason: str) -> None:
    notice = a_notice("conflict", language, reason=reason)
    words = OURS.of(language).reasons[reason]
    assert words in notices.mail(notice, OURS, BASE).text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ru", "вторник, 3 марта, 08:00"),
        ("kk", "3 наурыз, сейсенбі, 08:00"),
        ("en", "Tuesday, 3 March, 08:00"),
    ],
)
def test_date_and_time_are_the_offices_own_in_words(language: str, told: str) -> None:
    assert told in notices.mail(a_notice("booked", language), OURS, BASE).text


def test_midnight_belongs_to_the_offices_day() -> None:
    late = replace(a_notice("booked"), booking=a_booking(at=datetime(2026, 12, 31, 21, 30, tzinfo=UTC)))
    assert "пятница, 1 января, 00:30" in notices.mail(late, OURS, BASE).text


@pytest.mark.parametrize("kind", ["booked", "moved", "cancelled", "replaced"])
def test_a_mail_that_changes_the_visitors_calendar_carries_the_visit(kind: str) -> None:
    stands = kind in ("booked", "moved")
    state = BookingState.BOOKED if stands else BookingState.CANCELLED
    notice = replace(a_notice(kind, "kk"), booking=replace(a_booking("kk"), state=state))
    (file,) = notices.mail(notice, OURS, BASE).attachments
    assert (file.name, file.kind) == ("booking.ics", "text/calendar; charset=utf-8; method=PUBLISH")
    (event,) = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"]) == ("b1@queue.company.example", 7 * 60)
    assert event["STATUS"] == ("CONFIRMED" if stands else "CANCELLED")
    assert event.decoded("DTSTART") == notice.booking.starts_at
    assert event["SUMMARY"] == "Қабылдау: Договор"
    assert event["LOCATION"] == "Солтүстік, Орман к-сі, 1"
    assert event["URL"] == f"{BASE}/b/abcdefghjkmnpqrstuvwxyz2"
    assert "Компания" in event["DESCRIPTION"]


@pytest.mark.parametrize("kind", ["proof", "conflict", "reminder"])
def test_other_mails_leave_the_calendar_alone(kind: str) -> None:
    assert notices.mail(a_notice(kind), OURS, BASE).attachments == ()


def test_the_mail_in_full() -> None:
    mail = notices.mail(a_notice("moved"), OURS, BASE)
    assert mail.subject == "Запись перенесена: вторник, 3 марта, 08:00"
    assert mail.text == (
        "Ваша запись перенесена.\n\nДоговор\nНовое время: вторник, 3 марта, 08:00\n"
        "Было: понедельник, 2 марта, 17:30\nСевер\nул. Лесная, 1\n\nКод записи: 004217\n"
        "Когда придёте, наберите его на терминале или назовите сотруднику.\n\n"
        "Посмотреть, перенести или отменить запись:\n"
        f"{BASE}/b/abcdefghjkmnpqrstuvwxyz2\n\nКомпания\n8 800 000-00-00\n"
    )
    assert f'<a href="{BASE}/b/abcdefghjkmnpqrstuvwxyz2">' in mail.html


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    mail = notices.mail(a_notice("booked", office=an_office()), OURS, BASE)
    assert "08:00\nСевер\n\nКод" in mail.text
    assert mail.text.endswith("Компания\n")


def test_the_proof_tells_the_code_that_was_made_not_that_of_the_booking() -> None:
    sms = notices.sms(a_notice("proof"), OURS, BASE).text
    assert "482913" in sms
    assert "004217" not in sms


def test_a_long_name_is_cut_and_what_matters_stays() -> None:
    long = {"ru": "Центр обслуживания клиентов Заволжского района Северо-Западного отделения сбыта энергии"}
    sms = notices.sms(a_notice("booked", office=replace(an_office(), name=long)), OURS, BASE).text
    assert len(parts(sms)) == 2
    assert "Центр обслуживания…" in sms or "Центр обслуживан" in sms
    for needed in ("3 марта в 08:00", "Код 004217", f"{BASE}/b/abcdefghjkmnpqrstuvwxyz2"):
        assert needed in sms


def test_names_of_an_office_cannot_write_into_the_page() -> None:
    office = replace(an_office(), name={"ru": '<img src="x">'})
    mail = notices.mail(a_notice("booked", office=office), OURS, BASE)
    assert "<img" not in mail.html
    assert "&lt;img" in mail.html


def test_parts_never_cut_a_character_in_two() -> None:
    text = "а" * 66 + "😀" + "б" * 30
    found = parts(text)
    assert "".join(found) == text
    assert [units(part) for part in found] == [66, 32]
    assert parts("я" * 70) == ["я" * 70]
    assert [len(part) for part in parts("я" * 71)] == [67, 4]


def test_a_companys_own_words_stand_in_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "ru.toml").write_text(
        '[messages.reminder]\nsms = "Ждём вас {short_date} в {time}"\n', "utf-8"
    )
    own = texts.load(tmp_path)
    assert notices.sms(a_notice("reminder"), own, BASE).text == "Ждём вас 3 марта в 08:00"
    assert notices.mail(a_notice("reminder"), own, BASE) == notices.mail(a_notice("reminder"), OURS, BASE)
    assert notices.sms(a_notice("reminder", "kk"), own, BASE) == notices.sms(
        a_notice("reminder", "kk"), OURS, BASE
    )


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        (
            "ru.toml",
            '[messages.booked]\nsms = "{adress}"',
            r"messages.booked: unknown placeholder \{adress\}",
        ),
        ("ru.toml", '[messages.bocked]\nsms = ""', "messages.bocked: unknown"),
        ("ru.toml", "[messages.booked]\nsms = 3", "messages.booked.sms: not of the kind"),
        ("ru.toml", 'months = ["январь"]', "months: not of the kind"),
        ("kk.toml", '[messages.proof]\nsms = "Код"', r"messages.proof.sms: \{code\} is missing"),
        ("kk.toml", '[reasons]\nclosed = "{office}"', r"reasons.closed: unknown placeholder"),
        ("en.toml", "date = ", "not valid TOML"),
        ("en.toml", 'date = "{year}"', r"date: unknown placeholder \{year\}"),
        ("de.toml", "", "unknown language"),
    ],
)
def test_words_that_cannot_be_meant_are_refused_with_the_cure(
    tmp_path: Path, file: str, content: str, words: str
) -> None:
    (tmp_path / file).write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=words) as told:
        texts.load(tmp_path)
    assert len(told.value.faults) == 1
    assert told.value.faults[0].startswith(file)


def test_all_faults_are_told_at_once_and_a_missing_folder_too(tmp_path: Path) -> None:
    for language in ("ru", "kk"):
        (tmp_path / f"{language}.toml").write_text('date = "{year}"', "utf-8")
    with pytest.raises(SettingsError) as told:
        texts.load(tmp_path)
    assert len(told.value.faults) == 2
    with pytest.raises(SettingsError, match="is no folder"):
        texts.load(tmp_path / "nowhere")
