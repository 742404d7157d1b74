"""What a file says about itself: draft, or which version, when, by whom, with which hash."""

from __future__ import annotations

from server.reports.document import Imprint

DRAFT = "Черновик: не опубликовано"
UNPUBLISHED = Imprint(version=-1)
"""Of a report that is never published: its file says nothing of versions."""


def lines(imprint: Imprint) -> list[str]:
    """The imprint in Russian, a line each."""
    if imprint == UNPUBLISHED:
        return []
    if imprint.version == 0:
        return [DRAFT]
    found = [f"Версия {imprint.version} от {imprint.at}, опубликовал(а) {imprint.author}"]
    if imprint.reason:
        found.append(f"Причина новой версии: {imprint.reason}")
    return [*found, f"SHA-256 содержания: {imprint.sha256}"]
