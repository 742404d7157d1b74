"""Two servers on one PostgreSQL, several hands on one visit at one moment: one wins, others are told why."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from tests.flow.log_book import MOVES, LogBook
from tests.postgresql import PostgreSql
from tests.programs import Caller, Programs, assert_books_are_right
from tests.working_company import OFFICE, WorkingCompany, a_working_company

ROUNDS = 40
FEW = 8
DESK, OTHER_DESK = f"{OFFICE}-1", f"{OFFICE}-2"
KINDS = {
    "hold": "ticket_held",
    "transfer": "ticket_transferred",
    "finish": "service_finished",
    "no-show": "no_show",
    "give-back": "call_given_back",
}


@dataclass(frozen=True)
class Press:
    """One hand on one button: ``who`` asks for ``path`` with ``body``."""

    who: str | None
    path: str
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def act(self) -> str:
        """The last word of the path."""
        return self.path.rsplit("/", 1)[-1]


class Hall:
    """Two servers, an open connection of everybody to both, and the hands to press at one moment."""

    def __init__(self, urls: list[str], company: WorkingCompany) -> None:
        self.chance = random.Random(5)
        self._tokens = {**company.people, **company.devices}
        self._urls = urls
        self._callers: dict[tuple[str, str | None, int], Caller] = {}
        self._hands = ThreadPoolExecutor(6)

    def press(self, who: str | None, path: str, body: dict[str, Any] | None = None, **more: int) -> Any:
        """One press that must be done; the answer's body."""
        answer = self._caller(more.get("server", 0), who, 0).post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def at_once(self, presses: list[Press]) -> list[requests.Response]:
        """All presses at one moment, each other one at the other server; the answers in the same order."""
        start = threading.Barrier(len(presses))
        first = self.chance.randrange(2)
        callers = [self._caller((first + n) % 2, press.who, n) for n, press in enumerate(presses)]

        def hand(caller: Caller, press: Press) -> requests.Response:
            start.wait(30)
            return caller.post(press.path, press.body)

        order = list(range(len(presses)))
        self.chance.shuffle(order)
        running = {n: self._hands.submit(hand, callers[n], presses[n]) for n in order}
        return [running[n].result(60) for n in range(len(presses))]

    def a_ticket(self) -> dict[str, Any]:
        """A visitor who waits, alone."""
        ticket: dict[str, Any] = self.press("kiosk", f"offices/{OFFICE}/tickets", {"service": "contract"})
        return ticket

    def a_visitor(self, state: str) -> dict[str, Any]:
        """A visitor who waits; or is called to, served at, put aside or missed at the first desk."""
        ticket = self.a_ticket()
        steps = {"serving": "start", "held": "hold", "no_show": "no-show"}
        if state != "waiting":
            self.press("operator-1", f"desks/{DESK}/call-next")
        if state in steps:
            body = {"reason": "pays"} if state == "held" else None
            self.press("operator-1", f"desks/{DESK}/{steps[state]}", body)
        return ticket

    def send_home(self, ticket: dict[str, Any], state: str, desk: str = DESK) -> None:
        """Let the visitor go, so that the next round has the hall for itself."""
        operator = f"operator-{desk.rsplit('-', 1)[-1]}"
        if state in ("waiting", "held"):
            self.press("admin", f"offices/{OFFICE}/annul", {"ticket": ticket["id"], "reason": "test"})
        elif state in ("called", "serving"):
            self.press(operator, f"desks/{desk}/{'no-show' if state == 'called' else 'finish'}")

    def _caller(self, server: int, who: str | None, hand: int) -> Caller:
        place = (self._urls[server], who, hand)
        if place not in self._callers:
            token = None if who is None else self._tokens[who]
            self._callers[place] = Caller(self._urls[server], token)
        return self._callers[place]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, postgresql: PostgreSql) -> Iterator[Hall]:
    """A hall with two open desks; after all tests of the file its log is read and its books are checked."""
    company = a_working_company(postgresql.new_database())
    with Programs(tmp_path_factory.mktemp("two")) as programs:
        servers = [programs.server(company.database_url, name) for name in ("server-1", "server-2")]
        hall = Hall([server.url for server in servers], company)
        for desk, operator in ((DESK, "operator-1"), (OTHER_DESK, "operator-2")):
            hall.press(operator, f"desks/{desk}/open")
        yield hall
        with Caller(servers[0].url, company.devices["audit"]) as auditor:
            book = LogBook(auditor.events(OFFICE), [desk for desk, _token in company.operators])
        assert book.faults == []
        assert book.doubled_numbers == []
        assert_books_are_right(servers[0])
        for server in servers:
            assert "Traceback" not in server.log, server.log


@pytest.mark.parametrize("state", ["called", "serving"])
def test_of_hold_transfer_finish_and_no_show_exactly_one_wins(hall: Hall, state: str) -> None:
    winners = set()
    for _ in range(ROUNDS // 2):
        ticket = hall.a_visitor(state)
        meant = {"ticket": ticket["id"]}
        presses = [
            Press("operator-1", f"desks/{DESK}/hold", {**meant, "reason": "pays"}),
            Press("operator-1", f"desks/{DESK}/transfer", {**meant, "service": "cash"}),
            Press("operator-1", f"desks/{DESK}/finish", meant),
            Press("operator-1", f"desks/{DESK}/no-show", meant),
        ]
        answers = hall.at_once(presses)
        press, won = the_one_that_won(presses, answers)
        winners.add(press.act)
        for press, answer in zip(presses, answers, strict=True):
            if answer is not won:
                # A move that the first state does not allow either may have come before the winner.
                possible = state in MOVES[KINDS[press.act]][0]
                states = {won.json()["state"]} if possible else {state, won.json()["state"]}
                assert_lost_to(answer, ticket, states)
        hall.send_home(ticket, won.json()["state"])
    assert len(winners) > 1, "the same one always won: nothing met"


@dataclass(frozen=True)
class Duel:
    """Two presses on a visitor in ``state``, of whom only one can be; who loses is told ``told``."""

    name: str
    state: str
    presses: Callable[[dict[str, Any]], list[Press]]
    told: tuple[tuple[str, str | None], tuple[str, str | None]]
    """Per press: the code it is refused with, and the visit's state named there."""


def _desk(act: str, desk: str = DESK, **body: Any) -> Press:
    return Press(f"operator-{desk.rsplit('-', 1)[-1]}", f"desks/{desk}/{act}", body)


def _office(act: str, ticket: dict[str, Any], **body: Any) -> Press:
    return Press("admin", f"offices/{OFFICE}/{act}", {"ticket": ticket["id"], **body})


def _cancel(ticket: dict[str, Any]) -> Press:
    return Press(None, f"tickets/{ticket['status_url'].rsplit('/', 1)[-1]}/cancel")


def _call(ticket: dict[str, Any], desk: str) -> Press:
    return _desk("call", desk, ticket=ticket["id"], reason="poor-health")


NOT_ALLOWED = "move_not_allowed"
DUELS = (
    Duel(
        "two desks call one visitor who waits",
        "waiting",
        lambda t: [_call(t, DESK), _call(t, OTHER_DESK)],
        ((NOT_ALLOWED, "called"), (NOT_ALLOWED, "called")),
    ),
    Duel(
        "two desks call one visitor who was put aside",
        "held",
        lambda t: [_call(t, DESK), _call(t, OTHER_DESK)],
        ((NOT_ALLOWED, "called"), (NOT_ALLOWED, "called")),
    ),
    Duel(
        "two desks call the next, and one waits",
        "waiting",
        lambda _: [_desk("call-next", DESK), _desk("call-next", OTHER_DESK)],
        (("nobody_waiting", None), ("nobody_waiting", None)),
    ),
    Duel(
        "one desk calls the next twice",
        "waiting",
        lambda _: [_desk("call-next"), _desk("call-next")],
        (("desk_busy", "called"), ("desk_busy", "called")),
    ),
    Duel(
        "the visitor leaves and the operator starts",
        "called",
        lambda t: [_cancel(t), _desk("start", ticket=t["id"])],
        ((NOT_ALLOWED, "serving"), (NOT_ALLOWED, "cancelled")),
    ),
    Duel(
        "the visitor leaves and the operator marks a no-show",
        "called",
        lambda t: [_cancel(t), _desk("no-show")],
        ((NOT_ALLOWED, "no_show"), (NOT_ALLOWED, "cancelled")),
    ),
    Duel(
        "the ticket is annulled and called",
        "waiting",
        lambda t: [_office("annul", t, reason="test"), _desk("call-next")],
        ((NOT_ALLOWED, "called"), ("nobody_waiting", None)),
    ),
    Duel(
        "the ticket is moved to another desk and called",
        "waiting",
        lambda t: [_office("move", t, desk=OTHER_DESK), _desk("call-next")],
        ((NOT_ALLOWED, "called"), ("nobody_waiting", None)),
    ),
    Duel(
        "a held visitor is returned at the desk and by the administrator",
        "held",
        lambda t: [_desk("return", ticket=t["id"]), _office("return", t)],
        ((NOT_ALLOWED, "waiting"), (NOT_ALLOWED, "waiting")),
    ),
    Duel(
        "a no-show is restored at the desk and by the administrator",
        "no_show",
        lambda t: [_desk("restore", ticket=t["id"]), _office("restore", t)],
        ((NOT_ALLOWED, "waiting"), (NOT_ALLOWED, "waiting")),
    ),
    Duel(
        "the service is finished twice",
        "serving",
        lambda _: [_desk("finish"), _desk("finish")],
        ((NOT_ALLOWED, "served"), (NOT_ALLOWED, "served")),
    ),
)


@pytest.mark.parametrize("duel", DUELS, ids=lambda duel: duel.name)
def test_of_two_exactly_one_wins(hall: Hall, duel: Duel) -> None:
    for _ in range(FEW):
        ticket = hall.a_visitor(duel.state)
        presses = duel.presses(ticket)
        answers = hall.at_once(presses)
        press, won = the_one_that_won(presses, answers)
        for answer, (code, state) in zip(answers, duel.told, strict=True):
            if answer is not won:
                problem = answer.json()
                assert (answer.status_code, problem["code"], problem["state"]) == (409, code, state)
                assert problem["number"] == (ticket["number"] if state else None)
        desk = press.path.split("/")[1] if press.path.startswith("desks") else DESK
        hall.send_home(ticket, won.json()["state"], desk)


def test_a_visitor_who_leaves_while_being_called_has_left_whatever_came_first(hall: Hall) -> None:
    for _ in range(FEW):
        ticket = hall.a_visitor("waiting")
        left, called = hall.at_once([_cancel(ticket), _desk("call-next")])
        assert (left.status_code, left.json()["state"]) == (200, "cancelled")
        if called.status_code != 200:
            assert (called.status_code, called.json()["code"]) == (409, "nobody_waiting")
        assert hall.press("operator-1", f"desks/{DESK}/break", {"reason": "lunch"})["current"] is None
        hall.press("operator-1", f"desks/{DESK}/open")


def test_a_visitor_raised_while_being_called_is_called_whatever_came_first(hall: Hall) -> None:
    for _ in range(FEW):
        ticket = hall.a_visitor("waiting")
        raised, called = hall.at_once([_office("raise", ticket), _desk("call-next")])
        assert (called.status_code, called.json()["id"]) == (200, ticket["id"])
        if raised.status_code != 200:
            assert raised.status_code == 409
            assert_lost_to(raised, ticket, {"called"})
        hall.send_home(ticket, "called")


def test_of_two_operators_at_one_closed_desk_one_gets_it_and_one_operator_gets_one_desk(hall: Hall) -> None:
    free, other = f"{OFFICE}-3", f"{OFFICE}-4"
    for _ in range(FEW):
        presses = [Press(who, f"desks/{free}/open") for who in ("operator-3", "operator-4")]
        press, _won = the_one_that_won(presses, hall.at_once(presses), "desk_taken")
        hall.press(press.who, f"desks/{free}/close")
        presses = [Press("operator-3", f"desks/{desk}/open") for desk in (free, other)]
        press, _won = the_one_that_won(presses, hall.at_once(presses), "operator_elsewhere")
        hall.press(press.who, press.path.replace("open", "close"))


def the_one_that_won(
    presses: list[Press], answers: list[requests.Response], code: str | None = None
) -> tuple[Press, requests.Response]:
    """The only press that was done, with its answer; the others are conflicts, of ``code`` if given."""
    done = [pair for pair in zip(presses, answers, strict=True) if pair[1].status_code == 200]
    told = [(answer.url, answer.status_code, answer.text[:300]) for answer in answers]
    assert len(done) == 1, told
    for answer in answers:
        if answer is not done[0][1]:
            assert answer.status_code == 409, told
            assert code in (None, answer.json()["code"]), told
    return done[0]


def assert_lost_to(answer: requests.Response, ticket: dict[str, Any], states: set[str]) -> None:
    """A refusal that names the ticket and a state the visit really had."""
    problem = answer.json()
    assert (problem["code"], problem["number"]) == (NOT_ALLOWED, ticket["number"]), problem
    assert problem["state"] in states, problem
