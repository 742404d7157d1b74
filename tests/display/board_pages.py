"""Opens the hall board of a news server in Chromium and lets its clock run; boards filled to the brim."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.display.boards import NOON, board, row
from tests.display.news_server import TOKEN, NewsServer

ROWS = "#rows li"
SIZES = [(1920, 1080), (1080, 1920), (1366, 768), (3840, 2160)]
SPEECH = {"ru": ["ru"], "kk": ["kk"], "en": ["en"], "both": ["kk", "ru"], "all": ["ru", "kk", "en"]}

OFFICE = {
    "ru": "Центр обслуживания потребителей Зареченского района",
    "kk": "Заречный ауданының тұтынушыларға қызмет көрсету орталығы",
    "en": "Zarechny district customer service centre",
}
ZONE = {"ru": "Второй этаж, левое крыло", "kk": "Екінші қабат, сол қанат", "en": "Second floor, left wing"}
SERVICES = [
    (
        "Технологическое присоединение к электрическим сетям",
        "Электр желілеріне технологиялық қосылу",
        "Connection to the power grid",
    ),
    ("Жалобы и обращения", "Шағымдар мен өтініштер", "Complaints and appeals"),
    ("Договор энергоснабжения", "Энергиямен жабдықтау шарты", "Electricity contract"),
    ("Начисления, сверка, справки", "Есептеулер, анықтамалар", "Charges and statements"),
    ("Касса", "Касса", "Cash desk"),
]
ADVICE = {
    "ru": "Передавайте показания счётчика до 25 числа каждого месяца",
    "kk": "Есептегіш көрсеткіштерін әр айдың 25-іне дейін беріңіз",
    "en": "Send your meter readings by the 25th of each month",
}
CALLS = [
    ("А124", "5", "window", "left"),
    ("Б018", "205", "room", "up"),
    ("АБ123", "12", "counter", None),
    ("К007", "3", "window", "right"),
    ("А122", "205А", "room", "down"),
    *((f"Г{n:03}", str(n), "counter", "left") for n in range(31, 40)),
]


def text_slide(**names: str) -> dict[str, Any]:
    """A slide of words, ten seconds long."""
    return {"kind": "text", "seconds": 10, "text": names or ADVICE, "file": None}


def full_board(layout: str, languages: list[str], **more: Any) -> dict[str, Any]:
    """A board with every part at its fullest: long names, two fresh calls, arrows, waits, slides."""
    called = [
        row(
            number,
            label,
            ago=4 if place < 2 else 100 + place,
            state="called" if place < 2 else "serving",
            kind=kind,
            direction=direction,
        )
        for place, (number, label, kind, direction) in enumerate(CALLS)
    ]
    expected = [
        {
            "name": {"ru": ru, "kk": kk, "en": en},
            "expected_wait": {"from_minutes": 100 - place, "to_minutes": 120 - place},
        }
        for place, (ru, kk, en) in enumerate(SERVICES)
    ]
    facts: dict[str, Any] = {"languages": languages, "layout": layout, "name": OFFICE, "title": ZONE}
    facts |= {"waiting": 114, "next": [f"АБ{n}" for n in range(125, 137)], "expected": expected}
    facts |= {"running_line": ADVICE, "slides": [text_slide()], "demonstration": True}
    facts |= {"called": called, "highlight_seconds": 60}
    return board(**facts | more)


def open_board(page: Page, news: NewsServer, state: dict[str, Any], at: datetime = NOON) -> None:
    """Show ``state`` and stop the page's clock half a minute after ``at``; animations may still be on."""
    news.state = state
    page.clock.install(time=at)
    page.goto(f"{news.url}/board/zarechny#{TOKEN}")
    expect(page.locator("#office")).not_to_be_empty()
    page.evaluate("document.fonts.ready.then(() => true)")
    page.clock.pause_at(at + timedelta(seconds=30))
    seconds(page, 1)
    drawn(page)


def seconds(page: Page, count: float, step: float = 0.5) -> None:
    """Let the page's clock run; promises settle in between, as with a real clock."""
    for _ in range(round(count / step)):
        page.clock.run_for(round(step * 1000))


def drawn(page: Page) -> None:
    """A frame has been drawn: the page fits its texts to new sizes then, whatever its clock does."""
    page.evaluate("new Promise((done) => new ResizeObserver(() => done()).observe(document.body))")


def resize(page: Page, width: int, height: int) -> None:
    """Another monitor, and all in its new place."""
    page.set_viewport_size({"width": width, "height": height})
    drawn(page)
    seconds(page, 1)
    drawn(page)


def tickets(page: Page) -> list[str]:
    """The called numbers from top to bottom."""
    return list(page.locator(f"{ROWS} .ticket").all_text_contents())


def clock_of(page: Page) -> float:
    """The page's own clock in seconds."""
    return float(page.evaluate("performance.now()")) / 1000
