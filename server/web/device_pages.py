"""Screens that any browser can be: hall board, window screen, rating tablet; their files and shared ones.

The pages hold nothing: what they show they follow by a room, with the token after ``#`` of their address.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

from server.sdk.shared_files import BROWSER_FOLDER
from server.sdk.slide_files import type_of

ROOT = Path(__file__).resolve().parent.parent.parent
BOARD_FOLDER = ROOT / "display" / "ui"
RATING_FOLDER = ROOT / "rating_button" / "page"


def blueprint(slides_folder: Path | None) -> Blueprint:
    """All screens. ``slides_folder``: pictures and films for boards; they are for everybody in the hall."""
    pages = Blueprint("device_pages", __name__)

    @pages.get("/board/<office>")
    @pages.get("/board/<office>/<code>")
    def board(office: str, code: str = "") -> Response:
        return send_from_directory(BOARD_FOLDER, "index.html")

    @pages.get("/window/<desk>")
    def window(desk: str) -> Response:
        return send_from_directory(BOARD_FOLDER, "window.html")

    @pages.get("/rate/<desk>")
    def rate(desk: str) -> Response:
        return send_from_directory(RATING_FOLDER, "index.html")

    @pages.get("/slides/<file>")
    def slide(file: str) -> Response:
        kind = type_of(file)
        if slides_folder is None or kind is None:
            abort(404)
        return send_from_directory(slides_folder.absolute(), file, mimetype=kind, conditional=True)

    @pages.get("/ui/<path:file>")
    def board_file(file: str) -> Response:
        return send_from_directory(BOARD_FOLDER, file)

    @pages.get("/rate-page/<path:file>")
    def rating_file(file: str) -> Response:
        return send_from_directory(RATING_FOLDER, file)

    @pages.get("/shared/<path:file>")
    def shared(file: str) -> Response:
        return send_from_directory(BROWSER_FOLDER, file)

    return pages
