"""People: sign in by page, write only with the page's own token, personal tokens with one's own rights."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import Clock
from tests.web.conftest import Site


@pytest.mark.usefixtures("operator")
def test_a_signed_in_operator_writes_with_the_pages_token_only(
    site: Site, sign_in: Callable[[str], str]
) -> None:
    token = sign_in("anna")
    without = site.client.post("/api/v1/desks/north-1/open", json={})
    assert (without.status_code, without.json["code"]) == (403, "csrf")
    with_token = site.client.post("/api/v1/desks/north-1/open", json={}, headers={"X-CSRFToken": token})
    assert with_token.json["operator"] == "anna"


@pytest.mark.usefixtures("operator")
@pytest.mark.parametrize(("login", "password"), [("anna", "wrong"), ("nobody", "password"), ("", "")])
def test_a_wrong_login_or_password_is_refused_alike(site: Site, login: str, password: str) -> None:
    page = site.client.get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = site.client.post("/sign-in", data={"login": login, "password": password, "csrf_token": token})
    assert answer.status_code == 403
    assert site.client.get("/desk/north-1").status_code == 302


@pytest.mark.usefixtures("operator")
def test_whoever_guesses_a_password_must_wait_even_when_right_at_last(site: Site, clock: Clock) -> None:
    page = site.client.get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]

    def guess(password: str) -> int:
        values = {"login": "anna", "password": password, "csrf_token": token}
        return site.client.post("/sign-in", data=values).status_code

    assert [guess("wrong") for _ in range(10)] == [403] * 10
    assert guess("password") == 429
    clock.forward(minutes=1)
    assert guess("password") == 302


@pytest.mark.usefixtures("operator")
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(site: Site, target: str) -> None:
    page = site.client.get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    values = {"login": "anna", "password": "password", "csrf_token": token, "next": target}
    assert site.client.post("/sign-in", data=values).headers["Location"] == "/desk/north-1"


def test_a_page_for_staff_asks_to_sign_in_and_remembers_where_to(site: Site) -> None:
    answer = site.client.get("/desk/north-1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/desk/north-1?")


@pytest.mark.usefixtures("operator")
def test_signing_out_ends_the_session(site: Site, sign_in: Callable[[str], str]) -> None:
    token = sign_in("anna")
    assert site.client.post("/sign-out", data={"csrf_token": token}).status_code == 302
    assert site.client.get("/desk/north-1").status_code == 302


@pytest.mark.usefixtures("operator")
@pytest.mark.parametrize("language", ["kk", "en"])
def test_the_language_chosen_stays_when_one_signs_in_and_out(
    site: Site, sign_in: Callable[[str], str], language: str
) -> None:
    site.client.get(f"/sign-in?language={language}")
    token = sign_in("anna")
    assert f'<html lang="{language}"' in site.client.get("/desk/north-1").get_data(as_text=True)
    site.client.post("/sign-out", data={"csrf_token": token})
    assert f'<html lang="{language}"' in site.client.get("/sign-in").get_data(as_text=True)


@pytest.mark.usefixtures("operator")
def test_an_operator_sees_no_figures_and_no_other_office(site: Site, sign_in: Callable[[str], str]) -> None:
    sign_in("anna")
    assert site.client.get("/figures").status_code == 403
    assert site.client.get("/desk/south-1").status_code == 403


@pytest.mark.parametrize("path", ["/", "/sign-in", "/t/zzzzzzzzzzzzzzzzzzzz", "/no-such-page"])
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_pages_speak_the_chosen_language_and_carry_the_content_policy(
    site: Site, path: str, language: str
) -> None:
    answer = site.client.get(f"{path}?language={language}")
    assert f'<html lang="{language}"' in answer.get_data(as_text=True)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
