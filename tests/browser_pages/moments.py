"""How far a page has come, where its looks do not tell: an answer read, a size taken, commands sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

REMEMBER_ANSWERS = """() => {
  window.answersRead = [];
  const read = Response.prototype.json;
  Response.prototype.json = async function () {
    const data = await read.call(this);
    window.answersRead.push(new URL(this.url).pathname);
    return data;
  };
}"""
# A task of its own, which neither a stopped clock nor a resting page holds back.
NEXT_TASK = """() => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done();
  port2.postMessage(null);
})"""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def remember_answers(page: Page) -> None:
    """Before the page is opened: keep in mind which answers its scripts read, for ``wait_until_read``."""
    page.add_init_script(f"({REMEMBER_ANSWERS})()")


def wait_until_read(page: Page, path: str, times: int = 1) -> None:
    """Wait until a script of the page has read this answer so often, and done what it does with it at once.

    That an answer has come, as ``expect_response`` tells, is earlier: the page need not know of it yet.
    """
    page.wait_for_function(
        "([path, times]) => window.answersRead.filter((one) => one.endsWith(path)).length >= times",
        arg=[path, times],
    )


def start_clock(page: Page) -> None:
    """Before the page is opened: it is noon there, and the page's time can be stopped."""
    page.clock.install(time=NOON)


def stop_clock(page: Page) -> None:
    """From here on the page's time passes by the test alone, however long the test takes."""
    page.clock.pause_at(NOON + timedelta(hours=1))


def hold_time(page: Page) -> None:
    """Before the page is opened: its watch stands at this moment, while its timers run."""
    page.clock.set_fixed_time(datetime.now(UTC))


def commands(page: Page) -> list[str]:
    """What the page has asked the server to do, also what is still on its way: paths under ``/api/v1/``."""
    page.evaluate(NEXT_TASK)
    told = [asked.url.partition("/api/v1/")[2] for asked in page.requests() if asked.method == "POST"]
    return [path for path in told if path]


def resize(page: Page, width: int, height: int) -> None:
    """Give the page another size and wait until it has it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("size => innerWidth === size[0] && innerHeight === size[1]", arg=[width, height])


def wait_until_run(page: Page, script: str) -> None:
    """Wait until a module of the page has run to its end, whatever it awaits on its way."""
    page.evaluate("async (script) => { await import(script); }", script)


def whole_size(page: Page) -> list[int]:
    """Width and height of all that the page shows, in the typeface it is made for."""
    size: list[int] = page.evaluate(
        """async () => {
          const root = document.documentElement;
          root.getBoundingClientRect(); // now the page knows which letters it needs
          await document.fonts.ready;
          return [root.scrollWidth, root.scrollHeight];
        }"""
    )
    return size
