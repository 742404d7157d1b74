"""At most three touches to a ticket: counted for every service and every right to be served first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from server.sdk.messages import OfficeInfo
from tests.conftest import watched_page
from tests.kiosk.kiosk_page.states import large_office, small_office
from tests.kiosk.kiosk_page.stub_program import StubProgram
from tests.kiosk.kiosk_page.walk import title

pytestmark = pytest.mark.browser
MOST = 3
SIZES = [(1080, 1920), (1920, 1080), (1280, 800), (768, 1024)]
COUNT = """async ({ paths, looks }) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const until = async (found) => {
        for (let tries = 0; tries < 3600; tries += 1) {
            const one = found();
            if (one) return one;
            await frame();
        }
        throw new Error(`never came: ${found}`);
    };
    const shown = (key) => [...document.querySelectorAll(`main [data-key="${key}"]`)]
        .find((one) => one.checkVisibility());
    const at = (screen) => () => document.body.dataset.screen === screen;
    const tooMany = [];
    for (const look of looks) {
        for (const { group, service, category } of paths) {
            for (const key of look) document.querySelector(`#tools [data-key=${key}]`).click();
            await frame();
            let touches = 0;
            const touch = (one) => { touches += 1; one.click(); };
            const reach = async (key) => {
                while (!shown(key)) {
                    const more = document.querySelector("main .pager [data-digit='9']:enabled");
                    if (!more?.checkVisibility()) throw new Error(`${key} is nowhere`);
                    touch(more);
                }
                touch(shown(key));
            };
            if (group) await reach(`group-${group}`);
            if (group) await until(at("group"));
            await reach(service);
            await until(at("confirm"));
            if (category && !shown(category)) touch(document.querySelector("main .first-served"));
            if (category) await reach(category);
            else touch(document.querySelector("main .primary"));
            await until(at("ticket"));
            const path = [group, service, category].filter(Boolean).join(" → ");
            if (touches > MOST) tooMany.push(`${look}: ${path}: ${touches} touches`);
            document.querySelector("main .primary").click();
            await until(at("home"));
        }
    }
    return tooMany;
}""".replace("MOST", str(MOST))


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for all offices and sizes."""
    with watched_page(browser, *SIZES[0]) as opened:
        opened.set_default_timeout(60_000)
        yield opened


def paths(office: OfficeInfo, grouped: bool) -> list[dict[str, str | None]]:
    """Every way to a ticket: each open service, without a category and with each."""
    return [
        {"group": service.group if grouped else None, "service": service.code, "category": category}
        for service in office.services
        if service.state == "open"
        for category in (None, office.categories[0].code, office.categories[-1].code)
    ]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("grouped", [False, True], ids=["services", "groups"])
def test_no_way_to_a_ticket_takes_more_than_three_touches(
    program: StubProgram, page: Page, grouped: bool, size: tuple[int, int]
) -> None:
    office = large_office() if grouped else small_office()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    program.show(office)
    page.goto(program.url)
    expect(title(page)).to_have_text("Что вам нужно?")
    ways = paths(office, grouped)
    assert page.evaluate(COUNT, {"paths": ways, "looks": [[], ["low"]]}) == []
    assert len(program.asked_for("/take")) == 2 * len(ways)
