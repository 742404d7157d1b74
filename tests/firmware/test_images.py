"""The images: made from today's catalogue, small enough, and without surprises in their memory."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from firmware_bridge import c_header
from firmware_bridge.catalog import MESSAGES, SignMode
from firmware_bridge.line_protocol import Arm, Show
from tests.firmware.bench import Bench, Unit
from tests.firmware.workshop import FIRMWARE, Workshop, run

IMAGES = ["rating_pad", "desk_sign_digits", "desk_sign_matrix"]
FLASH_MOST = 16 * 1024
MEMORY_MOST = 1024
MEMORY = 2048
"""Bytes of memory of an ATmega328P, in data space from 0x100 on."""


def test_the_header_is_what_the_catalogue_says_today() -> None:
    written = c_header.HEADER.read_text("utf-8")
    assert written == c_header.header(), "run python -m firmware_bridge.c_header"
    for message in MESSAGES:
        assert f"MESSAGE_{message.name.upper()} = 0x{message.type:02X}," in written


@pytest.mark.parametrize("image", IMAGES)
def test_make_builds_it_for_the_programmer_and_prints_its_size(workshop: Workshop, image: str) -> None:
    assert workshop.image(image).with_suffix(".hex").read_text("ascii").startswith(":")
    size = re.search(
        rf"^{image} +flash +(\d+) of {FLASH_MOST} bytes, memory +(\d+) bytes", workshop.said, re.M
    )
    assert size is not None
    told = run("avr-size", workshop.image(image)).splitlines()[1].split()
    text, data, bss = (int(word) for word in told[:3])
    assert (int(size[1]), int(size[2])) == (text + data, data + bss)
    assert text + data <= FLASH_MOST


@pytest.mark.parametrize("image", IMAGES)
def test_it_asks_for_no_memory_while_it_runs(workshop: Workshop, image: str) -> None:
    names = run("avr-nm", workshop.image(image))
    assert not re.search(r" (malloc|calloc|realloc|free|alloca)$", names, re.M)


@pytest.mark.parametrize("image", IMAGES)
def test_memory_and_the_deepest_stack_stay_within_a_kilobyte(
    put: Callable[..., Bench], workshop: Workshop, image: str
) -> None:
    bench = put(Unit(image))
    bench.line.want(
        1, Arm(True) if image == "rating_pad" else Show("А~}1234567890", SignMode.BLINK), bench.now
    )
    bench.run(1)
    for key in (1, 2, 3, 4, 5) * 4:
        if image == "rating_pad":
            bench.touch(key, True)
            bench.alone(30)
            bench.touch(key, False)
            bench.alone(30)
    bench.run(2)
    bench.send(b"\x7e\x18" + bytes(200) + b"\x7e\x7d" * 50)
    bench.run(2)
    end = re.search(r"^0080([0-9a-f]{4}) . _end$", run("avr-nm", workshop.image(image)), re.M)
    assert end is not None
    unused = int(bench.tell(f"unused 0 {int(end[1], 16)}")[0])
    assert 0 < MEMORY - unused <= MEMORY_MOST


def test_every_file_of_the_firmware_begins_by_saying_what_it_is_for() -> None:
    files = [path for path in FIRMWARE.rglob("*.[ch]") if "build" not in path.parts]
    assert len(files) > 20
    for path in files:
        text = path.read_text("utf-8")
        assert text.startswith("/* "), path
        assert len(text.splitlines()) <= 200, path
