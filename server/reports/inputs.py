"""What a report is made of: the offices, their sums, and what was entered; counted the ways reports need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from server.domain.entries import Entry
from server.domain.figures import Sums, average_minutes
from server.domain.office import Office

MONTHS = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь",
    "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """A year of the company. ``sums`` by (office code, month 1…12); ``entries`` of this year and the last.

    ``part``: what the offices are called that the figures are of, when they are not all.
    """

    year: int
    offices: Sequence[Office]
    sums: Mapping[tuple[str, int], Sums]
    entries: Sequence[Entry] = field(default_factory=tuple)
    part: str = ""

    @property
    def company(self) -> str:
        """The company's name in Russian, with the part of it that is counted."""
        name = self.offices[0].company["ru"] if self.offices else ""
        return f"{name}, {self.part}" if self.part else name

    def month(self, month: int, office: str | None = None) -> Sums:
        """The sums of a month: of one office, or of the company."""
        return self._company[month - 1] if office is None else self.sums.get((office, month), Sums())

    def twelve(self, office: str | None = None) -> list[Sums]:
        """The sums of the twelve months."""
        return [self.month(month, office) for month in range(1, 13)]

    @cached_property
    def _company(self) -> list[Sums]:
        codes = [office.code for office in self.offices]
        return [sum((self.month(month, code) for code in codes), Sums()) for month in range(1, 13)]

    @cached_property
    def _by_form(self) -> Mapping[tuple[str, int], list[Entry]]:
        found: dict[tuple[str, int], list[Entry]] = {}
        for entry in self.entries:
            found.setdefault((entry.form, entry.year), []).append(entry)
        return found

    def of(self, form: str, year: int | None = None) -> list[Entry]:
        """The entries of a form in a year, without one: in the report's."""
        return self._by_form.get((form, year or self.year), [])


@dataclass(frozen=True)
class Calls:
    """Counts and sums of calls over some entries."""

    calls: int = 0
    answered: int = 0
    automatic: int = 0
    wait_seconds: int = 0
    handling_seconds: int = 0


def calls_of(entries: Iterable[Entry]) -> Calls:
    """The calls of some entries together."""
    names = Calls.__dataclass_fields__
    rows = list(entries)
    return Calls(**{name: sum(entry.count(name) for entry in rows) for name in names})


def total(entries: Sequence[Entry], name: str, given: Callable[[Entry], bool] | None = None) -> int | None:
    """The sum of a count over the entries that fit; ``None`` when nothing at all was entered."""
    if not entries:
        return None
    return sum(entry.count(name) for entry in entries if given is None or given(entry))


def wait_minutes(sums: Sums) -> float | None:
    """Mean waiting in minutes: Σ W / N over those served by ticket."""
    return average_minutes(sums.wait_seconds, sums.served)


def service_minutes(sums: Sums) -> float | None:
    """Mean service in minutes: Σ S / N over all served, by ticket or without."""
    return average_minutes(sums.service_seconds + sums.ticketless_seconds, sums.served + sums.ticketless)


def percent(part: int, whole: int) -> float | None:
    """100 · part / whole with one decimal, half away from zero; ``None`` when there is no whole."""
    if whole == 0:
        return None
    return float((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def missing_months(entries: Sequence[Entry], months: Iterable[int] = range(1, 13)) -> list[str]:
    """The months nothing was entered for, by their names."""
    entered = {entry.month for entry in entries}
    return [MONTHS[month - 1].lower() for month in months if month not in entered]


def missing_note(
    entries: Sequence[Entry], what: str, months: Iterable[int] = range(1, 13)
) -> tuple[str, ...]:
    """The remark that names the months nothing was entered for."""
    missing = missing_months(entries, months)
    return (f"{what}: нет данных за {', '.join(missing)}.",) if missing else ()
