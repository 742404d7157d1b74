"""The sheet that goes with every published figure: its rules in words, and the counts it is made of."""

from __future__ import annotations

from dataclasses import astuple

from server.domain.figures import Sums, arrived
from server.reports.document import Cell, Column, Row, Table
from server.reports.inputs import MONTHS, Inputs

TITLE = "Методика расчёта"

_AVERAGES = (
    "Среднее = сумма по всем обслуженным посетителям ÷ их число. Среднее по компании и за год — сумма ÷ "
    "число, а не среднее средних. Год показан двенадцатью месяцами и отношением годовой суммы к "
    "годовому числу.",
    "Время ожидания — от присоединения к очереди до начала обслуживания. Присоединение: выдача талона; "
    "по записи — отметка о приходе или назначенное время, если оно позже. Время отсутствия вернувшегося "
    "после неявки вычитается. Посетитель по записи, вызванный раньше назначенного времени, ждал 0.",
    "Время обслуживания — от начала до завершения во всех окнах, без времени, когда посетитель был отложен.",
    "Неявки, ушедшие, аннулированные и необслуженные в средние не входят. Обслуженные без талона входят "
    "в среднее обслуживание, но не в ожидание.",
    "Исключены из средних: завершение раньше начала, начало раньше выдачи талона, обслуживание, которое "
    "никто не завершил до конца дня. Число исключений показано ниже.",
    "Месяц — по местной дате офиса, в которую началось обслуживание. Длительности — целые секунды, "
    "начатая не считается. Минуты — с одним знаком, половина округляется вверх; суммы берутся до "
    "округления. Где считать нечего, стоит «нет данных», а не 0.",
)
_PHONE = (
    "Телефон: ожидание — от входа вызова в очередь операторов до ответа, без времени голосового меню; "
    "обработка — от ответа до конца разговора; средние — по отвеченным вызовам, по календарному месяцу "
    "вызова. Потерянные вызовы = все − отвеченные − обработанные автоматически.",
)
_APPEALS = (
    "Обращения, вызовы, режим заочных каналов и мероприятия внесены помесячно ответственными лицами; "
    "каждое исправление хранит прежнее значение, автора и причину. Ответы = отвечено в срок + с "
    "нарушением срока.",
)
_SUPPLIER = (
    "Строка 1 считает обращения и жалобы (претензии); заявки на оказание услуг в неё не входят.",
    "Доля повторных = 100 · повторные ÷ поступившие.",
)
_NETWORK = (
    "Таблица 4.1: строка 1 считает все обращения, строки 2 и 3 — их части, содержащие жалобу и заявку. "
    "Жалобы на качество услуг по передаче и на качество энергии и заявки на договор передачи входят в "
    "строку 1.1, прочие — в одноимённые строки. Динамика = 100 · (N − N₋₁) ÷ N₋₁; «—», если N₋₁ = 0.",
    "Обратившиеся очно = выданные талоны − аннулированные + обслуженные без талона; обслужены они или нет.",
)
_QUARTERLY = (
    "Обращение относится к месяцу поступления; поступило = отвечено в срок + с нарушением срока + без "
    "ответа.",
)


def rules(form: str) -> tuple[str, ...]:
    """The rules a form's figures follow, one paragraph each."""
    return {
        "supplier": (*_AVERAGES, *_PHONE, *_APPEALS, *_SUPPLIER),
        "network": (*_AVERAGES, *_PHONE, *_APPEALS, *_NETWORK),
        "quarterly": (*_APPEALS, *_QUARTERLY),
    }[form]


def counts(inputs: Inputs) -> tuple[Table, ...]:
    """The counts and sums behind the averages: the company by months, and each office over the year."""
    months = inputs.twelve()
    by_month = [Row(str(m), (MONTHS[m - 1], *_counts(sums))) for m, sums in enumerate(months, start=1)]
    by_month.append(Row("year", ("Год", *_counts(sum(months, Sums()))), strong=True))
    by_office = [
        Row(office.code, (office.name["ru"], *_counts(sum(inputs.twelve(office.code), Sums()))))
        for office in inputs.offices
    ]
    return (
        Table("counts", "Числа по месяцам", "Числа и суммы по месяцам", _columns("Месяц"), tuple(by_month)),
        Table(
            "office_counts",
            "Числа по офисам",
            "Числа и суммы за год по офисам",
            _columns("Офис"),
            tuple(by_office),
        ),
    )


_COUNTED = {
    "served": "Обслужено по талонам",
    "wait_seconds": "Сумма ожидания, с",
    "all_served": "Обслужено всего",
    "service_seconds": "Сумма обслуживания, с",
    "arrived": "Обратилось очно",
    "no_show": "Неявки",
    "unserved": "Ушли или не обслужены",
    "annulled": "Аннулировано",
    "excluded": "Исключено из средних",
}


def _columns(first: str) -> tuple[Column, ...]:
    titles = (Column(key, title, "count", width=16) for key, title in _COUNTED.items())
    return (Column("name", first, width=26), *titles)


def _counts(sums: Sums) -> list[Cell]:
    if not any(astuple(sums)):
        return [None] * len(_COUNTED)
    values = {
        "served": sums.served,
        "wait_seconds": sums.wait_seconds,
        "all_served": sums.served + sums.ticketless,
        "service_seconds": sums.service_seconds + sums.ticketless_seconds,
        "arrived": arrived(sums),
        "no_show": sums.no_show,
        "unserved": sums.cancelled + sums.unserved,
        "annulled": sums.annulled,
        "excluded": sums.excluded,
    }
    return [values[key] for key in _COUNTED]
