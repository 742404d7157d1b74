"""The catalogue of messages, and PROTOCOL.md which must say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from firmware_bridge import catalog
from firmware_bridge.catalog import MESSAGES, Said, Sender, Size
from firmware_bridge.frame import MAX_PAYLOAD, Decoder, Frame, encode

PROTOCOL = (Path(catalog.__file__).parent / "PROTOCOL.md").read_text("utf-8")
EXAMPLES = re.search(r"```frames\n(.*?)```", PROTOCOL, re.DOTALL)
assert EXAMPLES is not None


@pytest.mark.parametrize("line", EXAMPLES[1].splitlines())
def test_every_example_of_the_document_is_what_the_code_sends_and_understands(line: str) -> None:
    wire, told = line.split(" : ")
    sender, address, sequence, name, *fields = told.split(" ")
    text = "".join(field.removeprefix("text=") for field in fields if field.startswith("text="))
    numbers = {
        key: int(value)
        for key, value in (field.split("=") for field in fields if not field.startswith("text="))
    }
    said = Said(name, numbers, text)
    frame = catalog.encode(int(address.split("=")[1]), int(sequence.split("=")[1]), said)
    assert encode(frame).hex(" ").upper() == wire
    assert [catalog.decode(found) for found in Decoder().feed(bytes.fromhex(wire))] == [said]
    assert catalog.BY_NAME[name].sender == sender


def test_the_table_of_the_document_lists_every_message_with_its_fields() -> None:
    rows = re.findall(r"^\| ([0-9A-F]{2}) \| (\w+) \| (.*?) \|", PROTOCOL, re.MULTILINE)
    listed = {
        (int(number, 16), name, "" if fields == "–" else fields.replace(" text", " ").replace("text", " "))
        for number, name, fields in rows
    }
    known = {
        (
            message.type,
            message.name,
            ", ".join(f"{f.name} u{f.size * 8}" if f.size else " " for f in message.fields),
        )
        for message in MESSAGES
    }
    assert {(a, b, c.replace(" ", "")) for a, b, c in listed} == {
        (a, b, c.replace(" ", "")) for a, b, c in known
    }


def test_the_document_names_the_limits_of_the_code() -> None:
    for fact in (
        f"0…{MAX_PAYLOAD}",
        f"1…{catalog.MAX_ADDRESS}",
        f"at most {catalog.TEXT_BYTES} bytes",
        "29B1",
    ):
        assert fact in PROTOCOL


def test_types_and_names_are_given_once_and_every_message_fits_a_frame() -> None:
    assert len(catalog.BY_TYPE) == len(catalog.BY_NAME) == len(MESSAGES)
    for message in MESSAGES:
        assert sum(field.size for field in message.fields) <= MAX_PAYLOAD
        assert (message.type >= 0x80) == (message.sender is Sender.DEVICE)
        assert all(field.size is not Size.TEXT for field in message.fields[:-1])


def _example(name: str) -> Said:
    message = catalog.BY_NAME[name]
    numbers = {f.name: 256**f.size - 1 for f in message.fields if f.size}
    return Said(name, numbers, "Қ" if any(not f.size for f in message.fields) else "")


@pytest.mark.parametrize("name", catalog.BY_NAME)
def test_a_message_comes_back_as_it_was_said(name: str) -> None:
    frame = catalog.encode(7, 9, _example(name))
    assert (frame.address, frame.sequence) == (7, 9)
    assert catalog.decode(frame) == _example(name)


@pytest.mark.parametrize("name", catalog.BY_NAME)
def test_a_payload_of_a_wrong_length_says_nothing(name: str) -> None:
    frame = catalog.encode(1, 1, _example(name))
    message = catalog.BY_NAME[name]
    longer = Frame(1, 1, frame.type, frame.payload + b"\x00")
    if any(not field.size for field in message.fields):
        assert catalog.decode(longer) is not None
    elif message.may_grow:
        assert catalog.decode(longer) == _example(name)
    else:
        assert catalog.decode(longer) is None
    if message.fields and message.fields[0].size:
        assert catalog.decode(Frame(1, 1, frame.type, b"")) is None


def test_an_unknown_type_says_nothing() -> None:
    assert catalog.decode(Frame(1, 1, 0x55)) is None


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Said("pad", {"state": 1}), "has the numbers"),
        (Said("pad", {"state": 1, "seconds": 70000}), "pad.seconds does not fit"),
        (Said("pad", {"state": -1, "seconds": 0}), "pad.state does not fit"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_at_the_sender(said: Said, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        catalog.encode(1, 1, said)


def test_text_is_cut_between_letters() -> None:
    assert catalog.fitting("А123") == "А123"
    assert catalog.fitting("Обслуживание") == "Обслуживани"
    assert catalog.fitting("Ә" * 30) == "Ә" * 11


def test_broken_utf8_on_the_line_is_read_without_an_exception() -> None:
    said = catalog.decode(Frame(1, 1, 0x10, b"\x01\xff\xd0"))
    assert said is not None
    assert said.numbers == {"mode": 1}
