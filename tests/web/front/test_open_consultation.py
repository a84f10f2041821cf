from __future__ import annotations

import re

from tests.booking.test_open_consultation import at_noon, open_now  # noqa: F401 - the fixture works by its name
from tests.factories import at_desk, visitor
from tests.web.page import Page


def test_a_number_is_drawn_without_a_name_called_at_the_desk_and_the_page_says_so() -> None:
    made, visit_type = open_now()
    patient, desk = visitor(), at_desk(made)
    practice = f"/praxis/{made.practice.slug}/"

    assert "offene-sprechstunde" in patient.get(practice).content.decode()
    page = Page(patient.get(f"{practice}offene-sprechstunde/{visit_type.id}/"))
    drawn = page.form(with_field="schluessel").send(patient)
    mine = drawn.headers["Location"]
    waiting = patient.get(mine).content.decode()
    numbers = desk.get("/desk/nummern/").content.decode()
    (call,) = set(re.findall(r'action="(/desk/nummern/[^"]+-[^"]+/)"', numbers))
    desk.post(call, {"seen": "waiting", "state": "called"})

    assert "als Nächstes" in waiting
    assert "aufgerufen" in patient.get(mine).content.decode()


def test_who_does_not_come_gives_the_number_back() -> None:
    made, visit_type = open_now()
    patient = visitor()
    page = Page(patient.get(f"/praxis/{made.practice.slug}/offene-sprechstunde/{visit_type.id}/"))
    mine = page.form(with_field="schluessel").send(patient).headers["Location"]

    patient.post(mine)

    assert "zurückgegeben" in patient.get(mine).content.decode()


def test_reception_draws_one_at_the_counter() -> None:
    made, visit_type = open_now()
    desk = at_desk(made)

    desk.post(f"/desk/nummern/{visit_type.id}/ziehen/")

    assert "<strong>1</strong>" in desk.get("/desk/nummern/").content.decode()


def test_wrong_numbers_are_told_in_words() -> None:
    made, _visit_type = open_now()

    for path in ("nummer/AAAAAAAAAAAAAAAAAAAAAA/", "nummer/x/", "offene-sprechstunde/999999/"):
        assert visitor().get(f"/praxis/{made.practice.slug}/{path}").status_code == 404
