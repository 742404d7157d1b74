"""The forms of disclosure: exact titles, one decimal from whole sums, «нет данных» where N is 0."""

from __future__ import annotations

import pytest

from server.domain.entries import Entry
from server.domain.figures import Sums
from server.reports import network, quarterly, supplier
from server.reports.document import head
from server.reports.inputs import MONTHS
from tests.reports.figures import a_year, an_entry, appeals, calls, cell, table

SUPPLIER_ROWS = [
    "Количество обращений, претензий и жалоб на действия гарантирующего поставщика",
    "Среднее за календарный месяц время обслуживания работниками центра потребителей (покупателей) "
    "очно и (или) по каналам заочного обслуживания",
    "Среднее за календарный месяц время ожидания потребителей (покупателей) в очереди до начала очного "
    "и (или) заочного обслуживания работником центра потребителей (покупателей)",
    "Режим работы каналов заочного обслуживания в течение года",
]
CATEGORIES = [
    ("1", "Всего обращений потребителей, в том числе:"),
    ("1.1", "Оказание услуг по передаче электрической энергии"),
    ("1.2", "Осуществление технологического присоединения"),
    ("1.3", "Коммерческий учет электрической энергии"),
    ("1.4", "Качество обслуживания потребителей"),
    ("1.5", "Техническое обслуживание электросетевых объектов"),
    ("1.6", "Прочее"),
    ("2", "Обращения потребителей, содержащие жалобу, в том числе:"),
    ("2.1", "Качество услуг по передаче электрической энергии"),
    ("2.2", "Качество электрической энергии"),
    ("2.3", "Осуществление технологического присоединения"),
    ("2.4", "Коммерческий учет электрической энергии"),
    ("2.5", "Качество обслуживания потребителей"),
    ("2.6", "Техническое обслуживание электросетевых объектов"),
    ("2.7", "Прочее"),
    ("3", "Обращения потребителей, содержащие заявку на оказание услуг, в том числе:"),
    ("3.1", "По технологическому присоединению"),
    ("3.2", "Заключение договора на оказание услуг по передаче электроэнергии"),
    ("3.3", "Организация коммерческого учета электроэнергии"),
    ("3.4", "Прочее"),
]
CHANNELS = [
    "Очная форма",
    "Заочная форма с использованием телефонной связи",
    "Электронная форма с использованием сети Интернет",
    "Письменная форма с использованием почтовой связи",
    "Прочее",
]
OFFICE_COLUMNS = [
    "N",
    "Офис обслуживания потребителей",
    "Тип офиса",
    "Адрес местонахождения",
    "Номер телефона, адрес электронной почты",
    "Режим работы",
    "Предоставляемые услуги",
    "Количество потребителей, обратившихся очно в отчетном периоде",
    "Среднее время на обслуживание потребителя, мин.",
    "Среднее время ожидания потребителя в очереди, мин.",
    "Количество сторонних организаций на территории офиса обслуживания (при наличии указать названия)",
]
PHONE_ROWS = [
    ("Номера телефонов", "номер"),
    ("Общее число телефонных вызовов по выделенным номерам", "ед."),
    ("в т.ч. на которые ответил оператор", "ед."),
    ("в т.ч. обработанных автоматически системой интерактивного голосового меню", "ед."),
    ("Среднее время ожидания ответа", "мин."),
    ("Среднее время обработки вызова", "мин."),
]


def test_the_suppliers_information_has_the_published_rows_and_columns() -> None:
    document = supplier.document(a_year())
    summary = table(document, "summary")
    assert document.title == "Информация за 2025 год"
    assert [column.title for column in summary.columns] == [
        "№ п/п",
        "Наименование",
        "Количество поступивших обращений",
        "Количество ответов на поступившие обращения",
    ]
    assert [row.cells[:2] for row in summary.rows] == list(enumerate(SUPPLIER_ROWS, start=1))
    titles = [found.title for found in document.tables[1:5]]
    assert titles == [
        f"1. {SUPPLIER_ROWS[0]}",
        f"2. {SUPPLIER_ROWS[1]}, мин.",
        f"3. {SUPPLIER_ROWS[2]}, мин.",
        f"4. {SUPPLIER_ROWS[3]}",
    ]
    assert [column.title for column in table(document, "wait").columns][2:] == [*MONTHS, "Год"]


def test_the_network_companys_tables_have_the_titles_of_the_standard() -> None:
    document = network.document(a_year())
    assert document.title == "Информация о качестве обслуживания потребителей Компания услуг за 2025 год"
    assert [found.title.split(". ", 1)[1] for found in document.tables[1:]] == [
        "Информация о деятельности офисов обслуживания потребителей",
        "Информация о заочном обслуживании потребителей посредством телефонной связи",
    ]
    first = table(document, "4.1")
    assert [row.cells[:2] for row in first.rows] == CATEGORIES
    lines, titles = head(first.columns)
    assert lines == 3
    assert [title.title for title in titles if title.line == 0] == [
        "N",
        "Категории обращений потребителей",
        "Формы обслуживания",
    ]
    assert [(title.title, title.columns) for title in titles if title.line == 1] == [
        (name, 3) for name in CHANNELS
    ]
    assert [title.title for title in titles if title.line == 2][:3] == [
        "N-1",
        "N (текущий год)",
        "Динамика изменения показателя, %",
    ]
    assert [column.title for column in table(document, "4.2").columns] == OFFICE_COLUMNS
    assert [row.cells[1:3] for row in table(document, "4.3").rows] == PHONE_ROWS


def test_forty_waits_of_half_an_hour_and_two_of_two_minutes_average_28_7_not_16() -> None:
    crowded, quiet = Sums(served=40, wait_seconds=40 * 1800), Sums(served=2, wait_seconds=2 * 120)
    document = supplier.document(a_year({("north", 1): crowded + quiet}))
    assert cell(document, "wait", "|in_person", "1") == 28.7
    # The same over months and offices: the sums are divided, not the averages averaged.
    document = supplier.document(a_year({("north", 1): crowded, ("south", 2): quiet}))
    assert cell(document, "wait", "|in_person", "1") == 30.0
    assert cell(document, "wait", "|in_person", "2") == 2.0
    assert cell(document, "wait", "|in_person", "year") == 28.7


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(3, 0.1), (2, 0.0), (9, 0.2), (57, 1.0), (15, 0.3), (21, 0.4), (0, 0.0)]
)
def test_half_of_a_tenth_of_a_minute_is_rounded_up(seconds: int, minutes: float) -> None:
    document = supplier.document(a_year({("north", 1): Sums(served=1, wait_seconds=seconds)}))
    assert cell(document, "wait", "|in_person", "1") == minutes


def test_where_nobody_was_served_there_is_no_data_and_not_nothing() -> None:
    sums = {("north", 1): Sums(issued=3, no_show=2, annulled=1), ("north", 2): Sums(served=1)}
    document = supplier.document(a_year(sums))
    assert cell(document, "wait", "north|in_person", "1") is None
    assert cell(document, "wait", "north|in_person", "2") == 0.0
    assert cell(document, "wait", "south|in_person", "year") is None
    assert cell(document, "summary", "1", "received") is None
    assert cell(network.document(a_year(sums)), "4.2", "south", "arrived") is None


def test_those_served_without_a_ticket_count_for_service_and_attendance_alone() -> None:
    sums = {
        ("north", 5): Sums(
            issued=1, served=1, wait_seconds=60, service_seconds=300, ticketless=1, ticketless_seconds=900
        )
    }
    document = supplier.document(a_year(sums))
    assert cell(document, "wait", "north|in_person", "5") == 1.0
    assert cell(document, "service", "north|in_person", "5") == 10.0
    assert cell(network.document(a_year(sums)), "4.2", "north", "arrived") == 2


def test_who_came_and_was_not_served_has_come() -> None:
    sums = {("north", 5): Sums(issued=10, served=4, no_show=3, cancelled=1, unserved=1, annulled=1)}
    assert cell(network.document(a_year(sums)), "4.2", "north", "arrived") == 9


def test_calls_are_averaged_over_the_answered_and_stand_apart_from_the_hall() -> None:
    year = a_year(None, calls("2025-03"), calls("2025-04", answered=20, wait_seconds=1200))
    document = supplier.document(year)
    assert cell(document, "wait", "|phone", "3") == 0.5
    assert cell(document, "wait", "|phone", "4") == 1.0
    assert cell(document, "wait", "|phone", "year") == 0.6
    assert cell(document, "wait", "|in_person", "3") is None
    network_year = network.document(year)
    assert [row.cells[3] for row in table(network_year, "4.3").rows] == [None, 200, 100, 30, 0.6, 4.8]


def test_months_nothing_was_entered_for_are_named() -> None:
    months = [f"2025-{month:02}" for month in range(1, 13) if month not in (5, 12)]
    year = a_year(None, *(appeals(month) for month in months))
    assert table(supplier.document(year), "appeals").notes == ("Обращения: нет данных за май, декабрь.",)


def test_applications_are_no_appeals_against_the_supplier() -> None:
    application = appeals(kind="application", topic="contract", received=5, in_time=5, late=0, open=0)
    document = supplier.document(a_year(None, appeals(), application))
    assert cell(document, "summary", "1", "received") == 10
    assert cell(document, "summary", "1", "answers") == 9
    assert cell(document, "repeated", "year", "share") == 10.0


def test_appeals_change_against_the_year_before_and_a_dash_stands_where_there_were_none() -> None:
    entries: list[Entry] = [
        appeals("2024-03", received=8, in_time=8, late=0, open=0),
        appeals("2025-03"),
        appeals("2025-03", kind="appeal", channel="internet", topic="metering"),
    ]
    document = network.document(a_year(None, *entries))
    assert [cell(document, "4.1", "2.5", f"post|{part}") for part in ("before", "now", "change")] == [
        8, 10, 25.0,
    ]  # fmt: skip
    assert [cell(document, "4.1", "1.3", f"internet|{part}") for part in ("before", "now", "change")] == [
        0, 10, "—",
    ]  # fmt: skip
    # The first row counts all; a complaint about service is also an appeal about service.
    assert cell(document, "4.1", "1", "post|now") == 10
    assert cell(document, "4.1", "1.4", "post|now") == 10


def test_without_entries_of_the_year_before_there_is_no_change_to_tell() -> None:
    document = network.document(a_year(None, appeals()))
    assert cell(document, "4.1", "2.5", "post|before") is None
    assert cell(document, "4.1", "2.5", "post|change") is None


def test_the_first_category_of_all_appeals_is_the_sum_of_its_parts() -> None:
    entries = [
        appeals(kind=kind, topic=topic)
        for kind, topic in (
            ("complaint", "transmission_quality"),
            ("complaint", "energy_quality"),
            ("application", "contract"),
            ("application", "metering"),
            ("appeal", "other"),
        )
    ]
    document = network.document(a_year(None, *entries))
    parts = [cell(document, "4.1", f"1.{place}", "post|now") for place in range(1, 7)]
    assert parts == [30, 0, 10, 0, 0, 10]
    assert cell(document, "4.1", "1", "post|now") == 50


def test_channels_tell_their_hours_and_outages() -> None:
    whole = [
        an_entry(
            "channels",
            month=f"2025-{m:02}",
            channel="Телефон",
            hours="круглосуточно",
            outages=0,
            outage_minutes=0,
        )
        for m in range(1, 13)
    ]
    document = supplier.document(a_year(None, *whole))
    assert cell(document, "summary", "4", "received") == "без перерывов"
    cut = an_entry(
        "channels", month="2025-12", channel="Телефон", hours="пн–пт", outages=2, outage_minutes=95
    )
    document = supplier.document(a_year(None, *whole[:11], cut))
    assert cell(document, "channels", "Телефон", "outages") == "перерывов: 2, всего 95 мин."
    assert str(cell(document, "channels", "Телефон", "hours")).endswith("пн–пт (декабрь)")


def test_an_offices_hours_are_told_in_short() -> None:
    document = network.document(a_year())
    assert cell(document, "4.2", "north", "hours") == "пн 08:00–17:00, перерыв 12:00–13:00; вт–ср 08:00–17:00"


def test_measures_stand_in_the_order_of_their_numbers() -> None:
    numbers = ("1.10", "1.2", "2")
    year = a_year(
        None,
        *(
            an_entry("measures", year=2025, number=n, measure="Дело", term="1 квартал", result="Сделано")
            for n in numbers
        ),
    )
    rows = table(supplier.document(year), "measures").rows
    assert [row.cells[0] for row in rows] == ["1.2", "1.10", "2"]


def test_the_quarter_is_told_by_kind_channel_topic_and_office_with_equal_totals() -> None:
    year = a_year(
        None,
        appeals("2025-01"),
        appeals("2025-03", office="", kind="appeal", channel="phone", topic="metering"),
        appeals("2025-04"),
    )
    document = quarterly.document(year, 1)
    assert document.title == "Отчёт о жалобах и обращениях за 1 квартал 2025 года"
    for key in ("month", "kind", "channel", "topic", "office"):
        rows = table(document, key).rows
        assert rows[-1].cells[1:] == (20, 14, 4, 2, 2, 2, 10.0), key
        assert sum(int(row.cells[1] or 0) for row in rows[:-1]) == 20, key
    assert cell(document, "office", "north", "late") == 2
    assert table(document, "month").notes == ("Обращения: нет данных за февраль.",)
    empty = quarterly.document(a_year(), 1)
    assert cell(empty, "kind", "all", "received") is None


def test_a_quarter_is_due_on_the_15th_of_the_month_after() -> None:
    assert [quarterly.due(2025, quarter).isoformat() for quarter in (1, 2, 3, 4)] == [
        "2025-04-15", "2025-07-15", "2025-10-15", "2026-01-15",
    ]  # fmt: skip
