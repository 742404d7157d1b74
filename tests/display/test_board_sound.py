"""What a hall hears from the board page: its rules, repetitions, bursts, breaks of contact, all once."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server.sdk.speech.engines import RememberedSpeech
from tests.display.boards import NOON, board, row, saying, voice
from tests.display.conftest import Site, settings
from tests.display.news_server import NewsServer
from tests.programs import until

pytestmark = pytest.mark.browser
FAKE_SOUND = Path(__file__).with_name("fake_sound.js")
BEGIN = NOON + timedelta(minutes=1, seconds=30)
TICKET = "#rows .ticket"


class Hall:
    """An open board whose clock the test moves, with a sound card that remembers."""

    def __init__(self, page: Page, site: Site, news: NewsServer, **rules: Any) -> None:
        self.page, self.news = page, news
        self.rules = rules
        self.rows: list[dict[str, Any]] = []
        self.version = 1
        self.frames: list[str] = []
        page.on(
            "websocket", lambda line: line.on("framereceived", lambda data: self.frames.append(str(data)))
        )
        news.state = self._state()
        page.goto(site.url)
        # The page has its sound card and its first state: before, every mark is hidden too.
        expect(page.locator("#office")).not_to_be_empty()
        expect(page.locator("#contact")).to_be_hidden()
        page.clock.pause_at(BEGIN)
        self.seconds(1)

    @property
    def now(self) -> datetime:
        """The server's clock as the page has it: it began at noon with the page's own."""
        begun = self.page.evaluate("performance.timeOrigin + performance.now()")
        return datetime.fromtimestamp(begun / 1000, tz=NOON.tzinfo)

    def seconds(self, count: float) -> None:
        """Let the page's clock run; promises settle in between, as with a real clock."""
        for _ in range(round(count * 4)):
            self.page.clock.run_for(250)

    def call(self, number: str, said: bool = True) -> dict[str, Any]:
        """The server calls a ticket now: state, then "say"."""
        called = row(number, called_at=self.now.isoformat(), call_id=f"call-{self.version}")
        self.rows.insert(0, called)
        self.tell()
        if said:
            self.news.say(saying(called, languages=self._state()["voice"]["languages"]))
            self._wait_for('["say"', called["call_id"])
        return called

    def tell(self, **rules: Any) -> None:
        """A newer state, perhaps with other rules."""
        self.rules |= rules
        self.version += 1
        self.news.tell(self._state())
        self._wait_for('["state"', f'"version":{self.version},')

    def _wait_for(self, *parts: str) -> None:
        """The page has heard it; asking the page lets its events through."""
        until(
            lambda: (
                self.page.evaluate("true") and any(all(p in frame for p in parts) for frame in self.frames)
            ),
            f"the page hearing {parts}",
        )
        self.page.evaluate("true")

    def _state(self) -> dict[str, Any]:
        languages = self.rules.get("languages", ["ru"])
        rules = {name: value for name, value in self.rules.items() if name != "languages"}
        at = self.now if self.version > 1 else NOON
        shown = self.rows[:24]
        return board(*shown, version=self.version, at=at, voice=voice(*languages, **rules), rows=8)

    def heard(self) -> list[str]:
        """All that has sounded so far."""
        return [sound["what"] for sound in self.sounds()]

    def sounds(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("window.sounds")
        return found


@pytest.fixture
def page(plain_page: Page) -> Page:
    """A hall monitor at noon with the remembering sound card."""
    plain_page.add_init_script(path=FAKE_SOUND)
    plain_page.clock.install(time=NOON)
    return plain_page


def phrases(heard: list[str]) -> list[str]:
    return [what for what in heard if what != "chime"]


def test_a_burst_of_twenty_calls_is_said_in_order_without_overlap_and_without_stale_ones(
    page: Page, site: Site, news: NewsServer
) -> None:
    hall = Hall(page, site, news)
    for number in range(20):
        hall.call(f"А{100 + number}")
        hall.seconds(0.25)
    hall.seconds(75)
    sounds = hall.sounds()
    assert all(one["end"] <= other["begin"] for one, other in pairwise(sounds))
    # A call takes 4.8 s here (chime 1.4, phrase 3, pause 0.4), and none begins that is older than 60 s.
    said = phrases(hall.heard())
    assert 12 <= len(said) <= 14
    assert said == [f"ru А{100 + number}" for number in range(len(said))]


def test_a_burst_is_said_whole_where_the_limit_leaves_the_time(
    page: Page, site: Site, news: NewsServer
) -> None:
    hall = Hall(page, site, news, limit_seconds=120)
    for number in range(20):
        hall.call(f"А{100 + number}")
        hall.seconds(0.25)
    hall.seconds(110)
    assert phrases(hall.heard()) == [f"ru А{100 + number}" for number in range(20)]


def test_a_call_is_said_again_with_its_chime_and_only_so_often(
    page: Page, site: Site, news: NewsServer
) -> None:
    hall = Hall(page, site, news, repeats=1, repeat_after_seconds=8, languages=["kk", "ru"])
    hall.call("А1")
    hall.seconds(40)
    assert hall.heard() == ["chime", "kk А1", "ru А1"] * 2
    first, again = (sound for sound in hall.sounds() if sound["what"] == "chime")
    assert again["begin"] - first["end"] == pytest.approx((3 + 3 + 0.4 + 8) * 1000, abs=600)


def test_a_repetition_makes_way_at_once_for_a_new_call_and_is_heard_after_it(
    page: Page, site: Site, news: NewsServer
) -> None:
    hall = Hall(page, site, news, repeats=1)
    hall.call("А1")
    hall.seconds(14)
    assert hall.heard() == ["chime", "ru А1", "chime"]
    hall.call("А2")
    hall.seconds(4.5)
    assert hall.heard()[2:] == ["chime", "chime", "ru А2"]
    cut, _first, *_ = hall.sounds()[2:]
    assert cut["cut"]
    hall.seconds(30)
    assert phrases(hall.heard()) == ["ru А1", "ru А2", "ru А1", "ru А2"]


def test_a_first_call_is_never_cut_off(page: Page, site: Site, news: NewsServer) -> None:
    hall = Hall(page, site, news, repeats=1)
    hall.call("А1")
    hall.seconds(2)
    hall.call("А2")
    hall.seconds(9)
    assert hall.heard() == ["chime", "ru А1", "chime", "ru А2"]
    assert not any(sound["cut"] for sound in hall.sounds())


def test_nothing_is_said_again_to_a_visitor_who_has_come(page: Page, site: Site, news: NewsServer) -> None:
    hall = Hall(page, site, news, repeats=2)
    hall.call("А1")
    hall.seconds(6)
    hall.rows[0]["state"] = "serving"
    hall.tell()
    hall.seconds(30)
    assert hall.heard() == ["chime", "ru А1"]


@pytest.mark.parametrize(
    ("rules", "heard"),
    [
        ({"mode": "off"}, []),
        ({"mode": "chime"}, ["chime"]),
        ({"hours": [["08:00", "11:00"], ["12:03", "20:00"]]}, []),
        ({"hours": [["08:00", "12:02"]]}, ["chime", "ru А1"]),
    ],
)
def test_mode_and_hours_are_the_boards(
    page: Page, site: Site, news: NewsServer, rules: dict[str, Any], heard: list[str]
) -> None:
    hall = Hall(page, site, news, **rules)
    hall.call("А1")
    hall.seconds(10)
    assert hall.heard() == heard


def test_volume_is_the_boards_also_after_it_was_changed(page: Page, site: Site, news: NewsServer) -> None:
    hall = Hall(page, site, news, volume=40)
    hall.call("А1")
    hall.seconds(6)
    hall.tell(volume=90)
    hall.call("А2")
    hall.seconds(6)
    assert [sound["volume"] for sound in hall.sounds()] == [0.4, 0.4, 0.9, 0.9]


@pytest.mark.parametrize(
    ("own", "heard", "volume"),
    [
        ({"voice": "chime", "volume": 20}, ["chime"], 0.2),
        ({"voice": "voice"}, ["chime", "ru А1"], 0.7),
        ({"voice": "off"}, [], None),
        ({"sound": "alsa"}, [], None),
    ],
)
def test_what_this_place_has_different_goes_before_the_boards_rules(
    page: Page, news: NewsServer, engine: RememberedSpeech, tmp_path: Path,
    own: dict[str, Any], heard: list[str], volume: float | None,
) -> None:  # fmt: skip
    site = Site(settings(news.url, tmp_path, **own), engine)
    try:
        hall = Hall(page, site, news, mode="voice" if "volume" in own else "chime", volume=70)
        hall.call("А1")
        hall.seconds(8)
        assert hall.heard() == heard
        assert {sound["volume"] for sound in hall.sounds()} == ({volume} if volume else set())
    finally:
        site.close()


def test_a_silent_board_does_not_ask_for_sound(page: Page, site: Site, news: NewsServer) -> None:
    hall = Hall(page, site, news, mode="off")
    page.evaluate("window.contexts.forEach((context) => (context.state = 'suspended'))")
    hall.tell()
    hall.seconds(4)
    expect(page.locator("#sound")).to_be_hidden()
    hall.tell(mode="voice")
    hall.seconds(4)
    expect(page.locator("#sound")).to_be_visible()


def test_a_call_is_said_once_through_a_reload_a_restart_of_the_server_and_a_moved_clock(
    page: Page, site: Site, news: NewsServer
) -> None:
    hall = Hall(page, site, news)
    hall.call("А1")
    hall.seconds(6)
    assert hall.heard() == ["chime", "ru А1"]
    page.clock.set_system_time(NOON - timedelta(hours=5))  # somebody sets the hall PC's clock
    with page.expect_websocket():
        news.cut()
        news.restore()
        hall.version = 1  # a server that begins anew counts from the beginning
        page.clock.resume()
        hall.tell()
    expect(page.locator("#contact")).to_be_hidden()
    hall.seconds(10)
    assert hall.heard() == ["chime", "ru А1"]
    page.reload()
    expect(page.locator(TICKET)).to_have_text(["А1"])
    hall.seconds(10)
    assert hall.heard() == []


def test_after_an_hour_without_contact_only_what_is_new_is_said(
    page: Page, site: Site, news: NewsServer
) -> None:
    hall = Hall(page, site, news)
    hall.call("А1")
    hall.seconds(6)
    news.cut()
    missed = [row(f"Б{n}", called_at=(hall.now + timedelta(minutes=10 * n)).isoformat()) for n in (1, 2, 3)]
    page.clock.fast_forward(3600_000)
    fresh = row("В1", called_at=(hall.now - timedelta(seconds=3)).isoformat())
    hall.rows = [fresh, *reversed(missed), *hall.rows]
    hall.version += 1
    news.state = hall._state()
    news.restore()
    page.clock.resume()
    expect(page.locator(TICKET).first).to_have_text("В1")
    # Half a minute of room: on a busy machine the clock has gone on before it is stopped.
    page.clock.pause_at(hall.now + timedelta(seconds=30))
    hall.seconds(30)
    assert hall.heard() == ["chime", "ru А1", "chime", "ru В1"]
