"""No cookie, nothing from elsewhere, nothing stored by a cache, nothing but the methods that belong to a page."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse

from tests.factories import in_days, make_bookable, visitor
from tests.web.front.walk import TYPED, book, details_url, hold, practice_url, times_url
from tests.web.page import Page

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}


def every_page() -> list[HttpResponse]:
    """One answer of each kind that the patients' side gives, pages of errors included."""
    made, visit_type = make_bookable(clinicians=2, birth_date_purpose="Für die Vorsorge.")
    client = visitor()
    form = details_url(client, made, visit_type, in_days(1, 9))
    manage = book(client, made, visit_type, in_days(1, 10), birth_date="1.2.1980")
    cancelled = book(client, made, visit_type, in_days(1, 11), birth_date="1.2.1980")
    client.post(cancelled + "absagen/")
    htmx = {"hx-request": "true", "hx-target": "mehr"}
    german = [
        "/",
        "/suche/",
        "/suche/?ort=10115&neu=1&sprache=tr",
        "/suche/?ort=Nirgendwo",
        practice_url(made),
        f"{practice_url(made)}impressum/",
        f"{practice_url(made)}datenschutz/",
        times_url(made, visit_type),
        f"{times_url(made, visit_type)}?bei={made.clinicians[0].id}",
        form,
        manage,
        f"{manage}?neu=1",
        f"{manage}verschieben/",
        f"{manage}absagen/",
        f"{manage}kontakt/",
        f"{manage}schreiben/",
        f"{manage}loeschen/",
        cancelled,
        "/praxis/gibt-es-nicht/",
        "/gibt-es-nicht",
        f"{practice_url(made)}angaben/kurz/",
        f"{practice_url(made)}mein-termin/kurz/",
    ]
    return [
        *[client.get(prefix + url) for url in german for prefix in ("", "/en")],
        client.get(times_url(made, visit_type), headers=htmx),
        client.get(f"{manage}termin.ics"),
        client.post(form, {"first_name": ""}),
        client.post(form, {**TYPED, "laenger": "1"}),
        client.get(f"{cancelled}verschieben/"),
        hold(client, made, visit_type, in_days(-1, 9)),
        client.delete(manage),
        client.post(form, TYPED, headers={"sec-fetch-site": "cross-site"}),
        client.get("/", headers={"host": "evil.example"}),
    ]


@pytest.fixture(scope="module")
def answers() -> list[HttpResponse]:
    return every_page()


def pages(answers: list[HttpResponse]) -> list[Page]:
    return [Page(one) for one in answers if one.headers["Content-Type"].startswith("text/html")]


def test_no_page_sets_a_cookie(answers: list[HttpResponse]) -> None:
    assert {one.status_code for one in answers} >= {200, 303, 400, 403, 404, 405, 422}
    for answer in answers:
        assert not answer.cookies
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_no_page_loads_or_links_to_anything_of_a_third_party(answers: list[HttpResponse]) -> None:
    for page in pages(answers):
        assert all(one.startswith("/static/") for one in page.loaded)
        outside = [one for one in page.links if urlsplit(one).scheme or urlsplit(one).netloc]
        assert all(one.startswith(("mailto:", "tel:")) for one in outside), outside


def test_no_page_has_inline_scripts_or_styles(answers: list[HttpResponse]) -> None:
    assert [page.inline for page in pages(answers) if page.inline] == []


def test_forms_lead_to_our_own_pages_only(answers: list[HttpResponse]) -> None:
    actions = {form.action for page in pages(answers) for form in page.forms}

    assert actions
    assert all(action.startswith("/") and not action.startswith("//") for action in actions)


def test_every_answer_has_the_security_headers(answers: list[HttpResponse]) -> None:
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "*" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert "geolocation=()" in answer.headers["Permissions-Policy"]
        assert "Server" not in answer.headers


def test_no_cache_stores_a_page(answers: list[HttpResponse]) -> None:
    assert {one.headers["Cache-Control"] for one in answers} == {"no-store"}


def test_every_page_tells_its_language_and_leads_to_the_other() -> None:
    made, visit_type = make_bookable()
    client = visitor()

    german = Page(client.get(times_url(made, visit_type)))
    english = Page(client.get(times_url(made, visit_type, prefix="/en")))

    assert (german.lang, english.lang) == ("de", "en")
    assert times_url(made, visit_type, prefix="/en") in german.links
    assert times_url(made, visit_type) in english.links


def test_a_page_with_a_secret_in_its_address_is_not_indexed(answers: list[HttpResponse]) -> None:
    secrets = [one for one in answers if "/mein-termin/" in one.request["PATH_INFO"]]

    html = [one for one in secrets if one.headers["Content-Type"].startswith("text/html") and one.content]
    assert html
    assert all(b'<meta name="robots" content="noindex">' in one.content for one in html)


def test_a_wrong_method_is_refused_with_those_that_are_allowed() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    form = details_url(client, made, visit_type, in_days(1, 9))
    manage = book(client, made, visit_type, in_days(1, 10))
    allowed = {
        "/": {"GET"},
        practice_url(made): {"GET"},
        times_url(made, visit_type): {"GET"},
        f"{practice_url(made)}halten/": {"GET", "POST"},
        form: {"GET", "POST"},
        manage: {"GET"},
        f"{manage}termin.ics": {"GET"},
        f"{manage}verschieben/": {"GET", "POST"},
        f"{manage}absagen/": {"GET", "POST"},
        f"{manage}zurueck/": {"GET", "POST"},
        f"{manage}kontakt/": {"GET", "POST"},
        f"{manage}schreiben/": {"GET", "POST"},
        f"{manage}loeschen/": {"GET", "POST"},
    }

    for url, methods in allowed.items():
        for method in METHODS - methods - {"HEAD"}:
            answer = client.generic(method, url)
            assert answer.status_code == 405, (method, url)
            assert set(answer.headers["Allow"].split(", ")) == methods
        assert client.head(url).status_code < 400


def test_a_form_on_a_foreign_page_is_refused_and_one_without_the_header_is_not() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    sent = {"art": visit_type.id, "bei": "alle", "zeit": in_days(1, 9).isoformat()}
    url = f"{practice_url(made)}halten/"

    foreign = client.post(url, sent, headers={"sec-fetch-site": "cross-site"})
    ours = client.post(url, sent, headers={"sec-fetch-site": "same-origin"})

    assert (foreign.status_code, ours.status_code) == (403, 303)


def test_patients_forms_need_no_token() -> None:
    made, visit_type = make_bookable()

    answer = hold(visitor(enforce_csrf_checks=True), made, visit_type, in_days(1, 9))

    assert answer.status_code == 303
