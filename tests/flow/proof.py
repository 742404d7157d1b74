"""Compares what people were told with the raw log: nothing lost, nothing doubled, no untrue refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.flow.log_book import LogBook

Act = dict[str, Any]

# What somebody does → the events it may be in the log.
KINDS: dict[str, set[str]] = {
    "issue": {"ticket_issued"},
    "cancel": {"ticket_cancelled"},
    "rate": {"rated", "rating_stray"},
    "open": {"desk_opened"},
    # The break may have begun meanwhile, because the visitor left: then the operator comes back from it.
    "take-break-back": {"break_taken_back", "desk_opened"},
    "break": {"desk_break", "break_due"},
    "close": {"desk_closed"},
    "call-next": {"ticket_called"},
    "call": {"ticket_called"},
    "recall": {"ticket_recalled"},
    "start": {"service_started"},
    # With a service to follow, the end of the first one sends the visitor on.
    "finish": {"service_finished", "ticket_transferred"},
    "transfer": {"ticket_transferred"},
    "no-show": {"no_show"},
    "hold": {"ticket_held"},
    "give-back": {"call_given_back"},
    "return": {"ticket_returned"},
    "restore": {"no_show_restored"},
    "serve-without-ticket": {"served_without_ticket"},
    "note": {"remark_added"},
    "raise": {"ticket_raised"},
    "move": {"ticket_moved"},
    "annul": {"ticket_annulled"},
}
NOT_BY_PEOPLE = {"office_revised"}
CLOCK_GRAIN = 0.001
"""The log's times are cut to the millisecond."""


@dataclass
class Proof:
    """What was compared: all lists are empty when the engine holds its promise."""

    requests: int
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    answered_again: int = 0
    errors: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def calls_and_issues(self) -> int:
        """Tickets issued and visitors called."""
        return self.done["issue"] + self.done["call"] + self.done["call-next"]

    def assert_holds(self) -> None:
        """Every list is empty; the first of each is shown otherwise."""
        for what in ("errors", "doubles", "lost", "faults"):
            found: list[str] = getattr(self, what)
            assert not found, f"{len(found)} {what}, e.g.:\n" + "\n".join(found[:8])


def prove(acts: list[Act], book: LogBook) -> Proof:
    """Match each act that was answered with 2xx to its own event, and each event to its own act.

    ``errors`` are answers that are neither 2xx nor a refusal that was true at some moment between the
    sending and the answer; ``doubles`` events nobody was told of and numbers given twice; ``lost``
    acts that were acknowledged and are not in the log; ``faults`` what the log alone tells.
    """
    proof = Proof(len(acts), faults=list(book.faults), doubles=book.doubled_numbers)
    unclaimed = {
        seq: event
        for seq, event in book.events.items()
        if seq not in book.implied and event["kind"] not in NOT_BY_PEOPLE
    }
    for act in sorted(acts, key=_has_no_screen):
        proof.repeats += act.get("tries", 1) - 1
        proof.answered_again += act.get("repeated", False)
        if 200 <= act["status"] < 300:
            proof.done[act["act"]] += 1
            if not _claim(act, book, unclaimed):
                proof.lost.append(f"{act}")
        elif act["status"] == 409 and act["code"] in TRUE and TRUE[act["code"]](book, act):
            proof.refused[act["code"]] += 1
        else:
            proof.errors.append(f"{act}")
    proof.doubles += [f"nobody was told of {event}" for event in unclaimed.values()]
    return proof


def _has_no_screen(act: Act) -> bool:
    return "desk" not in act


def _claim(act: Act, book: LogBook, unclaimed: dict[int, Act]) -> bool:
    """Take the event of an act out of ``unclaimed``; false when there is none that is its own."""
    if _has_no_screen(act):
        seq = next((seq for seq, event in unclaimed.items() if _is_of(event, act)), 0)
    else:
        # The version of an operator's screen is the place of the last event of the act.
        seq = act["version"] - (act["version"] in book.implied)
    if seq not in unclaimed or not _is_of(unclaimed[seq], act):
        return False
    del unclaimed[seq]
    return True


def _is_of(event: Act, act: Act) -> bool:
    if event["kind"] not in KINDS[act["act"]]:
        return False
    if act["act"] == "rate":
        return bool(event["payload"]["press"] == act["press_id"])
    number = act.get("number")
    if event["visit"] != act["visit"] or event["payload"].get("number", number) != number:
        return False
    return _has_no_screen(act) or event["desk"] == act["desk"] or act["act"] in ("return", "restore")


def _between(act: Act) -> tuple[float, float]:
    return act["sent"] - CLOCK_GRAIN, act["answered"]


def _state_was(book: LogBook, act: Act) -> bool:
    return book.by_number[act["number"]].state.was(act["state"], *_between(act))


def _not_served_was(book: LogBook, act: Act) -> bool:
    states = book.by_number[act["number"]].state
    return any(states.was(state, *_between(act)) for _at, state in states.history if state != "served")


def _desk_was_not_open(book: LogBook, act: Act) -> bool:
    return any(book.desk_state[act["desk"]].was(state, *_between(act)) for state in ("break", "closed"))


# Code of a refusal → whether it was true at some moment while the act was under way.
TRUE: dict[str, Callable[[LogBook, Act], bool]] = {
    "move_not_allowed": _state_was,
    "nobody_waiting": lambda book, act: book.nobody_for[act["desk"]].was(True, *_between(act)),
    "nobody_at_desk": lambda book, act: book.at_desk[act["desk"]].was(None, *_between(act)),
    "desk_busy": lambda book, act: (
        book.at_desk[act["desk"]].was(act["number"], *_between(act)) and _state_was(book, act)
    ),
    "desk_closed": _desk_was_not_open,
    "too_many_calls": lambda book, act: book.by_number[act["number"]].state.was("called", *_between(act)),
    "not_served_yet": _not_served_was,
}
