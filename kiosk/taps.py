"""One tap, one ticket: whoever brings the same tap again, at once or later, gets the same answer."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from kiosk.no_ticket import NoTicket

REMEMBERED_TAPS = 200
_TAP_KEYS = uuid.UUID("5b0f6a0e-6f0e-4c53-9a5e-0d7c5d1f8a51")
"""Namespace of the idempotency keys made from taps."""
T = TypeVar("T")


class Taps(Generic[T]):
    """The answers to the last taps at the terminal of one office."""

    def __init__(self, office: str) -> None:
        self._office = office
        self._answers: OrderedDict[str, Future[T]] = OrderedDict()
        self._lock = threading.Lock()

    def once(self, tap: str, take: Callable[[str], T]) -> T:
        """The answer to ``tap``, from ``take(key)`` called once. After ``NoTicket`` a tap may be repeated."""
        key = str(uuid.uuid5(_TAP_KEYS, f"{self._office}:{tap}"))
        with self._lock:
            answer = self._answers.get(key)
            first = answer is None
            if answer is None:
                answer = self._answers[key] = Future()
                while len(self._answers) > REMEMBERED_TAPS:
                    self._answers.popitem(last=False)
        if first:
            try:
                answer.set_result(take(key))
            except NoTicket as refusal:
                self._forget(key)  # so that trying again asks again
                answer.set_exception(refusal)
            except BaseException as fault:
                self._forget(key)
                answer.set_exception(fault)  # whoever waits for the same tap must not wait for ever
                raise
        return answer.result()

    def _forget(self, key: str) -> None:
        with self._lock:
            self._answers.pop(key, None)
