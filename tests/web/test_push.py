"""News: who may follow what, whole states with versions, announcements once."""

from __future__ import annotations

from typing import Any

import pytest
from flask_socketio import SocketIOTestClient

from server.web import push
from tests.web.conftest import Site


def follow(client: SocketIOTestClient, room: str) -> Any:
    # An acknowledgement without a value arrives as an empty list.
    return client.emit("follow", {"room": room}, callback=True) or None


def states(client: SocketIOTestClient, room: str) -> list[Any]:
    return [
        m["args"][0]["state"]
        for m in client.get_received()
        if m["name"] == "state" and m["args"][0]["room"] == room
    ]


def tell(site: Site) -> None:
    """What the background task does after a commit."""
    site.web.push._dirty.discard("north")
    site.web.push._tell("north")


def issue(site: Site) -> dict[str, Any]:
    answer: dict[str, Any] = site.post(
        "offices/north/tickets", {"service": "contract"}, site.token("kiosk")
    ).json
    return answer


@pytest.mark.parametrize(
    ("room", "scope"),
    [
        ("board:north", "display"),
        ("bridge:north", "bridge"),
        ("rating:north-1", "rating"),
        ("kiosk:north", "kiosk"),
    ],
)
def test_a_device_gets_the_whole_state_of_its_room_at_once(site: Site, room: str, scope: str) -> None:
    client = site.socket(site.token(scope))
    assert follow(client, room) is None
    assert [state["version"] for state in states(client, room)] == [1]


def test_a_screen_that_leaves_while_it_joins_leaves_nothing_behind(
    site: Site, operator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = site.socket(operator)
    enter = site.web.socketio.server.enter_room

    def enter_too_late(sid: str, room: str) -> None:
        screen.disconnect()
        enter(sid, room)

    monkeypatch.setattr(site.web.socketio.server, "enter_room", enter_too_late)
    screen.emit("follow", {"room": "desk:north-1"})
    assert site.web.push.sockets == 0
    assert not site.web.push._rooms["north"]


def test_what_happens_while_a_screen_joins_is_not_missed_by_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = site.socket(site.token("display")), site.socket(site.token("display"))
    assert follow(first, "board:north") is None
    enter = site.web.socketio.server.enter_room

    def enter_late(*where: Any) -> None:
        issue(site)
        tell(site)  # to the first screen; the second has not joined yet
        enter(*where)

    monkeypatch.setattr(site.web.socketio.server, "enter_room", enter_late)
    assert follow(second, "board:north") is None
    tell(site)
    assert max(state["version"] for state in states(second, "board:north")) == 2


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("board:north", "not_signed_in"),
        ("queue:north", "not_signed_in"),
        ("desk:north-1", "not_signed_in"),
        ("ticket:zzzzzzzzzzzzzzzzzzzz", "unknown_ticket"),
        ("nonsense", "not_found"),
        ("", "not_found"),
    ],
)
def test_an_anonymous_socket_gets_nothing(site: Site, room: str, code: str) -> None:
    client = site.socket()
    assert follow(client, room)["code"] == code
    issue(site)
    tell(site)
    assert client.get_received() == []


def test_a_socket_of_another_office_or_scope_is_refused(site: Site) -> None:
    assert follow(site.socket(site.token("display", "south")), "board:north")["code"] == "other_office"
    assert follow(site.socket(site.token("kiosk")), "board:north")["code"] == "no_right"
    assert follow(site.socket("no-such-token"), "board:north")["code"] == "token_unknown"


def test_each_change_is_told_as_a_newer_whole_state(site: Site) -> None:
    client = site.socket(site.token("display"))
    follow(client, "board:north")
    issue(site)
    tell(site)
    seen = states(client, "board:north")
    assert [(state["version"], state["next"]) for state in seen] == [(1, []), (2, ["А001"])]


def test_a_call_is_announced_once_and_a_recall_again(site: Site, operator: str) -> None:
    client = site.socket(site.token("display"))
    follow(client, "board:north")
    issue(site)
    site.post("desks/north-1/open", token=operator)
    called = site.post("desks/north-1/call-next", token=operator).json
    tell(site)
    tell(site)
    said = [m["args"][0] for m in client.get_received() if m["name"] == "say"]
    assert [(s["number"], s["label"], s["kind"]) for s in said] == [("А001", "1", "window")]
    assert called["screen"]["state"] == "open"
    site.post("desks/north-1/recall", token=operator)
    tell(site)
    again = [m["args"][0] for m in client.get_received() if m["name"] == "say"]
    assert len(again) == 1
    assert again[0]["id"] != said[0]["id"]


def test_a_board_that_connects_late_sees_the_call_but_does_not_speak_it(site: Site, operator: str) -> None:
    issue(site)
    site.post("desks/north-1/open", token=operator)
    site.post("desks/north-1/call-next", token=operator)
    client = site.socket(site.token("display"))
    follow(client, "board:north")
    tell(site)
    received = client.get_received()
    assert [m["name"] for m in received] == ["state", "state"]
    assert received[0]["args"][0]["state"]["called"][0]["number"] == "А001"


def test_the_tickets_holder_follows_the_own_ticket_alone(site: Site, operator: str) -> None:
    code = issue(site)["status_url"].rsplit("/", 1)[1]
    client = site.socket()
    assert follow(client, f"ticket:{code}") is None
    site.post("desks/north-1/open", token=operator)
    site.post("desks/north-1/call-next", token=operator)
    tell(site)
    last = states(client, f"ticket:{code}")[-1]
    assert (last["state"], last["label"], last["kind"]) == ("called", "1", "window")


def test_boards_pads_and_phones_get_no_personal_data(site: Site, operator: str) -> None:
    issue(site)
    site.post("desks/north-1/open", token=operator)
    site.post("desks/north-1/call-next", token=operator)
    for room, scope in (("board:north", "display"), ("bridge:north", "bridge"), ("rating:north-1", "rating")):
        client = site.socket(site.token(scope))
        follow(client, room)
        text = str(client.get_received())
        assert "anna" not in text
        assert "category" not in text


def test_a_socket_that_left_is_forgotten(site: Site) -> None:
    client = site.socket(site.token("display"))
    follow(client, "board:north")
    assert site.web.push.sockets == 1
    client.disconnect()
    assert site.web.push.sockets == 0
    assert site.web.push._rooms["north"] == {}


def test_a_pad_is_armed_by_the_finish_and_sleeps_after_one_mark(site: Site, operator: str) -> None:
    bridge = site.token("bridge")
    client = site.socket(bridge)
    follow(client, "bridge:north")

    def pad() -> tuple[str, str, str]:
        tell(site)
        sign = states(client, "bridge:north")[-1]["desks"][0]
        return sign["state"], sign["text"], sign["pad"]

    issue(site)
    site.post("desks/north-1/open", token=operator)
    assert pad() == ("free", "", "asleep")
    site.post("desks/north-1/call-next", token=operator)
    assert pad() == ("called", "А001", "asleep")
    site.post("desks/north-1/start", token=operator)
    assert pad() == ("serving", "А001", "armed")
    site.post("desks/north-1/finish", token=operator)
    assert pad() == ("free", "", "armed")
    site.post("ratings", {"desk": "north-1", "score": 5, "press_id": "press-0001"}, bridge)
    assert pad() == ("free", "", "asleep")


def test_a_phone_hears_only_what_changes_for_its_ticket(site: Site, operator: str) -> None:
    first, second = issue(site), issue(site)
    room = f"ticket:{second['status_url'].rpartition('/')[2]}"
    client = site.socket()
    follow(client, room)
    site.post("desks/north-1/open", token=operator)
    tell(site)
    client.get_received()
    # A newcomer behind changes nothing for those ahead.
    issue(site)
    tell(site)
    assert states(client, room) == []
    assert site.post("desks/north-1/call-next", token=operator).json["number"] == first["number"]
    tell(site)
    (told,) = states(client, room)
    assert told["ahead"] == 0


def test_a_change_while_phones_are_told_goes_to_the_board_first_and_then_to_the_phones_left(
    site: Site, operator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "PHONES_AT_ONCE", 1)
    phones = [f"ticket:{issue(site)['status_url'].rpartition('/')[2]}" for _ in range(3)]
    screen = site.socket(site.token("display"))
    for room in ("board:north", *phones):
        follow(screen, room)
    tell(site)
    told: list[str] = []
    monkeypatch.setattr(site.web.socketio, "emit", lambda _name, _news, to: told.append(to))
    changes = iter(["desks/north-1/call-next"])
    monkeypatch.setattr(
        site.web.socketio,
        "sleep",
        lambda _seconds: [site.post(path, token=operator) for path in changes],
    )
    site.post("desks/north-1/open", token=operator)
    tell(site)
    assert told == ["board:north", phones[0]]
    told.clear()
    tell(site)
    assert list(dict.fromkeys(told)) == ["board:north", phones[1], phones[2], phones[0]]


def test_however_often_changes_come_every_phone_has_its_turn(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "PHONES_AT_ONCE", 1)
    phones = [f"ticket:{issue(site)['status_url'].rpartition('/')[2]}" for _ in range(4)]
    screen = site.socket(site.token("display"))
    for room in phones:
        follow(screen, room)
    monkeypatch.setattr(site.web.socketio, "sleep", lambda _seconds: site.web.push.mark("north"))
    told: list[str] = []
    monkeypatch.setattr(site.web.socketio, "emit", lambda _name, _news, to: told.append(to))
    for _ in phones:
        site.web.push._told.clear()
        tell(site)
    assert told == phones
