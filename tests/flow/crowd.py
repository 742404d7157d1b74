"""A process full of people of one office: visitors at terminals, operators, an administrator. Used by proofs.

Reads one JSON line ``{"clients": […], "patient": …}``, says "ready", begins at the line "begin", says each
act with its answer as one JSON line. After the line "evening" operators only serve who still waits. A patient
crowd repeats an act that got no answer, under the same key, at the next server, until it is answered.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import threading
import time
from typing import Any

import requests

from tests.programs import Caller

OFFICE_PATH = "offices/north"
PATIENCE_SECONDS = 90
AGAIN_SECONDS = 0.05
NOBODY_SECONDS = 0.02


class Crowd:
    """What the people of one process share: whether it is evening, and the line on which acts are said."""

    def __init__(self, patient: bool) -> None:
        self.patient = patient
        self.begun = threading.Event()
        self.evening = threading.Event()
        self._line = threading.Lock()

    def say(self, act: dict[str, Any]) -> None:
        """Tell the test of one answered act."""
        text = json.dumps(act) + "\n"
        with self._line:
            sys.stdout.write(text)
            sys.stdout.flush()


class Client:
    """One person: ``servers`` to ask, the first one first; a seeded script; a key for every act."""

    def __init__(self, crowd: Crowd, wish: dict[str, Any]) -> None:
        self.crowd = crowd
        self.name: str = wish["name"]
        self.wish = wish
        self.chance = random.Random(wish["seed"])
        self._servers: list[str] = wish["servers"]
        self._callers: dict[tuple[str, str | None], Caller] = {}
        self._keys = itertools.count(1)

    def act(
        self, act: str, path: str, body: dict[str, Any] | None = None, token: str | None = None, **facts: Any
    ) -> dict[str, Any] | None:
        """Do one thing and tell of it; the answer's body when it was done, ``None`` when it was refused."""
        key = f"{self.name}-{next(self._keys):06d}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        tries = 0
        while True:
            tries += 1
            sent = time.time()
            try:
                answer = self._caller(token).post(path, body, key)
                break
            except requests.RequestException as fault:
                if not self.crowd.patient or time.monotonic() > deadline:
                    self.crowd.say({"act": act, "by": self.name, "status": 0, "code": repr(fault)})
                    return None
                self._servers.append(self._servers.pop(0))
                threading.Event().wait(AGAIN_SECONDS)
        answered = time.time()
        said = answer.json()
        done = 200 <= answer.status_code < 300
        told = {
            "act": act,
            "by": self.name,
            "status": answer.status_code,
            "sent": sent,
            "answered": answered,
            "tries": tries,
            "repeated": "Idempotent-Replayed" in answer.headers,
            **facts,
        }
        if done:
            screen = said.get("screen", said)
            told |= {"visit": said.get("id", facts.get("visit")), "version": screen.get("version")}
        told |= {name: said[name] for name in ("number", "state", "code", "press_id") if name in said}
        self.crowd.say(told)
        return said if done else None

    def get(self, path: str, token: str | None = None) -> dict[str, Any]:
        """Look at something; a look that a crowd without patience gets no answer to is an error."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._caller(token).get(path)
                answer.raise_for_status()
                found: dict[str, Any] = answer.json()
                return found
            except requests.RequestException as fault:
                if not self.crowd.patient or time.monotonic() > deadline:
                    self.crowd.say({"act": "look", "by": self.name, "status": 0, "code": repr(fault)})
                    raise
                self._servers.append(self._servers.pop(0))
                threading.Event().wait(AGAIN_SECONDS)

    def _caller(self, token: str | None) -> Caller:
        place = (self._servers[0], token)
        if place not in self._callers:
            self._callers[place] = Caller(*place)
        return self._callers[place]


class Terminal(Client):
    """Visitors one after the other: each takes a ticket, some leave again, some rate by the ticket."""

    def work(self) -> None:
        """Take as many tickets as wished for."""
        taken: list[dict[str, Any]] = []
        for _ in range(self.wish["tickets"]):
            ticket = self._take()
            if ticket is not None:
                taken.append(ticket)
            if taken and self.chance.random() < 0.08:
                # One of the newest: most of the others are served by now.
                left = taken.pop(-self.chance.randint(1, min(3, len(taken))))
                self.act("cancel", f"tickets/{_code(left)}/cancel", visit=left["id"])
            elif len(taken) > 20 and self.chance.random() < 0.1:
                rated = taken.pop(0)
                press = {"score": 4, "press_id": f"phone-{rated['id']}", "source": "phone"}
                self.act("rate", "ratings", {**press, "ticket": _code(rated)}, number=rated["number"])

    def _take(self) -> dict[str, Any] | None:
        services = self.wish["services"]
        body: dict[str, Any] = {"service": self.chance.choice(services)}
        if self.chance.random() < 0.1:
            body["category"] = "veteran"
        if self.chance.random() < 0.1:
            body["then"] = [self.chance.choice(services)]
        return self.act("issue", f"{OFFICE_PATH}/tickets", body, self.wish["token"])


class Operator(Client):
    """An operator at a desk: does what the screen allows, mostly the usual, now and then the rare."""

    screen: dict[str, Any]

    def work(self) -> None:
        """Work until it is evening and nobody waits; close the desk."""
        self.desk: str = self.wish["desk"]
        self._look()
        while self._turn():
            pass

    def _turn(self) -> bool:
        screen, evening = self.screen, self.crowd.evening.is_set()
        here = screen["current"]
        if screen["state"] != "open":
            return self._do("open")
        if here is not None:
            return self._with_visitor(here, evening)
        if evening:
            return self._in_the_evening()
        act = self._pick({"call-next": 80, "call": 8, "return": 4, "restore": 4, "break": 2, "ticketless": 2})
        others = [ticket for ticket in screen["waiting"] if ticket["id"] in screen["mine"]]
        if act == "call" and (choice := screen["held"] or others):
            return self._do("call", {"ticket": choice[-1]["id"], "reason": "poor-health"})
        if act in ("return", "restore") and (choice := screen["held" if act == "return" else "missed"]):
            return self._do(act, {"ticket": self.chance.choice(choice)["id"]})
        if act == "break":
            return self._do("break", {"reason": "lunch"})
        if act == "ticketless":
            return self._do("serve-without-ticket", {"service": "contract"})
        return self._call_next()

    def _with_visitor(self, here: dict[str, Any], evening: bool) -> bool:
        meant = {"ticket": here["id"]} if self.chance.random() < 0.5 else {}
        if here["state"] == "called":
            rare = {} if evening else {"recall": 5, "no-show": 8, "hold": 6, "transfer": 4, "give-back": 4}
            act = self._pick({"start": 73, **rare})
        else:
            rest = "take-break-back" if self.screen["break_due"] else "break-after"
            rare = {} if evening else {"hold": 6, "transfer": 8, "note": 3, rest: 2}
            act = self._pick({"finish": 81, **rare})
        if act == "break-after":
            return self._do("break", {"reason": "training", "after_visitor": True})
        details: dict[str, dict[str, Any]] = {
            "hold": {"reason": "pays"},
            "note": {"text": "has all papers"},
            "transfer": self._somewhere(),
        }
        self._do(act, {**meant, **details.get(act, {})})
        if act == "finish" and self.chance.random() < 0.5:
            press = {"score": self.chance.randint(1, 5), "press_id": f"{self.name}-{next(self._keys)}"}
            self.act("rate", "ratings", {**press, "desk": self.desk}, self.wish["rating_token"])
        return True

    def _somewhere(self) -> dict[str, Any]:
        if self.chance.random() < 0.5:
            return {"service": self.chance.choice(self.wish["services"])}
        return {"desk": self.chance.choice(self.wish["desks"]), "return_after": self.chance.random() < 0.3}

    def _in_the_evening(self) -> bool:
        if held := self.screen["held"]:
            return self._do("call", {"ticket": held[0]["id"], "reason": "held-ready"})
        if self.screen["mine"]:
            return self._call_next()
        self._look()
        if self.screen["mine"] or self.screen["held"] or self.screen["current"]:
            return True
        self._do("close")
        return bool(self.screen["state"] != "closed")

    def _call_next(self) -> bool:
        if not self._do("call-next", refused_is=False):
            threading.Event().wait(NOBODY_SECONDS)
        return True

    def _do(self, act: str, body: dict[str, Any] | None = None, refused_is: bool = True) -> bool:
        path = "open" if act == "take-break-back" else act
        body = None if path == "open" else body
        said = self.act(act, f"desks/{self.desk}/{path}", body, self.wish["token"], desk=self.desk)
        if said is None:
            self._look()
            return refused_is
        self.screen = said.get("screen", said)
        return True

    def _look(self) -> None:
        self.screen = self.get(f"desks/{self.desk}", self.wish["token"])

    def _pick(self, weights: dict[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]


class Administrator(Client):
    """Meddles with whoever is about to be called: raises, moves, annuls, returns, restores."""

    def work(self) -> None:
        """Meddle until it is evening."""
        raised: set[str] = set()
        while not self.crowd.evening.is_set():
            hall = self.get(f"{OFFICE_PATH}/hall", self.wish["token"])
            act = self.chance.choice(("raise", "raise", "move", "move", "annul", "return", "restore"))
            people = hall[{"return": "held", "restore": "missed"}.get(act, "waiting")][:3]
            # Raising whoever is raised is allowed and changes nothing: there is no event to look for.
            people = [ticket for ticket in people if act != "raise" or ticket["id"] not in raised]
            if not people:
                threading.Event().wait(NOBODY_SECONDS)
                continue
            ticket = self.chance.choice(people)["id"]
            if act == "raise":
                raised.add(ticket)
            service = self.chance.choice(self.wish["services"])
            more = {"move": {"service": service}, "annul": {"reason": "test"}}
            body = {"ticket": ticket, **more.get(act, {})}
            self.act(act, f"{OFFICE_PATH}/{act}", body, self.wish["token"])


ROLES: dict[str, type[Terminal] | type[Operator] | type[Administrator]] = {
    "terminal": Terminal,
    "operator": Operator,
    "administrator": Administrator,
}


def _code(ticket: dict[str, Any]) -> str:
    return str(ticket["status_url"]).rsplit("/", 1)[-1]


def main() -> None:
    """Run the people given on standard input."""
    wish = json.loads(sys.stdin.readline())
    crowd = Crowd(wish["patient"])
    threads = [
        threading.Thread(target=_work, args=(crowd, ROLES[client["role"]](crowd, client)), daemon=True)
        for client in wish["clients"]
    ]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        {"begin": crowd.begun, "evening": crowd.evening}[line.strip()].set()
        if crowd.evening.is_set():
            break
    for thread in threads:
        thread.join()


def _work(crowd: Crowd, client: Terminal | Operator | Administrator) -> None:
    crowd.begun.wait()
    try:
        client.work()
    except Exception as fault:
        crowd.say({"act": "work", "by": client.name, "status": 0, "code": repr(fault)})
        raise
    finally:
        crowd.say({"gone": client.name, "role": client.wish["role"]})


if __name__ == "__main__":
    main()
