"""Visitors sent on: to a service, a desk, an operator, back again; several services in one visit."""

from __future__ import annotations

import pytest

from server.actions import desks, visits
from server.db import queries
from server.db.store import Store
from server.domain.errors import Conflict, Invalid, NotFound
from server.domain.figures import Sums
from server.domain.visit import State, Visit
from tests.actions.test_queue import do, take
from tests.builders import Clock, add_person


@pytest.fixture
def at_desk(store: Store) -> Visit:
    """A visitor being served at Anna's desk 1; Boris works at desk 2, which also gives «cash»."""
    visit = take(store)
    do(store, desks.open_desk, "north-1")
    do(store, desks.open_desk, "north-2", actor="boris")
    do(store, visits.call_next, "north-1")
    do(store, visits.start, "north-1")
    return visit


def send(store: Store, service: str | None = None, desk: str | None = None, **more: object) -> Visit:
    with store.write("north", "anna") as uow:
        step = (service, desk, str(more.pop("operator")) if "operator" in more else None)
        return visits.transfer(
            uow, "north-1", step, return_after=bool(more.get("back")), note=str(more.get("note", ""))
        )


def serve_next(store: Store, desk: str, actor: str) -> Visit:
    do(store, visits.call_next, desk, actor=actor)
    do(store, visits.start, desk, actor=actor)
    done: Visit = do(store, visits.finish, desk, actor=actor)
    return done


def test_a_transferred_visitor_is_served_under_the_same_number_and_counts_once(
    store: Store, clock: Clock, at_desk: Visit
) -> None:
    clock.forward(minutes=4)
    sent = send(store, "cash")
    assert (sent.state, sent.service, sent.number) == (State.WAITING, "cash", at_desk.number)
    assert store.hall("north").places[0].reason == "transferred"
    clock.forward(minutes=2)
    done = serve_next(store, "north-2", "boris")
    assert (done.state, done.id) == (State.SERVED, at_desk.id)
    with store.read() as connection:
        sums = queries.day_sums(connection, "north")
        work = queries.work_times(connection, "north")
    assert sum(sums.values(), Sums()) == Sums(
        issued=1, served=1, service_seconds=240, repeated_seconds=120, limited=1
    )
    assert {key.service for key in sums} == {"contract"}
    assert {(key.desk, key.operator): time.legs for key, time in work.items()} == {
        ("north-1", "anna"): 1,
        ("north-2", "boris"): 1,
    }


def test_a_visitor_comes_back_to_the_sender_where_that_was_asked(store: Store, at_desk: Visit) -> None:
    send(store, "cash", back=True)
    back = serve_next(store, "north-2", "boris")
    assert (back.state, back.service, back.to_desk) == (State.WAITING, "contract", "north-1")
    with pytest.raises(Conflict, match="nobody_waiting"):
        do(store, visits.call_next, "north-2", actor="boris")
    assert serve_next(store, "north-1", "anna").state is State.SERVED


def test_who_is_sent_to_an_operator_is_called_by_that_operator_alone(store: Store, at_desk: Visit) -> None:
    send(store, operator="boris")
    with pytest.raises(Conflict, match="nobody_waiting"):
        do(store, visits.call_next, "north-1")
    assert do(store, visits.call_next, "north-2", actor="boris").id == at_desk.id


def test_nobody_is_sent_nowhere_to_the_absent_or_to_a_desk_that_does_not_serve_it(
    store: Store, at_desk: Visit
) -> None:
    with pytest.raises(Invalid, match="nowhere"):
        send(store)
    with pytest.raises(Conflict, match="operator_away"):
        send(store, operator="vera")
    with pytest.raises(Conflict, match="other_service"):
        send(store, "cash", "north-1")
    with pytest.raises(Conflict, match="service_closed"):
        send(store, "archive")
    with pytest.raises(NotFound, match="unknown_desk"):
        send(store, desk="north-9")
    assert store.hall("north").at_desk("north-1") is not None


def test_nobody_is_sent_to_an_operator_who_cannot_give_the_service(store: Store, at_desk: Visit) -> None:
    add_person(store, "vera", "operator", services=("cash",))
    do(store, desks.close_desk, "north-2", actor="boris")
    do(store, desks.open_desk, "north-2", actor="vera")
    with pytest.raises(Conflict, match="other_service"):
        send(store, operator="vera")
    assert send(store, "cash", operator="vera").to_operator == "vera"


def test_who_is_sent_back_to_a_desk_that_has_closed_meanwhile_is_told_of_and_may_be_called_by_hand(
    store: Store, at_desk: Visit
) -> None:
    send(store, "cash", back=True)
    do(store, desks.close_desk, "north-1")
    back = serve_next(store, "north-2", "boris")
    with pytest.raises(Conflict, match="nobody_waiting"):
        do(store, visits.call_next, "north-2", actor="boris")
    (alert,) = store.hall("north").alerts
    assert (alert.code, alert.visit, alert.desk) == ("addressee_away", back, "north-1")
    do(store, visits.call, "north-2", back.id, "by-manager", actor="boris")
    assert store.hall("north").alerts == []


def test_a_ticket_for_several_services_goes_on_to_the_next_at_each_finish(store: Store) -> None:
    do(store, visits.issue_ticket, "contract", None, "ru", ("cash",), actor="kiosk")
    do(store, desks.open_desk, "north-2")
    first = serve_next(store, "north-2", "anna")
    assert (first.state, first.service, first.leg) == (State.WAITING, "cash", 2)
    assert serve_next(store, "north-2", "anna").state is State.SERVED
    hall = store.hall("north")
    assert hall.desk("north-2").served_count == 2
    with store.read() as connection:
        assert sum(queries.day_sums(connection, "north").values(), Sums()).served == 1


def test_an_administrator_moves_a_waiting_visitor_and_raises_another(store: Store, clock: Clock) -> None:
    first = take(store)
    clock.forward(minutes=1)
    second = take(store)
    do(store, visits.raise_priority, second.id, actor="admin")
    assert [p.reason for p in store.hall("north").places] == ["raised", "arrival"]
    moved = do(store, visits.move, first.id, ("cash", "north-2", None), actor="admin")
    assert (moved.service, moved.to_desk, moved.first_service) == ("cash", "north-2", "contract")
    with store.read() as connection:
        assert {key.service for key in queries.day_sums(connection, "north")} == {"contract"}


def test_acts_on_a_visitor_who_is_gone_say_where_the_visitor_is_now(store: Store, at_desk: Visit) -> None:
    do(store, visits.finish, "north-1", at_desk.id)
    for act in (visits.finish, visits.no_show, visits.start, visits.give_back):
        for ticket in (at_desk.id, None):
            with pytest.raises(Conflict) as refusal:
                do(store, act, "north-1", ticket)
            values = refusal.value.values
            assert (refusal.value.code, values["number"], values["state"]) == (
                "move_not_allowed",
                at_desk.number,
                "served",
            )


def test_an_act_meant_for_one_visitor_never_moves_another(store: Store, at_desk: Visit) -> None:
    do(store, visits.finish, "north-1", at_desk.id)
    take(store)
    do(store, visits.call_next, "north-1")
    do(store, visits.start, "north-1")
    with pytest.raises(Conflict, match="move_not_allowed"):
        do(store, visits.finish, "north-1", at_desk.id)
    assert store.hall("north").at_desk("north-1") is not None
