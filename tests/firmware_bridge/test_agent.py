"""The bridge on pseudo-terminals: from a key to the server and from the news to a sign."""

from __future__ import annotations

import os
import select
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firmware_bridge import catalog
from firmware_bridge.agent import Agent
from firmware_bridge.catalog import PadState, Said
from firmware_bridge.config import Config, PortSettings
from firmware_bridge.frame import Decoder
from firmware_bridge.line_protocol import State
from firmware_bridge.simulator import Simulator
from firmware_bridge.transport import SerialWire
from server.sdk.client import TalonClient
from server.sdk.settings import check
from tests.firmware_bridge.far_ends import PressServer, RememberedFeed, eventually, sign

PATIENCE_SECONDS = 30
"""How long the bridge waits for an answer: a busy machine is not to make it ask twice."""


class OverheardWire(SerialWire):
    """A serial port, and all that was said over it."""

    def __init__(self, path: str, baud: int) -> None:
        super().__init__(path, baud)
        self.said = bytearray()

    def write(self, data: bytes) -> None:
        self.said += data
        super().write(data)


class Hall:
    """A desk with a pad of its own port, and a shared line with two signs and a three-key pad."""

    def __init__(self, folder: Path) -> None:
        self.server = PressServer()
        self.server.open()
        ports = [
            {
                "path": str(folder / "pad-1"),
                "devices": [{"address": 1, "kind": "pad", "desk": "zarechny-1"}],
            },
            {
                "path": str(folder / "line"),
                "devices": [
                    {"address": 1, "kind": "sign", "desk": "zarechny-1"},
                    {"address": 2, "kind": "sign", "desk": "zarechny-2"},
                    {"address": 3, "kind": "pad", "desk": "zarechny-2", "keys": [5, 3, 1]},
                ],
            },
        ]
        values = {
            "server": {"url": self.server.url, "token": "secret"},
            "bridge": {"office": "zarechny", "state_folder": str(folder / "state")},
            "ports": ports,
        }
        self.state_folder = folder / "state"
        self.wires: dict[str, OverheardWire] = {}
        self.config = check(Config, values, "test")
        self.simulator: Simulator | None = None
        self.agent: Agent | None = None
        self.feed: RememberedFeed | None = None
        self.plug()
        self.start()

    def plug(self) -> None:
        self.simulator = Simulator(self.config.ports)

    def unplug(self) -> None:
        if self.simulator:
            self.simulator.stop()
            self.simulator = None

    def start(self) -> None:
        self.agent = Agent(
            self.config,
            TalonClient(self.config.server.url, self.config.server.token, timeout=PATIENCE_SECONDS),
            RememberedFeed,
            self.wire,
            time.monotonic,
        )
        feed = self.agent._feed
        assert isinstance(feed, RememberedFeed)
        self.feed = feed
        self.agent.start()

    def wire(self, port: PortSettings) -> OverheardWire:
        made = self.wires[port.path] = OverheardWire(port.path, port.baud)
        return made

    def stop(self) -> None:
        if self.agent:
            self.agent.stop()
            self.agent = None

    def online(self) -> bool:
        assert self.agent is not None
        return all(state is State.ONLINE for _, _, state in self.agent.devices())

    def press(self, desk: str, key: int) -> None:
        assert self.simulator is not None
        self.simulator.press(desk, key)

    def shows(self, desk: str, kind: str) -> dict[str, object]:
        assert self.simulator is not None
        return next(d for d in self.simulator.devices() if (d["desk"], d["kind"]) == (desk, kind))

    def orders(self, path: str) -> list[Said]:
        """All that the bridge has said to the devices of a port."""
        frames = Decoder().feed(bytes(self.wires[path].said))
        said = [catalog.decode(frame) for frame in frames]
        return [one for one in said if one is not None]

    def pending(self) -> int:
        assert self.simulator is not None
        return sum(int(str(device["pending"])) for device in self.simulator.devices())


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.stop()
    made.unplug()
    made.server.close()


def test_a_key_becomes_the_mark_its_settings_say_at_its_desk(hall: Hall) -> None:
    eventually(hall.online)
    hall.press("zarechny-1", 4)
    hall.server.wait(lambda: len(hall.server.taken) == 1)
    hall.press("zarechny-2", 1)
    hall.server.wait(lambda: len(hall.server.taken) == 2)
    assert hall.server.scores() == [("zarechny-1", 4), ("zarechny-2", 5)]
    assert hall.server.tokens == {"Bearer secret"}
    body = hall.server.bodies[0]
    assert body["source"] == "pad"
    assert 0 <= body["pressed_seconds_ago"] < 60
    eventually(lambda: hall.pending() == 0)


def test_news_reach_the_signs_and_pads_of_their_desks(hall: Hall) -> None:
    assert hall.feed is not None
    assert hall.feed.rooms == ["bridge:zarechny"]
    assert hall.feed.running
    hall.feed.say(sign("zarechny-1", "А123", "blink"), sign("zarechny-2", "К7", "steady", "armed"))
    eventually(lambda: hall.shows("zarechny-2", "pad")["pad"] == "armed")
    eventually(lambda: hall.shows("zarechny-1", "sign")["text"] == "А123")
    eventually(lambda: hall.shows("zarechny-2", "sign")["text"] == "К7")
    assert hall.shows("zarechny-1", "sign")["mode"] == "blink"
    assert hall.shows("zarechny-1", "pad")["pad"] == "asleep"
    hall.feed.say(sign("zarechny-1"), sign("zarechny-2", "К7", "steady"), version=2)
    eventually(lambda: hall.shows("zarechny-1", "sign")["mode"] == "off")
    eventually(lambda: hall.shows("zarechny-2", "pad")["pad"] == "asleep")


def test_an_armed_pad_is_told_how_long_by_the_servers_clock(hall: Hall) -> None:
    assert hall.feed is not None
    eventually(hall.online)
    hall.feed.say(sign("zarechny-1", pad="armed", seconds=250))
    eventually(lambda: hall.shows("zarechny-1", "pad")["pad"] == "armed")
    orders = [said.numbers for said in hall.orders(hall.config.ports[0].path) if said.name == "pad"]
    told = [order["seconds"] for order in orders if order["state"] == PadState.ARMED]
    # A pad falls asleep by itself after so long (test_link). Some of it may have gone by before it was told.
    assert told
    assert all(150 < seconds <= 251 for seconds in told)


def test_news_that_cannot_be_read_change_nothing(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    assert hall.feed is not None
    hall.feed.say(sign("zarechny-1", "А1", "steady"))
    eventually(lambda: hall.shows("zarechny-1", "sign")["text"] == "А1")
    hall.feed.on_state("bridge:zarechny", {"version": 2, "desks": "none"})
    assert "cannot be read" in caplog.text
    hall.feed.say(sign("zarechny-1", "А2", "steady"), version=3)
    eventually(lambda: hall.shows("zarechny-1", "sign")["text"] == "А2")


def test_a_press_made_while_the_server_is_away_is_handed_in_once_after_a_restart(hall: Hall) -> None:
    eventually(hall.online)
    hall.server.close()
    hall.press("zarechny-1", 5)
    hall.press("zarechny-1", 2)
    eventually(lambda: hall.pending() == 0)
    hall.stop()
    assert hall.server.taken == {}
    hall.server.open()
    hall.start()
    hall.server.wait(lambda: len(hall.server.taken) == 2)
    eventually(hall.online)
    assert hall.server.scores() == [("zarechny-1", 5), ("zarechny-1", 2)]
    hall.stop()
    hall.start()
    hall.press("zarechny-1", 3)
    hall.server.wait(lambda: len(hall.server.taken) == 3)
    assert len(hall.server.bodies) == 3


def test_contact_with_the_server_ends_the_waiting(hall: Hall) -> None:
    eventually(hall.online)
    hall.server.close()
    hall.press("zarechny-1", 5)
    eventually(lambda: hall.pending() == 0)
    hall.server.open()
    assert hall.feed is not None
    hall.feed.on_link(True)
    hall.server.wait(lambda: len(hall.server.taken) == 1)


def test_a_press_whose_answer_was_lost_counts_once(hall: Hall) -> None:
    eventually(hall.online)
    hall.server.drop_answers = True
    hall.press("zarechny-1", 5)
    hall.server.wait(lambda: len(hall.server.taken) == 1)
    taken = dict(hall.server.taken)
    # The age in a later try differs, so the server says that it has this press already.
    hall.server.wait(lambda: any(body["pressed_seconds_ago"] > 0 for body in hall.server.bodies))
    hall.server.drop_answers = False
    hall.press("zarechny-1", 4)
    hall.server.wait(lambda: len(hall.server.taken) == 2)
    assert hall.server.scores() == [("zarechny-1", 5), ("zarechny-1", 4)]
    assert list(hall.server.taken.items())[:1] == list(taken.items())
    assert not (hall.state_folder / "refused.journal").exists()


def test_a_refused_press_is_set_aside_and_the_next_ones_go_on(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    hall.server.answer = lambda body: (404, "unknown_desk") if body["desk"] == "zarechny-1" else None
    eventually(hall.online)
    hall.press("zarechny-1", 5)
    hall.server.wait(lambda: len(hall.server.bodies) == 1)
    hall.press("zarechny-2", 1)
    hall.server.wait(lambda: len(hall.server.taken) == 1)
    assert [body["desk"] for body in hall.server.bodies] == ["zarechny-1", "zarechny-2"]
    assert "404 unknown_desk" in (hall.state_folder / "refused.journal").read_text("utf-8")
    assert "was refused and set aside" in caplog.text


def test_a_wrong_token_loses_no_press(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    hall.server.answer = lambda body: (401, "token_unknown")
    eventually(hall.online)
    hall.press("zarechny-1", 5)
    hall.server.wait(lambda: len(hall.server.bodies) >= 2)
    hall.server.answer = lambda body: None
    hall.server.wait(lambda: len(hall.server.taken) == 1)
    assert "correct the token" in caplog.text
    assert "secret" not in caplog.text


def test_trouble_of_one_desk_does_not_hold_up_another(hall: Hall) -> None:
    hall.server.answer = lambda body: (500, "fault") if body["desk"] == "zarechny-1" else None
    eventually(hall.online)
    hall.press("zarechny-1", 5)
    hall.server.wait(lambda: len(hall.server.bodies) >= 1)
    hall.press("zarechny-2", 2)
    hall.server.wait(lambda: len(hall.server.taken) == 1)
    assert hall.server.scores() == [("zarechny-2", 3)]


def test_an_unplugged_port_comes_back_by_itself_and_shows_what_it_should(hall: Hall) -> None:
    assert hall.feed is not None
    hall.feed.say(sign("zarechny-1", "А5", "steady"))
    eventually(hall.online)
    hall.unplug()
    agent = hall.agent
    assert agent is not None
    eventually(lambda: {state for _, _, state in agent.devices()} == {State.SILENT})
    hall.plug()
    eventually(hall.online)
    eventually(lambda: hall.shows("zarechny-1", "sign")["text"] == "А5")
    hall.press("zarechny-1", 5)
    hall.server.wait(lambda: len(hall.server.taken) == 1)


class OldHall:
    """A desk with equipment that the office owned already: a rating pad, an operator's pad, a LED board."""

    def __init__(self, folder: Path) -> None:
        self.server = PressServer()
        self.server.open()
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        devices = [
            {"address": 0x20, "kind": "pad", "desk": "zarechny-1", "keys": [5, 3, 1]},
            {"address": 0x21, "kind": "operator", "desk": "zarechny-1", "letters": 3},
            {"address": 0x30, "kind": "sign", "desk": "zarechny-1", "letters": 4},
        ]
        port = {"path": os.ttyname(self.slave), "protocol": "buttons-01-07", "devices": devices}
        values = {
            "server": {"url": self.server.url, "token": "secret"},
            "bridge": {"office": "zarechny", "state_folder": str(folder / "state")},
            "ports": [port],
        }
        self.agent = Agent(
            check(Config, values, "test"),
            TalonClient(self.server.url, "secret", timeout=PATIENCE_SECONDS),
            RememberedFeed,
            lambda port: SerialWire(port.path, port.baud),
            time.monotonic,
        )
        self.heard = b""
        self.agent.start()

    def hears(self, frame: bytes) -> None:
        """Wait until the bridge has written ``frame`` to the line."""

        def came() -> bool:
            ready, _, _ = select.select([self.master], [], [], 0)
            if ready:
                self.heard += os.read(self.master, 1000)
            return frame in self.heard

        eventually(came)
        self.heard = b""

    def news(self, **desk: Any) -> None:
        feed = self.agent._feed
        assert isinstance(feed, RememberedFeed)
        feed.say(sign("zarechny-1", **desk))


@pytest.fixture
def old_hall(tmp_path: Path) -> Iterator[OldHall]:
    made = OldHall(tmp_path)
    yield made
    made.agent.stop()
    made.server.close()
    os.close(made.slave)
    os.close(made.master)


def test_equipment_of_the_old_queue_shows_lights_and_rates(old_hall: OldHall) -> None:
    old_hall.news(text="А7", mode="steady", pad="armed")
    old_hall.hears(b"\x01\x30" + "А7  ".encode("cp1251") + b"\x07")
    os.write(old_hall.master, b"\x01\x20")
    os.write(old_hall.master, b"\x32\x07")
    old_hall.server.wait(lambda: len(old_hall.server.taken) == 1)
    assert old_hall.server.scores() == [("zarechny-1", 3)]
    old_hall.news(text="", mode="steady")
    old_hall.hears(b"\x01\x30    \x07")


def key(address: int, code: int) -> bytes:
    return bytes((0x01, address, code, 0x07))


def test_operators_keys_reach_the_server_in_order_and_are_no_ratings(old_hall: OldHall) -> None:
    # Its lamp follows the desk: that shows that the line is up.
    old_hall.news(text="А7", mode="steady")
    old_hall.hears(key(0x21, 0x32) + b"\x01\x21\x20" + "А7 ".encode("cp1251") + b"\x07")
    os.write(old_hall.master, key(0x21, 0x31) + key(0x21, 0x34))
    old_hall.server.wait(lambda: len(old_hall.server.keys) == 2)
    assert old_hall.server.keys == [("zarechny-1", "call"), ("zarechny-1", "finish")]
    assert old_hall.server.taken == {}


def test_a_key_that_nothing_came_of_makes_the_pad_flash_and_is_never_done_later(old_hall: OldHall) -> None:
    old_hall.news(text="А7", mode="steady")
    old_hall.hears(key(0x21, 0x32))
    old_hall.server.refuse_keys = True
    os.write(old_hall.master, key(0x21, 0x31))
    old_hall.hears(key(0x21, 0x33))
    old_hall.hears(key(0x21, 0x32))
    old_hall.server.refuse_keys = False
    old_hall.server.close()
    os.write(old_hall.master, key(0x21, 0x32))
    old_hall.hears(key(0x21, 0x33))
    old_hall.server.open()
    os.write(old_hall.master, key(0x21, 0x34))
    old_hall.server.wait(lambda: len(old_hall.server.keys) == 1)
    assert old_hall.server.keys == [("zarechny-1", "finish")]
