"""Makes the README's pictures from a running demonstration: make run, then python -m tests.pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from tests.needs import need

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


def main() -> None:
    """Fill the first office with visitors and take one picture of each screen."""
    contract = json.loads((ROOT / "var" / "demo.json").read_text("utf-8"))
    office = contract["offices"][0]
    _fill(contract, office)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=list(QUIET))
        _picture(browser, contract["pages"]["board"], "board", 1920, 1080, "[data-call-id]")
        _picture(browser, contract["pages"]["kiosk"], "kiosk", 1080, 1920, "main button")
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="ru-RU")
        user = next(user for user in contract["users"] if user["desk"] == office["desks"][0])
        page.goto(f"{contract['base_url']}/sign-in?language=ru")
        page.fill("[name=login]", user["login"])
        page.fill("[name=password]", user["password"])
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/*")
        page.get_by_text("А0").first.wait_for()
        _save(page, "desk")
        browser.close()


def _fill(contract: dict[str, Any], office: dict[str, Any]) -> None:
    api = f"{contract['base_url']}/api/v1"
    kiosk = {"Authorization": f"Bearer {contract['tokens']['kiosk']}"}
    for service in (office["services"] * 3)[:14]:
        requests.post(
            f"{api}/offices/{office['code']}/tickets", json={"service": service}, headers=kiosk, timeout=5
        )
    for user in contract["users"]:
        if user["desk"] in office["desks"]:
            operator = {"Authorization": f"Bearer {user['token']}"}
            for act in ("open", "call-next", "start"):
                requests.post(f"{api}/desks/{user['desk']}/{act}", headers=operator, timeout=5)
                if act == "call-next" and user["desk"] == office["desks"][-1]:
                    break


def _picture(browser: Browser, url: str, name: str, width: int, height: int, ready: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, locale="ru-RU")
    page.goto(url)
    page.locator(ready).first.wait_for()
    _save(page, name)
    page.close()


def _save(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
