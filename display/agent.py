"""The display program's heart: follows the board, keeps the last state, makes speech ahead."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from display.announcements import implied_by
from display.likely_phrases import LikelyPhrases
from display.phrases import announcement_phrases
from display.speaker import Speaker
from server.sdk.client import NewsFeed
from server.sdk.messages import Announcement, BoardView
from server.sdk.speech.voice import Voice

log = logging.getLogger(__name__)


class Agent:
    """Knows the last state of the board, also after a restart without contact to the server."""

    def __init__(
        self, folder: Path, office: str, voice: Voice | None, board: str = "", speaker: Speaker | None = None
    ) -> None:
        """``voice`` None: nothing is said ahead. ``speaker``: says the calls where the page does not."""
        folder.mkdir(parents=True, exist_ok=True)
        # A file for each board: the state of another zone must not be shown for this one.
        self._path = folder / (f"board-{board}.json" if board else "board.json")
        self._office = office
        self._room = f"board:{office}/{board}" if board else f"board:{office}"
        self._voice = voice
        self._likely = LikelyPhrases()
        self._lock = threading.Lock()
        self._board = self._kept()
        self._online = False
        self._feed: NewsFeed | None = None
        self.speaker = speaker

    def follow(self, server: str, token: str) -> None:
        """Begin to listen to the server in the background; returns at once."""
        self._feed = NewsFeed(server, token, [self._room], self.state_came, self.say_came, self.link_changed)
        self._feed.start()

    def stop(self) -> None:
        """Leave the server."""
        if self._feed:
            self._feed.stop()

    @property
    def online(self) -> bool:
        """Whether there is contact with the server now."""
        return self._online

    def board(self) -> BoardView | None:
        """The last known state, if there ever was one."""
        with self._lock:
            return self._board

    def state_came(self, _room: str, state: Mapping[str, Any]) -> None:
        """A newer state of the board."""
        try:
            board = BoardView.model_validate(state)
        except ValidationError as error:
            log.error("the server sent a board this program does not understand: update it (%s)", error)
            return
        with self._lock:
            self._board = board
        if self.speaker:
            self.speaker.state_came(board)
        self._make_ahead(board)
        self._keep(board)

    def say_came(self, message: Mapping[str, Any]) -> None:
        """An announcement: its speech is made while the chime is still heard."""
        try:
            announcement = Announcement.model_validate(message)
        except ValidationError as error:
            log.error("the server sent an announcement this program does not understand: %s", error)
            return
        if self.speaker:
            self.speaker.say_came(announcement)
        if self._voice:
            self._voice.prepare(announcement_phrases(announcement))

    def link_changed(self, online: bool) -> None:
        """Contact with the server was made or lost."""
        if online != self._online:
            log.info("contact with the server %s", "made" if online else "lost")
        self._online = online

    def _make_ahead(self, board: BoardView) -> None:
        """Calls known by the state alone come first: their "say" may be lost; then what is likely."""
        if self._voice is None or board.voice.mode != "voice":
            return
        likely = self._likely.after(board)
        if likely is not None:
            called = [phrase for one in implied_by(board) for phrase in announcement_phrases(one)]
            self._voice.warm([*called, *likely])

    def _kept(self) -> BoardView | None:
        try:
            board = BoardView.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            log.warning("the kept state cannot be used, the board waits for the server: %s", error)
            return None
        return board if board.office == self._office else None

    def _keep(self, board: BoardView) -> None:
        fresh = self._path.with_suffix(".part")
        try:
            fresh.write_text(board.model_dump_json(), "utf-8")
            os.replace(fresh, self._path)
        except OSError as error:
            log.warning("the state could not be kept in %s: %s", self._path, error)
