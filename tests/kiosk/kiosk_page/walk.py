"""The way to each screen of the touch page, and what may be asked of any of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.kiosk.builders import office
from tests.kiosk.kiosk_page.states import large_office, small_office
from tests.kiosk.kiosk_page.stub_program import StubProgram

LANGUAGES = ("ru", "kk", "en")


def title(page: Page) -> Locator:
    """The heading of the screen."""
    return page.get_by_role("heading", level=1)


def button(page: Page, name: str) -> Locator:
    """A button by a part of its name."""
    return page.get_by_role("button", name=re.compile(name))


def settled(page: Page) -> None:
    """A screen is itself once its letters have come: then everything has its size and place."""
    expect(page.locator(".service, .act").first).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => true)")
    expect(page.get_by_role("main")).not_to_have_class("settling")


def press(page: Page, key: str) -> None:
    """Touch what carries this key in the page, turning pages until it is there."""
    expect(title(page)).to_be_visible()
    wanted = page.locator(f"[data-key='{key}']")
    while wanted.count() == 0:
        button(page, "Ещё|Тағы|More").click()
    wanted.click()


def main_button(page: Page) -> None:
    """Touch the one primary button."""
    page.locator("main .primary").click()


def keys(page: Page, *pressed: str) -> None:
    """Keys of any layout pressed at once (Playwright sends Cyrillic letters without keys)."""
    page.evaluate(
        """pressed => { for (const key of pressed) document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); }""",
        list(pressed),
    )


def scan(page: Page, read: str) -> None:
    """A scanner types ``read`` and Enter."""
    keys(page, *read, "Enter")


def _small(page: Page, program: StubProgram) -> None:
    program.show(small_office())
    page.goto(program.url)
    expect(title(page)).to_be_visible()


def _large(page: Page, program: StubProgram) -> None:
    program.show(large_office())
    page.goto(program.url)
    expect(title(page)).to_be_visible()


def _service(code: str) -> Callable[[Page, StubProgram], None]:
    def walk(page: Page, program: StubProgram) -> None:
        _small(page, program)
        press(page, code)

    return walk


def _group(page: Page, program: StubProgram) -> None:
    _large(page, program)
    press(page, "group-home")


def _search(page: Page, program: StubProgram) -> None:
    _large(page, program)
    page.locator("[data-way=search]").click()


def _found_nothing(page: Page, program: StubProgram) -> None:
    _search(page, program)
    for _ in range(3):
        page.locator("main .key").first.click()


def _booking(page: Page, program: StubProgram) -> None:
    _small(page, program)
    page.locator("[data-way=booking]").click()


def _confirm_deep(page: Page, program: StubProgram) -> None:
    _group(page, program)
    press(page, "contract")


def _category(page: Page, program: StubProgram) -> None:
    _service("meters")(page, program)
    page.locator(".first-served").click()


def _documents(page: Page, program: StubProgram) -> None:
    _service("contract")(page, program)
    page.locator(".more").click()


def _ticket(page: Page, program: StubProgram) -> None:
    _service("meters")(page, program)
    main_button(page)


def _numbered(page: Page, program: StubProgram) -> None:
    _ticket(page, program)
    expect(page.locator(".big-number")).to_be_visible()


def _paper_out(page: Page, program: StubProgram) -> None:
    program.job = "failed"
    _ticket(page, program)
    expect(page.locator(".code")).to_be_visible()


def _offline(page: Page, program: StubProgram) -> None:
    program.state = program.state | {"offline": True}
    _small(page, program)


def _problem(page: Page, program: StubProgram) -> None:
    program.refusals["/take"] = {"kind": "refused", "text": "Приём окончен, приходите завтра с 08:00"}
    _ticket(page, program)
    expect(page.get_by_role("main")).to_contain_text("Приём окончен")


def _bad_code(page: Page, program: StubProgram) -> None:
    _small(page, program)
    scan(page, "http://example/kk-12")


def _closed(page: Page, program: StubProgram) -> None:
    opens = (datetime.now(UTC) + timedelta(days=9)).replace(hour=3, minute=0)
    program.show(office(is_open=False, opens_at=opens, closed_reason={"ru": "Выходной", "kk": "Демалыс"}))
    page.goto(program.url)
    expect(title(page)).to_be_visible()


def _pause(page: Page, program: StubProgram) -> None:
    program.state = program.state | {"reachable": False}
    _small(page, program)


def _staff(page: Page, program: StubProgram) -> None:
    _small(page, program)
    press(page, "staff")


def _told(page: Page, program: StubProgram) -> None:
    _staff(page, program)
    main_button(page)
    expect(page.locator("main .primary")).to_have_count(0)


def _idle(page: Page, program: StubProgram) -> None:
    program.state = program.state | {"times": {"idle": 300, "warning": 299, "ticket": 300}}
    _service("meters")(page, program)
    expect(page.get_by_role("dialog")).to_be_visible()


SCREENS: dict[str, Callable[[Page, StubProgram], None]] = {
    "home": _small,
    "home-groups": _large,
    "group": _group,
    "search": _search,
    "search-nothing": _found_nothing,
    "booking": _booking,
    "confirm": _service("meters"),
    "confirm-deep": _confirm_deep,
    "category": _category,
    "documents": _documents,
    "information": _service("memo"),
    "closed-service": _service("connection"),
    "booking-only": _service("head"),
    "ticket": _numbered,
    "paper-out": _paper_out,
    "offline": _offline,
    "problem": _problem,
    "bad-code": _bad_code,
    "closed": _closed,
    "pause": _pause,
    "staff": _staff,
    "staff-told": _told,
    "idle": _idle,
}
"""Every screen by name: how a visitor comes there."""


def choose(page: Page, language: str = "ru", theme: str = "normal") -> None:
    """Language and comfort on the screen that is open: normal, contrast, low, 150 or 200 (percent)."""
    expect(title(page)).to_be_visible()
    if page.get_by_role("dialog").count():
        return
    press(page, language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    wanted = {"contrast": theme == "contrast", "low": theme == "low"}
    for key, on in wanted.items():
        tool = page.locator(f"#tools [data-key={key}]")
        if (tool.get_attribute("aria-pressed") == "true") != on:
            tool.click()
    size = theme if theme in ("150", "200") else "100"
    for _ in range(3):
        if page.locator("html").get_attribute("data-size") != size:
            page.locator("#tools [data-key=size]").click()
    expect(page.locator("html")).to_have_attribute("data-size", size)
    expect(page.get_by_role("main")).not_to_have_class("settling")
