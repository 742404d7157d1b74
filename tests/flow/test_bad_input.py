"""Bad input against a live server: each is refused with its status, in words, and leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.flow.one_server import FAULT_MARKS, OneServer, assert_is_problem
from tests.programs import Caller
from tests.working_company import CLOSED_OFFICE, OFFICE, OTHER_OFFICE

TICKETS = f"offices/{OFFICE}/tickets"
DESK = f"{OFFICE}-1"


@pytest.fixture
def untouched(live: OneServer) -> Iterator[None]:
    """Nothing was written by the test, and nothing broke inside the server."""
    before, said = live.written(), len(live.program.log)
    yield
    assert live.written() == before
    assert "Traceback" not in live.program.log[said:], live.program.log[said:]


@pytest.fixture
def kiosk(live: OneServer) -> Iterator[Caller]:
    """A terminal with its token."""
    with Caller(live.program.url, live.company.devices["kiosk"]) as caller:
        yield caller


def send(live: OneServer, path: str, data: bytes, token: str | None = None, **headers: str) -> Any:
    """POST these very bytes as a terminal, or under another token."""
    token = live.company.devices["kiosk"] if token is None else token
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    return requests.post(f"{live.program.url}/api/v1/{path}", data=data, headers=headers, timeout=15)


GOOD = b'{"service": "contract"}'


@pytest.mark.usefixtures("untouched")
class TestAddresses:
    """What the address names must exist."""

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("offices/nowhere", "unknown_office"),
            ("offices/%00", "unknown_office"),
            ("offices/%D0%9D%D0%B5%D1%82", "unknown_office"),
            ("offices/" + "a" * 3000, "unknown_office"),
            ("tickets/0123456789abcdef", "unknown_ticket"),
            ("tickets/%00", "unknown_ticket"),
            ("tickets/' OR 1=1 --", "unknown_ticket"),
            ("nothing/here", "not_found"),
        ],
    )
    def test_reading_what_does_not_exist_is_404(self, kiosk: Caller, path: str, code: str) -> None:
        assert_is_problem(kiosk.get(path), 404, code)

    @pytest.mark.parametrize(
        ("path", "body", "code"),
        [
            ("offices/nowhere/tickets", {"service": "contract"}, "unknown_office"),
            (TICKETS, {"service": "flights"}, "unknown_service"),
            (TICKETS, {"service": "contract", "category": "king"}, "unknown_category"),
            ("tickets/0123456789abcdef/cancel", {}, "unknown_ticket"),
            (
                "ratings",
                {"ticket": "0123456789abcdef", "score": 5, "press_id": "press-0001"},
                "unknown_ticket",
            ),
        ],
    )
    def test_acting_on_what_does_not_exist_is_404(
        self, kiosk: Caller, path: str, body: object, code: str
    ) -> None:
        assert_is_problem(kiosk.post(path, body), 404, code)

    def test_an_unknown_desk_is_404_to_an_operator(self, live: OneServer) -> None:
        with Caller(live.program.url, live.company.people["operator-1"]) as operator:
            assert_is_problem(operator.post("desks/north-99/call-next"), 404, "unknown_desk")

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
    def test_a_wrong_method_is_405(self, live: OneServer, method: str) -> None:
        answer = requests.request(method, f"{live.program.url}/api/v1/{TICKETS}", timeout=15)
        assert_is_problem(answer, 405, "method_not_allowed")


@pytest.mark.usefixtures("untouched")
class TestClosed:
    """A closed office says when it opens, in the language asked for."""

    @pytest.mark.parametrize(
        ("language", "title", "weekdays"),
        [
            ("ru", "Офис закрыт", "понедельник вторник среда четверг пятница суббота воскресенье"),
            ("kk", None, "дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі"),
            ("en", "The office is closed", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        ],
    )
    def test_a_closed_office_is_409_with_the_opening_time(
        self, live: OneServer, language: str, title: str | None, weekdays: str
    ) -> None:
        with Caller(live.program.url, live.company.devices["kiosk"], language) as kiosk:
            office = kiosk.get(f"offices/{CLOSED_OFFICE}").json()
            refused = kiosk.post(f"offices/{CLOSED_OFFICE}/tickets", {"service": "all"})
        problem = assert_is_problem(refused, 409, "office_closed")
        opens_at = datetime.fromisoformat(office["opens_at"]).astimezone(ZoneInfo(office["timezone"]))
        detail = str(problem["detail"])
        assert f"{opens_at:%H:%M}" == "09:00"
        assert "09:00" in detail
        assert f" {opens_at.day} " in detail
        assert weekdays.split()[opens_at.weekday()].lower() in detail.lower()
        if title is not None:
            assert problem["title"] == title

    def test_the_three_languages_differ(self, live: OneServer) -> None:
        texts = set()
        for language in ("ru", "kk", "en"):
            with Caller(live.program.url, live.company.devices["kiosk"], language) as kiosk:
                problem = kiosk.post(f"offices/{CLOSED_OFFICE}/tickets", {"service": "all"}).json()
                texts |= {problem["title"], problem["detail"]}
        assert len(texts) == 6

    def test_a_closed_service_is_409(self, kiosk: Caller) -> None:
        assert_is_problem(kiosk.post(TICKETS, {"service": "archive"}), 409, "service_closed")


@pytest.mark.usefixtures("untouched")
class TestRights:
    """Who may do what."""

    def test_no_token_is_401_and_says_how_to_come_in(self, live: OneServer) -> None:
        with Caller(live.program.url) as nobody:
            answer = nobody.post(TICKETS, {"service": "contract"})
        assert_is_problem(answer, 401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("token", ["unknown", "x" * 5000, "a b c", "%00", "'--"])
    def test_an_unknown_token_is_401(self, live: OneServer, token: str) -> None:
        assert_is_problem(send(live, TICKETS, GOOD, token), 401, "token_unknown")

    @pytest.mark.parametrize("header", ["Basic b3BlcmF0b3I6cA==", "Bearer", "bearer", "Nonsense", ""])
    def test_an_odd_authorization_is_401(self, live: OneServer, header: str) -> None:
        answer = send(live, TICKETS, GOOD, Authorization=header)
        assert answer.status_code == 401, answer.text
        assert answer.json()["code"] in ("token_unknown", "not_signed_in")

    @pytest.mark.parametrize(
        ("scope", "path", "body"),
        [
            ("kiosk", f"desks/{DESK}/call-next", None),
            ("kiosk", f"desks/{DESK}/open", None),
            ("display", TICKETS, {"service": "contract"}),
            ("bridge", TICKETS, {"service": "contract"}),
            ("audit", TICKETS, {"service": "contract"}),
            ("integration", TICKETS, {"service": "contract"}),
            ("kiosk", "ratings", {"desk": DESK, "score": 5, "press_id": "press-0001"}),
            ("kiosk", f"offices/{OFFICE}/reception", {"mode": "closed"}),
        ],
    )
    def test_a_token_of_another_scope_is_403(
        self, live: OneServer, scope: str, path: str, body: object
    ) -> None:
        with Caller(live.program.url, live.company.devices[scope]) as device:
            assert_is_problem(device.post(path, body), 403, "no_right")

    @pytest.mark.parametrize(
        "path", [f"offices/{OFFICE}/events", "reports/monthly", f"offices/{OFFICE}/queue"]
    )
    def test_reading_needs_its_own_right(self, kiosk: Caller, path: str) -> None:
        assert_is_problem(kiosk.get(path), 403, "no_right")

    def test_a_kiosk_of_another_office_is_403(self, live: OneServer) -> None:
        with Caller(live.program.url, live.company.devices["other-kiosk"]) as kiosk:
            assert_is_problem(kiosk.post(TICKETS, {"service": "contract"}), 403, "other_office")

    def test_an_operator_of_another_office_is_403(self, live: OneServer) -> None:
        with Caller(live.program.url, live.company.people["other-operator"]) as operator:
            assert_is_problem(operator.post(f"desks/{DESK}/open"), 403, "other_office")
            assert_is_problem(operator.get(f"desks/{DESK}"), 403, "other_office")
            assert_is_problem(operator.get(f"offices/{OFFICE}/queue"), 403, "other_office")

    def test_another_operators_desk_is_refused(self, live: OneServer) -> None:
        with Caller(live.program.url, live.company.people["operator-2"]) as operator:
            assert_is_problem(operator.post(f"desks/{DESK}/call-next"), 409, "desk_closed")


@pytest.mark.usefixtures("untouched")
class TestBodies:
    """What is not the JSON asked for."""

    @pytest.mark.parametrize(
        "data",
        [
            b"{",
            b"nothing",
            b"[]",
            b'"text"',
            b"null",
            b"7",
            b"\x00",
            b"\xff\xfe\xfa",
            b'{"service": "\xd0"}',
            b'{"service": "contract"}}',
            b"service=contract",
            b"[" * 30_000,
            b'{"a":' * 10_000,
        ],
        ids=lambda data: str(data[:24]),
    )
    def test_what_is_not_a_json_object_is_400(self, live: OneServer, data: bytes) -> None:
        assert_is_problem(send(live, TICKETS, data), 400, "bad_body")

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({}, "service"),
            ({"service": None}, "service"),
            ({"service": 7}, "service"),
            ({"service": ["contract"]}, "service"),
            ({"service": {"code": "contract"}}, "service"),
            ({"service": ""}, "service"),
            ({"service": "Договор"}, "service"),
            ({"service": "con\x00tract"}, "service"),
            ({"service": "x" * 41}, "service"),
            ({"service": "contract", "language": "de"}, "language"),
            ({"service": "contract", "category": 10**400}, "category"),
            ({"service": "contract", "priority": 1}, "priority"),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_a_body_that_does_not_fit_is_422_and_says_where(
        self, kiosk: Caller, body: object, place: str
    ) -> None:
        problem = assert_is_problem(kiosk.post(TICKETS, body), 422, "invalid")
        assert [fault["place"] for fault in problem["errors"]] == [place]  # type: ignore[attr-defined]

    @pytest.mark.parametrize("score", [0, 6, -1, 3.5, "5", True, 10**400, None, 1e308])
    def test_a_mark_outside_the_scale_is_422(self, live: OneServer, score: object) -> None:
        with Caller(live.program.url, live.company.devices["rating"]) as pad:
            answer = pad.post("ratings", {"desk": DESK, "score": score, "press_id": "press-0001"})
        assert_is_problem(answer, 422, "invalid")

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
    def test_numbers_that_are_none_are_refused(self, live: OneServer, number: str) -> None:
        text = f'{{"desk": "{DESK}", "score": {number}, "press_id": "press-0001"}}'
        answer = send(live, "ratings", text.encode(), live.company.devices["rating"])
        assert answer.status_code in (400, 422), answer.text
        assert_is_problem(answer, answer.status_code, "bad_body" if answer.status_code == 400 else "invalid")

    def test_desk_and_ticket_together_are_422(self, live: OneServer) -> None:
        body = {"desk": DESK, "ticket": "0123456789abcdef", "score": 5, "press_id": "press-0001"}
        with Caller(live.program.url, live.company.devices["rating"]) as pad:
            assert_is_problem(pad.post("ratings", body), 422, "desk_or_ticket")

    def test_an_oversized_body_is_413(self, live: OneServer) -> None:
        assert_is_problem(send(live, TICKETS, b'{"service": "' + b"x" * 70_000 + b'"}'), 413, "too_large")

    @pytest.mark.parametrize("year", ["0", "abc", "99999999999999999999", "2026.5", "-1", "20%32"])
    def test_a_query_that_does_not_fit_is_422(self, live: OneServer, year: str) -> None:
        with Caller(live.program.url, live.company.people["manager"]) as manager:
            assert_is_problem(manager.get("reports/monthly", year=year), 422, "invalid")

    def test_an_unknown_query_is_422(self, live: OneServer) -> None:
        with Caller(live.program.url, live.company.people["manager"]) as manager:
            assert_is_problem(manager.get("reports/monthly", colour="red"), 422, "invalid")


class TestKeys:
    """Idempotency-Keys."""

    @pytest.mark.usefixtures("untouched")
    @pytest.mark.parametrize("key", ["short", "x" * 81, "with a space in it", "tab\tinside-it"])
    def test_a_key_that_cannot_be_used_is_422(self, kiosk: Caller, key: str) -> None:
        assert_is_problem(kiosk.post(TICKETS, {"service": "contract"}, key), 422, "bad_key")

    def test_the_same_key_with_another_body_is_422_and_changes_nothing(
        self, live: OneServer, kiosk: Caller
    ) -> None:
        first = kiosk.post(TICKETS, {"service": "contract"}, "key-0001")
        assert first.status_code == 201, first.text
        before = live.written()
        other_body = kiosk.post(TICKETS, {"service": "cash"}, "key-0001")
        other_office = kiosk.post(f"offices/{OTHER_OFFICE}/tickets", {"service": "contract"}, "key-0001")
        again = kiosk.post(TICKETS, {"service": "contract"}, "key-0001")

        assert_is_problem(other_body, 422, "key_reused")
        assert_is_problem(other_office, 422, "key_reused")
        assert (again.status_code, again.json()) == (201, first.json())
        assert live.written() == before

    def test_one_key_of_two_devices_is_two_keys(self, live: OneServer, kiosk: Caller) -> None:
        first = kiosk.post(TICKETS, {"service": "contract"}, "key-0002")
        with Caller(live.program.url, live.company.people["admin"]) as reception:
            second = reception.post(TICKETS, {"service": "contract"}, "key-0002")
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["id"] != second.json()["id"]


@pytest.mark.usefixtures("untouched")
class TestRawRequests:
    """What no honest client sends: the server survives it and tells nothing."""

    @pytest.mark.parametrize(
        "request_bytes",
        [
            b"\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"GET\r\n\r\n",
            b"POST /api/v1/ratings HTTP/1.1\r\nHost: t\r\nContent-Length: -5\r\n\r\n",
            b"POST /api/v1/ratings HTTP/1.1\r\nHost: t\r\nContent-Length: many\r\n\r\n{}",
            b"POST /api/v1/ratings HTTP/1.1\r\nHost: t\r\nContent-Length: 50\r\nConnection: close\r\n\r\n{}",
            b"POST /api/v1/ratings HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n{}",
            b"POST /api/v1/ratings HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n"
            b"Connection: close\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
            b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: t\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: t\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: t\r\n" + b"X-Many: 1\r\n" * 5_000 + b"\r\n",
            b"GET /api/v1/offices/%ff%fe HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
            b"GET /api/v1/offices/\xd0\x9d HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
            b"GET /api/v1/offices/../../etc/passwd HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
            b"GET /static/%2e%2e/%2e%2e/config.py HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
            b"GET /static/\x00 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
            b"GET /api/v1/offices/x HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer \xff\xfe\xd0\r\n"
            b"Connection: close\r\n\r\n",
            b"GET /api/v1/offices/x HTTP/1.1\r\nHost: t\r\nAccept-Language: ;;q=,,\xff;q=9e9\r\n"
            b"Connection: close\r\n\r\n",
            b"GET /desk/north-1 HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n",
            b"GET /?language=%ff HTTP/1.1\r\nHost: t\r\nCookie: session=%ff.\xff; language=x\r\n"
            b"Connection: close\r\n\r\n",
            b"POST /sign-in HTTP/1.1\r\nHost: t\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n"
            b"Connection: close\r\n\r\n--x",
            b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
            b"GET /socket.io/?EIO=banana&transport=%00 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
        ],
        ids=lambda data: str(data[:60])[2:-1],
    )
    def test_it_survives(self, live: OneServer, request_bytes: bytes) -> None:
        answer = live.raw(request_bytes)
        if answer.startswith(b"HTTP/"):
            assert b"200" <= answer.split(b" ", 2)[1] < b"500", answer[:500]
        text = answer.decode("utf-8", "replace")
        assert not [mark for mark in FAULT_MARKS if mark in text]
        assert "root:" not in text
        assert requests.get(f"{live.program.url}/healthz", timeout=15).text == "alive\n"

    def test_a_body_that_is_cut_off_is_never_acted_on(self, live: OneServer) -> None:
        body = json.dumps({"service": "contract"}).encode()
        head = (
            f"POST /api/v1/{TICKETS} HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {live.company.devices['kiosk']}\r\nContent-Length: {len(body) + 20}\r\n"
            "Connection: close\r\n\r\n"
        )
        answer = live.raw(head.encode() + body)
        assert b"201" not in answer[:20], answer
