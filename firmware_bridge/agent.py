"""The bridge program: ports on one side, the server on the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from firmware_bridge.catalog import SignMode
from firmware_bridge.config import Config, DeviceSettings, PortSettings
from firmware_bridge.hand_in import HandIn
from firmware_bridge.hand_in import Server as HandsIn
from firmware_bridge.health import report
from firmware_bridge.journal import Journal
from firmware_bridge.line_protocol import Arm, Lamp, Show, State
from firmware_bridge.operator_keys import OperatorKeys
from firmware_bridge.operator_keys import Server as TakesKeys
from firmware_bridge.port import Port
from firmware_bridge.transport import Wire
from server.sdk.messages import BridgeView, SignView

log = logging.getLogger(__name__)

REFUSAL_SECONDS = 2.0
"""How long an operator's pad shows that nothing came of a key."""


class Server(HandsIn, TakesKeys, Protocol):
    """All commands of the bridge. The real one is ``server.sdk.client.TalonClient``."""


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
        self._keys = OperatorKeys(server, self._show_refusal)
        self.online: bool | None = None
        """Contact with the server; None before the first."""
        self.ports = [
            Port(port, make_wire(port), self._journal, self._hand_in.hurry, self._keys.press)
            for port in config.ports
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
        self._keys.start()
        for port in self.ports:
            port.start()
        self._feed.start()

    def stop(self) -> None:
        """End everything; what is not handed in stays on disk."""
        self._feed.stop()
        for port in self.ports:
            port.stop()
        self._keys.stop()
        self._hand_in.stop()
        self._journal.close()

    @property
    def moving(self) -> bool:
        """False when a part hangs, so that only a new start helps."""
        return all(port.moving for port in self.ports) and self._hand_in.moving and self._keys.moving

    def report(self, language: str = "en") -> dict[str, object]:
        """How everything stands, as data, with cures in words of ``language``."""
        ports = [port.report() for port in self.ports]
        waiting = len(self._journal.pending())
        return report(self._office, self.online, waiting, ports, self._steady(), language)

    def devices(self) -> list[tuple[str, DeviceSettings, State]]:
        """Every device with its port's name and its state."""
        return [
            (port.name, device, port.states[address])
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
        self.online = online
        log.info("the server is %s", "here" if online else "away: presses are kept on disk")
        if online:
            self._hand_in.hurry()

    def _show_refusal(self, desk: str) -> None:
        """The operator's pad of ``desk`` flashes for a moment, then shows again how its desk stands."""
        with self._told:
            sign = self._shown.get(desk)
        state, text = (sign.state, sign.text) if sign else ("closed", "")
        lamp = Lamp(state, text, refused_until=self._steady() + REFUSAL_SECONDS)
        for port in self.ports:
            for address, device in port.devices.items():
                if device.desk == desk and device.kind == "operator":
                    port.want(address, lamp)

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
                elif device.kind == "operator":
                    port.want(address, Lamp(sign.state, sign.text, people_wait=sign.people_wait))
                else:
                    port.want(address, Show(sign.text, SignMode[sign.mode.upper()]))
