"""The bridge program: ports on one side, the server on the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from firmware_bridge.catalog import SignMode
from firmware_bridge.config import Config, DeviceSettings, PortSettings
from firmware_bridge.hand_in import HandIn, Server
from firmware_bridge.journal import Journal
from firmware_bridge.link import Arm, Show, State
from firmware_bridge.port import Port
from firmware_bridge.transport import Wire
from server.sdk.messages import BridgeView, SignView

log = logging.getLogger(__name__)


class Feed(Protocol):
    """Where news comes from. The real one is ``server.sdk.client.NewsFeed``."""

    def start(self) -> None:
        """Begin in the background."""

    def stop(self) -> None:
        """End."""


MakeFeed = Callable[[list[str], Callable[[str, Mapping[str, Any]], None], Callable[[bool], None]], Feed]
"""Makes a feed of ``rooms`` that calls ``on_state(room, state)`` and ``on_link(online)``."""


class Agent:
    """All of the bridge but its settings file. ``steady`` is the monotonic clock, in seconds."""

    def __init__(
        self,
        config: Config,
        server: Server,
        make_feed: MakeFeed,
        make_wire: Callable[[PortSettings], Wire],
        steady: Callable[[], float],
    ) -> None:
        self._office = config.bridge.office
        self._steady = steady
        self._journal = Journal(config.bridge.state_folder)
        self._hand_in = HandIn(self._journal, server)
        self.ports = [
            Port(port, make_wire(port), self._journal, self._hand_in.hurry) for port in config.ports
        ]
        self._feed = make_feed([f"bridge:{self._office}"], self.on_state, self.on_link)
        self._shown: dict[str, SignView] = {}
        self._told = threading.Lock()

    def start(self) -> None:
        """Begin everything in the background; neither server nor ports need be there yet."""
        waiting = len(self._journal.pending())
        if waiting:
            log.info("%d press(es) kept from before wait for the server", waiting)
        self._hand_in.start()
        for port in self.ports:
            port.start()
        self._feed.start()

    def stop(self) -> None:
        """End everything; what is not handed in stays on disk."""
        self._feed.stop()
        for port in self.ports:
            port.stop()
        self._hand_in.stop()
        self._journal.close()

    def devices(self) -> list[tuple[str, DeviceSettings, State]]:
        """Every device with its port's path and its state."""
        return [
            (port.path, device, port.states[address])
            for port in self.ports
            for address, device in port.devices.items()
        ]

    def on_state(self, room: str, state: Mapping[str, Any]) -> None:
        """News of a room: let the devices show what changed."""
        try:
            view = BridgeView.model_validate(state)
        except ValidationError as error:
            log.error(
                "%s: news that cannot be read (%d faults): update the bridge", room, error.error_count()
            )
            return
        with self._told:
            for sign in view.desks:
                if sign != self._shown.get(sign.desk):
                    self._shown[sign.desk] = sign
                    self._tell(sign, view)

    def on_link(self, online: bool) -> None:
        """Contact with the server was made or lost."""
        log.info("the server is %s", "here" if online else "away: presses are kept on disk")
        if online:
            self._hand_in.hurry()

    def _tell(self, sign: SignView, view: BridgeView) -> None:
        until = None
        if sign.rate_until is not None:
            # By the server's own clock: ours may differ.
            until = self._steady() + (sign.rate_until - view.at).total_seconds()
        for port in self.ports:
            for address, device in port.devices.items():
                if device.desk != sign.desk:
                    continue
                if device.kind == "pad":
                    port.want(address, Arm(sign.pad == "armed", until))
                else:
                    port.want(address, Show(sign.text, SignMode[sign.mode.upper()]))
