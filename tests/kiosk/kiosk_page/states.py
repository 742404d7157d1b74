"""Offices for the touch page's tests: a large one with groups, and one with the longest names."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.sdk.messages import CategoryInfo, ExpectedWait, GroupInfo, Names, OfficeInfo, ServiceInfo
from tests.kiosk.builders import office, service

DOCUMENTS: Names = {
    "ru": "Для заключения договора нужны оригиналы и копии.\n\n- паспорт\n- выписка из ЕГРН или договор "
    "купли-продажи\n- акт допуска прибора учёта\n\nДоверенность нужна, если приходит представитель.",
    "kk": "Шарт жасасу үшін түпнұсқалар мен көшірмелер керек.\n\n- жеке куәлік\n- меншік құқығын растайтын "
    "құжат\n- есептеу аспабын пайдалануға беру актісі\n\nӨкіл келсе, сенімхат керек.",
    "en": "Bring originals and copies.\n\n- identity card\n- proof of ownership\n- the meter's "
    "certificate\n\nA representative needs a power of attorney.",
}
MEMO: Names = {
    language: "\n\n".join([text] * 12)
    for language, text in {
        "ru": "Показания передают с 15 по 25 число месяца: в личном кабинете, по телефону или в офисе.",
        "kk": "Көрсеткіштерді әр айдың 15-і мен 25-і аралығында жеке кабинетте, телефонмен немесе кеңседе "
        "береді.",
        "en": "Give your readings from the 15th to the 25th of the month: online, by phone or at the office.",
    }.items()
}


def _names(ru: str, kk: str, en: str) -> Names:
    return {"ru": ru, "kk": kk, "en": en}


def _one(code: str, ru: str, kk: str, en: str, **more: Any) -> ServiceInfo:
    wait = ExpectedWait(from_minutes=10, to_minutes=25)
    return service(code, name=_names(ru, kk, en), **({"expected_wait": wait} | more))


CATEGORIES = [
    CategoryInfo(code=f"right-{place}", name=_names(*names))
    for place, names in enumerate(
        [
            ("Инвалиды", "Мүгедектігі бар адамдар", "People with disabilities"),
            ("Ветераны", "Ардагерлер", "Veterans"),
            ("Участники СВО и члены семей", "ӘӘО қатысушылары және отбасы", "Servicemen and families"),
            ("Беременные", "Жүкті әйелдер", "Expectant mothers"),
            ("С детьми до 3 лет", "3 жасқа дейінгі баламен", "With children under 3"),
            ("Пенсионеры", "Зейнеткерлер", "Pensioners"),
        ]
    )
]


def small_office(**changes: Any) -> OfficeInfo:
    """Six services, one of each state, without groups; bookings are taken."""
    services = [
        _one("contract", "Заключить или изменить договор", "Шарт жасасу немесе өзгерту",
             "Make or change a contract", picture="contract", documents=DOCUMENTS),
        _one("meters", "Показания и счётчики", "Көрсеткіштер мен есептеуіштер", "Readings and meters",
             picture="meter"),
        _one("connection", "Подключение к сетям", "Желіге қосылу", "Connection to the grid",
             picture="connection", state="closed", opens_on=date(2026, 12, 5),
             closed_reason=_names("Специалист в отпуске", "Маман демалыста", "The specialist is on leave")),
        _one("head", "Приём руководителя", "Басшының қабылдауы", "Reception by the head",
             picture="head", state="booking_only"),
        _one("memo", "Памятка: как передать показания", "Жадынама: көрсеткіштерді қалай беру керек",
             "Memo: how to give readings", picture="information", state="information", information=MEMO),
        _one("secret", "Скрытая", "Жасырын", "Hidden", state="hidden"),
    ]  # fmt: skip
    return office(**({"services": services, "categories": CATEGORIES, "bookings": True} | changes))


def large_office(**changes: Any) -> OfficeInfo:
    """Fifteen services in three groups and one without: more than a screen holds, so search is offered."""
    groups = [
        GroupInfo(code="home", name=_names("Для дома", "Үйге арналған", "For the home"), picture="home"),
        GroupInfo(code="firm", name=_names("Для организаций", "Ұйымдарға арналған", "For companies"),
                  picture="company"),
        GroupInfo(code="papers", name=_names("Справки и документы", "Анықтамалар мен құжаттар",
                                             "Certificates and papers"), picture="certificate"),
    ]  # fmt: skip
    services = [
        one.model_copy(update={"group": "home"}) for one in small_office().services if one.state != "hidden"
    ]
    for group in ("firm", "papers"):
        services += [
            _one(f"{group}-{n}", f"Услуга {n}: расчёты", f"{n}-қызмет: есеп айырысу", f"Service {n}: billing",
                 group=group, picture="payment", keywords=_names(f"квитанция{n} {group}", "", ""))
            for n in range(1, 6)
        ]  # fmt: skip
    services.append(
        _one("complaint", "Жалоба или предложение", "Шағым немесе ұсыныс", "Complaint", picture="complaint")
    )
    values = {"groups": groups, "services": services, "categories": CATEGORIES, "bookings": True}
    return office(**(values | changes))


LONG = _names(
    "Заключение договора энергоснабжения с исполнителями коммунальных услуг и переоформление документов "
    "о технологическом присоединении энергопринимающих устройств",
    "Коммуналдық қызметтерді орындаушылармен энергиямен жабдықтау шартын жасасу және энергия қабылдаушы "
    "құрылғыларды технологиялық қосу туралы құжаттарды қайта ресімдеу",
    "Concluding an electricity supply contract with providers of public utilities and renewing the documents "
    "on the technological connection of power-receiving installations",
)


def stress_office(**changes: Any) -> OfficeInfo:
    """Twenty services, groups, categories and an office with the longest names and texts there are."""
    groups = [GroupInfo(code=f"group-{n}", name=LONG, picture="people") for n in range(1, 4)]
    services = [
        _one(f"long-{n}", LONG["ru"], LONG["kk"], LONG["en"], hint=LONG, waiting=121, picture="connection",
             group=f"group-{n % 3 + 1}", documents=DOCUMENTS, closed_reason=LONG,
             opens_on=date(2026, 9, 30), state="closed" if n % 4 == 0 else "open")
        for n in range(1, 21)
    ]  # fmt: skip
    values: dict[str, Any] = {
        "company": LONG,
        "name": LONG,
        "wait_hint": LONG,
        "closed_reason": LONG,
        "groups": groups,
        "services": services,
        "categories": [CategoryInfo(code=f"right-{n}", name=LONG) for n in range(1, 9)],
        "bookings": True,
        "reception_note": _names(*(LONG[one][:90] for one in ("ru", "kk", "en"))),
    }
    return office(**(values | changes))
