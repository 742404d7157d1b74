"""A template seen while it is written: pictures, faults, the page's routes, the command."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from kiosk.printer_profile import PROFILES
from kiosk.ticket_preview import LANGUAGES, PAPERS, Paper, TicketPreview, main, register
from tests.kiosk.builders import office


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "template.toml"
    path.write_text('footer = [{ru = "Спасибо"}]', "utf-8")
    return path


def app(template: Path, here: Callable[[], bool] = lambda: True) -> Flask:
    made = Flask("preview")
    register(made, TicketPreview(template, PROFILES["58mm"]), here)
    return made


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("languages", LANGUAGES)
def test_every_paper_is_drawn_in_every_language(template: Path, paper: Paper, languages: str) -> None:
    answer = app(template).test_client().get(f"/preview/{paper}/{languages}.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    with Image.open(io.BytesIO(answer.data)) as image:
        assert image.width == PROFILES["58mm"].dots + 64


def test_a_change_of_the_file_is_seen_at_once(template: Path) -> None:
    preview = TicketPreview(template, PROFILES["80mm"])
    before = preview.job("ticket", "ru")
    assert "Спасибо".encode("cp866") in before
    template.write_text('fields = ["number"]', "utf-8")
    assert len(preview.job("ticket", "ru")) < len(before)


def test_the_real_offices_texts_are_shown_where_it_is_known(template: Path) -> None:
    known = office(name={"ru": "Офис в Заречном"})
    preview = TicketPreview(template, PROFILES["80mm"], lambda: known)
    assert "Офис в Заречном".encode("cp866") in preview.job("ticket", "ru")


def test_faults_are_told_instead_of_a_picture(template: Path) -> None:
    template.write_text('fields = ["number", "weather"]', "utf-8")
    client = app(template).test_client()
    picture = client.get("/preview/ticket/ru.png")
    assert picture.status_code == 422
    assert "weather" in picture.text
    page = client.get("/preview/ru")
    assert page.status_code == 200
    assert "В шаблоне ошибки" in page.text
    assert "&#x27;weather&#x27;" in page.text


def test_the_page_shows_all_papers_and_their_size(template: Path) -> None:
    page = app(template).test_client().get("/preview/ru").text
    for paper in PAPERS:
        assert f"/preview/{paper}/ru.png" in page
    assert "115200 бод" in page


@pytest.mark.parametrize("path", ["/preview/de", "/preview/ticket/de.png", "/preview/poster/ru.png"])
def test_what_does_not_exist_is_not_found(template: Path, path: str) -> None:
    assert app(template).test_client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/preview/ru", "/preview/ticket/ru.png"])
def test_another_machine_sees_nothing(template: Path, path: str) -> None:
    assert app(template, lambda: False).test_client().get(path).status_code == 404


def test_the_command_draws_files_and_refuses_a_faulty_template(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = ["--template", str(template), "--out", str(out), "--languages", "ru", "kk"]
    assert main(asked) == 0
    assert sorted(path.name for path in out.iterdir()) == sorted(
        f"{paper}-{language}.png" for paper in PAPERS for language in ("ru", "kk")
    )
    assert "s at 115200 baud" in capsys.readouterr().out
    template.write_text("fields = []", "utf-8")
    assert main(asked) == 2
    assert 'add "number"' in capsys.readouterr().err
