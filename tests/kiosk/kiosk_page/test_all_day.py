"""A day of visitors on one page: memory, elements and timers stay as they were."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.kiosk.kiosk_page.states import large_office
from tests.kiosk.kiosk_page.stub_program import StubProgram
from tests.kiosk.kiosk_page.walk import title

COUNT_TIMERS = """
    window.timers = new Set();
    for (const [set, clear, once] of [["setTimeout", "clearTimeout", true],
                                      ["setInterval", "clearInterval", false]]) {
        const begin = window[set].bind(window);
        const end = window[clear].bind(window);
        window[set] = (act, after, ...more) => {
            const id = begin(() => { if (once) window.timers.delete(id); act(...more); }, after);
            window.timers.add(id);
            return id;
        };
        window[clear] = (id) => { window.timers.delete(id); end(id); };
    }
"""
VISITORS = """async (count) => {
    const until = async (found) => {
        for (;;) {
            const one = found();
            if (one) return one;
            await new Promise((done) => requestAnimationFrame(done));
        }
    };
    const press = async (selector) => (await until(() => document.querySelector(selector))).click();
    for (let visitor = 0; visitor < count; visitor += 1) {
        if (visitor % 5 === 0) await press("#languages [data-key=kk]");
        if (visitor % 7 === 0) { await press("#tools [data-key=contrast]"); }
        if (visitor % 3 === 0) {
            await press("[data-way=search]");
            await press("main .key");
            await press("[data-digit='0']");
        }
        await press("[data-key=group-home]");
        await press("[data-key=contract]");
        await press("main .more");
        await press("[data-digit='0']");
        await press("body[data-screen=confirm] main .act:enabled");
        await press("body[data-screen=ticket] main .act");
        await until(() => document.body.dataset.screen === "home" && document.documentElement.lang === "ru");
    }
}"""


def _stand(cdp: CDPSession, page: Page) -> dict[str, Any]:
    expect(page.get_by_role("main")).not_to_have_class("settling")
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    heap = cdp.send("Runtime.getHeapUsage")
    counters = cdp.send("Memory.getDOMCounters")
    return {
        "bytes": heap["usedSize"],
        "nodes": counters["nodes"],
        "listeners": counters["jsEventListeners"],
        "timers": page.evaluate("window.timers.size"),
    }


@pytest.mark.browser
@pytest.mark.timeout(300)
# More of them are for make bench T=tests/kiosk/kiosk_page.
@pytest.mark.parametrize("visitors", [100, pytest.param(600, marks=pytest.mark.bench)])
def test_visitors_leave_nothing_behind(program: StubProgram, page: Page, visitors: int) -> None:
    page.add_init_script(COUNT_TIMERS)
    program.show(large_office())
    page.goto(program.url)
    expect(title(page)).to_be_visible()
    page.set_default_timeout(280_000)
    cdp = page.context.new_cdp_session(page)
    page.evaluate(VISITORS, 30)
    before = _stand(cdp, page)
    page.evaluate(VISITORS, visitors)
    after = _stand(cdp, page)
    assert len(program.asked_for("/take")) == 30 + visitors
    # A screen kept for each visitor would be megabytes; what is left are the engine's own caches.
    assert after["bytes"] - before["bytes"] < 500_000
    assert after["nodes"] - before["nodes"] < 50
    assert after["listeners"] - before["listeners"] < 50
    # The clock, the idle watch and the next question for the state; nothing of a screen.
    assert after["timers"] <= 4
