"""An office's ticket template as data: logo, header and footer lines, which fields in which order."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, field_validator, model_validator

from kiosk.drawing import logo_dots
from server.sdk.messages import Names
from server.sdk.settings import Settings, SettingsError, load

log = logging.getLogger(__name__)

TicketField = Literal[
    "logo", "header", "company", "office", "address", "number", "service", "issued", "people_ahead",
    "wait_hint", "status", "hotline", "valid_today", "footer", "line",
]  # fmt: skip
"""What may stand on a ticket. ``status`` is the QR code with its title, ``line`` a rule over the width."""

TODAY: Final[tuple[TicketField, ...]] = (
    "logo", "header", "company", "office", "address", "line", "number", "service", "issued", "line",
    "people_ahead", "wait_hint", "line", "status", "hotline", "valid_today", "footer",
)  # fmt: skip
ONCE: Final = frozenset(get_args(TicketField)) - {"line"}
LOGO_WIDTH: Final = 0.6
"""The logo's largest share of the paper's width."""
LOGO_HEIGHT: Final = 96
"""The logo's largest height in dots (12 mm): a picture costs 60 times the bytes of a line of letters."""


class TemplateLine(Settings):
    """A line of own text in the languages of tickets; a language left out shows the Russian one."""

    ru: Annotated[str, Field(max_length=200)] = ""
    kk: Annotated[str, Field(max_length=200)] = ""
    en: Annotated[str, Field(max_length=200)] = ""
    size: Literal["small", "medium", "large"] = "small"
    bold: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.ru or self.kk or self.en):
            raise ValueError('a line needs its text, e.g. {ru = "Спасибо!", kk = "Рақмет!"}')
        return self

    @property
    def names(self) -> Names:
        """The text by language."""
        texts: Names = {"ru": self.ru, "kk": self.kk, "en": self.en}
        return {language: text for language, text in texts.items() if text}


class TicketTemplate(Settings):
    """The model of ticket-template.toml. ``TicketTemplate()`` is the ticket of an office without one."""

    logo: Path | None = None
    header: Annotated[tuple[TemplateLine, ...], Field(max_length=10)] = ()
    footer: Annotated[tuple[TemplateLine, ...], Field(max_length=10)] = ()
    fields: Annotated[tuple[TicketField, ...], Field(max_length=40)] = TODAY
    expected_wait: bool = True

    @field_validator("fields")
    @classmethod
    def _each_once(cls, fields: tuple[TicketField, ...]) -> tuple[TicketField, ...]:
        if twice := sorted({one for one in fields if one in ONCE and fields.count(one) > 1}):
            raise ValueError(f"only a line may stand twice, not {', '.join(twice)}")
        if "number" not in fields:
            raise ValueError('a ticket needs its number: add "number"')
        return fields


def usable_template(path: Path | None) -> tuple[TicketTemplate, str]:
    """The template to print by, and what is wrong with the file where the usual ticket stands in for it.

    A terminal with a faulty template must give tickets all the same.
    """
    try:
        return load_template(path), ""
    except SettingsError as error:
        log.error("the usual ticket is printed: %s", error)
        return TicketTemplate(), "; ".join(error.faults)


def load_template(path: Path | None) -> TicketTemplate:
    """Read a template; without a path, today's ticket. A logo's path is looked for beside the file.

    Raises ``SettingsError`` with every fault and its cure, an unreadable logo among them.
    """
    if path is None:
        return TicketTemplate()
    if not path.exists():
        raise SettingsError(str(path), ["the file does not exist: correct [printer] template"])
    template = load(TicketTemplate, path)
    if template.logo is None:
        return template
    logo = path.parent / template.logo
    try:
        logo_dots(logo, 100, 100)
    except ValueError as error:
        raise SettingsError(str(path), [f"logo: {error}"]) from None
    return template.model_copy(update={"logo": logo})
