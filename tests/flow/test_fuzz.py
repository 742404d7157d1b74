"""Seeded nonsense for every POST of the API: never a fault, never a trace of what was refused."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.flow.one_server import FAULT_MARKS, OneServer, assert_is_some_problem
from tests.flow.test_booking_race import take_bookings
from tests.programs import Caller
from tests.working_company import CLOSED_OFFICE, OFFICE, OTHER_OFFICE

REQUESTS_PER_PATH = 15
ODD_TEXTS = (
    *("", " ", "0", "null", "\x00", "a\x00b", "\n", "Договор", "Ә", "🎫", "'; DROP TABLE visit; --"),
    *(
        "../..",
        "%s",
        "x" * 41,
        "x" * 5000,
        "\ud800",
        "{{7*7}}",
        "<script>",
        "контракт",
        "CONTRACT",
        "contract ",
        "-1",
    ),
)
ODD_NUMBERS = (0, -1, 2**31, 2**63, 2**64, 10**300, -(10**300), 0.1, 1e308, float("nan"), float("inf"))
ODD_HEADERS = (
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Type": ""},
    {"Content-Encoding": "gzip"},
    {"Accept-Language": "xx-YY;q=2,,;q=, *"},
    {"Accept": "text/html"},
    {"Idempotency-Key": ""},
    {"Idempotency-Key": "a" * 500},
    {"X-HTTP-Method-Override": "DELETE"},
    {"X-Forwarded-For": "1.2.3.4, 5.6.7.8"},
    {"Host": "example.invalid"},
    {"Cookie": "session=e30.aaaa.bbbb"},
)
GOOD_PLACES = {
    "office": (OFFICE, OTHER_OFFICE, CLOSED_OFFICE),
    "desk": (f"{OFFICE}-1", f"{OFFICE}-2", f"{OTHER_OFFICE}-1"),
    "code": ("0123456789abcdef",),
    "booking": ("00000000-0000-7000-8000-000000000000",),
    "visit": ("00000000-0000-7000-8000-000000000000",),
}
GOOD_TEXTS = ("contract", "cash", "all", "veteran", "ru", "kk", "pad", "closed", "press-0001", f"{OFFICE}-1")
GOOD_BY_NAME = {
    "service": ("contract", "cash", "all"),
    "category": ("veteran",),
    "desk": (f"{OFFICE}-1", f"{OTHER_OFFICE}-1"),
}


class Nonsense:
    """Makes requests that are right here and there: deep enough to be dangerous."""

    def __init__(self, seed: int, described: dict[str, Any], known: dict[str, tuple[str, ...]]) -> None:
        self._chance = random.Random(seed)
        self._schemas = described["components"]["schemas"]
        self._places = {
            name: (*GOOD_PLACES.get(name, ()), *known.get(name, ())) for name in (*GOOD_PLACES, *known)
        }
        self._by_name = {**GOOD_BY_NAME, **known}

    def place(self, name: str) -> str:
        """A value for a part of the path."""
        if self._chance.random() < 0.8:
            return self._chance.choice(self._places[name])
        return quote(self._text().encode("utf-8", "surrogatepass"), safe="")

    def body(self, schema: dict[str, Any]) -> bytes:
        """Bytes that resemble the schema, or do not."""
        kind = self._chance.random()
        if kind < 0.06:
            return self._chance.randbytes(self._chance.randrange(200))
        if kind < 0.12:
            return json.dumps(self._anything(0)).encode()
        value = self._like(schema)
        if isinstance(value, dict) and self._chance.random() < 0.4:
            self._spoil(value)
        text = json.dumps(value, ensure_ascii=self._chance.random() < 0.5).encode("utf-8", "surrogatepass")
        if kind < 0.17:
            return text[: self._chance.randrange(len(text))]
        return text

    def headers(self) -> dict[str, str]:
        """Sometimes an odd header."""
        return dict(self._chance.choice(ODD_HEADERS)) if self._chance.random() < 0.25 else {}

    def choice(self, values: list[str]) -> str:
        """One of them."""
        return self._chance.choice(values)

    def _like(self, schema: dict[str, Any], name: str = "") -> Any:
        if "$ref" in schema:
            return self._like(self._schemas[schema["$ref"].rsplit("/", 1)[1]])
        if "anyOf" in schema:
            return self._like(self._chance.choice(schema["anyOf"]))
        if "enum" in schema:
            return self._chance.choice(schema["enum"])
        match schema.get("type"):
            case "object":
                required = schema.get("required", [])
                return {
                    name: self._like(inner, name)
                    for name, inner in schema.get("properties", {}).items()
                    if name in required or self._chance.random() < 0.6
                }
            case "integer":
                return self._chance.randint(schema.get("minimum", 0), schema.get("maximum", 10))
            case "string":
                return self._chance.choice(self._by_name.get(name, GOOD_TEXTS))
        return None

    def _spoil(self, value: dict[str, Any]) -> None:
        names = [*value, "unknown", "service", "__proto__", "\x00"]
        value[self._chance.choice(names)] = self._anything(0)

    def _anything(self, depth: int) -> Any:
        kind = self._chance.randrange(7 if depth < 3 else 5)
        if kind == 0:
            return self._chance.choice([None, True, False])
        if kind == 1:
            return self._chance.choice(ODD_NUMBERS)
        if kind < 5:
            return self._text()
        if kind == 5:
            return [self._anything(depth + 1) for _ in range(self._chance.randrange(4))]
        return {self._text(): self._anything(depth + 1) for _ in range(self._chance.randrange(4))}

    def _text(self) -> str:
        return self._chance.choice(ODD_TEXTS if self._chance.random() < 0.6 else GOOD_TEXTS)


@pytest.fixture(scope="module")
def bookings(live: OneServer) -> dict[str, tuple[str, ...]]:
    """The office takes bookings; what a few of them are called, and times that are free."""
    take_bookings(live.company)
    with Caller(live.program.url, live.company.devices["integration"]) as site:
        version = site.get(f"offices/{OFFICE}/booking-rules").json()["consent"]["version"]
        days = site.get(f"offices/{OFFICE}/slots", service="contract").json()["days"]
        times = [slot["at"] for slot in days[1]["slots"][:8]]
        wanted = {"office": OFFICE, "service": "contract"}
        held = [site.post("bookings", {**wanted, "at": at}).json() for at in times[:4]]
        who = {"name": "A. A.", "phone": "+79270000012", "consent": True, "consent_version": version}
        for one in held[:2]:
            assert site.post(f"bookings/{one['hold']}/confirm", who).status_code == 200
    return {
        "code": tuple(one["hold"] for one in held),
        "booking": tuple(one["id"] for one in held),
        "at": tuple(times),
        "consent_version": (version,),
        "phone": ("+79270000012",),
    }


# Further seeds are for make bench T=tests/flow/test_fuzz.py.
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.bench) for seed in range(2, 8))])
def test_nonsense_is_refused_in_words_and_leaves_no_trace(
    live: OneServer, bookings: dict[str, tuple[str, ...]], seed: int
) -> None:
    base = live.program.url
    described = requests.get(f"{base}/api/v1/openapi.json", timeout=15).json()
    commands = {path: methods["post"] for path, methods in described["paths"].items() if "post" in methods}
    assert len(commands) >= 12
    nonsense = Nonsense(seed, described, bookings)
    devices, people = live.company.devices, live.company.people
    tokens = [people["admin"]] * 6 + [people["operator-1"], devices["kiosk"], devices["rating"], "x", ""]
    tokens.append(devices["integration"])
    said = len(live.program.log)
    statuses: Counter[int] = Counter()

    with requests.Session() as session:
        session.trust_env = False
        for path, operation in commands.items():
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            for _turn in range(REQUESTS_PER_PATH):
                values = {
                    parameter["name"]: nonsense.place(parameter["name"])
                    for parameter in operation["parameters"]
                    if parameter["in"] == "path"
                }
                token = nonsense.choice(tokens)
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                body = nonsense.body(schema)
                before = live.written()
                answer = session.post(
                    base + path.format(**values),
                    data=body,
                    headers={"Content-Type": "application/json", **headers, **nonsense.headers()},
                    timeout=15,
                )
                asked = f"POST {path} {values} {body[:300]!r} → {answer.status_code} {answer.text[:500]}"
                statuses[answer.status_code] += 1
                assert answer.status_code < 500, asked
                assert not [mark for mark in FAULT_MARKS if mark in answer.text], asked
                if answer.status_code >= 400:
                    assert_is_some_problem(answer)
                    assert live.written() == before, asked

    assert "Traceback" not in live.program.log[said:], live.program.log[said:]
    # The nonsense reaches all depths: not only the door turns it away.
    for status in (200, 201, 400, 401, 403, 404, 409, 422):
        assert statuses[status], statuses
