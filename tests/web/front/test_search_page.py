"""The search as a visitor without script meets it: filters in the address, honest when nothing is found."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest

from sprechzeit import clock
from sprechzeit.booking.next_free import renew
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from tests.factories import BERLIN, Made, in_days, make_bookable, make_practice, visitor
from tests.web.front.walk import practice_url, times_url
from tests.web.page import Page

LARGEST = 60_000  # bytes, compressed, of a page with all that it loads


def set_of(made: Made, **fields: Any) -> None:
    """Set what the search reads of the practice, and keep its next free start as the worker does."""
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(**fields)
    with wearing(Role.WORKER):
        renew(made.id)


def found_specialty(count: int, specialty: str, **fields: Any) -> list[Made]:
    return [make_practice(specialties=[specialty], **fields) for _ in range(count)]


def test_the_form_of_the_start_page_leads_to_results_with_the_filters_in_the_address() -> None:
    (made,) = found_specialty(1, "Formularkunde", postal_code="10115", city="Berlin")
    form = Page(visitor().get("/")).form(with_field="ort")

    answer = visitor().get(form.action, {"fach": "Formularkunde", "ort": "10115", "umkreis": "5"})

    assert (form.method, form.action) == ("get", "/suche/")
    assert {"fach", "ort", "umkreis", "kasse", "neu", "video", "zugang"} <= {*form.fields, *form.choices}
    assert f'href="{practice_url(made)}"' in answer.content.decode()


def test_a_practice_is_shown_with_its_distance_and_its_next_free_time() -> None:
    made, visit_type = make_bookable()
    set_of(made, specialties=["Anzeigekunde"], latitude=52.6, longitude=13.405, city="Nordstadt", accepts_new=False)

    html = visitor().get("/suche/?fach=Anzeigekunde&ort=10117&umkreis=20&kasse=private").content.decode()

    start = in_days(1, 9).astimezone(BERLIN)
    assert f"{start.day}.{start.month}., 09:00 Uhr" in html
    assert f'href="{times_url(made, visit_type)}?kasse=private"' in html
    assert " km</strong>" in html
    assert "nur bekannte Patienten" in html


def test_the_chosen_filters_stand_in_the_form_and_can_be_taken_out_one_by_one() -> None:
    found_specialty(1, "Wahlkunde", languages=["tr"], accessibility=["lift", "toilet"])
    url = "/suche/?fach=Wahlkunde&sprache=tr&zugang=lift&zugang=toilet&neu=1&kasse=statutory"

    page = Page(visitor().get(url))

    form = page.form(with_field="ort")
    assert form.fields["fach"] == "Wahlkunde" or form.choices["fach"]
    assert "?fach=Wahlkunde&zugang=lift&zugang=toilet&kasse=statutory&neu=1" in page.links
    assert "?fach=Wahlkunde&sprache=tr&zugang=toilet&kasse=statutory&neu=1" in page.links


def test_results_come_in_pages_that_hold_each_practice_once() -> None:
    made = found_specialty(23, "Seitenkunde")
    seen: list[str] = []
    url = "/suche/?fach=Seitenkunde"
    for _ in range(3):
        page = Page(visitor().get(url))
        seen += [link for link in page.links if link in {practice_url(one) for one in made}]
        following = [link for link in page.links if "nach=" in link]
        if not following:
            break
        url = "/suche/" + following[0]

    assert sorted(seen) == sorted(practice_url(one) for one in made)


def test_nothing_found_offers_a_wider_circle_and_the_telephone() -> None:
    found_specialty(1, "Weitkunde", postal_code="14467")  # Potsdam, 26 km from 10115

    answer = visitor().get("/suche/?fach=Weitkunde&ort=10115&umkreis=5")

    page = Page(answer)
    assert answer.status_code == 200
    assert "1 Praxis im Umkreis von 50 km" in answer.content.decode()
    assert "?fach=Weitkunde&ort=10115&umkreis=50" in page.links
    assert "tel:116117" in page.links


def test_an_unknown_place_is_told_at_its_field_and_the_other_filters_stay() -> None:
    answer = visitor().get("/suche/?ort=Nirgendwo&kasse=private&umkreis=20")

    page = Page(answer)
    assert answer.status_code == 422
    assert "Bitte geben Sie die Postleitzahl an" in answer.content.decode()
    assert page.form(with_field="ort").fields["ort"] == "Nirgendwo"


def test_a_practice_that_is_not_listed_is_nowhere_but_at_its_own_address() -> None:
    made = make_practice(listed=False, specialties=["Geheimkunde"], postal_code="10115")
    client = visitor()

    for url in ("/", "/suche/", "/suche/?ort=10115", "/suche/?fach=Geheimkunde"):
        assert practice_url(made) not in client.get(url).content.decode()
    assert client.get(practice_url(made)).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "nach=", "nach=~", "nach=nan~1", "nach=inf~9223372036854775808", "nach=1e999~-1", "umkreis=-5", "umkreis=٥",
        "zugang=x&zugang=lift", "sprache=xx", "kasse=' or 1=1", "reihenfolge=naehe", "neu=2", "fach=" + "%27%3B--",
    ],
)  # fmt: skip  # lines grouped by hand
def test_whatever_stands_in_the_address_is_survived(query: str) -> None:
    assert visitor().get(f"/suche/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["fach=%00", "ort=%00", "ort=" + "x" * 81, "fach=" + "x" * 121])
def test_what_no_page_of_ours_sends_is_refused(query: str) -> None:
    assert visitor().get(f"/suche/?{query}").status_code in {400, 422}


@pytest.mark.parametrize("url", ["/", "/suche/", "/suche/?ort=10115&umkreis=50", "/en/suche/"])
def test_it_sets_no_cookie_loads_nothing_foreign_and_stays_small(url: str) -> None:
    found_specialty(20, "Gewichtskunde", postal_code="10115", city="Berlin")
    client = visitor()

    answer = client.get(url)

    page = Page(answer)
    loaded = [client.get(one) for one in set(page.loaded)]
    size = sum(len(gzip.compress(b"".join(one) if one.streaming else one.content)) for one in [answer, *loaded])
    assert not answer.cookies
    assert all(one.startswith("/static/") for one in page.loaded)
    assert page.inline == []
    assert size <= LARGEST


def test_a_start_that_has_passed_is_not_offered() -> None:
    made, _visit_type = make_bookable()
    set_of(made, specialties=["Vergangenes"])

    with clock.travelled(timedelta(days=30)):
        html = visitor().get("/suche/?fach=Vergangenes").content.decode()

    assert "Online ist gerade nichts frei" in html
