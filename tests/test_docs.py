"""What the documents say of the code is true: moves, settings, make verbs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from server import config
from server.domain.dispatch import REASONS
from server.domain.moves import MOVES
from server.sdk import settings

ROOT = Path(__file__).resolve().parent.parent


def test_the_architecture_names_every_move() -> None:
    table = (
        (ROOT / "docs" / "architecture.md").read_text("utf-8").split("## States and moves")[1].split("## ")[0]
    )
    named = {line.split("|")[1].split("(")[0].strip() for line in table.splitlines() if line.startswith("|")}
    wanted = {name.replace("_", "-") for name in MOVES if not name.startswith("close_")} | {"day end"}
    assert named - {"---"} == wanted


def test_the_architecture_names_every_reason_of_a_place() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8").split("## Who is next")[1].split("## ")[0]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("|")]
    assert tuple(re.findall(r"[a-z_]+", " ".join(rows[2:]))) == REASONS


def test_the_servers_commented_settings_name_every_key_with_a_value_it_takes() -> None:
    path = ROOT / "deploy" / "talon-server.toml"
    settings.load(config.TalonSettings, path)
    given = tomllib.loads(path.read_text("utf-8"))
    for table in ("server", "database", "bookings", "webhooks", "redis"):
        model = config.TalonSettings.model_fields[table].default
        assert set(given[table]) == set(type(model).model_fields)


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md", "docs/integration.md"])
def test_every_file_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    named = re.findall(
        r"`((?:server|kiosk|display|rating_button|firmware_bridge|deploy|tests|docs)/[\w./-]+)`", text
    )
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_the_make_verbs_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for verb in re.findall(r"`?make (\w+)", (ROOT / "README.md").read_text("utf-8")):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE) or verb == "alone", verb
