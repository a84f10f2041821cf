"""Only the sites that a practice has listed may show its booking pages in a frame, and nothing else of ours at all."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.furnishing.booking_page import BookingPage, change_booking_page
from tests.factories import Made, at_desk, in_days, make_bookable, make_practice, visitor
from tests.web.front.walk import TYPED, book
from tests.web.page import Page

ORIGIN = "https://www.praxis-beispiel.de"


def listed(made: Made, *origins: str) -> Made:
    with wearing(Role.DESK):
        change_booking_page(made.id, made.actor, BookingPage("", "", list(origins)))
    return made


def ancestors(answer: HttpResponse) -> str:
    parts = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    return parts["frame-ancestors"]


def is_unframeable(answer: HttpResponse) -> bool:
    return ancestors(answer) == "'none'" and answer.headers["X-Frame-Options"] == "DENY"


def test_the_listed_sites_stand_in_the_policy_of_every_page_below_the_prefix() -> None:
    made, visit_type = make_bookable()
    listed(made, ORIGIN, "https://praxis-beispiel.de:8443")
    root = f"/widget/{made.practice.slug}/"
    inner = f"{root}praxis/{made.practice.slug}/"

    for path in (
        root,
        f"{root}en/",
        inner,
        f"{inner}termin/{visit_type.id}/",
        f"{inner}angaben/kurz/",
        f"{inner}impressum/",
    ):
        answer = visitor().get(path)
        assert answer.status_code in {200, 404}, path
        assert ancestors(answer) == f"{ORIGIN} https://praxis-beispiel.de:8443", path
        assert "X-Frame-Options" not in answer.headers
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_without_a_list_nobody_may() -> None:
    made, _type = make_bookable()

    answer = visitor().get(f"/widget/{made.practice.slug}/")

    assert answer.status_code == 200
    assert is_unframeable(answer)


def test_the_pages_themselves_stay_unframeable_and_so_does_the_desk() -> None:
    made, _type = make_bookable()
    listed(made, ORIGIN)

    assert is_unframeable(visitor().get(f"/praxis/{made.practice.slug}/"))
    assert is_unframeable(at_desk(made).get("/desk/"))
    assert is_unframeable(at_desk(made).get("/desk/einstellungen/buchungsseite/"))


@pytest.mark.parametrize(
    "rest",
    ["desk/", "en/desk/", "suche/", "api/v1/practices", "praxis/{other}/", "../desk/", "praxis/{own}/../../desk/"],
)
def test_nothing_else_is_served_below_the_prefix(rest: str) -> None:
    made, other = listed(make_practice(), ORIGIN), make_practice()
    path = f"/widget/{made.practice.slug}/" + rest.format(other=other.practice.slug, own=made.practice.slug)

    answer = at_desk(made).get(path)

    assert answer.status_code == 404
    assert other.practice.name not in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["absagen/", "verschieben/", "loeschen/", "kontakt/", "schreiben/", "zurueck/", "einwilligung/"]
)
def test_what_changes_an_appointment_is_never_framed(page: str) -> None:
    made, visit_type = make_bookable()
    listed(made, ORIGIN)
    client = visitor()
    url = book(client, made, visit_type, in_days(1, 9))

    framed = client.get(f"/widget/{made.practice.slug}{url}{page}")

    assert framed.status_code == 404
    assert is_unframeable(framed)
    assert client.get(f"/widget/{made.practice.slug}{url}").status_code == 200


def test_every_address_of_a_framed_page_stays_below_the_prefix_and_what_is_loaded_does_not() -> None:
    made, visit_type = make_bookable()
    listed(made, ORIGIN)
    root = f"/widget/{made.practice.slug}/"
    client = visitor()

    home = Page(client.get(root))
    times = Page(client.get(f"{root}praxis/{made.practice.slug}/termin/{visit_type.id}/"))
    held = times.form(with_field="zeit").send(client, ("zeit", in_days(1, 9).isoformat()))
    form = Page(client.get(held.headers["Location"])).form(with_field="first_name")
    booked = form.send(client, **TYPED)
    page = client.get(booked.headers["Location"])

    assert held.headers["Location"].startswith(root)
    assert booked.headers["Location"].startswith(root)
    own = [one for one in home.links if one.startswith("/") and one != f"/praxis/{made.practice.slug}/"]
    assert own
    assert all(one.startswith(root) for one in own)
    assert all(one.startswith("/static/") for one in [*home.loaded, *times.loaded])
    assert f"http://localhost:8000/praxis/{made.practice.slug}/mein-termin/" in page.content.decode()
    # and the next page outside has nothing of it
    outside = Page(client.get(f"/praxis/{made.practice.slug}/"))
    assert not any("/widget/" in one for one in [*outside.links, *outside.loaded])


def test_the_preview_may_be_framed_by_our_own_site_alone() -> None:
    made = listed(make_practice(), ORIGIN)

    assert ancestors(visitor().get(f"/widget-vorschau/{made.practice.slug}/")) == "'self'"


def test_a_practice_that_is_none_is_told_so_and_framed_by_nobody() -> None:
    answer = visitor().get("/widget/gibt-es-nicht/")

    assert answer.status_code == 404
    assert is_unframeable(answer)


def test_the_script_is_the_one_file_that_other_sites_may_load() -> None:
    script, other = visitor().get("/static/widget.js"), visitor().get("/static/js/once.js")

    assert script.status_code == 200
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_framed_page_is_slim_and_sets_no_cookie() -> None:
    made = listed(make_practice(), ORIGIN)

    answer = visitor().get(f"/widget/{made.practice.slug}/")

    html = answer.content.decode()
    assert 'class="languages"' not in html
    assert f'data-framed-by="{ORIGIN}"' in html
    assert not answer.cookies
