from __future__ import annotations

import pytest
from django.test import override_settings

from tests.factories import at_desk, make_bookable, visitor
from tests.site.doors_that_fail import NAME
from tests.web.page import Page

INSIDE = [
    NAME,
    "4711",
    "Traceback",
    "ValueError",
    "Exception",
    ".py",
    "django",
    "Django",
    "sprechzeit.",
    "/work",
    "DEBUG",
]
CASES = [("/defect/", 500), ("/suspicious/", 400), ("/forbidden/", 403), ("/missing/", 404), (f"/{NAME}/nichts", 404)]


@pytest.mark.parametrize(("path", "status"), CASES)
@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
@override_settings(ROOT_URLCONF="tests.site.doors_that_fail")
def test_an_error_page_says_what_to_do_and_nothing_of_the_inside(path: str, status: int, accept: str) -> None:
    client = visitor(raise_request_exception=False)

    response = client.get(path, headers={"accept": accept, "x-forwarded-host": NAME})

    page = Page(response)
    assert response.status_code == status
    assert [word for word in INSIDE if word in page.text] == []
    if NAME not in path:  # the link to the other language repeats the visitor's own address
        assert NAME.encode() not in response.content
    assert "Zur Startseite" in page.text


@pytest.mark.parametrize(("path", "status"), CASES)
@override_settings(ROOT_URLCONF="tests.site.doors_that_fail")
def test_an_error_page_has_all_headers_and_no_cookie(path: str, status: int) -> None:
    response = visitor(raise_request_exception=False).get(path)

    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


@override_settings(ROOT_URLCONF="tests.site.doors_that_fail")
def test_an_error_page_is_in_the_pages_language() -> None:
    english = visitor().get("/en/praxis/gibt-es-nicht/nichts/")

    assert Page(english).lang == "en"


def test_a_foreign_host_name_is_refused_without_repeating_it() -> None:
    response = visitor().get("/", headers={"host": f"{NAME}.example"})

    assert response.status_code == 400
    assert NAME.encode() not in response.content


def test_a_form_that_is_too_large_or_has_too_many_fields_is_refused() -> None:
    made, _ = make_bookable()
    client = at_desk(made)

    large = client.post("/desk/patienten/", {"q": "x" * 300_000})
    many = client.post("/desk/patienten/", {f"f{number}": "x" for number in range(300)})

    assert (large.status_code, many.status_code) == (400, 400)
    assert b"unvollst" in large.content


def test_a_form_whose_token_is_missing_is_told_to_load_the_page_again() -> None:
    response = visitor(enforce_csrf_checks=True).post("/desk/abmelden/")

    assert response.status_code == 403
    assert "zu lange offen" in Page(response).text


def test_static_files_are_served_and_nothing_beside_them() -> None:
    client = visitor()

    found = client.get("/static/css/tokens.css")
    outside = [
        client.get(path).status_code
        for path in ("/static/../settings.py", "/static/%2e%2e/environment.py", "/static/css/", "/static/css/tokens.py")
    ]

    assert found.status_code == 200
    assert outside == [404, 404, 404, 404]
