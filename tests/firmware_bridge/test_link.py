"""The session of host and device in virtual time: greeting, telling, presses exactly once, silence."""

from __future__ import annotations

import pytest

from firmware_bridge import catalog
from firmware_bridge.catalog import Kind, Refusal, Said, SignMode
from firmware_bridge.device import KEPT_PRESSES, Device
from firmware_bridge.frame import encode
from firmware_bridge.line_protocol import Arm, Pressed, Show, State
from firmware_bridge.link import KEPT_IDS, Line
from tests.firmware_bridge.wire_model import BAUD, WireModel


def a_pad(address: int = 1, boot: int = 7, keys: int = 5) -> Device:
    return Device(address, Kind.PAD, boot, keys)


def a_sign(address: int = 2) -> Device:
    return Device(address, Kind.SIGN, 8)


def test_a_device_is_greeted_and_online_at_once() -> None:
    model = WireModel({1: a_pad()})
    model.run(0.05)
    assert model.states(1) == [State.ONLINE]


def test_a_press_on_its_own_line_is_reported_within_five_milliseconds_and_forgotten_by_the_device() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    model.press(1, 4)
    model.run(0.005)
    assert model.presses() == [(7, 1, 4)]
    assert model.devices[1].pending == 0


def test_a_press_on_a_shared_line_waits_to_be_asked_for() -> None:
    model = WireModel({1: a_pad(), 2: a_sign()})
    model.run(1)
    assert model.devices[1].press(3, model.now) == b""
    model.run(0.2)
    assert model.presses() == [(7, 1, 3)]


def test_presses_made_while_the_cable_is_off_come_later_in_order_with_their_age() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    model.plugged = False
    for key in (5, 1, 3):
        model.press(1, key)
        model.run(60)
    model.plugged = True
    model.run(3)
    assert model.states(1) == [State.ONLINE, State.SILENT, State.ONLINE]
    assert model.presses() == [(7, 1, 5), (7, 2, 1), (7, 3, 3)]
    ages = [event.age_seconds for event in model.events if isinstance(event, Pressed)]
    assert ages == pytest.approx([180, 120, 60], abs=3)


def test_a_press_is_said_again_until_it_is_kept_and_never_after() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    model.keep = False
    model.press(1, 2)
    model.run(3)
    told = model.presses()
    assert len(told) > 2
    assert set(told) == {(7, 1, 2)}
    assert model.devices[1].pending == 1
    model.keep = True
    model.run(1)
    now_told = len(model.presses())
    model.run(5)
    assert len(model.presses()) == now_told
    assert model.devices[1].pending == 0


def test_a_bridge_that_starts_anew_hears_the_press_that_it_gave_no_receipt_for() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    model.keep = False
    model.press(1, 2)
    model.run(0.1)
    model.restart_host()
    model.keep = True
    model.run(1)
    assert set(model.presses()) == {(7, 1, 2)}
    assert model.devices[1].pending == 0


def test_what_a_device_shall_show_is_told_once_and_again_after_it_started_anew() -> None:
    model = WireModel({2: a_sign()})
    model.run(1)
    model.line.want(2, Show("А123", SignMode.BLINK), model.now)
    model.run(0.02)
    shown = model.devices[2].shows(model.now)
    assert (shown.text, shown.mode) == ("А123", "blink")
    model.devices[2] = a_sign()
    model.run(1.5)
    assert model.devices[2].shows(model.now) == shown
    assert model.states(2) == [State.ONLINE, State.SILENT, State.ONLINE]


def test_a_wish_is_told_even_if_it_came_while_another_answer_was_awaited() -> None:
    model = WireModel({2: a_sign()})
    model.line.want(2, Show("А1", SignMode.STEADY), model.now)
    out, _ = model.line.step(b"", model.now)
    model.line.want(2, Show("А2", SignMode.STEADY), model.now)
    model.line.step(model.devices[2].hear(out, model.now), model.now)
    model.run(0.2)
    assert model.devices[2].shows(model.now).text == "А2"


def test_an_armed_pad_falls_asleep_by_itself_when_its_time_is_over() -> None:
    model = WireModel({1: a_pad(keys=3)})
    model.line.want(1, Arm(True, model.now + 20), model.now)
    model.run(1)
    assert model.devices[1].shows(model.now).lights == (1, 2, 3)
    model.plugged = False
    model.run(21)
    assert model.devices[1].shows(model.now).pad == "asleep"


def test_a_pad_that_comes_back_after_its_time_is_not_armed_again() -> None:
    model = WireModel({1: a_pad()})
    model.plugged = False
    model.line.want(1, Arm(True, model.now + 10), model.now)
    model.run(30)
    model.plugged = True
    model.run(3)
    assert model.states(1) == [State.SILENT, State.ONLINE]
    assert model.devices[1].shows(model.now).pad == "asleep"


def test_a_press_lights_its_key_as_thanks_whether_the_pad_is_armed_or_asleep() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    for armed in (True, False):
        model.line.want(1, Arm(armed), model.now)
        model.press(1, 4)
        model.run(0.1)
        assert (model.devices[1].shows(model.now).pad, model.devices[1].shows(model.now).lights) == (
            "thanks",
            (4,),
        )
        model.run(3)
        assert model.devices[1].shows(model.now).pad == ("armed" if armed else "asleep")
    assert len(model.presses()) == 2


@pytest.mark.parametrize(
    ("version", "state", "cure"),
    [(2, State.WRONG_VERSION, "update the bridge"), (0, State.TOO_OLD, "update the device's firmware")],
)
def test_a_device_of_another_version_is_named_with_its_cure_and_its_presses_are_not_taken(
    version: int, state: State, cure: str
) -> None:
    pad = a_pad()
    pad.version = version
    model = WireModel({1: pad})
    model.run(12)
    assert model.states(1) == [state]
    assert cure in str(model.events[0])
    press = Said("press", {"boot": 7, "counter": 1, "key": 5, "age_ms": 0})
    _, events = model.line.step(encode(catalog.encode(1, 0, press)), model.now)
    assert events == []
    pad.version = catalog.VERSION
    model.run(6)
    assert model.states(1)[-1] is State.ONLINE


def test_a_sign_where_a_pad_was_expected_is_named() -> None:
    model = WireModel({1: Device(1, Kind.SIGN, 8)}, version_kinds={1: Kind.PAD})
    model.run(1)
    assert model.states(1) == [State.WRONG_KIND]


def test_a_silent_device_is_greeted_ever_more_rarely_and_is_back_within_three_seconds() -> None:
    model = WireModel({1: a_pad()})
    model.plugged = False
    model.run(10)
    model.sent = 0
    model.run(60)
    assert model.sent < 40 * 10
    model.plugged = True
    model.run(3)
    assert model.states(1) == [State.SILENT, State.ONLINE]


def test_silent_neighbours_on_a_shared_line_do_not_hold_up_the_others() -> None:
    devices = {address: a_pad(address, boot=address) for address in range(1, 33)}
    model = WireModel(devices)
    model.run(5)
    for address in range(1, 17):
        del model.devices[address]
    model.run(20)
    model.press(20, 5)
    model.run(1.0)
    assert (20, 1, 5) in model.presses()


def test_on_a_shared_line_a_device_is_never_spoken_to_before_the_other_has_answered() -> None:
    line = Line({1: Kind.PAD, 2: Kind.PAD}, BAUD)
    first, _ = line.step(b"", 0.0)
    assert first != b""
    assert line.step(b"", 0.01) == (b"", [])
    answer = a_pad().hear(first, 0.01)
    assert line.step(answer, 0.011)[0] == b""  # the gap between frames
    second, _ = line.step(b"", 0.014)
    assert second[2] == 2


def test_on_a_shared_line_a_receipt_waits_until_the_other_device_has_answered() -> None:
    line, pads, now = Line({1: Kind.PAD, 2: Kind.PAD}, BAUD), {1: a_pad(1), 2: a_pad(2)}, 0.0
    answer, out = b"", b""
    while not (out and (out[2], out[4]) == (2, catalog.BY_NAME["poll"].type)):
        now += 0.005
        out, _ = line.step(answer, now)
        answer = b"".join(pad.hear(out, now) for pad in pads.values())
    press = Said("press", {"boot": 7, "counter": 1, "key": 5, "age_ms": 0})
    said_nothing, events = line.step(encode(catalog.encode(1, 0, press)), now)
    assert said_nothing == b""
    assert isinstance(events[0], Pressed)
    line.keep(events[0], now)
    assert line.step(b"", now + 0.001) == (b"", [])
    line.step(answer, now + 0.002)
    receipt = catalog.encode(1, 0, Said("taken", {"boot": 7, "counter": 1}))
    assert line.step(b"", now + 0.01)[0].startswith(encode(receipt))


def test_an_alone_device_is_not_chatted_with_at_full_speed() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    model.sent = 0
    model.run(10)
    assert model.sent < 10 * 2 * 10


def test_our_own_echo_and_strangers_are_ignored() -> None:
    line = Line({1: Kind.PAD}, BAUD)
    out, _ = line.step(b"", 0.0)
    assert line.step(out, 0.001) == (b"", [])
    assert line.step(a_pad(9).hear(encode(catalog.encode(9, 1, Said("poll"))), 0.0), 0.001)[1] == []
    assert line.ignored == 2


def test_a_device_never_answers_a_frame_that_asks_for_no_answer() -> None:
    """PROTOCOL.md §2: SEQ 0; on a shared line an answer would hit another device's."""
    numbers = {"boot": 7, "counter": 1}
    for greeted in (False, True):
        pad = a_pad()
        if greeted:
            hello = Said("hello", {"version": 1, "oldest": 1, "line": 1})
            assert pad.hear(encode(catalog.encode(1, 1, hello)), 0.0) != b""
        for said in (Said("taken", numbers), Said("poll")):
            assert pad.hear(encode(catalog.encode(1, 0, said)), 0.0) == b""


def test_a_device_does_nothing_unasked_before_it_is_greeted() -> None:
    pad = a_pad()
    assert pad.press(1, 0.0) == b""
    refused = catalog.encode(1, 5, Said("refused", {"type": 2, "reason": Refusal.NOT_GREETED}))
    assert pad.hear(encode(catalog.encode(1, 5, Said("poll"))), 0.0) == encode(refused)


def test_a_resent_command_is_answered_but_not_done_again() -> None:
    pad = a_pad()
    pad.hear(encode(catalog.encode(1, 1, Said("hello", {"version": 1, "oldest": 1, "line": 0}))), 0.0)
    command = encode(catalog.encode(1, 2, Said("pad", {"state": 1, "seconds": 10})))
    first = pad.hear(command, 0.0)
    assert pad.hear(command, 8.0) == first != b""
    assert pad.shows(11.0).pad == "asleep"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said("show", {"mode": 1}, "А1"), Refusal.UNKNOWN_TYPE),
        (Said("pad", {"state": 9, "seconds": 0}), Refusal.BAD_PAYLOAD),
    ],
)
def test_a_device_says_no_to_what_it_cannot_do(said: Said, reason: Refusal) -> None:
    pad = a_pad()
    pad.hear(encode(catalog.encode(1, 1, Said("hello", {"version": 1, "oldest": 1, "line": 0}))), 0.0)
    refused = Said("refused", {"type": catalog.BY_NAME[said.name].type, "reason": reason})
    assert pad.hear(encode(catalog.encode(1, 2, said)), 0.0) == encode(catalog.encode(1, 2, refused))


def test_a_refused_wish_is_reported_once_and_the_device_stays_online() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    model.line.want(1, Show("А1", SignMode.STEADY), model.now)
    model.run(5)
    assert [(refusal.request, refusal.reason) for refusal in model.refusals()] == [("show", 2)]
    assert model.states(1) == [State.ONLINE]


def test_presses_beyond_its_memory_are_counted_by_the_device_and_the_first_ones_kept() -> None:
    model = WireModel({1: a_pad()})
    model.run(1)
    model.plugged = False
    for _ in range(KEPT_PRESSES + 3):
        model.press(1, 5)
        model.run(1)
    model.plugged = True
    model.run(5)
    assert [counter for _, counter, _ in model.presses()] == list(range(1, KEPT_PRESSES + 1))
    assert model.line.sessions[1].lost == 3
    assert KEPT_PRESSES < KEPT_IDS
