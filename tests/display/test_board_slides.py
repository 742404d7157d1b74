"""Information slides: one after the other, what cannot be shown passed over, one media file at a time."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.display.board_pages import ADVICE, open_board, seconds, text_slide
from tests.display.boards import board, row
from tests.display.news_server import NewsServer
from tests.programs import until

pytestmark = pytest.mark.browser
FAKE_SOUND = Path(__file__).with_name("fake_sound.js")
SLIDE = "#slides .slide"

# Files come by real time, the page's clock runs much faster: tests wait for what is being loaded.
COUNT_LOADING = """{
  window.loading = 0;
  const decode = HTMLImageElement.prototype.decode;
  HTMLImageElement.prototype.decode = function () {
    window.loading += 1;
    return decode.call(this).finally(() => (window.loading -= 1));
  };
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "src");
  Object.defineProperty(HTMLMediaElement.prototype, "src", {
    get,
    set(address) {
      const over = new AbortController();
      window.loading += 1;
      over.signal.addEventListener("abort", () => (window.loading -= 1));
      for (const end of ["canplay", "error", "emptied"]) this.addEventListener(end, () => over.abort());
      set.call(this, address);
    },
  });
}"""

# A real film of a second, made by the browser itself.
FILM = """() => new Promise((resolve) => {
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d");
  const paint = setInterval(() => {
    brush.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
    brush.fillRect(0, 0, 300, 150);
  }, 50);
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
  recorder.ondataavailable = async ({ data }) => {
    clearInterval(paint);
    const bytes = new Uint8Array(await data.arrayBuffer());
    resolve(btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), "")));
  };
  recorder.start();
  setTimeout(() => recorder.stop(), 1000);
})"""


def picture(red: int) -> bytes:
    """A PNG of 16×9 points in one colour."""
    lines = b"".join(b"\0" + bytes((red, 100, 100)) * 16 for _ in range(9))
    head = struct.pack(">IIBBBBB", 16, 9, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


@pytest.fixture(scope="module")
def film(browser: Browser) -> bytes:
    page = browser.new_page()
    found = base64.b64decode(page.evaluate(FILM))
    page.close()
    return found


@pytest.fixture
def slides(tmp_path: Path, film: bytes) -> Path:
    """A folder with two pictures, a film, and two files that only look like it."""
    folder = tmp_path / "slides"
    folder.mkdir()
    (folder / "one.png").write_bytes(picture(200))
    (folder / "two 2.png").write_bytes(picture(20))
    (folder / "film.webm").write_bytes(film)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n nothing more")
    (folder / "broken.webm").write_bytes(film[:100])
    return folder


@pytest.fixture
def news(slides: Path) -> Iterator[NewsServer]:
    """A server that has the folder of slides."""
    server = NewsServer(board(), slides=slides)
    yield server
    server.close()


@pytest.fixture
def page(plain_page: Page) -> Page:
    plain_page.add_init_script(path=FAKE_SOUND)
    plain_page.add_init_script(COUNT_LOADING)
    return plain_page


def slide(file: str, seconds: int = 10, **names: str) -> dict[str, Any]:
    kind = "video" if file.endswith(".webm") else "image"
    return {"kind": kind, "seconds": seconds, "text": names, "file": file}


def shown(*slides: dict[str, Any], **more: Any) -> dict[str, Any]:
    return board(row("А1"), layout="slides", slides=list(slides), **more)


def let_pass(page: Page, count: float) -> None:
    """The page's clock runs on, and stands while a file is being loaded."""
    for _ in range(round(count)):
        page.wait_for_function("window.loading === 0")
        seconds(page, 1)
    page.wait_for_function("window.loading === 0")


def comes(page: Page, selector: str) -> None:
    """Wait for it while the page's clock runs on."""

    def visible() -> bool:
        let_pass(page, 1)
        return page.locator(selector).is_visible()

    until(visible, selector)


def in_sight(page: Page) -> str:
    """The address or the words of the slide in sight."""
    return str(page.locator(SLIDE).evaluate("e => e.getAttribute('src') ?? e.textContent"))


def test_slides_follow_each_other_each_for_its_own_time(page: Page, news: NewsServer) -> None:
    open_board(page, news, shown(slide("one.png", 5, ru="Схема"), slide("two 2.png", 15), text_slide()))
    comes(page, SLIDE)
    stood: dict[str, int] = {}
    order = [in_sight(page)]  # the first one may have been in sight before the test looks
    for _ in range(90):
        let_pass(page, 1)
        if in_sight(page) != order[-1]:
            order.append(in_sight(page))
        stood[order[-1]] = stood.get(order[-1], 0) + 1
    one, two, words = "/slides/one.png", "/slides/two%202.png", ADVICE["ru"]
    first = order.index(one)
    assert order[first : first + 6] == [one, two, words, one, two, words]
    assert stood[one] < stood[words] < stood[two]


@pytest.mark.parametrize("missing", ["no-such.png", "broken.png", "no-such.webm", "broken.webm"])
def test_a_missing_or_broken_file_is_passed_over_without_a_word(
    page: Page, news: NewsServer, missing: str
) -> None:
    open_board(page, news, shown(slide(missing, 5), slide("one.png", 5)))
    comes(page, f"{SLIDE}[src='/slides/one.png']")
    for _ in range(6):
        expect(page.locator(f"{SLIDE}[src='/slides/one.png']")).to_be_visible()
        let_pass(page, 3)
    expect(page.locator("#contact")).to_be_hidden()


def test_when_no_slide_can_be_shown_the_calls_have_the_board_until_one_can(
    page: Page, news: NewsServer, slides: Path
) -> None:
    open_board(page, news, shown(slide("late.png"), slide("no-such.png")))
    comes(page, "body[data-layout=side]")
    expect(page.locator("#slides")).to_be_hidden()
    (slides / "late.png").write_bytes(picture(90))
    let_pass(page, 61)
    comes(page, f"{SLIDE}[src='/slides/late.png']")
    comes(page, "body[data-layout=slides]")


def test_a_film_is_shown_silently_to_its_end_and_then_let_go(page: Page, news: NewsServer) -> None:
    page.add_init_script(
        """window.films = [];
        window.ended = 0;
        window.held = () => window.films.filter((film) => film.getAttribute("src")).length;
        const make = document.createElement.bind(document);
        document.createElement = (name, ...more) => {
          const made = make(name, ...more);
          if (name !== "video") return made;
          made.addEventListener("ended", () => (window.ended += 1));
          window.films.push(made);
          return made;
        };"""
    )
    open_board(page, news, shown(slide("film.webm", 3), slide("one.png", 5)))

    def three_to_their_end() -> bool:
        # A film runs by real time: the page's clock, so much faster here, waits for it.
        page.wait_for_function("!document.querySelector('#slides video')")
        let_pass(page, 1)
        assert page.evaluate("window.held()") <= 1
        assert page.locator(SLIDE).count() <= 1
        return bool(page.evaluate("window.ended") == 3)

    until(three_to_their_end, "three films shown to their end")
    assert page.evaluate("window.films.every((film) => film.muted)")
    assert page.evaluate("window.films.length") <= 4, "none was cut short"


def test_a_single_film_begins_anew_after_its_end(page: Page, news: NewsServer) -> None:
    open_board(page, news, shown(slide("film.webm")))
    comes(page, "#slides video")  # a film that was slow to load is tried again by the page's clock
    page.evaluate("window.first = document.querySelector('#slides video')")
    page.wait_for_function("!window.first.isConnected && document.querySelector('#slides video')")


def test_a_film_that_stands_still_makes_way(page: Page, news: NewsServer) -> None:
    page.add_init_script("HTMLMediaElement.prototype.play = async () => {};")
    open_board(page, news, shown(slide("film.webm"), text_slide()))
    seen = set()
    for _ in range(30):
        let_pass(page, 1)
        seen.add(in_sight(page))
    assert seen == {"/slides/film.webm", ADVICE["ru"]}


def test_new_slides_of_the_board_replace_the_old_ones(page: Page, news: NewsServer) -> None:
    open_board(page, news, shown(slide("one.png", 600)))
    comes(page, f"{SLIDE}[src='/slides/one.png']")
    news.tell(shown(text_slide(ru="Новое объявление"), version=2))
    comes(page, f"{SLIDE}.text")
    expect(page.locator(SLIDE)).to_have_text("Новое объявление")
    news.tell(shown(version=3))
    let_pass(page, 1)
    expect(page.locator("#slides")).to_be_hidden()


def test_a_picture_is_shown_whole_and_carries_its_words(page: Page, news: NewsServer) -> None:
    open_board(page, news, shown(slide("one.png", ru="Схема проезда")))
    comes(page, SLIDE)
    picture_shown = page.get_by_alt_text("Схема проезда")
    assert picture_shown.evaluate("e => getComputedStyle(e).objectFit") == "contain"


def test_a_long_text_is_shown_whole_in_smaller_type(page: Page, news: NewsServer) -> None:
    open_board(page, news, shown(text_slide(ru="Коротко")))
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    large = page.locator(SLIDE).evaluate(size)
    news.tell(shown(text_slide(ru=ADVICE["ru"] + ". " + ADVICE["ru"] * 4), version=2))
    expect(page.locator(SLIDE)).to_contain_text(ADVICE["ru"])
    assert page.locator(SLIDE).evaluate(size) < large / 2
    assert page.locator(SLIDE).evaluate("e => e.scrollHeight <= e.clientHeight")
