"""Comfort of the touch page: contrast by computation, low position, help by voice, steps read aloud."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from server.sdk.shared_files import BROWSER_FOLDER
from tests.kiosk.kiosk_page.stub_program import StubProgram
from tests.kiosk.kiosk_page.walk import SCREENS, button, choose, main_button, press, title

PAIRS = [
    ("ink", "paper"), ("ink", "ground"), ("quiet", "paper"), ("quiet", "ground"), ("on-primary", "primary"),
    ("primary", "paper"), ("on-called", "called"), ("good", "paper"),
]  # fmt: skip


def tokens(theme: str) -> dict[str, str]:
    """Colours of a theme; what it does not name is the standard one."""
    text = (BROWSER_FOLDER / "tokens.css").read_text("utf-8")
    found: dict[str, str] = {}
    for selector in (":root", f':root[data-theme="{theme}"]'):
        block = re.search(re.escape(selector) + r" \{(.*?)\}", text, re.DOTALL)
        if block:
            found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))
    return found


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("theme", "least"), [("normal", 4.5), ("contrast", 7.0)])
@pytest.mark.parametrize(("words", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(theme: str, least: float, words: str, ground: str) -> None:
    colours = tokens(theme)
    lighter, darker = sorted((luminance(colours[words]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


@pytest.mark.browser
@pytest.mark.parametrize("screen", ["home-groups", "booking", "confirm", "ticket", "information"])
def test_in_low_position_all_that_is_touched_is_in_the_lower_part(
    program: StubProgram, page: Page, screen: str
) -> None:
    SCREENS[screen](page, program)
    choose(page, "ru", "low")
    tops = page.evaluate(
        """() => [...document.querySelectorAll("button")].filter((one) => one.checkVisibility())
            .map((one) => one.getBoundingClientRect().top / innerHeight)"""
    )
    assert min(tops) > 0.25
    expect(page.locator("#languages")).to_be_visible()


@pytest.mark.browser
def test_the_text_grows_in_two_steps_and_ends_with_the_visit(program: StubProgram, page: Page) -> None:
    SCREENS["confirm"](page, program)
    root = page.locator("html")
    for wanted, words in [("150", "Текст 150%"), ("200", "Текст 200%"), ("100", "Крупный текст")]:
        press(page, "size")
        expect(root).to_have_attribute("data-size", wanted)
        expect(button(page, words)).to_have_attribute("aria-pressed", str(wanted != "100").lower())
    press(page, "size")
    main_button(page)
    button(page, "Готово").click()
    expect(root).to_have_attribute("data-size", "100")


@pytest.mark.browser
def test_help_by_voice_is_offered_only_where_there_is_a_recording(program: StubProgram, page: Page) -> None:
    program.recordings = {"confirm.kk.wav"}
    with page.expect_response("**/help-audio/confirm.ru.wav"):
        SCREENS["confirm"](page, program)
    expect(button(page, "Прослушать")).to_have_count(0)
    press(page, "kk")
    with page.expect_response(
        lambda played: "confirm.kk.wav" in played.url and played.request.method == "GET"
    ):
        button(page, "Тыңдау").click()
    press(page, "ru")
    expect(button(page, "Прослушать")).to_have_count(0)


@pytest.mark.browser
def test_each_step_is_read_aloud(program: StubProgram, page: Page) -> None:
    SCREENS["home"](page, program)
    voice = page.locator("#voice[aria-live]")
    expect(voice).to_have_text("Цифра выбирает кнопку, ноль возвращает назад")
    press(page, "meters")
    expect(title(page)).to_be_focused()
    expect(voice).to_have_text("Перед вами 3 человека, ждать 10–25 минут. Взять талон?")
    main_button(page)
    expect(voice).to_have_text("Ваш номер А101. Перед вами 3 человека, ждать 10–25 минут")


@pytest.mark.browser
@pytest.mark.parametrize("screen", ["group", "search", "booking", "information", "staff", "category"])
def test_a_left_screen_asks_and_goes_home(program: StubProgram, page: Page, screen: str) -> None:
    page.clock.install()
    program.state = program.state | {"times": {"idle": 900, "warning": 600, "ticket": 900}}
    SCREENS[screen](page, program)
    page.clock.run_for(310_000)
    expect(page.get_by_role("dialog")).to_contain_text("Экран вернётся в начало через")
    page.clock.run_for(590_000)
    expect(title(page)).to_have_text("Что вам нужно?")
    expect(page.get_by_role("dialog")).to_have_count(0)
