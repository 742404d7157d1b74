"""Refusals: what was asked, why not, what holds now. Texts for people are in ``web/problems``."""

from __future__ import annotations


class Refusal(Exception):
    """An act that the rules do not allow now. Nothing was changed.

    ``code`` is stable and for programs; ``values`` fill the sentence shown to people.
    """

    code = "refused"

    def __init__(self, code: str | None = None, **values: object) -> None:
        self.code = code or type(self).code
        self.values = values
        super().__init__(f"{self.code} {values}" if values else self.code)


class NotFound(Refusal):
    """What was named does not exist."""

    code = "not_found"


class Conflict(Refusal):
    """It exists, but its state does not allow the act."""

    code = "conflict"


class Invalid(Refusal):
    """The request contradicts itself or the company's data."""

    code = "invalid"


class TooOften(Refusal):
    """Whoever asks does so too often; ``seconds`` tells when to come again."""

    code = "too_often"


class Forbidden(Refusal):
    """Whoever asks has no right to this."""

    code = "forbidden"
