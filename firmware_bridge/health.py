"""How the bridge, its ports and its devices stand: one code and one sentence with the cure for each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firmware_bridge.line_protocol import State
from firmware_bridge.port import DeviceStanding, PortStanding
from firmware_bridge.transport import PortState
from server.sdk.catalogues import words
from server.sdk.terminal_messages import DevicePart, PartState


def N_(message: str) -> str:
    """Mark a sentence for translation where it is shown later."""
    return message


PORTS: Mapping[PortState, str] = {
    PortState.OPEN: N_("Open."),
    PortState.WAITING: N_("Not opened yet."),
    PortState.MISSING: N_(
        "The port is not there: plug the adapter in, or correct path or usb_serial in the settings."
    ),
    PortState.NO_PERMISSION: N_(
        "The program may not open the port: add its user to the group of the port (dialout) and restart it."
    ),
    PortState.BUSY: N_("Another program has the port: stop that program, only one may own a port."),
    PortState.AMBIGUOUS: N_(
        "Several adapters have this serial number: name the port by path, /dev/serial/by-path/…"
    ),
    PortState.NOT_SERIAL: N_(
        "This is not a serial port, or it does not know the baud rate: correct path or baud in the settings."
    ),
    PortState.FAILED: N_("The port was unplugged or failed: check the cable and the adapter."),
}
DEVICES: Mapping[State, str] = {
    State.ONLINE: N_("Answers."),
    State.UNKNOWN: N_("Not asked yet."),
    State.ONE_WAY: N_("Never answers, by design: press its key or look at what it shows."),
    State.SILENT: N_("No answer: check its power, its cable, its address and the baud rate."),
    State.WRONG_VERSION: N_("Speaks a newer protocol: update this program."),
    State.TOO_OLD: N_("Speaks a protocol that is too old: update the firmware of the device."),
    State.WRONG_KIND: N_("A device of another kind answers at this address: correct kind or address."),
    State.WRONG_MAP: N_("Answers, but refuses these registers: correct them in the settings."),
    State.TWO_DEVICES: N_(
        "Two devices seem to answer at this address: give each its own address, check the cable."
    ),
    State.GARBAGE: N_(
        "Only garbage comes: the baud rate is probably wrong, or the wires A and B are swapped."
    ),
}
FINE = frozenset({PortState.OPEN.value, State.ONLINE.value, State.ONE_WAY.value})
UNSETTLED = frozenset({PortState.WAITING.value, State.UNKNOWN.value})
PART_STATES: Mapping[str, PartState] = {"fine": "ok", "unsettled": "warning", "fault": "fault"}
KINDS: Mapping[str, str] = {
    "pad": N_("Rating pad"),
    "sign": N_("Sign"),
    "operator": N_("Operator's pad"),
    "clock": N_("Clock"),
}
MOST_PARTS, MOST_NAME = 80, 60
"""What the server takes (terminal_messages.ReportDevice)."""
AWAY = N_("The server is out of reach: presses are kept on disk and handed in later.")
HERE = N_("In contact with the server.")
UNTRIED = N_("Not in contact with the server yet.")


def report(
    office: str,
    online: bool | None,
    waiting: int,
    ports: Sequence[PortStanding],
    now: float,
    language: str,
) -> dict[str, object]:
    """The facts as data that JSON can carry. ``now`` is of the same clock as the ports' moments.

    ``status`` is "trouble" when anything needs a person, else "ok". Every ``level`` is "fine", "unsettled"
    or "fault", every ``state`` a code, every ``cure`` a sentence in ``language``.
    """
    say = words("bridge", language).gettext
    told = [_port(port, now, language) for port in ports]
    levels = {str(item["level"]) for item in told} | {
        str(device["level"]) for port in told for device in _devices(port)
    }
    return {
        "office": office,
        "status": "trouble" if "fault" in levels or online is False else "ok",
        "server": {
            "online": online,
            "cure": say(UNTRIED if online is None else HERE if online else AWAY),
            "waiting_presses": waiting,
        },
        "ports": told,
    }


def parts(told: Mapping[str, object], language: str) -> list[DevicePart]:
    """The same facts as the server takes them: every device, and every port that has a fault of its own."""
    say = words("bridge", language).gettext
    ports = told["ports"]
    assert isinstance(ports, list)
    found = [
        DevicePart(name=str(port["name"])[-MOST_NAME:], state="fault", fault=str(port["cure"]))
        for port in ports
        if port["level"] == "fault"
    ]
    for port in ports:
        for device in _devices(port):
            name = f"{device['desk']} {say(KINDS[str(device['kind'])])} {device['address']}".strip()
            fine = device["level"] == "fine"
            found.append(
                DevicePart(
                    name=name[:MOST_NAME],
                    state=PART_STATES[str(device["level"])],
                    fault="" if fine else str(device["cure"]),
                )
            )
    return found[:MOST_PARTS]


def _devices(port: Mapping[str, object]) -> list[dict[str, object]]:
    devices = port["devices"]
    assert isinstance(devices, list)
    return devices


def _port(port: PortStanding, now: float, language: str) -> dict[str, object]:
    return {
        "name": port.name,
        "path": port.path,
        "protocol": port.protocol,
        "state": port.state.value,
        "level": _level(port.state.value),
        "cure": words("bridge", language).gettext(PORTS[port.state]),
        "said": port.said,
        "devices": [_device(device, port.state, now, language) for device in port.devices],
    }


def _device(device: DeviceStanding, port: PortState, now: float, language: str) -> dict[str, object]:
    # Behind a port that is not open nothing is known: the port's trouble is the device's.
    open_port = port is PortState.OPEN
    state: State | PortState = device.state if open_port else port
    sentence = DEVICES[device.state] if open_port else PORTS[port]
    heard = device.facts.heard_at
    return {
        "address": device.settings.address,
        "kind": device.settings.kind,
        "desk": device.settings.desk,
        "state": state.value,
        # Nobody knows yet whether one that never answers is there.
        "level": "unsettled" if state is State.ONE_WAY and heard is None else _level(state.value),
        "cure": words("bridge", language).gettext(sentence),
        "heard_seconds_ago": None if heard is None else round(max(0.0, now - heard), 1),
        "unit": None if device.facts.unit is None else f"{device.facts.unit:08x}",
        "firmware": device.facts.firmware,
        "version": device.facts.version,
        "lost_presses": device.facts.lost,
        "bad_frames": device.facts.bad_frames,
    }


def _level(code: str) -> str:
    return "fine" if code in FINE else "unsettled" if code in UNSETTLED else "fault"
