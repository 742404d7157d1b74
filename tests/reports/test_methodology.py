"""The methodology is enough: an outsider with the text and the exported log gets the published figures."""

from __future__ import annotations

import ast
import json
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from server import cli
from server.config import TalonSettings
from server.db import log_export, queries
from server.db.store import Store
from server.domain import replay
from server.domain.errors import Refusal
from server.domain.events import Event, Kind, LoggedEvent, chain_hash
from server.domain.figures import Sums, arrived, nearest_rank, share_over, share_over_all
from server.reports import supplier
from server.reports.inputs import Inputs, service_minutes, wait_minutes
from tests.actions.test_random_days import ACTS, steps
from tests.builders import Clock, a_store, an_office
from tests.reports import outsider
from tests.reports.figures import cell

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
EVENT = (Kind.TICKET_ISSUED, "00:00", {})
Told = tuple[Kind, str, dict[str, Any]]


def export(store: Store, offices: tuple[str, ...] = ("north", "south")) -> str:
    with store.read() as connection:
        return "".join(line for office in offices for line in log_export.lines(connection, office))


def told(*events: Told) -> list[LoggedEvent]:
    """A log of one visit, written by hand: kind, the time ``HH:MM[:SS]``, and particulars."""
    rows: list[LoggedEvent] = []
    for seq, (kind, clock, particulars) in enumerate(events, start=1):
        payload = {
            name: moment(value).isoformat() if isinstance(value, str) else value
            for name, value in particulars.items()
        }
        known: dict[str, Any] = {"call": "call", "count": 1, "steps": [{"service": "cash"}], "reason": ""}
        if kind is Kind.TICKET_ISSUED:
            known = {"number": "А001", "service": "contract", "language": "ru", "category": None}
        event = Event(kind, moment(clock), "anna", "visit", "north-1", {**known, **payload})
        before = rows[-1].hash if rows else "0" * 64
        rows.append(LoggedEvent("north", seq, event, chain_hash(before, "north", seq, event)))
    return rows


def moment(text: str) -> datetime:
    hours, minutes, seconds = (*text.split(":"), "0")[:3]
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(
        hours=int(hours), minutes=int(minutes), seconds=float(seconds)
    )


def both(rows: list[LoggedEvent]) -> tuple[outsider.Figures, Sums]:
    """What the outsider and what the product makes of a log."""
    head = {"office": "north", "timezone": "Europe/Moscow", "documents": []}
    text = json.dumps(head) + "\n" + "".join(log_export.event_line(row) for row in rows)
    months = outsider.figures(text)
    derived = replay.derive(rows, an_office().zone)
    return sum(months.values(), outsider.Figures()), sum(derived.sums.values(), Sums())


def a_visit(wait_seconds: float, number: int) -> list[dict[str, Any]]:
    at = TEN + timedelta(minutes=number)
    moments = (at, at + timedelta(seconds=wait_seconds), at + timedelta(seconds=wait_seconds + 60))
    kinds = ("ticket_issued", "service_started", "service_finished")
    return [
        {
            "office": "north",
            "seq": 0,
            "at": when.isoformat(),
            "kind": kind,
            "visit": str(number),
            "payload": {},
        }
        for kind, when in zip(kinds, moments, strict=True)
    ]


def test_the_first_example_is_28_7_minutes_and_not_16() -> None:
    head = {"office": "north", "timezone": "Europe/Moscow", "documents": []}
    waits = [1800] * 40 + [120] * 2
    lines = [head, *(line for number, wait in enumerate(waits) for line in a_visit(wait, number))]
    (found,) = outsider.figures("\n".join(map(json.dumps, lines))).values()
    assert found.waiting == 28.7
    sums = Sums(served=42, wait_seconds=found.counts["wait"])
    assert wait_minutes(sums) == 28.7
    document = supplier.document(Inputs(2026, [an_office()], {("north", 3): sums}))
    assert cell(document, "wait", "|in_person", "3") == 28.7


@pytest.mark.parametrize(
    ("events", "wait", "service"),
    [
        # Example 2: a single visitor, seconds cut and half a tenth rounded up.
        ([("00:00:57", "start"), ("00:01:57", "finish")], 1.0, 1.0),
        ([("00:00:02.9", "start"), ("00:01:02.9", "finish")], 0.0, 1.0),
        # Example 3: a restored no-show.
        (
            [("00:05", "call"), ("00:06", "no_show"), ("00:20", "restore"), ("00:25", "call"),
             ("00:26", "start"), ("00:31", "finish")],
            12.0,
            5.0,
        ),
        # Example 4: held in the middle, transferred, served at another desk.
        (
            [("00:00", "call"), ("00:00", "start"), ("00:04", "hold"), ("00:09", "call"), ("00:10", "start"),
             ("00:12", "transfer"), ("00:29", "call"), ("00:30", "start"), ("00:35", "finish")],
            0.0,
            11.0,
        ),
    ],
)  # fmt: skip
def test_the_examples_come_out_as_written_by_hand_and_by_the_product(
    events: list[tuple[str, str]], wait: float, service: float
) -> None:
    kinds = {
        "call": Kind.TICKET_CALLED, "start": Kind.SERVICE_STARTED, "finish": Kind.SERVICE_FINISHED,
        "no_show": Kind.NO_SHOW, "restore": Kind.NO_SHOW_RESTORED, "hold": Kind.TICKET_HELD,
        "transfer": Kind.TICKET_TRANSFERRED,
    }  # fmt: skip
    if events[0][1] != "call":
        events = [("00:00", "call"), *events]
    rows = told(EVENT, *((kinds[name], clock, {}) for clock, name in events))
    theirs, ours = both(rows)
    assert (theirs.waiting, theirs.service) == (wait, service)
    assert (wait_minutes(ours), service_minutes(ours)) == (wait, service)


def test_the_seventh_example_counts_exactly_the_limit_as_within_it_and_the_unserved_by_their_first_call() -> (
    None
):
    lines: list[dict[str, Any]] = [{"office": "north", "timezone": "Europe/Moscow", "documents": []}]
    for number, wait in enumerate([1800.9] * 40 + [1860] * 2):
        visit = a_visit(wait, number)
        visit[0]["payload"] = {"limit": 1800}
        lines += visit
    for number, called in enumerate((35, 10, 10), start=100):
        kinds = (("ticket_issued", 0, {"limit": 1800}), ("ticket_called", called, {}), ("no_show", 60, {}))
        lines += [
            {"office": "north", "seq": 0, "at": (TEN + timedelta(minutes=minutes)).isoformat(), "kind": kind,
             "visit": str(number), "payload": payload}
            for kind, minutes, payload in kinds
        ]  # fmt: skip
    (found,) = outsider.figures("\n".join(map(json.dumps, lines))).values()
    assert (found.over, found.over_all) == (4.8, 6.7)


def test_the_eighth_examples_percentiles_are_values_of_the_list() -> None:
    waits = list(range(1, 11))
    assert [waits[nearest_rank(percent, len(waits)) - 1] for percent in (50, 90)] == [5, 9]


def test_the_ninth_example_a_corrected_visit_counts_by_hand_and_by_the_product() -> None:
    new = {"wait": 60, "service": 420, "excluded": False}
    rows = told(
        (Kind.TICKET_ISSUED, "00:00", {}),
        (Kind.TICKET_CALLED, "00:01", {}),
        (Kind.SERVICE_STARTED, "00:01", {}),
        (Kind.SERVICE_UNFINISHED, "20:00", {}),
        (Kind.FIGURES_CORRECTED, "21:00", {"new": new}),
    )
    theirs, ours = both(rows)
    assert (theirs.service, theirs.counts["excluded"]) == (7.0, 0)
    assert (service_minutes(ours), wait_minutes(ours), ours.excluded) == (7.0, 1.0, 0)


def test_a_booked_visitor_called_before_the_time_waited_nothing_and_counts() -> None:
    rows = told(
        (Kind.TICKET_ISSUED, "00:50", {"booked_for": "01:00"}),
        (Kind.TICKET_CALLED, "00:54", {}),
        (Kind.SERVICE_STARTED, "00:55", {}),
        (Kind.SERVICE_FINISHED, "01:05", {}),
    )
    theirs, ours = both(rows)
    assert (theirs.waiting, theirs.counts["served"]) == (0.0, 1)
    assert (wait_minutes(ours), ours.served) == (0.0, 1)


def test_a_visit_belongs_to_the_month_its_service_began_and_its_ticket_to_that_of_the_issue() -> None:
    events = [("ticket_issued", "2026-03-31T20:50:00Z"), ("service_started", "2026-03-31T21:10:00Z"),
              ("service_finished", "2026-03-31T21:20:00Z")]  # fmt: skip
    lines: list[Any] = [{"office": "north", "timezone": "Europe/Moscow", "documents": []}]
    lines += [
        {"office": "north", "seq": n, "at": at, "kind": kind, "visit": "v", "payload": {}}
        for n, (kind, at) in enumerate(events, start=1)
    ]
    found = outsider.figures("\n".join(map(json.dumps, lines)))
    assert found["north", 2026, 4].counts["served"] == 1
    assert found["north", 2026, 3].counts["issued"] == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_on_random_days_the_outsider_gets_the_products_numbers(day: list[tuple[str, str, int]]) -> None:
    with TemporaryDirectory() as folder:
        clock = Clock()
        store = a_store(f"sqlite:///{folder}/talon.sqlite", clock)
        for act, desk, seconds in day:
            clock.forward(seconds=seconds)
            operator = "anna" if desk == "north-1" else "boris"
            for wanted in ("open", act) if seconds % 4 else (act,):
                with suppress(Refusal, IndexError), store.write("north", operator) as uow:
                    ACTS[wanted](uow, desk)
        text = export(store)
        with store.read() as connection:
            ours = queries.month_sums(connection, 2026)
        store.engine.dispose()
    outsider.check_chain(text)
    theirs = outsider.figures(text)
    months = {(office, month) for office, _year, month in theirs} | set(ours)
    for office, month in months:
        one, other = ours.get((office, month), Sums()), theirs[office, 2026, month]
        counts = other.counts
        assert (one.served, one.wait_seconds) == (counts["served"], counts["wait"])
        assert one.service_seconds + one.ticketless_seconds == counts["service"]
        assert (one.ticketless, one.excluded) == (counts["ticketless"], counts["excluded"])
        assert (one.issued, one.annulled) == (counts["issued"], counts["annulled"])
        assert (one.no_show, one.cancelled + one.unserved) == (counts["no_show"], counts["unserved"])
        assert (one.limited, one.wait_over) == (counts["limited"], counts["over"])
        assert one.unserved_limited == counts["unserved_limited"]
        assert one.unserved_over == counts["unserved_over"]
        assert (share_over(one), share_over_all(one)) == (other.over, other.over_all)
        assert (wait_minutes(one), service_minutes(one), arrived(one)) == (
            other.waiting,
            other.service,
            other.came,
        )


def test_a_changed_or_cut_export_is_found(store: Store) -> None:
    text = export(store)
    outsider.check_chain(text)
    lines = text.splitlines()
    for broken in (lines[:1] + lines[2:], [line.replace("office_revised", "other") for line in lines]):
        with pytest.raises(AssertionError):
            outsider.check_chain("\n".join(broken))


def test_the_office_line_tells_the_data_that_was_in_force(store: Store) -> None:
    first, event = map(json.loads, export(store, ("north",)).splitlines())
    assert first["timezone"] == "Europe/Moscow"
    assert event["payload"]["sha256"] == first["documents"][-1]["sha256"]


def test_the_command_writes_every_office_or_the_one_asked_for(
    store: Store, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "talon.toml"
    path.write_text(f'[database]\nurl = "{database_url}"\n', "utf-8")

    def never(_settings: TalonSettings) -> int:
        raise AssertionError("the server was started")

    assert cli.main(["--config", str(path), "log", "export"], never) == 0
    assert capsys.readouterr().out == export(store)
    assert cli.main(["--config", str(path), "log", "export", "--office", "south"], never) == 0
    assert capsys.readouterr().out == export(store, ("south",))
    assert cli.main(["--config", str(path), "log", "export", "--office", "nowhere"], never) == 2


def test_the_outsider_knows_nothing_of_the_product() -> None:
    tree = ast.parse(Path(outsider.__file__).read_text("utf-8"))
    names = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_methodology_names_every_kind_of_event_that_changes_a_figure(language: str) -> None:
    text = (DOCS / f"methodology.{language}.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z_]+)`", text))
    assert {str(kind) for kind in replay._MOVES} - named == {
        "ticket_returned", "call_given_back", "ticket_raised",
    }  # fmt: skip
    assert ("28.7" if language == "en" else "28,7") in text


def test_both_languages_of_the_methodology_have_the_same_parts() -> None:
    patterns = (r"^## ", r"^\| ", r"^\d\. ", r"^- ")
    texts = [(DOCS / f"methodology.{language}.md").read_text("utf-8") for language in ("ru", "en")]
    parts = [[len(re.findall(one, text, re.MULTILINE)) for one in patterns] for text in texts]
    assert parts[0] == parts[1]
