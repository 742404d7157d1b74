"""Who may import whom (docs/architecture.md), read from the sources; and what must not drift apart."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("server", "kiosk", "display", "rating_button", "firmware_bridge")
STANDARD = sys.stdlib_module_names

# Package → what of our own it may import at run time (prefixes); third parties it may import.
OWN: dict[str, tuple[str, ...]] = {
    "server.domain": ("server.domain",),
    "server.actions": ("server.actions", "server.domain"),
    "server.db": ("server.db", "server.domain"),
    "server.reports": (
        "server.reports",
        "server.domain",
        "server.sdk.messages",
        "server.sdk.rating_messages",
        "server.sdk.figures_messages",
    ),
    "server.simulation": ("server.simulation", "server.domain"),
    "server.sdk": ("server.sdk",),
    "server.sending": ("server.sending", "server.db", "server.domain", "server.sdk"),
    "server.web": (
        "server.web",
        "server.actions",
        "server.db.queries",
        "server.db.hall_now",
        "server.db.today_rows",
        "server.db.sum_rows",
        "server.db.correction_rows",
        "server.db.rating_rows",
        "server.db.booking_rows",
        "server.db.event_log",
        "server.db.accounts",
        "server.db.disclosure_rows",
        "server.db.log_export",
        "server.db.store",
        "server.db.unit_of_work",
        "server.domain",
        "server.reports",
        "server.sdk",
        "server.sending.calendar_file",
        "server.config",
    ),
    "kiosk": ("kiosk", "server.sdk"),
    "display": ("display", "server.sdk"),
    "rating_button": ("rating_button", "server.sdk"),
    "firmware_bridge": ("firmware_bridge", "server.sdk"),
}
THIRD: dict[str, tuple[str, ...]] = {
    "server.domain": (),
    "server.actions": (),
    "server.db": ("sqlalchemy", "alembic", "argon2", "cryptography"),
    "server.reports": ("reportlab", "xlsxwriter"),
    "server.simulation": (),
    "server.sdk": ("pydantic", "requests", "socketio"),
    "server.sending": ("pydantic", "requests", "smpplib", "sqlalchemy", "icalendar"),
    "server.web": (
        "flask", "flask_socketio", "flask_login", "flask_wtf", "flask_babel", "wtforms", "werkzeug",
        "pydantic", "prometheus_client", "sqlalchemy", "redis", "qrcode",
    ),
}  # fmt: skip
DEVICE_THIRD: dict[str, dict[str, int]] = {
    # library → in how many files of a device program it may appear
    "escpos": {"kiosk": 1},
    "serial": {"firmware_bridge": 1},
    "pymodbus": {"firmware_bridge": 1},
    "flask": {"kiosk": 1, "display": 1, "firmware_bridge": 1},
    "waitress": {"kiosk": 1, "display": 1, "firmware_bridge": 1},
}
# library → the one file of the sending that meets it
SENDING_THIRD = {"smpplib": "smpp_gateway.py", "requests": "http_gateway.py", "icalendar": "calendar_file.py"}
ONLY_MAIN = ("eventlet", "gevent", "greenlet")


def sources(package: str) -> Iterator[Path]:
    yield from sorted((ROOT / package.replace(".", "/")).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Modules a file imports when it runs (imports for type checking alone do not count)."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_within(module: str, allowed: tuple[str, ...]) -> bool:
    return any(module == prefix or module.startswith(f"{prefix}.") for prefix in allowed)


@pytest.mark.parametrize("package", OWN)
def test_a_package_imports_only_what_its_floor_may(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(package)
        for module in imports(path)
        if module.split(".")[0] in PROGRAMS and not is_within(module, OWN[package])
    ]
    assert wrong == []


@pytest.mark.parametrize("package", THIRD)
def test_a_package_of_the_server_uses_only_its_own_libraries(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(package)
        for module in imports(path)
        if (top := module.split(".")[0]) not in STANDARD and top not in PROGRAMS and top not in THIRD[package]
    ]
    assert wrong == []


@pytest.mark.parametrize("library", DEVICE_THIRD)
def test_a_device_program_meets_a_library_in_one_file(library: str) -> None:
    for program in ("kiosk", "display", "rating_button", "firmware_bridge"):
        users = [
            str(path.relative_to(ROOT))
            for path in sources(program)
            if any(module.split(".")[0] == library for module in imports(path))
        ]
        assert len(users) <= DEVICE_THIRD[library].get(program, 0), users


@pytest.mark.parametrize("library", SENDING_THIRD)
def test_a_gateways_library_is_met_in_one_file(library: str) -> None:
    users = {
        path.name
        for path in sources("server.sending")
        if any(module.split(".")[0] == library for module in imports(path))
    }
    assert users == {SENDING_THIRD[library]}


@pytest.mark.parametrize("library", ONLY_MAIN)
def test_green_threads_are_named_in_the_servers_main_alone(library: str) -> None:
    users = {
        str(path.relative_to(ROOT))
        for program in PROGRAMS
        for path in sources(program)
        if any(module.split(".")[0] == library for module in imports(path))
    }
    assert users <= {"server/__main__.py"}


def test_the_rules_never_look_at_a_clock_or_dice() -> None:
    forbidden = re.compile(r"datetime\.now|datetime\.utcnow|date\.today|time\.time|random\.|secrets\.|uuid4")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources("server.domain")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if forbidden.search(line.split("#")[0]) and '"""' not in line and "``" not in line
    ]
    assert wrong == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_file_begins_by_saying_what_it_is_for(program: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources(program)
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").strip()
    ]
    assert silent == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_file_is_an_attic(program: str) -> None:
    vague = {
        "utils",
        "util",
        "common",
        "helpers",
        "manager",
        "misc",
        "queue",
        "statistics",
        "calendar",
        "serial",
    }
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources(program)
        if path.stem in vague or len(path.read_text("utf-8").splitlines()) > 400
    ]
    assert wrong == []


def test_the_changelog_names_the_version_being_built() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
