"""How ticket numbers look on a sign: every letter that may head one, on both displays."""

from __future__ import annotations

import itertools

import pytest

from server.domain.numbering import LOOK_ALIKES, prefix_fault
from tests.firmware.native import Native

CYRILLIC = "".join(chr(code) for code in range(ord("А"), ord("Я") + 1))
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
PREFIXES = [letter for letter in CYRILLIC + LATIN if prefix_fault(letter) is None]
ALIKE = [
    set("АA"),
    set("ВB"),
    set("ЕE"),
    set("КK"),
    set("МM"),
    set("НH"),
    set("РP"),
    set("СC"),
    set("ТT"),
    set("ХX"),
]
"""Letters of two alphabets that look the same on paper too; no office uses both."""


def same_on_paper(one: str, other: str) -> bool:
    return any({one, other} <= pair for pair in ALIKE)


@pytest.mark.parametrize("picture", ["digits", "matrix"])
def test_letters_that_head_numbers_differ_from_each_other_and_from_digits(
    natives: dict[str, Native], picture: str
) -> None:
    assert len(PREFIXES) == 32 - len(LOOK_ALIKES) + 26
    shown = [*PREFIXES, *DIGITS]
    looks = dict(zip(shown, natives[picture].pictures(shown), strict=True))
    blank = natives[picture].picture(" ")
    unknown = natives[picture].picture("Ω")
    assert blank not in looks.values()
    assert unknown not in looks.values()
    for alphabet in (CYRILLIC, LATIN):
        letters = [letter for letter in PREFIXES if letter in alphabet]
        twins = [
            pair
            for pair in itertools.combinations([*letters, *DIGITS], 2)
            if looks[pair[0]] == looks[pair[1]] and not {pair[0], pair[1]} <= {"O", "0"}
        ]
        assert twins == []


@pytest.mark.parametrize("picture", ["digits", "matrix"])
def test_letters_alike_on_paper_are_alike_on_the_sign(natives: dict[str, Native], picture: str) -> None:
    for one, other in (sorted(pair) for pair in ALIKE):
        assert natives[picture].picture(one) == natives[picture].picture(other)


@pytest.mark.parametrize("picture", ["digits", "matrix"])
def test_small_letters_look_like_capitals(natives: dict[str, Native], picture: str) -> None:
    assert natives[picture].picture("абж12z") == natives[picture].picture("АБЖ12Z")
    assert natives[picture].picture("ё") == natives[picture].picture("Е")


def test_five_letters_fit_the_matrix_and_the_sixth_is_left_out(natives: dict[str, Native]) -> None:
    five = natives["matrix"].picture("АА999")
    assert [row[0] for row in five] == [row[-1] for row in five] == ["0"] * 8
    assert natives["matrix"].picture("АА9990") == five


def test_eight_letters_fit_the_digits(natives: dict[str, Native]) -> None:
    assert natives["digits"].picture("12345678") == natives["digits"].picture("123456789")
    assert "00000000" not in natives["digits"].picture("12345678")


@pytest.mark.parametrize("picture", ["digits", "matrix"])
@pytest.mark.parametrize(
    "text", [b"\xd0", b"\xff\xfe", b"\xd0\xd0\x90", b"\x80\x80", b"\xf0\x9f\x98\x80", b"\xe2\x82"]
)
def test_what_is_no_text_is_shown_somehow_and_harms_nothing(
    natives: dict[str, Native], picture: str, text: bytes
) -> None:
    assert natives[picture].picture(text + b"12")[0] != ""
