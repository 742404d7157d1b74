"""The core in C does what device.py does, byte for byte, whatever comes; under the sanitizers."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from firmware_bridge import catalog, device
from firmware_bridge.catalog import Ability, Kind, Said
from firmware_bridge.device import KEPT_PRESSES, Device
from firmware_bridge.frame import Decoder, Frame, encode
from tests.firmware.native import Native, hello

UNIT, START = 0x12345678, 7
BOOT = 0x5678 << 16 | START
PAD_ABILITIES = Ability.KEYS | Ability.LIGHTS | Ability.BUZZER


class Twins:
    """A ``Device`` and the commands that make the native one live the same life. Times in ms."""

    def __init__(self, kind: Kind, address: int) -> None:
        self.device = Device(address, kind, BOOT, unit=UNIT)
        self.commands = [f"begin {kind.name.lower()} {address} {UNIT} {START}"]
        self.wanted = [""]
        self.now = 5000

    def hear(self, data: bytes) -> None:
        said = self.device.hear(data, self.now / 1000)
        self._add(f"hear {self.now} {data.hex() or '-'}", _with_buzzer(said))

    def press(self, key: int) -> None:
        self._add(f"press {self.now} {key}", self.device.press(key, self.now / 1000))

    def look(self) -> None:
        lights = sum(1 << key - 1 for key in self.device.shows(self.now / 1000).lights)
        self._add(f"lights {self.now}", f"{lights} ")

    def _add(self, command: str, wanted: bytes | str) -> None:
        self.commands.append(command)
        self.wanted.append(wanted.hex().upper() if isinstance(wanted, bytes) else wanted)


def _with_buzzer(said: bytes) -> bytes:
    """The reference pad has a buzzer, which the simulated one has not: else they are alike."""
    out = b""
    for frame in Decoder().feed(said):
        told = catalog.decode(frame)
        assert told is not None
        if told.name == "identity" and told.numbers["kind"] == Kind.PAD:
            told = Said(told.name, {**told.numbers, "abilities": PAD_ABILITIES})
        if told.name == "identity" and told.numbers["kind"] == Kind.SIGN:
            told = Said(told.name, {**told.numbers, "size": 5})
        out += encode(catalog.encode(frame.address, frame.sequence, told))
    return out


def a_request(chance: random.Random) -> Frame:
    """Something a host might say, or a mad one."""
    address, sequence = chance.choice([3, 3, 3, 3, 4, 0]), chance.randint(1, 255)
    name = chance.choice(["hello", "poll", "poll", "taken", "taken", "show", "pad", "pad"])
    said = {
        "hello": Said(
            "hello", {"version": chance.choice([1, 1, 1, 2, 0]), "oldest": 1, "line": chance.randint(0, 1)}
        ),
        "poll": Said("poll"),
        "taken": Said("taken", {"boot": chance.choice([BOOT, BOOT, 9]), "counter": chance.randint(1, 40)}),
        "show": Said("show", {"mode": chance.randint(0, 4)}, chance.choice(["А123", "", "~}}", "Ж" * 9])),
        "pad": Said("pad", {"state": chance.randint(0, 2), "seconds": chance.choice([0, 1, 5, 30])}),
    }[name]
    if name == "taken":
        sequence = 0
    frame = catalog.encode(address, sequence, said)
    if chance.random() < 0.1:
        payload = chance.randbytes(chance.randint(0, 24))
        frame = Frame(address, sequence or 1, chance.choice([frame.type, chance.randint(0, 255)]), payload)
    return frame


def live(twins: Twins, chance: random.Random, deeds: int) -> None:
    """So many things happen to both."""
    counter, last = 1, encode(hello(address=3))
    for _ in range(deeds):
        # Eighths of a second: exact as a float too.
        twins.now += chance.choice([0, 125, 250, 2500])
        draw = chance.random()
        if draw < 0.2 and twins.device.kind is Kind.PAD:
            twins.press(chance.randint(1, 5))
        elif draw < 0.3 and twins.device.kind is Kind.PAD:
            twins.look()
        elif draw < 0.4:
            twins.hear(last)
        elif draw < 0.5:
            twins.hear(chance.randbytes(chance.randint(1, 40)))
        elif draw < 0.7 and twins.device._greeted and twins.device.pending:
            # A device says its presses in their order, so the next receipt is for the next number.
            twins.hear(encode(catalog.encode(3, 0, Said("taken", {"boot": BOOT, "counter": counter}))))
            counter += 1
        else:
            frame = a_request(chance)
            if frame.sequence == 0 and not twins.device._greeted:
                continue
            last = encode(frame)
            cut = chance.randrange(len(last)) if chance.random() < 0.1 else len(last)
            twins.hear(last[:cut])
            if cut < len(last):
                last = encode(hello(address=3))


@pytest.mark.parametrize("kind", [Kind.PAD, Kind.SIGN])
@pytest.mark.parametrize("seed", range(6))
def test_the_core_answers_and_shows_as_the_device_in_python(native: Native, kind: Kind, seed: int) -> None:
    twins = Twins(kind, 3)
    live(twins, random.Random(seed), 2500)
    answers = native.ask(twins.commands)
    for at, (answer, wanted) in enumerate(zip(answers, twins.wanted, strict=True)):
        told = answer.removesuffix("0").removesuffix("1") if wanted.endswith(" ") else answer
        assert told == (wanted or "-"), f"deed {at}: {twins.commands[at]}"
    assert sum(wanted != "" for wanted in twins.wanted) > 500


def examples(sender: str) -> list[tuple[str, bytes]]:
    """The examples of PROTOCOL.md that this side says."""
    text = (Path(catalog.__file__).parent / "PROTOCOL.md").read_text("utf-8")
    block = re.search(r"```frames\n(.*?)```", text, re.DOTALL)
    assert block is not None
    lines = [line.split(" : ") for line in block[1].splitlines()]
    return [(told, bytes.fromhex(wire)) for wire, told in lines if told.startswith(sender)]


def test_the_frames_of_the_document_are_answered_as_the_document_says(native: Native) -> None:
    requests = [wire for told, wire in examples("host address=1")]
    begin = f"begin pad 1 42 {2752519 & 0xFFFF}"
    greet, arm, taken, poll, *_ = requests
    commands = [begin, f"hear 0 {greet.hex()}", f"hear 0 {arm.hex()}", "press 0 5", f"hear 0 {taken.hex()}"]
    answers = native.ask([*commands, f"hear 0 {poll.hex()}"])
    said = [wire.hex().upper() for _, wire in examples("device address=1")]
    identity, done, _press, alive, _ = said
    assert answers[2] == done
    assert answers[4:] == ["-", alive]
    # Unit and boot number; the abilities differ by the buzzer.
    assert answers[1][18:34] == identity[18:34]


@pytest.mark.parametrize("seed", range(3))
def test_after_any_garbage_the_next_whole_frame_but_one_is_understood(native: Native, seed: int) -> None:
    chance = random.Random(seed)
    commands = ["begin pad 1 1 1"]
    for number in range(400):
        commands.append(f"hear {number} {chance.randbytes(chance.randint(1, 60)).hex()}")
        poll = encode(catalog.encode(1, 9, Said("poll"))).hex()
        # Whatever the garbage began, the sync of the next frame ends it.
        commands.append(f"hear {number} {poll}")
    answers = native.ask(commands)
    refused = encode(catalog.encode(1, 9, Said("refused", {"type": 2, "reason": 1}))).hex().upper()
    assert set(answers[2::2]) == {refused}


def test_nobody_is_answered_who_does_not_ask(native: Native) -> None:
    receipt = catalog.encode(1, 0, Said("taken", {"boot": 5, "counter": 1}))
    unasked = [
        Frame(1, 0, type_, payload)
        for type_, payload in [(1, b"\1\1\1"), (2, b""), (0x11, b"\1\0\0"), (9, b"")]
    ]
    frames = [encode(frame).hex() for frame in (receipt, *unasked)]
    heard = [f"hear 0 {frame}" for frame in frames]
    answers = native.ask(["begin pad 1 1 1", *heard, f"hear 0 {encode(hello()).hex()}", *heard, "lights 0"])
    assert set(answers[1:6]) == {"-"}
    assert answers[6] != "-"
    assert set(answers[7:12]) == {"-"}
    assert answers[12] == "0 0"


def an_age(answer: str) -> int:
    """The age a press frame tells."""
    frame = Decoder().feed(bytes.fromhex(answer))[0]
    said = catalog.decode(frame)
    assert said is not None
    return said.numbers["age_ms"]


def test_the_age_of_a_press_stops_at_its_largest_value_though_the_clock_begins_anew(native: Native) -> None:
    poll = encode(catalog.encode(1, 9, Said("poll"))).hex()
    minute, day, born = 60_000, 86_400_000, 4_294_960_000
    ages = [*range(0, 49 * day, day), *range(49 * day, 51 * day, minute)]
    commands = ["begin pad 1 1 1", f"press {born} 1", f"hear {born} {encode(hello(1)).hex()}"]
    for age in ages:
        now = (born + age) % 2**32
        commands += [f"age {now}", f"hear {now} {poll}"]
    told = [an_age(answer) for answer in native.ask(commands)[4::2]]
    assert told[-1] == max(told) == 0xFFFFFFFF
    assert all(abs(said - min(age, 0xFFFFFFFF)) <= 65_536 for said, age in zip(told, ages, strict=True))
    assert told == sorted(told)


def test_presses_that_waited_through_a_reset_are_told_from_noise(native: Native) -> None:
    begin = ["begin pad 1 1 1", "waits", "press 10 3", "waits"]
    assert native.ask(begin) == ["-", "0", "-", "1"]
    bytes_of_a_journal = KEPT_PRESSES * 8 + 12
    for at in range(bytes_of_a_journal):
        answer = native.ask([*begin, f"noise {at}", "waits"])[-1] if at % 13 == 0 else "0"
        assert answer == "0", f"byte {at}"


def debounced(native: Native, contacts: list[int]) -> list[tuple[int, int]]:
    """When which keys were believed to have gone down, ``contacts`` being sampled each ms."""
    answers = native.ask(["begin pad 1 1 1", *(f"contacts {mask}" for mask in [*[0] * 20, *contacts])])[21:]
    return [(ms, int(answer)) for ms, answer in enumerate(answers) if answer != "0"]


@pytest.mark.parametrize(
    ("contacts", "presses"),
    [
        pytest.param([1] * 19 + [0] * 30, [], id="too short"),
        pytest.param([1] * 20 + [0] * 30, [(19, 1)], id="just long enough"),
        pytest.param([2] * 4 + [0] * 100, [], id="a spark"),
        pytest.param([4, 0] * 50 + [0] * 50, [], id="nothing but chatter"),
        pytest.param([4, 0, 4, 4, 0] + [4] * 90, [(24, 4)], id="chatter, then down"),
        pytest.param([8] * 60 + [0, 8, 0, 8, 8, 0] + [0] * 40, [(19, 8)], id="chatter at release"),
        pytest.param([1] * 60 + [0] * 25 + [1] * 40, [(19, 1), (104, 1)], id="twice"),
        pytest.param([16] * 20000, [(19, 16)], id="held"),
        pytest.param([3] * 40, [(19, 3)], id="two at once"),
        pytest.param([1] * 5 + [3] * 40, [(19, 1), (24, 2)], id="one after the other"),
    ],
)
def test_a_press_is_a_contact_that_stays_closed_for_20_ms(
    native: Native, contacts: list[int], presses: list[tuple[int, int]]
) -> None:
    assert debounced(native, contacts) == presses


def test_a_key_held_while_the_pad_starts_is_no_press_until_let_go(native: Native) -> None:
    held = [1] * 500 + [0] * 30 + [1] * 30
    answers = native.ask(["begin pad 1 1 1", *(f"contacts {mask}" for mask in held)])[1:]
    assert [ms for ms, answer in enumerate(answers) if answer == "1"] == [500 + 30 + 19]


def test_the_buzzer_sounds_shortly(native: Native) -> None:
    answers = native.ask(
        ["begin pad 1 1 1", "press 100 2", "lights 100", "lights 159", "lights 160", "lights 3100"]
    )
    assert answers[2:] == ["2 1", "2 1", "2 0", "0 0"]


def test_the_numbers_of_the_python_device_and_the_firmware_are_the_same() -> None:
    wanted = {"KEPT_PRESSES": KEPT_PRESSES, "THANKS_MS": int(device.THANKS_SECONDS * 1000)}
    header = (Path(catalog.__file__).parent / "firmware" / "messages.h").read_text("utf-8")
    assert {name: int(re.findall(rf"{name} = (\d+)", header)[0]) for name in wanted} == wanted
