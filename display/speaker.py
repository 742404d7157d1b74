"""Says the calls through this machine's loudspeaker, one at a time, by the rules of announcements.py."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from display.announcements import CallQueue, Turn, implied_by
from display.phrases import announcement_phrases
from display.sound_card import SoundCard, SoundFailed
from display.spoken_calls import SpokenCalls
from server.sdk.messages import Announcement, BoardView
from server.sdk.speech import wave_file
from server.sdk.speech.voice import Voice

log = logging.getLogger(__name__)

GAP = timedelta(seconds=0.4)
"""The silence between two calls."""
TRY_AGAIN = timedelta(seconds=5)
"""After a fault of the loudspeaker."""


class Speaker:
    """Takes the board's states and announcements; a thread of its own says what is due.

    ``local`` is what this place has different from the board's voice rules (``mode``, ``volume``).
    """

    def __init__(
        self,
        card: SoundCard,
        voice: Voice | None,
        spoken: SpokenCalls,
        local: dict[str, Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
        gap: timedelta = GAP,
    ) -> None:
        self._card = card
        self._voice = voice
        self._spoken = spoken
        self._local = local or {}
        self._clock = clock
        self._gap = gap
        self._queue = CallQueue(spoken.__contains__)
        self._view: BoardView | None = None
        self._heard_at = 0.0
        self._changed = threading.Condition()
        self._news = False
        self._ended = False
        self._thread: threading.Thread | None = None
        self.fault: str | None = None
        """Why the loudspeaker does not play, until it does again."""
        self.last_sound: datetime | None = None

    def start(self) -> None:
        """Begin to speak in the background."""
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread that speaks still runs."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Be silent: what sounds is cut off."""
        self._ended = True
        with self._changed:
            self._changed.notify_all()
        if self._thread:
            self._thread.join(timeout=10)

    def state_came(self, view: BoardView) -> None:
        """A state from the server (never a kept one: it also sets the clock)."""
        rules = view.voice.model_copy(update=self._local)
        with self._changed:
            self._view = view.model_copy(update={"voice": rules})
            self._heard_at = self._clock()
            self._offer(implied_by(self._view))

    def say_came(self, announcement: Announcement) -> None:
        """A call to say."""
        with self._changed:
            self._offer([announcement])

    def speak_due(self) -> timedelta | None:
        """Say all that is due now; returns how long until more is, None when only news can bring it."""
        while not self._ended:
            with self._changed:
                if self._view is None:
                    return None
                turn = self._queue.next(self._view, self._now())
                if turn is None:
                    return self._queue.wait(self._now())
                self._spoken.add(turn.announcement.id, self._now())
            if not self._say(turn):
                return TRY_AGAIN
        return None

    def _run(self) -> None:
        while not self._ended:
            with self._changed:
                self._news = False
            wait = self.speak_due()
            with self._changed:
                self._changed.wait_for(self._is_called, wait.total_seconds() if wait is not None else None)

    def _is_called(self) -> bool:
        return self._news or self._ended

    def _say(self, turn: Turn) -> bool:
        """Chime and phrases of one call. False: the loudspeaker played nothing of it."""
        heard = cut = False
        try:
            for sound in self._sounds(turn.announcement):
                cut = not self._card.play(sound, lambda: self._must_end(turn))
                heard = True
                if cut:
                    break
            self._told(None)
        except SoundFailed as fault:
            self._told(str(fault))
        with self._changed:
            now = self._now()
            if heard:
                self.last_sound = now
            if heard and not cut and self._view:
                self._queue.said(turn, self._view, now)
            else:
                if not heard and not turn.times:
                    self._spoken.remove(turn.announcement.id)
                self._queue.unsaid(turn, now)
            if heard and not cut:
                self._changed.wait_for(lambda: self._ended, self._gap.total_seconds())
        return heard

    def _sounds(self, announcement: Announcement) -> Iterator[bytes]:
        """One after the other: the phrases are made while the chime is heard."""
        view = self._view
        assert view is not None
        yield wave_file.scaled(wave_file.chime(), view.voice.volume)
        if view.voice.mode != "voice" or self._voice is None:
            return
        for phrase in announcement_phrases(announcement):
            if sound := self._voice.wav(phrase):
                yield wave_file.scaled(sound, view.voice.volume)

    def _must_end(self, turn: Turn) -> bool:
        """A call that was said already makes way for one that was not."""
        if self._ended:
            return True
        with self._changed:
            return bool(turn.times and self._view and self._queue.has_first(self._view, self._now()))

    def _offer(self, announcements: list[Announcement]) -> None:
        self._queue.offer(announcements)
        self._news = True
        self._changed.notify_all()

    def _now(self) -> datetime:
        """By the server's clock, carried on by one that nobody sets."""
        assert self._view is not None
        return self._view.at + timedelta(seconds=self._clock() - self._heard_at)

    def _told(self, fault: str | None) -> None:
        if fault != self.fault:
            if fault:
                log.error("no sound, the board goes on and it is tried again: %s", fault)
            else:
                log.info("the loudspeaker plays again")
        self.fault = fault
