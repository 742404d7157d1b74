"""The program as installed: settings with their cures, a start without a server, a clean end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from kiosk.__main__ import main
from kiosk.config import Config
from kiosk.preview_printer import PreviewPrinter
from kiosk.printer import FilePrinter, NetworkPrinter, make_printer
from server.sdk.settings import SettingsError, check, load

EXAMPLE = Path(__file__).parents[2] / "deploy" / "talon-kiosk.toml"
LEAST = {"server": {"url": "http://127.0.0.1:8080", "token": "t"}, "kiosk": {"office": "zarechny"}}


def test_the_commented_example_is_valid_and_names_every_key() -> None:
    config = load(Config, EXAMPLE)
    assert isinstance(make_printer(config.printer, Path("tickets")), NetworkPrinter)
    text = EXAMPLE.read_text("utf-8")
    for table in ("server", "kiosk", "printer"):
        for key in type(getattr(config, table)).model_fields:
            assert f"\n{key} = " in text or f"\n# {key} = " in text, (
                f"[{table}] {key} is not in {EXAMPLE.name}"
            )
    tomllib.loads(text)


@pytest.mark.parametrize(
    ("table", "values", "said"),
    [
        ("server", {"url": "127.0.0.1:8080", "token": "t"}, "server.url"),
        ("server", {"url": "http://127.0.0.1:8080"}, "server.token: missing"),
        ("kiosk", {"office": "Заречный"}, "kiosk.office"),
        ("kiosk", {"office": "zarechny", "port": 0}, "kiosk.port"),
        ("kiosk", {"office": "zarechny", "idle_seconds": 1}, "kiosk.idle_seconds"),
        ("kiosk", {"office": "zarechny", "ofice": "x"}, "unknown key"),
        ("printer", {"kind": "network"}, "needs its address"),
        ("printer", {"kind": "file"}, "needs its path"),
        ("printer", {"kind": "lpt"}, "printer.kind"),
        ("printer", {"kind": "usb"}, "from lsusb"),
        ("printer", {"kind": "serial"}, "needs its path"),
        ("printer", {"left_ticket": "eject"}, "no presenter"),
        ("printer", {"dots": 577}, "printer.dots"),
        ("printer", {"code_page": 300}, "printer.code_page"),
    ],
)
def test_a_faulty_setting_is_named_with_its_cure(table: str, values: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        check(Config, LEAST | {table: values}, "talon-kiosk.toml")


def test_all_faults_are_listed_at_once_and_the_start_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "talon-kiosk.toml"
    path.write_text('[server]\nurl = "nowhere"\n[kiosk]\noffice = "zarechny"\nprot = 1\n', "utf-8")
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["--config", str(path)]) == 2
    finally:
        signal.signal(signal.SIGTERM, before)
    said = capsys.readouterr().err
    for part in ("3 fault(s)", "server.url", "server.token", "kiosk.prot"):
        assert part in said


def test_settings_choose_the_printer_and_its_differences(tmp_path: Path) -> None:
    def printer(**values: object) -> object:
        return make_printer(check(Config, LEAST | {"printer": values}, "test").printer, tmp_path)

    assert isinstance(printer(), PreviewPrinter)
    assert isinstance(printer(kind="file", path=str(tmp_path / "lp0")), FilePrinter)
    own = {"profile": "58mm", "code_page": "none", "knife": False}
    profile = check(Config, LEAST | {"printer": own}, "test").printer.printer_profile()
    assert (profile.dots, profile.code_page, profile.knife, profile.native_qr) == (384, None, False, True)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program on a free port, with no server to be reached."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        port, nobody = one.getsockname()[1], other.getsockname()[1]
    path = tmp_path / "talon-kiosk.toml"
    path.write_text(
        f'[server]\nurl = "http://127.0.0.1:{nobody}"\ntoken = "t"\n'
        f'[kiosk]\noffice = "zarechny"\nport = {port}\nstate_folder = "{tmp_path / "state"}"\n',
        "utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "--config", str(path)], stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert any("the touch page is at" in line for line in process.stderr)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def test_without_a_server_the_page_still_serves_and_sigterm_ends_cleanly(
    started: tuple[subprocess.Popen[str], str],
) -> None:
    process, url = started
    assert requests.get(f"{url}/healthz", timeout=30).json() == {
        "status": "alive", "server": False, "printer_fault": None, "to_tell": 0
    }  # fmt: skip
    assert requests.get(f"{url}/state", timeout=30).json()["office"] is None
    wish = {"service": "payments", "language": "ru", "tap": "3f1c9a4be07d4c55"}
    assert requests.post(f"{url}/take", json=wish, timeout=30).status_code == 503
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
