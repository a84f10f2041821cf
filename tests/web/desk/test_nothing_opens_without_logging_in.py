"""Walks every address of the desk: whoever is not logged in gets to the log-in and sees nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, reverse

from sprechzeit.web.desk import urls
from tests.factories import at_desk, book, in_days, make_bookable, visitor

# The log-in itself, and what somebody does who cannot log in yet.
OPEN = {
    "login", "login-begin", "login-finish", "login-demo", "logout",
    "invitation", "invitation-begin", "invitation-finish", "lock", "use-sheet",
    "key-swapped", "key-restore-sheet", "key-restore-passkey",
}  # fmt: skip  # lines grouped by hand
LOGIN = "/desk/anmelden/"
NOBODY = UUID("0192f6c8-1111-7222-8333-444455556666")
EXAMPLES = {"UUIDConverter": NOBODY, "IntConverter": 1, "StringConverter": "x", "SlugConverter": "x"}


def walk(patterns: Iterable[URLPattern | URLResolver] = urls.urlpatterns) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns)
        else:
            assert pattern.name
            yield pattern.name, pattern


def address_of(pattern: URLPattern) -> str:
    given = {name: EXAMPLES[type(one).__name__] for name, one in pattern.pattern.converters.items()}
    return reverse(f"desk:{pattern.name}", kwargs=given)


CLOSED = [(name, address_of(pattern)) for name, pattern in walk() if name not in OPEN]
OF_ONE_APPOINTMENT = [name for name, pattern in walk() if "appointment" in pattern.pattern.converters]


def leads_to_login(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response.headers["Location"]).path == LOGIN


def test_there_is_something_to_walk() -> None:
    assert len(CLOSED) >= 9
    assert len(OF_ONE_APPOINTMENT) >= 5


@pytest.mark.parametrize("cookie", ["none", "nonsense"])
@pytest.mark.parametrize(("name", "url"), CLOSED)
def test_get_and_post_lead_to_the_log_in(name: str, url: str, cookie: str) -> None:
    client = visitor()
    if cookie == "nonsense":
        client.cookies["desk"] = "1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    answers = [client.get(url), client.post(url)]

    assert all(leads_to_login(one) or one.status_code == 405 for one in answers), name
    assert any(leads_to_login(one) for one in answers), name
    assert all(not one.content for one in answers)


@pytest.mark.parametrize(("name", "url"), CLOSED)
def test_a_part_of_a_page_sends_the_whole_browser_to_the_log_in(name: str, url: str) -> None:
    client = visitor()

    answers = [client.get(url, headers={"hx-request": "true"}), client.post(url, headers={"hx-request": "true"})]

    told = [one for one in answers if one.status_code != 405]
    assert told, name
    assert all((one.status_code, one.headers["HX-Redirect"], one.content) == (204, LOGIN, b"") for one in told), name


@pytest.mark.parametrize(("name", "url"), CLOSED)
def test_a_form_without_its_token_is_refused(name: str, url: str) -> None:
    made, _ = make_bookable()

    response = at_desk(made, enforce_csrf_checks=True).post(url)

    assert response.status_code in {403, 405}, name


def test_the_page_that_was_asked_for_comes_after_the_log_in() -> None:
    response = visitor().get("/desk/?tag=2026-11-24&spalten=alle")

    (wanted,) = parse_qs(urlsplit(response.headers["Location"]).query)["weiter"]
    assert wanted == "/desk/?tag=2026-11-24&spalten=alle"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", OF_ONE_APPOINTMENT)
def test_an_appointment_of_another_practice_is_not_there(name: str, method: str) -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    foreign = book(made, visit_type, in_days(1, 9)).appointment_id
    url = reverse(f"desk:{name}", kwargs={"appointment": foreign})
    asked = {"version": "1", "status": "arrived", "start": in_days(2, 9).isoformat(), "key": "k"}

    response = getattr(at_desk(other), method)(url, asked)
    own = getattr(at_desk(made), method)(url, asked)

    assert response.status_code in {404, 405}
    assert (response.status_code == 405) == (own.status_code == 405)
    assert b"Muster" not in response.content
    assert visit_type.name.encode() not in response.content


def test_every_page_of_the_desk_is_kept_out_of_caches_and_frames() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    client = at_desk(made)

    for url in ("/desk/", "/desk/neu/", "/desk/patienten/", f"/desk/termin/{booked.appointment_id}/", LOGIN):
        response = client.get(url)
        policy = response.headers["Content-Security-Policy"]
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert b"noindex" in response.content
