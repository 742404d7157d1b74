"""Keys of operators' pads: told at once and once, given up when they are old."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware_bridge import operator_keys
from firmware_bridge.operator_keys import OperatorKeys
from server.sdk.client import ServerRefused, ServerUnreachable
from server.sdk.commands import PressPad
from server.sdk.messages import Problem
from server.sdk.staff_messages import PadTaken
from tests.firmware_bridge.far_ends import eventually


class Desk:
    """A server that does what a key says, unless told to fail; and the keys on their way to it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.refused: list[str] = []
        self.fail: Callable[[], None] = lambda: None
        self.keys = OperatorKeys(self, self.refused.append)
        self.keys.start()

    def press_pad(self, desk: str, request: PressPad, key: str) -> PadTaken:
        self.asked.append((desk, request.key, key))
        self.fail()
        return PadTaken(desk=desk, number="А1", state="called")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_keys_are_told_in_the_order_of_pressing_each_with_an_id_of_its_own(desk: Desk) -> None:
    desk.keys.press("zarechny-1", "call")
    desk.keys.press("zarechny-1", "start")
    desk.keys.press("zarechny-2", "call")
    eventually(lambda: len(desk.asked) == 3)
    desk.keys.stop()
    assert [(where, action) for where, action, _ in desk.asked] == [
        ("zarechny-1", "call"),
        ("zarechny-1", "start"),
        ("zarechny-2", "call"),
    ]
    assert len({key for _, _, key in desk.asked}) == 3
    assert desk.refused == []


def test_a_key_whose_answer_was_lost_is_told_again_as_the_same_key(desk: Desk) -> None:
    def lose_the_first() -> None:
        if len(desk.asked) == 1:
            raise ServerUnreachable("the answer was lost")

    desk.fail = lose_the_first
    desk.keys.press("zarechny-1", "call")
    eventually(lambda: len(desk.asked) == 2)
    desk.keys.stop()
    assert desk.asked[0] == desk.asked[1]
    assert desk.refused == []


def test_a_refused_key_is_shown_and_not_told_again(desk: Desk) -> None:
    def refuse() -> None:
        raise ServerRefused(Problem(title="no", status=409, code="desk_closed", detail="no"))

    desk.fail = refuse
    desk.keys.press("zarechny-1", "finish")
    eventually(lambda: desk.refused == ["zarechny-1"])
    desk.keys.stop()
    assert len(desk.asked) == 1


def test_a_key_that_has_become_old_on_its_way_is_given_up_and_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise ServerUnreachable("away")

    with monkeypatch.context() as hurry:
        hurry.setattr(operator_keys, "FRESH_SECONDS", 0.5)
        desk.fail = away
        desk.keys.press("zarechny-1", "call")
        eventually(lambda: desk.refused == ["zarechny-1"])
    asked = len(desk.asked)
    desk.fail = lambda: None
    desk.keys.press("zarechny-1", "start")
    eventually(lambda: len(desk.asked) == asked + 1)
    desk.keys.stop()
    assert desk.asked[-1][1] == "start"
