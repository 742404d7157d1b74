"""What the acts of a generated year do to a visit and write: the very events and rows real actions leave.

Written out, not made by ``domain.moves``: a year of a large company is millions of them, and the sums that
the rules derive from these events are to be compared with sums they had no part in.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from server.domain.events import Kind
from server.domain.office import Desk, Office
from server.domain.visit import BOOKED, TERMINAL, TICKETLESS, WALK_IN, State
from server.simulation.year_rows import Names, YearRows, YearVisit
from server.simulation.year_sums import YearSums

HOUR = 3_600_000
KIOSK, PAD, STAFF, CLOCK, VISITOR = "device:terminal", "device:pad", "administrator", "clock", "visitor"


@dataclass(slots=True)
class YearDesk:
    """A desk on a day: who works there, in which state since when, and since when it is free."""

    desk: Desk
    operator: str
    lunch_at: int
    since: int
    free_since: int
    state: str = "open"

    @property
    def id(self) -> str:
        """The desk's id."""
        return self.desk.id


class YearActs:
    """The acts of one office's year. Moments are milliseconds since 1970."""

    def __init__(
        self, office: Office, rows: YearRows, sums: YearSums, names: Names, chance: random.Random
    ) -> None:
        self.office, self.rows, self.sums, self.names = office, rows, sums, names
        self._chance = chance
        self._logged = rows.moments.logged

    def begin_day(self, day: date, midnight: int) -> None:
        """From now on all acts are of this day; numbers begin anew."""
        self.day, self.midnight = day.isoformat(), midnight
        self._limits = {
            (service.code, kind): service.limit_on(kind, day)
            for service in self.office.services
            for kind in (WALK_IN, BOOKED)
        }
        self.sums.begin_day(day, midnight)
        self._counts: dict[str, int] = {}

    def end_day(self) -> None:
        """Keep how far the numbers of the day went."""
        for prefix, last in self._counts.items():
            self.rows.add("number_series", (self.office.code, self.day, prefix, last))

    # --- visits begin ---

    def issue(
        self, at: int, service: str, prefix: str, category: str | None, turn: int | None, channel: str
    ) -> YearVisit:
        """A visitor takes a ticket; ``turn`` is the booked time, if it still counts."""
        number = f"{prefix}{self._number(prefix):03d}"
        languages = self.office.languages
        language = languages[0] if self._chance.random() < 0.85 else languages[-1]
        joined = at if turn is None else max(at, turn)
        visit = YearVisit(
            self.names.uuid7(at), self.day, number, service, service, self.names.code(), language, category,
            at, joined, turn, channel=channel,
        )  # fmt: skip
        visit.limit_seconds = limit = self._limits[service, visit.kind]
        claimed = f'"{category}"' if category else "null"
        booked = f'"booked_for":"{self._logged(turn)}",' if turn is not None else ""
        where = f'"channel":"{channel}",' if channel != TERMINAL else ""
        about = f'"language":"{language}","limit":{limit},"number":"{number}","service":"{service}"'
        facts = f'{{{booked}"category":{claimed},{where}{about}}}'
        self._event(at, Kind.TICKET_ISSUED, visit, None, KIOSK if channel == TERMINAL else STAFF, facts)
        self.sums.issued(visit)
        return visit

    def expect(self, at: int, service: str) -> YearVisit:
        """Somebody without a ticket: nothing is written before the service."""
        language = self.office.languages[0]
        visit = YearVisit("", self.day, "", service, service, "", language, None, at, at, channel=TICKETLESS)
        visit.ticketless = True
        return visit

    def serve_without_ticket(self, visit: YearVisit, desk: YearDesk, at: int) -> None:
        """The service of somebody expected begins."""
        visit.id, visit.code = self.names.uuid7(at), self.names.code()
        visit.number = f"*{self._number('*'):03d}"
        visit.issued_at = visit.joined_at = visit.started_at = visit.leg_started_at = at
        visit.state, visit.desk, visit.operator = State.SERVING, desk.id, desk.operator
        facts = f'{{"language":"{visit.language}","number":"{visit.number}","service":"{visit.service}"}}'
        self._event(at, Kind.SERVED_WITHOUT_TICKET, visit, desk.id, desk.operator, facts)

    # --- at a desk ---

    def call(self, visit: YearVisit, desk: YearDesk, at: int, kind: Kind = Kind.TICKET_CALLED) -> None:
        """Call a visitor, or call once more."""
        visit.desk, visit.operator = desk.id, desk.operator
        visit.state, visit.called_at, visit.call_id = State.CALLED, at, self.names.uuid7(at)
        visit.call_count += 1
        visit.first_called_at = visit.first_called_at or at
        why = f',"why":"{_why(visit)}"' if kind is Kind.TICKET_CALLED else ""
        facts = f'{{"call":"{visit.call_id}","count":{visit.call_count},"number":"{visit.number}"{why}}}'
        self._event(at, kind, visit, desk.id, desk.operator, facts)

    def give_back(self, visit: YearVisit, desk: YearDesk, at: int) -> None:
        """The call was in vain: the visitor waits again."""
        visit.raised, visit.call_count, visit.state = "returned", 0, State.WAITING
        self._event(at, Kind.CALL_GIVEN_BACK, visit, desk.id, desk.operator)

    def no_show(self, visit: YearVisit, desk: YearDesk, at: int) -> None:
        """The visitor did not come."""
        visit.state, visit.finished_at = State.NO_SHOW, at
        self._event(at, Kind.NO_SHOW, visit, desk.id, desk.operator)

    def restore(self, visit: YearVisit, desk: YearDesk, at: int) -> None:
        """A no-show has come after all."""
        assert visit.finished_at is not None
        visit.absent_ms += at - visit.finished_at
        visit.state, visit.finished_at, visit.call_count = State.WAITING, None, 0
        self._event(at, Kind.NO_SHOW_RESTORED, visit, desk.id, desk.operator)

    def start(self, visit: YearVisit, desk: YearDesk, at: int) -> None:
        """A service begins, or goes on after the visitor was put aside."""
        if visit.leg_started_at is None:
            visit.leg_started_at = at
            if visit.requeued_at is not None:
                visit.repeated_ms += at - visit.requeued_at
        elif visit.held_at is not None:
            visit.held_ms += at - visit.held_at
        if visit.started_at is None:
            assert visit.called_at is not None
            visit.started_at, visit.way_ms = at, at - visit.called_at
        visit.state, visit.raised = State.SERVING, None
        visit.held_at = visit.held_until = visit.held_reason = None
        self._event(at, Kind.SERVICE_STARTED, visit, desk.id, desk.operator)

    def hold(self, visit: YearVisit, desk: YearDesk, at: int, until: int, back: int) -> None:
        """Put a visitor aside; at ``back`` the clock lets the visitor wait again."""
        facts = f'{{"reason":"fills-form","until":"{self._logged(until)}"}}'
        self._event(at, Kind.TICKET_HELD, visit, desk.id, desk.operator, facts)
        self._event(back, Kind.TICKET_RETURNED, visit, desk.id, CLOCK)
        visit.held_at, visit.call_count = at, 0
        visit.state, visit.raised = State.WAITING, "returned"

    def transfer(self, visit: YearVisit, desk: YearDesk, at: int, service: str) -> None:
        """A service is done, another is to follow."""
        self._end_leg(visit, desk, at)
        visit.service = service
        facts = f'{{"steps":[{{"desk":null,"operator":null,"service":"{service}"}}]}}'
        self._event(at, Kind.TICKET_TRANSFERRED, visit, desk.id, desk.operator, facts)
        visit.state, visit.call_count, visit.held_ms = State.WAITING, 0, 0
        visit.leg, visit.leg_started_at, visit.requeued_at = visit.leg + 1, None, at

    def finish(self, visit: YearVisit, desk: YearDesk, at: int) -> None:
        """The last service is done."""
        self._end_leg(visit, desk, at)
        self._event(at, Kind.SERVICE_FINISHED, visit, desk.id, desk.operator)
        visit.state, visit.finished_at = State.SERVED, at
        self.over(visit)

    def rate(self, visit: YearVisit, at: int, score: int) -> None:
        """The visitor presses a mark on the pad."""
        press, stored = self.names.uuid7(at), self.rows.moments.stored(at)
        about = f'"press":"{press}","pressed_at":"{self._logged(at)}","score":{score},"source":"pad"'
        facts = f'{{"operator":"{visit.operator}",{about}}}'
        self._event(at, Kind.RATED, visit, visit.desk, PAD, facts)
        self.sums.rated(visit, score)
        row = (
            press, self.office.code, visit.desk, visit.id, score, stored, "pad", visit.day, stored, visit.id,
            visit.first_service, visit.operator,
        )  # fmt: skip
        self.rows.add("rating", row)

    def stand(self, desk: YearDesk, at: int, state: str, kind: Kind, facts: str = "{}") -> None:
        """A desk changes its state: the time of the one that ends is counted."""
        self.sums.state(desk.id, desk.operator, desk.state, at - desk.since)
        self._event(at, kind, None, desk.id, desk.operator, facts)
        desk.state, desk.since = state, at

    def open(self, desk: YearDesk) -> None:
        """A desk opens for the day."""
        self._event(desk.since, Kind.DESK_OPENED, None, desk.id, desk.operator)

    # --- visits end without a service ---

    def leave(self, visit: YearVisit) -> None:
        """The visitor goes away before being called."""
        visit.state, visit.finished_at = State.CANCELLED, visit.leaves_at
        self._event(visit.leaves_at, Kind.TICKET_CANCELLED, visit, None, VISITOR)
        self.over(visit)

    def annul(self, visit: YearVisit, actor: str) -> None:
        """The ticket was taken by mistake."""
        visit.state, visit.finished_at = State.ANNULLED, visit.leaves_at
        self._event(visit.leaves_at, Kind.TICKET_ANNULLED, visit, None, actor, '{"reason":"by-mistake"}')
        self.over(visit)

    def close_unserved(self, visit: YearVisit, at: int) -> None:
        """The day is over and the visitor still waited."""
        visit.state, visit.finished_at = State.CLOSED_UNSERVED, at
        self._event(at, Kind.CLOSED_UNSERVED, visit, visit.desk, CLOCK)
        self.over(visit)

    def close_unfinished(self, visit: YearVisit, at: int) -> None:
        """The day is over and nobody ended the service."""
        assert visit.leg_started_at is not None
        visit.served_ms += at - visit.leg_started_at - visit.held_ms
        visit.state, visit.finished_at, visit.incomplete = State.SERVED, at, True
        self._event(at, Kind.SERVICE_UNFINISHED, visit, visit.desk, CLOCK)
        self.over(visit)

    def close_left_open(self, desk: YearDesk, at: int, until: int) -> None:
        """The day is over and nobody closed the desk: its time counts until the hall closed."""
        until = max(desk.since, until)
        self.sums.state(desk.id, desk.operator, desk.state, until - desk.since)
        facts = f'{{"until":"{self._logged(until)}"}}'
        self._event(at, Kind.DESK_CLOSED, None, desk.id, CLOCK, facts)

    def over(self, visit: YearVisit) -> None:
        """The visit has ended: its row and its figures are fixed."""
        self.rows.add_visit(visit)
        self.sums.over(visit)

    def _end_leg(self, visit: YearVisit, desk: YearDesk, at: int) -> None:
        started = visit.leg_started_at
        assert started is not None
        served = at - started - visit.held_ms
        visit.served_ms += served
        times = (self.rows.moments.stored(started), self.rows.moments.stored(at))
        row = (visit.id, visit.leg, visit.service, desk.id, desk.operator, *times, served, None)
        self.rows.add("leg", row)
        queued = visit.requeued_at if visit.leg > 1 else visit.joined_at + visit.absent_ms
        assert queued is not None
        free = max(desk.free_since, desk.since, queued)
        turnover = None if visit.ticketless else max(0, started - free) // 1000
        hour = (started - self.midnight) // HOUR
        self.sums.leg(desk.id, desk.operator, visit.service, served, hour, turnover)

    def _number(self, series: str) -> int:
        number = self._counts[series] = self._counts.get(series, 0) + 1
        return number

    def _event(
        self, at: int, kind: Kind, visit: YearVisit | None, desk: str | None, actor: str, facts: str = "{}"
    ) -> None:
        self.rows.events.append((at, kind.value, visit.id if visit else None, desk, actor, facts))


def _why(visit: YearVisit) -> str:
    """The rule of ``domain.dispatch`` that stands for this visitor's turn."""
    if visit.booked_for is not None and visit.leg == 1:
        return "booked"
    if visit.category:
        return "out_of_turn"
    if visit.raised:
        return visit.raised
    return "transferred" if visit.leg > 1 else "arrival"
