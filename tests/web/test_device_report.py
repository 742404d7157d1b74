"""A device tells at once what has changed, and from time to time that it is there."""

from __future__ import annotations

from datetime import UTC, datetime

from server.sdk.client import ServerRefused, ServerUnreachable
from server.sdk.device_report import REPORT_SECONDS, DeviceReport
from server.sdk.messages import Problem
from server.sdk.terminal_messages import DeviceHeard, DevicePart, ReportDevice


class RememberingClient:
    """Keeps what it was told; fails as it is told to."""

    def __init__(self) -> None:
        self.told: list[ReportDevice] = []
        self.fault: Exception | None = None

    def report_device(self, office: str, request: ReportDevice) -> DeviceHeard:
        if self.fault:
            raise self.fault
        self.told.append(request)
        return DeviceHeard(office=office, at=datetime(2026, 3, 2, tzinfo=UTC))


class Device:
    """A bridge with one pad."""

    def __init__(self) -> None:
        self.client = RememberingClient()
        self.pad = DevicePart(name="Окно 1: пульт")
        self.report = DeviceReport(self.client, "north", "bridge", "Зал", "0.1.0", lambda: [self.pad])


def test_a_change_is_told_at_once_and_nothing_new_only_after_half_a_minute() -> None:
    device = Device()
    for now in (0.0, 2.0, 4.0):
        device.report.look(now)
    assert len(device.client.told) == 1
    device.pad = DevicePart(name="Окно 1: пульт", state="fault", fault="Не отвечает")
    device.report.look(6.0)
    assert device.client.told[-1].parts[0].state == "fault"
    device.report.look(6.0 + REPORT_SECONDS - 1)
    assert len(device.client.told) == 2
    device.report.look(6.0 + REPORT_SECONDS)
    assert len(device.client.told) == 3


def test_what_a_silent_server_did_not_hear_is_told_when_it_answers() -> None:
    device = Device()
    device.client.fault = ServerUnreachable("no answer")
    device.report.look(0.0)
    device.client.fault = None
    device.report.look(2.0)
    assert len(device.client.told) == 1


def test_a_refusal_is_not_repeated_every_two_seconds() -> None:
    device = Device()
    device.client.fault = ServerRefused(Problem(title="No", status=403, code="no_right", detail="No right"))
    device.report.look(0.0)
    device.client.fault = None
    device.report.look(2.0)
    assert device.client.told == []
    device.report.look(REPORT_SECONDS)
    assert len(device.client.told) == 1
