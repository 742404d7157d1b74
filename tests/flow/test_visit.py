"""A visitor is served, end to end, on real programs: tap, paper, board, voice, service, rating, figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Response, expect

from kiosk.escpos_codec import Knife, read_ticket
from kiosk.preview_printer import draw
from kiosk.printer_profile import PROFILES
from server.actions import desks, visits
from server.db.engine import connect
from server.db.store import Store, clock_now
from tests.builders import Clock
from tests.conftest import PAGE_PATIENCE_MS
from tests.flow.auditor import monthly_figures, verify_chain
from tests.printer_sink import PrinterSink
from tests.programs import Caller, Program, Programs, assert_books_are_right, until
from tests.working_company import OFFICE, PASSWORD, WorkingCompany

DESK = f"{OFFICE}-5"
OPERATOR = "operator-5"
EARLIER = [(412, 655), (95, 1300), (1807, 241), (0, 7)]
"""Wait and service seconds of visitors who were served this morning."""


@pytest.fixture(scope="module")
def hall_browser(start_chromium: Callable[..., Browser]) -> Iterator[Browser]:
    """A browser that may sound without a touch, as the hall PC's is told to."""
    started = start_chromium("--autoplay-policy=no-user-gesture-required")
    yield started
    started.close()


@pytest.fixture
def open_page(hall_browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages that fail the test on any error of their scripts or refused code."""
    faults: list[str] = []
    contexts = []

    def open_one(url: str, width: int, height: int) -> Page:
        context = hall_browser.new_context(viewport={"width": width, "height": height}, locale="ru-RU")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PAGE_PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(f"{url}: {error}"))
        page.on(
            "console",
            lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
        )
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults


@pytest.mark.browser
@pytest.mark.timeout(180)
def test_a_visitor_is_served_from_the_tap_to_the_monthly_average(
    programs: Programs, company: WorkingCompany, tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    write_a_morning(company.database_url)
    server = programs.server(company.database_url)
    with PrinterSink() as printer:
        kiosk = programs.kiosk(server, company.devices["kiosk"], OFFICE, printer.port)
        display = programs.display(server, company.devices["display"], OFFICE)
        devices, _bridge = programs.bridge(server, company.devices["bridge"], OFFICE, DESK)
        until(lambda: shown(devices, "pad") == "asleep", "the pad being asleep")

        # Tap: two touches to a ticket.
        terminal = open_page(kiosk.url, 1080, 1920)
        terminal.get_by_role("button", name="Договор").click()
        terminal.locator("button.primary").click()
        number = terminal.locator(".big-number").inner_text()
        paper = printer.wait_for(1).data
    assert number == "А005", "the fifth contract of the day"

    # Paper: the bytes are a whole ticket, and its QR leads to the visitor's page.
    status_url = qr_on_paper(paper, tmp_path / "ticket.png")
    assert status_url.startswith(f"{server.url}/t/")
    phone = open_page(status_url, 390, 844)
    expect(phone.locator("h1")).to_have_text(number)
    expect(phone.locator("#ticket")).to_have_attribute("data-state", "waiting")
    expect(phone.locator("#big")).to_have_text("Вы следующий")

    board = open_page(display.url, 1920, 1080)
    spoken: list[Response] = []
    board.on("response", lambda answer: spoken.append(answer) if "/voice/" in answer.url else None)
    expect(board.locator("#next")).to_contain_text(number)

    # Call: the operator works by keys alone.
    console = sign_in(open_page(f"{server.url}/sign-in?language=ru", 1366, 768))
    console.keyboard.press("F2")
    expect(console.locator("#desk-state")).to_have_attribute("data-state", "open")
    expect(console.locator("#line tbody")).to_contain_text(number)
    press_f2(console, "callNext")
    expect(console.locator("#visitor .huge")).to_have_text(number)

    row = board.locator("#rows li[data-call-id]")
    expect(row.locator(".ticket")).to_have_text(number)
    expect(row.locator(".label")).to_have_text("5")
    expect(phone.locator("#ticket")).to_have_attribute("data-state", "called")
    expect(phone.locator("#big")).to_have_text("Окно 5")
    until(lambda: shown(devices, "sign") == number, "the number on the desk's sign")
    until(lambda: pumped(board, lambda: len(spoken) == 2), "the voice in both languages")
    assert sorted(answer.url.rpartition("/")[2].partition(".")[0] for answer in spoken) == ["kk", "ru"]
    for answer in spoken:
        assert (answer.status, answer.headers["content-type"]) == (200, "audio/wav")
        assert answer.body()[:4] == b"RIFF"

    # Serve.
    press_f2(console, "start")
    expect(console.locator("#visitor .huge")).to_have_attribute("data-state", "serving")
    expect(phone.locator("#ticket")).to_have_attribute("data-state", "serving")
    press_f2(console, "finish")
    expect(console.locator("#visitor .huge")).to_have_count(0)
    expect(phone.locator("#ticket")).to_have_attribute("data-state", "served")

    # Rate: a key of the pad, over the wire, through the bridge.
    until(lambda: shown(devices, "pad") == "armed", "the pad being lit")
    pressed = requests.post(f"{devices.url}/press", json={"desk": DESK, "key": 4}, timeout=5)
    assert pressed.status_code == 202, pressed.text
    with Caller(server.url, company.devices["audit"]) as auditor:
        until(lambda: "rated" in [event["kind"] for event in auditor.events(OFFICE)], "the rating in the log")
        events = auditor.events(OFFICE)
    with Caller(server.url, company.people["manager"]) as manager:
        report = manager.get("reports/monthly").json()
        office = manager.get(f"offices/{OFFICE}").json()
    until(lambda: shown(devices, "pad") in ("asleep", "thanks"), "the pad saying thanks")

    # Figures: what the report says is what anybody can work out from the raw log.
    verify_chain(events)
    by_hand = monthly_figures(events, office["timezone"])
    assert len(by_hand) == 1
    (year, month), figures = by_hand.popitem()
    assert report["year"] == year
    found = next(row for row in report["offices"] if row["office"] == OFFICE)["months"][month - 1]
    assert {key: found[key] for key in figures} == figures
    assert figures["served"] == len(EARLIER) + 1
    assert figures["rated"] == 1
    assert figures["average_score"] == 4.0
    assert figures["average_wait_minutes"] > 5
    company_row = report["company"]["months"][month - 1]
    assert {key: company_row[key] for key in figures} == figures
    assert_books_are_right(server)


@pytest.mark.parametrize("async_mode", ["threading", "gevent"])
def test_a_visitor_is_served_under_each_async_mode(
    programs: Programs, company: WorkingCompany, async_mode: str
) -> None:
    server = programs.server(company.database_url, async_mode=async_mode)
    with (
        Caller(server.url, company.devices["kiosk"]) as kiosk,
        Caller(server.url, company.people[OPERATOR]) as operator,
    ):
        ticket = kiosk.post(f"offices/{OFFICE}/tickets", {"service": "contract"})
        assert ticket.status_code == 201, ticket.text
        assert operator.post(f"desks/{DESK}/open").status_code == 200
        called = operator.post(f"desks/{DESK}/call-next")
        assert (called.status_code, called.json()["number"]) == (200, ticket.json()["number"])
    assert server.end() == 0
    assert "Traceback" not in server.log, server.log


def write_a_morning(database_url: str) -> None:
    """Four people were served this morning, one did not come, one left: so that averages show something."""
    clock = Clock(clock_now() - timedelta(hours=6))
    engine = connect(database_url)
    store = Store(engine, clock)

    def act(what: Callable[..., object], *details: object, actor: str = OPERATOR) -> object:
        with store.write(OFFICE, actor) as uow:
            return what(uow, *details)

    act(desks.open_desk, DESK)
    for wait, service in EARLIER:
        act(visits.issue_ticket, "contract", None, "ru", actor="kiosk")
        clock.forward(seconds=wait)
        act(visits.call_next, DESK)
        act(visits.start, DESK)
        clock.forward(seconds=service)
        act(visits.finish, DESK)
    act(visits.issue_ticket, "cash", None, "ru", actor="kiosk")
    act(visits.call_next, DESK)
    clock.forward(seconds=120)
    act(visits.no_show, DESK)
    left = act(visits.issue_ticket, "cash", None, "ru", actor="kiosk")
    act(visits.cancel, left.code, actor="visitor")  # type: ignore[attr-defined]
    act(desks.close_desk, DESK)
    engine.dispose()


def qr_on_paper(data: bytes, picture: Path) -> str:
    """Read the ticket's bytes as a printer would, draw the paper, and read its QR as a phone would."""
    profile = PROFILES["80mm"]
    printed = read_ticket(data, profile.code_pages)
    assert isinstance(printed[-1], Knife), "the ticket is cut"
    draw(data, profile, picture)
    codes = zxingcpp.read_barcodes(Image.open(picture))
    assert len(codes) == 1, "one code on a ticket"
    return str(codes[0].text)


def sign_in(page: Page) -> Page:
    """Come in as the desk's operator; the console opens by itself."""
    page.fill("[name=login]", OPERATOR)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/{DESK}")
    expect(page.locator("#desk-state")).to_have_attribute("data-state", "closed")
    expect(page.locator("button.main")).to_have_attribute("aria-disabled", "false")
    return page


def press_f2(console: Page, act: str) -> None:
    """Press the main key once the console offers this act (after each act it rests a moment)."""
    expect(console.locator(f"button.main[data-act={act}][aria-disabled=false]")).to_be_visible()
    console.keyboard.press("F2")


def shown(devices: Program, kind: str) -> object:
    """What a person sees on the simulated pad (its light) or sign (its text)."""
    found = requests.get(f"{devices.url}/devices", timeout=5).json()["devices"]
    device = next(device for device in found if device["kind"] == kind)
    return device["pad"] if kind == "pad" else device["text"]


def pumped(page: Page, condition: Callable[[], bool]) -> bool:
    """Let the browser's news through, then look."""
    page.evaluate("() => 0")
    return condition()
