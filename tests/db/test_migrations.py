"""Migrations with data in the tables: what was known before is known after."""

from __future__ import annotations

import json
from datetime import timedelta

from alembic import command
from sqlalchemy import bindparam, text

from server.db import event_log, migrate, queries, rating_rows
from server.db.column_types import UtcTime
from server.db.engine import connect, writing
from server.db.store import Store
from server.domain.figures import DayKey, Sums
from tests.builders import NINE, Clock, a_company


def test_visits_of_the_version_before_legs_keep_their_times_and_open_ones_go_on(
    database_url: str, clock: Clock
) -> None:
    engine = connect(database_url)
    command.upgrade(migrate.configuration(engine), "0002")
    stamps = {name: NINE + timedelta(minutes=n) for n, name in enumerate(("joined", "started", "finished"))}
    with writing(engine).connect() as connection, connection.begin():
        document = json.dumps(a_company().documents()[0])
        for sql in (
            "INSERT INTO office_version (id, office, made_at, document)"
            " VALUES (1, 'north', :joined, :document)",
            "INSERT INTO office_log VALUES ('north', 0, 1, 1, 'a hash', 'by_schedule', '{}')",
            "INSERT INTO event VALUES"
            " ('north', 1, :joined, 'office_revised', NULL, NULL, 'x', '{}', 'a hash')",
            "INSERT INTO visit (id, office, day, number, service, code, state, language, joined_at,"
            " called_at, call_count, started_at, finished_at, incomplete, returned, absent_ms, held_ms)"
            " VALUES"
            " ('served', 'north', :day, 'А001', 'contract', 'c1', 'served', 'ru', :joined, :started, 1,"
            " :started, :finished, :no, :no, 0, 1500)",
            "INSERT INTO visit (id, office, day, number, service, code, state, language, joined_at,"
            " call_count, incomplete, returned, absent_ms, held_ms) VALUES"
            " ('waits', 'north', :day, 'А002', 'contract', 'c2', 'waiting', 'ru', :joined,"
            " 0, :no, :yes, 0, 0)",
        ):
            values = {**stamps, "day": NINE.date(), "no": False, "yes": True, "document": document}
            typed = [bindparam(name, type_=UtcTime()) for name in stamps if f":{name}" in sql]
            used = {name: value for name, value in values.items() if f":{name}" in sql}
            connection.execute(text(sql).bindparams(*typed), used)
    migrate.upgrade(engine)
    store = Store(engine, clock)
    with store.read() as connection:
        served = queries.visit_by_id(connection, "served")
        assert served is not None
        assert (served.served_ms, served.leg_started_at) == (58_500, stamps["started"])
        assert next(event_log.read(connection, "north")).hash == "a hash"
    (waiting,) = store.hall("north").visits
    assert (waiting.raised, waiting.first_service, waiting.leg) == ("returned", "contract", 1)
    command.downgrade(migrate.configuration(engine), "0002")
    engine.dispose()


def test_ratings_of_the_version_before_know_their_day_service_and_operator(
    database_url: str, clock: Clock
) -> None:
    engine = connect(database_url)
    command.upgrade(migrate.configuration(engine), "0005")
    with writing(engine).connect() as connection, connection.begin():
        document = json.dumps(a_company().documents()[0])
        for sql in (
            "INSERT INTO office_version (id, office, made_at, document) VALUES (1, 'north', :at, :document)",
            "INSERT INTO office_log VALUES ('north', 0, 1, 0, 'a hash', 'by_schedule', '{}')",
            "INSERT INTO visit (id, office, day, number, service, first_service, code, state, language,"
            " issued_at, joined_at, ticketless, call_count, operator, incomplete, overtaken, leg, served_ms,"
            " repeated_ms, absent_ms, held_ms) VALUES"
            " ('visit', 'north', :day, 'А001', 'cash', 'contract', 'c1', 'served', 'ru', :at, :at, :no, 1,"
            " 'anna', :no, 0, 1, 0, 0, 0, 0)",
            "INSERT INTO rating VALUES ('counted', 'north', 'north-1', 'visit', 5, :at, 'pad')",
            "INSERT INTO rating VALUES ('stray', 'north', 'north-1', NULL, 1, :at, 'pad')",
        ):
            values = {"at": NINE, "day": NINE.date(), "no": False, "document": document}
            typed = [bindparam("at", type_=UtcTime())] if ":at" in sql else []
            used = {name: value for name, value in values.items() if f":{name}" in sql}
            connection.execute(text(sql).bindparams(*typed), used)
    command.upgrade(migrate.configuration(engine), "0006")
    with Store(engine, clock).read() as connection:
        counted = rating_rows.of_visit(connection, "visit")
        stray = rating_rows.RatingRows(connection, "north").by_press("stray")
    assert counted is not None
    assert (counted.judged, counted.service, counted.operator) == ("visit", "contract", "anna")
    assert (counted.day, counted.taken_at, counted.at) == (NINE.date(), NINE, NINE)
    assert stray is not None
    assert (stray.judged, stray.service, stray.day) == (None, None, NINE.date())
    command.downgrade(migrate.configuration(engine), "0005")
    engine.dispose()


def test_sums_of_the_version_before_are_those_of_walk_ins_from_the_terminal(
    database_url: str, clock: Clock
) -> None:
    engine = connect(database_url)
    command.upgrade(migrate.configuration(engine), "0008")
    names = (
        "issued", "served", "wait_seconds", "service_seconds", "no_show", "cancelled", "annulled", "unserved",
        "excluded", "rated", "score_sum", "repeated_seconds", "ticketless", "ticketless_seconds",
        "missed_bookings",
    )  # fmt: skip
    with writing(engine).connect() as connection, connection.begin():
        document = json.dumps(a_company().documents()[0])
        moment = bindparam("at", type_=UtcTime())
        for sql in (
            "INSERT INTO office_version (id, office, made_at, document) VALUES (1, 'north', :at, :document)",
            "INSERT INTO office_log VALUES ('north', 0, 1, 0, 'a hash', 'by_schedule', '{}')",
        ):
            typed = text(sql).bindparams(moment) if ":at" in sql else text(sql)
            values = {"at": NINE, "document": document} if ":at" in sql else {}
            connection.execute(typed, values)
        for day in (2, 31):
            values = {"day": NINE.date().replace(day=day), **dict.fromkeys(names, day)}
            numbers = ", ".join(f":{name}" for name in names)
            connection.execute(
                text(f"INSERT INTO day_sum VALUES ('north', :day, 'cash', {numbers})"),
                values,
            )
    migrate.upgrade(engine)
    with Store(engine, clock).read() as connection:
        days = queries.day_sums(connection, "north")
        assert {key: (sums.issued, sums.missed_bookings, sums.limited) for key, sums in days.items()} == {
            DayKey(NINE.date().replace(day=day), "cash", "walk_in", "terminal"): (day, day, 0)
            for day in (2, 31)
        }
        assert queries.month_sums(connection, 2026)["north", 3] == sum(days.values(), Sums())
    command.downgrade(migrate.configuration(engine), "0008")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT day, service, issued FROM day_sum ORDER BY day")).all()
    assert [(str(row.day), row.service, row.issued) for row in kept] == [
        ("2026-03-02", "cash", 2),
        ("2026-03-31", "cash", 31),
    ]
    engine.dispose()
