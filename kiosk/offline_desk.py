"""Gives tickets while the server is out of reach: from leased numbers, into the journal, then to paper."""

from __future__ import annotations

import logging
import secrets
import threading
from datetime import date, timedelta
from typing import Literal

from kiosk import offline
from kiosk.lease_store import KeptLease, LeaseStore
from kiosk.offline_journal import Doubt, GivenTicket, OfflineJournal
from kiosk.server_clock import ServerClock
from server.sdk.commands import IssueTicket
from server.sdk.messages import IssuedTicket, OfficeInfo
from server.sdk.terminal_messages import NumberLease, OfflineTicket

log = logging.getLogger(__name__)

CLOCK_SLACK = timedelta(minutes=1)
"""A clock that shows so much less than a moment already known was set back: its day cannot be trusted."""

Why = Literal["closed", "no_service", "no_numbers", "wrong_clock", "disk"]


class CannotGive(Exception):
    """No ticket can be given offline; ``why`` as a code."""

    def __init__(self, why: Why) -> None:
        self.why: Why = why
        super().__init__(why)


class OfflineDesk:
    """One terminal's leased numbers and journal. Any thread may call.

    ``day`` is the day the journal was last compacted for.
    """

    def __init__(self, journal: OfflineJournal, leases: LeaseStore, clock: ServerClock, today: date) -> None:
        self.journal = journal
        self.clock = clock
        self._leases = leases
        self._lock = threading.Lock()
        self.disk_fault = False
        self.day = today
        kept = leases.kept
        if kept is not None and (journal.lost or kept.journal != journal.name):
            # Numbers of that lease may be on paper without anybody knowing which.
            log.error("the journal does not know the kept numbers: they are not given any more")
            journal.lost = True
            journal.void(kept.lease.day)
            leases.drop()

    @property
    def lease_damaged(self) -> bool:
        """Whether the kept numbers could not be read, and none came since."""
        return self._leases.damaged

    @property
    def lease(self) -> KeptLease | None:
        """The newest lease, in force or not."""
        return self._leases.kept

    def usable_lease(self, office: OfficeInfo) -> NumberLease | None:
        """The lease, if its numbers may be given now."""
        kept, now = self._leases.kept, self.clock.now()
        if kept is None or not offline.in_force(kept.lease, now, office.timezone):
            return None
        return kept.lease

    def ready(self, office: OfficeInfo) -> bool:
        """Whether at least one service of ``office`` has a number left."""
        return any(self._left_by_service(office))

    def left(self, office: OfficeInfo) -> int:
        """How many numbers the service has that has fewest."""
        return min(self._left_by_service(office), default=0)

    def records_lost(self, office: OfficeInfo) -> bool:
        """Whether numbers of today may have been given of which nothing is known here."""
        return self.journal.is_void(offline.local_day(self.clock.now(), office.timezone))

    def keep_lease(self, lease: NumberLease) -> None:
        """Adopt what the server leased now."""
        kept = KeptLease(
            lease=lease,
            taken_at=self.clock.now(),
            ahead_ms=self.clock.ahead_ms(),
            journal=self.journal.name,
        )
        self._leases.keep(kept)

    def give(self, office: OfficeInfo, request: IssueTicket, key: str, doubtful: str | None) -> GivenTicket:
        """The next number for ``request``; on return it is on the disk and may be shown.

        ``doubtful``: the server was asked under this key and its answer is not known. Raises ``CannotGive``.
        """
        with self._lock:
            if (before := self.journal.by_key(key)) is not None:
                return before
            given, doubt = self._made(office, request, key), None
            if doubtful is not None:
                doubt = Doubt(key=doubtful, day=given.day, at=self.clock.own(), request=request)
            try:
                self.journal.add(given, doubt)
            except OSError as error:
                self.disk_fault = True
                log.error(
                    "no ticket, the journal takes no writing (%s): make room on the disk", error.strerror
                )
                raise CannotGive("disk") from error
            self.disk_fault = False
            return given

    def keep_doubt(self, office: OfficeInfo, request: IssueTicket, key: str) -> None:
        """Keep that the answer to an online request did not come, though no ticket was given for it."""
        day = offline.local_day(self.clock.now(), office.timezone)
        self.journal.doubt(Doubt(key=key, day=day, at=self.clock.own(), request=request))

    def keep_online(self, office: OfficeInfo, ticket: IssuedTicket, key: str) -> GivenTicket:
        """Keep a ticket the server issued, so that staff learn of it should it not come to paper."""
        day = offline.local_day(self.clock.now(), office.timezone)
        given = GivenTicket(key=key, day=day, ticket=ticket)
        try:
            self.journal.add(given)
            self.disk_fault = False
        except OSError as error:
            # The server has the ticket: it is given all the same.
            self.disk_fault = True
            log.error("the journal takes no writing (%s): make room on the disk", error.strerror)
        return given

    def _made(self, office: OfficeInfo, request: IssueTicket, key: str) -> GivenTicket:
        own, ahead, now = self.clock.own(), self.clock.ahead_ms(), self.clock.now()
        if self.clock_is_wrong():
            raise CannotGive("wrong_clock")
        if not offline.is_open(office, now):
            raise CannotGive("closed")
        service = next((one for one in office.services if one.code == request.service), None)
        if service is None or service.state != "open":
            raise CannotGive("no_service")
        lease = self.usable_lease(office)
        number = lease and offline.next_number(lease, service.code, self.journal.numbers(lease.day))
        if lease is None or number is None:
            raise CannotGive("no_numbers")
        id_, code = offline.ticket_id(now, secrets.randbits(80)), offline.ticket_code(secrets.choice)
        known = {category.code for category in office.categories}
        hand_in = OfflineTicket(
            id=id_,
            number=number,
            code=code,
            service=service.code,
            category=request.category if request.category in known else None,
            language=request.language,
            issued_at=own,
            clock_ahead_ms=ahead,
        )
        ticket = IssuedTicket(
            id=id_,
            number=number,
            service=service.code,
            issued_at=now,
            ahead=0,
            expected_wait_minutes=None,
            status_url=f"{lease.status_url.rstrip('/')}/{code}",
        )
        return GivenTicket(key=key, day=lease.day, ticket=ticket, hand_in=hand_in)

    def _left_by_service(self, office: OfficeInfo) -> list[int]:
        lease = self.usable_lease(office)
        if lease is None:
            return []
        given = self.journal.numbers(lease.day)
        served = [one.code for one in office.services if one.state == "open"]
        return [offline.numbers_left(lease, service, given) for service in served]

    def clock_is_wrong(self) -> bool:
        """Whether the clock shows less than a moment already known: then its day cannot be trusted."""
        known = [self._leases.kept.taken_at] if self._leases.kept else []
        if (latest := self.journal.latest()) is not None:
            known.append(latest.ticket.issued_at)
        return any(self.clock.now() < moment - CLOCK_SLACK for moment in known)
