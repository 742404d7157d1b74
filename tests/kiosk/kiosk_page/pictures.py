"""Pictures of every kiosk screen, language and theme: python -m tests.kiosk.kiosk_page.pictures FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import QUIET_CHROMIUM
from tests.kiosk.kiosk_page.stub_program import StubProgram
from tests.kiosk.kiosk_page.walk import LANGUAGES, SCREENS, choose
from tests.needs import need

THEMES = ("normal", "contrast", "low", "200")


def main(folder: Path, width: int = 1080, height: int = 1920) -> None:
    """One PNG a screen, language and theme."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=[*QUIET_CHROMIUM])
        for name, walk in SCREENS.items():
            program = StubProgram()
            page = browser.new_page(viewport={"width": width, "height": height})
            walk(page, program)
            for language in LANGUAGES:
                for theme in THEMES:
                    choose(page, language, theme)
                    page.screenshot(path=folder / f"{name}-{language}-{theme}.png")
            page.close()
            program.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
