"""The kiosk's local server: its state, its one command, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import requests
import zxingcpp
from PIL import Image

from kiosk.printer import PrinterFault
from tests.kiosk.builders import office, refusal, silence
from tests.kiosk.conftest import Kiosk

WISH = {"service": "payments", "language": "ru", "tap": "3f1c9a4be07d4c55"}
Served = Callable[..., str]


def test_the_state_holds_what_the_page_draws_and_is_sent_once(kiosk: Kiosk, served: Served) -> None:
    url = served()
    first = requests.get(f"{url}/state", timeout=30)
    assert first.json()["office"]["services"][0]["name"]["kk"] == "Төлем және есеп айырысу"
    assert first.json()["reachable"] is True
    same = requests.get(f"{url}/state", headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    assert same.status_code == 304
    kiosk.server.state = office(version=8, waiting=4)
    kiosk.hear()
    newer = requests.get(f"{url}/state", headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    assert newer.json()["office"]["waiting"] == 4


def test_taking_a_ticket_answers_with_number_and_job(kiosk: Kiosk, served: Served) -> None:
    url = served()
    taken = requests.post(f"{url}/take", json=WISH, timeout=30).json()
    assert taken["ticket"]["number"] == "А123"
    assert kiosk.jobs.wait_for(taken["job"], 30) == "printed"
    assert requests.get(f"{url}/jobs/{taken['job']}", timeout=30).json()["state"] == "printed"


def test_the_answer_does_not_wait_for_a_dead_printer(kiosk: Kiosk, served: Served) -> None:
    url = served()
    kiosk.printer.broken = PrinterFault("no printer answers: switch it on")
    taken = requests.post(f"{url}/take", json=WISH, timeout=30).json()
    assert taken["ticket"]["number"] == "А123"
    assert kiosk.jobs.state(taken["job"]) == "queued"


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [(refusal(), 409, "refused"), (refusal(401, "no_token", "no token"), 503, "broken")],
)
def test_no_ticket_comes_with_words_for_the_visitor(
    kiosk: Kiosk, served: Served, fault: Exception, status: int, kind: str
) -> None:
    url = served()
    kiosk.server.faults = [fault]
    answer = requests.post(f"{url}/take", json=WISH, timeout=30)
    assert (answer.status_code, answer.json()["kind"]) == (status, kind)
    assert answer.json()["text"]


def test_a_silent_server_is_told_calmly(kiosk: Kiosk, served: Served) -> None:
    url = served()
    kiosk.server.faults = [silence(), silence()]
    answer = requests.post(f"{url}/take", json=WISH | {"language": "kk"}, timeout=30)
    assert answer.status_code == 503
    assert answer.json() == {
        "kind": "unreachable",
        "text": "Кезек әзірге жауап бермейді. Қайталап көріңіз: екінші талон берілмейді. "
        "Немесе қызметкерге жүгініңіз.",
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        WISH | {"service": "../etc"},
        WISH | {"language": "de"},
        WISH | {"tap": "short"},
        WISH | {"tap": "x" * 65},
        WISH | {"more": 1},
        WISH | {"category": ""},
    ],
)
def test_a_malformed_wish_is_refused_before_the_server_hears_of_it(
    kiosk: Kiosk, served: Served, body: dict[str, object]
) -> None:
    assert requests.post(f"{served()}/take", json=body, timeout=30).status_code == 400
    assert kiosk.server.asked == []


def test_a_wish_that_is_too_big_or_no_json_is_refused(kiosk: Kiosk, served: Served) -> None:
    url = served()
    assert requests.post(f"{url}/take", data="service=payments", timeout=30).status_code == 415
    assert requests.post(f"{url}/take", json=WISH | {"more": "x" * 5000}, timeout=30).status_code == 413
    broken = requests.post(f"{url}/take", data="{", headers={"Content-Type": "application/json"}, timeout=30)
    assert broken.status_code == 400
    assert kiosk.server.asked == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}]
)
def test_another_site_can_neither_post_nor_read(
    kiosk: Kiosk, served: Served, headers: dict[str, str]
) -> None:
    url = served()
    assert requests.post(f"{url}/take", json=WISH, headers=headers, timeout=30).status_code == 403
    assert requests.get(f"{url}/state", headers=headers, timeout=30).status_code == 403
    assert kiosk.server.asked == []


def test_the_own_page_may_post(served: Served) -> None:
    url = served()
    assert requests.post(f"{url}/take", json=WISH, headers={"Origin": url}, timeout=30).status_code == 200


def test_the_page_and_the_shared_files_are_served_under_a_strict_policy(served: Served) -> None:
    url = served()
    for path in ("/", "/ui/app.js", "/ui/kiosk.css", "/shared/tokens.css", "/shared/words/kiosk.ru.json"):
        answer = requests.get(url + path, timeout=30)
        assert answer.status_code == 200, path
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for path in ("/ui/../web.py", "/ui/%2e%2e/web.py", "/shared/../settings.py", "/nothing", "/jobs/unknown"):
        assert requests.get(url + path, timeout=30).status_code == 404


def test_the_last_ticket_is_shown_only_where_the_printer_is_a_preview(kiosk: Kiosk, served: Served) -> None:
    assert requests.get(f"{served()}/tickets/last.png", timeout=30).status_code == 404
    url = served(preview=True)
    assert requests.get(f"{url}/tickets/last.png", timeout=30).status_code == 404
    job = requests.post(f"{url}/take", json=WISH, timeout=30).json()["job"]
    assert kiosk.jobs.wait_for(job, 30) == "printed"
    picture = requests.get(f"{url}/tickets/last.png", timeout=30)
    assert picture.content.startswith(b"\x89PNG")


def test_the_screen_shows_the_tickets_address_as_a_qr_code(served: Served) -> None:
    url = served()
    address = "http://queue.example/t/23456789bcdfghjkmnpq"
    answer = requests.get(f"{url}/qr.svg", params={"text": address}, timeout=30)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    side = int(answer.text.split('viewBox="0 0 ')[1].split()[0])
    picture = Image.new("L", (side, side), 255)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", answer.text):
        picture.putpixel((int(x), int(y)), 0)
    (code,) = zxingcpp.read_barcodes(picture.resize((side * 4, side * 4), Image.Resampling.NEAREST))
    assert code.text == address
    for text in ("", "a" * 301):
        assert requests.get(f"{url}/qr.svg", params={"text": text}, timeout=30).status_code == 400
