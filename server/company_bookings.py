"""Bookings in the company's file: ``[offices.bookings]``; without it the office takes none."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from server.company_hours import Hours, Weekday, by_number, check_in_order
from server.company_reasons import doubled
from server.domain.numbering import prefix_fault
from server.domain.slots import CELL_MINUTES
from server.sdk.booking_messages import ConfirmBy, NeededContact
from server.sdk.messages import Code, Names
from server.sdk.settings import Settings

Steps = Annotated[int, Field(ge=CELL_MINUTES, le=480, multiple_of=CELL_MINUTES)]
Percent = Annotated[int, Field(ge=0, le=100)]
Remind = Annotated[int, Field(ge=10, le=20_160)]
Horizon = Annotated[int, Field(ge=0, le=90)]

CONSENT: Names = {
    "ru": (
        "Я даю согласие на обработку моих персональных данных (имя, телефон, адрес электронной почты) для "
        "записи на приём и сообщений о ней в соответствии с Федеральным законом от 27.07.2006 № 152-ФЗ. "
        "После приёма данные удаляются. Согласие можно отозвать, отменив запись."
    ),
    "kk": (
        "Қабылдауға жазылу және ол туралы хабарламалар үшін дербес деректерімді (аты, телефоны, электрондық "
        "пошта мекенжайы) өңдеуге келісім беремін. Қабылдаудан кейін деректер жойылады. Жазылудан бас тарту "
        "арқылы келісімді кері қайтарып алуға болады."
    ),
    "en": (
        "I agree that my personal data (name, phone, e-mail address) are processed for this booking and for "
        "messages about it, as provided by Federal Law No. 152-FZ of 27.07.2006. The data are erased after "
        "the visit. Cancelling the booking withdraws the consent."
    ),
}
"""The text a visitor agrees to where the company gives none of its own."""


def _checked_prefix(value: str | None) -> str | None:
    if value is not None and (fault := prefix_fault(value)):
        raise ValueError(fault)
    return value


class PoolSettings(Settings):
    """``[[offices.bookings.pools]]``: places of their own, as of the head's reception or a Client Day.

    ``public`` and ``staff`` are places at once. ``hours`` by weekday and ``dates`` replace the desks'
    hours; with ``dates`` alone these days are all.
    """

    code: Code
    services: list[Code] = Field(min_length=1)
    public: Annotated[int, Field(ge=0, le=100)] = 1
    staff: Annotated[int, Field(ge=0, le=100)] = 0
    slot_minutes: Steps = 15
    horizon_days: Horizon | None = None
    prefix: str | None = None
    hours: dict[Weekday, Hours] = Field(default_factory=dict)
    dates: dict[date, Hours] = Field(default_factory=dict)

    _prefix = field_validator("prefix")(_checked_prefix)

    @model_validator(mode="after")
    def _makes_sense(self) -> PoolSettings:
        check_in_order([*self.hours.items(), *self.dates.items()])
        if not self.public + self.staff:
            raise ValueError(f"pool {self.code} has no place: give public or staff")
        return self


class BookedServiceSettings(Settings):
    """``[[offices.bookings.services]]``: a service that can be booked and how long it takes.

    Without ``minutes`` it takes the service's norm, rounded up to the slot. ``by_public`` false: staff alone.
    """

    service: Code
    minutes: Steps | None = None
    longest_minutes: Steps | None = None
    by_public: bool = True


class BookingSettings(Settings):
    """``[offices.bookings]``. No ``services``: all that are not mere information can be booked.

    Of the desks' time ``public_percent`` can be booked by anybody, ``staff_percent`` by staff for callers;
    the rest is kept for walk-ins. ``release_minutes`` before its time what staff did not need is open to
    all. Who comes later than ``late_minutes`` waits like everybody else, unless ``late_keeps_turn``.
    ``check_in`` false: an office without a kiosk, visitors stand in the queue at their time by themselves.
    """

    services: list[BookedServiceSettings] = Field(default_factory=list)
    pools: list[PoolSettings] = Field(default_factory=list)
    slot_minutes: Steps = 15
    public_percent: Percent = 40
    staff_percent: Percent = 20
    horizon_days: Horizon = 14
    lead_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    release_minutes: Annotated[int, Field(ge=0, le=10_080)] = 0
    longest_minutes: Steps = 60
    hold_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    early_minutes: Annotated[int, Field(ge=0, le=480)] = 30
    late_minutes: Annotated[int, Field(ge=0, le=480)] = 10
    late_keeps_turn: bool = False
    missed_after_minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    check_in: bool = True
    prefix: str | None = None
    contact: NeededContact = "any"
    confirm_by: ConfirmBy = "none"
    remind_minutes: list[Remind] = Field([1440, 120], max_length=4)
    kept_days: Annotated[int, Field(ge=0, le=365)] = 30
    proof_of_work: bool = False
    consent: Names = CONSENT

    _prefix = field_validator("prefix")(_checked_prefix)

    @model_validator(mode="after")
    def _makes_sense(self) -> BookingSettings:
        if self.public_percent + self.staff_percent > 100:
            raise ValueError("public_percent and staff_percent are more than 100 together: lower one of them")
        if 0 < self.release_minutes <= self.lead_minutes:
            raise ValueError("release_minutes has no effect: it must be more than lead_minutes, or 0")
        if not self.consent.get("ru"):
            raise ValueError("consent has no Russian text (ru)")
        return self

    def faults(self, bookable: set[str]) -> list[str]:
        """What does not fit the office, whose services that give tickets are ``bookable``; in words."""
        named = [one.service for one in self.services]
        pooled = [code for pool in self.pools for code in pool.services]
        found = doubled("bookings: service", named) + doubled("bookings: pool's service", pooled)
        found += doubled("bookings: pool", [pool.code for pool in self.pools])
        unknown = sorted({*named, *pooled} - bookable)
        found += [f"bookings name unknown service {code}" for code in unknown]
        if named:
            found += [
                f"pool's service {code} cannot be booked: name it" for code in pooled if code not in named
            ]
        return found


def booking_document(written: dict[str, Any]) -> dict[str, Any]:
    """The settings as the database keeps them (see ``domain.booking_rules.rules_from_document``).

    A consent text's version is made of the text itself: a changed text is another version.
    """
    for pool in written["pools"]:
        pool["hours"] = by_number(pool["hours"])
    text = json.dumps(written["consent"], ensure_ascii=False, sort_keys=True)
    written["consent_version"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    return written
