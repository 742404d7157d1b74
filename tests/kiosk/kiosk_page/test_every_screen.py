"""Every screen of the kiosk, language and theme: axe-core, sizes to touch, nothing cut, languages at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_pages.conftest import AXE
from tests.conftest import watched_page
from tests.kiosk.kiosk_page.states import small_office, stress_office
from tests.kiosk.kiosk_page.stub_program import StubProgram
from tests.kiosk.kiosk_page.walk import LANGUAGES, SCREENS, press, title

pytestmark = pytest.mark.browser
SURVEY = f"() => {{ {Path(__file__).with_name('survey.js').read_text('utf-8')} }}"
PORTRAIT = (1080, 1920)
OTHER_SIZES = [(1920, 1080), (1280, 800), (768, 1024), (1024, 768)]
THEMES = ("normal", "contrast", "low", "150", "200")
ALL_LOOKS = [(language, theme) for theme in THEMES for language in LANGUAGES]
OTHER_LOOKS = [*((language, "normal") for language in LANGUAGES), ("kk", "low"), ("ru", "low"), ("ru", "200")]
LARGER = ["home", "confirm-deep", "information", "ticket"]
SERIOUS = """async ([language, theme]) => {
    await window.choose(language, theme);
    const found = await axe.run({ resultTypes: ["violations"] });
    return found.violations.filter((fault) => ["serious", "critical"].includes(fault.impact))
        .flatMap((fault) => fault.nodes.map((node) => `${fault.id}: ${node.html}`));
}"""


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[tuple[Page, StubProgram]]:
    """One page and one program for all screens: each test loads the page anew."""
    program = StubProgram()
    with watched_page(browser, *PORTRAIT) as page:
        yield page, program
    program.close()


@pytest.fixture
def page(opened: tuple[Page, StubProgram]) -> Page:
    """The page, upright."""
    page, _program = opened
    page.set_viewport_size({"width": PORTRAIT[0], "height": PORTRAIT[1]})
    return page


@pytest.fixture
def program(opened: tuple[Page, StubProgram]) -> StubProgram:
    """The program, as it is made."""
    _page, program = opened
    program.begin_anew()
    return program


def survey(page: Page, looks: list[tuple[str, str]]) -> dict[str, list[str]]:
    """What does not fit, by language and theme."""
    page.evaluate(SURVEY)
    found: dict[str, list[str]] = page.evaluate("looks => window.survey(looks)", looks)
    return {look: faults for look, faults in found.items() if faults}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_serious_is_found_every_target_can_be_hit_and_nothing_is_cut(
    program: StubProgram, page: Page, screen: str
) -> None:
    SCREENS[screen](page, program)
    before = page.evaluate("document.body.dataset.screen")
    assert survey(page, ALL_LOOKS) == {}
    page.evaluate(AXE.read_text("utf-8"))
    for look in [("ru", "normal"), ("en", "contrast"), ("kk", "low"), ("ru", "200")]:
        assert page.evaluate(SERIOUS, look) == [], look
    for width, height in OTHER_SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert survey(page, OTHER_LOOKS) == {}, (width, height)
    assert page.evaluate("document.body.dataset.screen") == before


@pytest.mark.parametrize("size", [PORTRAIT, (1024, 768)])
@pytest.mark.parametrize("screen", LARGER)
def test_text_twice_as_large_goes_down_by_buttons(
    program: StubProgram, page: Page, screen: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    SCREENS[screen](page, program)
    page.evaluate(SURVEY)
    text = page.locator("main :is(.service-name, .sentence:not(.ahead), .reading)").first
    sizes = []
    for theme in ("normal", "200"):
        page.evaluate("theme => window.choose('ru', theme)", theme)
        sizes.append(float(text.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")))
    assert sizes[1] >= 1.8 * sizes[0]
    down = page.locator("#scrolling button").last
    while down.is_visible() and down.is_enabled():
        down.click()
    main = page.get_by_role("main")
    assert main.evaluate("main => main.scrollTop + main.clientHeight >= main.scrollHeight - 1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_names_fit_on_the_way_to_a_ticket(
    program: StubProgram, page: Page, language: str
) -> None:
    looks = [(language, "normal"), (language, "low"), (language, "200")]
    may_scroll = "the screen scrolls down"

    def misfits() -> list[str]:
        faults = [fault for found in survey(page, looks).values() for fault in found]
        return [fault for fault in faults if not fault.startswith(may_scroll)]

    program.show(stress_office())
    page.goto(program.url)
    expect(title(page)).to_be_visible()
    for key in ("group-group-2", "long-1"):
        assert misfits() == []
        press(page, key)
    expect(page.locator("body[data-screen=confirm]")).to_be_visible()
    assert misfits() == []
    page.locator("[data-key=right-1]").click()
    expect(page.locator(".big-number")).to_have_text("А101")
    assert misfits() == []
    assert [body["category"] for body in program.asked_for("/take")] == ["right-1"]


def test_nothing_moves_by_itself(program: StubProgram, page: Page) -> None:
    program.show(small_office())
    page.goto(program.url)
    expect(title(page)).to_be_visible()
    moving = """() => [...document.querySelectorAll("*")].filter((one) => {
        const style = getComputedStyle(one);
        return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0.2; }).length"""
    assert page.evaluate(moving) == 0
