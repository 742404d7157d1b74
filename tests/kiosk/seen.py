"""What stood on a page if only for a moment: a busy machine may look too late, the page itself does not."""

from __future__ import annotations

from playwright.sync_api import Page

WATCH = """(selector) => {
  window.seen = [];
  const look = () => document.querySelectorAll(selector).forEach((one) => window.seen.push(one.textContent));
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
}"""


def watch(page: Page, selector: str) -> None:
    """From now on have the page remember the words of all that fits ``selector``."""
    page.evaluate(WATCH, selector)


def was_seen(page: Page, words: str) -> bool:
    """Whether ``words`` stood there at any time since."""
    return bool(page.evaluate("(words) => window.seen.some((text) => text.includes(words))", words))
