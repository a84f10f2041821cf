from __future__ import annotations

import re

import pytest

from tests.booking.booked import book_by_phone
from tests.factories import BERLIN, Made, at_desk, in_days, make_bookable, make_resource, make_visit_type, open_up


def day(offset: int) -> str:
    return in_days(offset).astimezone(BERLIN).date().isoformat()


def find(made: Made, **asked: str) -> str:
    answer = at_desk(made).get("/desk/naechster/", asked)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def free(page: str) -> list[str]:
    return re.findall(r'class="day__cell day__cell--free [^"]*" href="([^"]*)"', page)


def test_it_leads_to_the_day_of_the_next_free_time_and_keeps_the_columns() -> None:
    made, visit_type = make_bookable(clinicians=2, hours=(9, 10))
    only = make_visit_type(made, made.clinicians[:1])
    for start in ((9, 0), (9, 30)):
        book_by_phone(made, only, in_days(1, *start))
    columns = str(made.clinicians[0].id)

    assert find(made, art=str(visit_type.id)) == f"/desk/?tag={day(1)}&art={visit_type.id}"
    there = find(made, art=str(only.id), spalten=columns, raster="5")
    assert there == f"/desk/?tag={day(2)}&spalten={columns}&raster=5&art={only.id}"


def test_it_looks_for_one_clinician_only_when_asked() -> None:
    made, visit_type = make_bookable(clinicians=2, hours=(9, 10), days=2)
    only = make_visit_type(made, made.clinicians[:1])
    for start in ((9, 0), (9, 30)):
        book_by_phone(made, only, in_days(1, *start))
    who = str(made.clinicians[0].id)

    assert find(made, art=str(visit_type.id), wer=who) == f"/desk/?tag={day(2)}&art={visit_type.id}&wer={who}"


def test_it_begins_at_the_day_that_is_shown() -> None:
    made, visit_type = make_bookable(days=3)

    assert find(made, art=str(visit_type.id), tag=day(2)).startswith(f"/desk/?tag={day(2)}&")


def test_the_free_times_stand_on_the_grid_and_lead_to_a_form_that_is_filled_in() -> None:
    made, visit_type = make_bookable(clinicians=2, hours=(9, 10), grid_minutes=30)
    book_by_phone(made, make_visit_type(made, made.clinicians[:1]), in_days(1, 9))
    client = at_desk(made)

    page = client.get("/desk/", {"tag": day(1), "art": visit_type.id}).content.decode()

    links = [one.replace("&amp;", "&") for one in free(page)]
    first, second = made.clinicians
    assert [re.findall(r"bei=(\d+)", one)[0] for one in links] == [str(first.id), str(second.id), str(second.id)]
    assert all(f"art={visit_type.id}" in one for one in links)
    assert page.count('class="day__cell ') == len(links)
    assert "2 freie Zeiten an diesem Tag" in page
    form = client.get(links[0]).content.decode()
    assert f'<option value="{first.id}" selected>' in form
    assert 'name="uhrzeit" step="300" value="09:30"' in form
    assert re.search(rf'<option value="{visit_type.id}" selected>', form)


def test_with_a_room_the_times_stand_with_the_clinician() -> None:
    made, _ = make_bookable(hours=(9, 10))
    room = make_resource(made, kind="room", name="Raum")
    open_up(made, room, in_days(1, 9), in_days(1, 10))
    visit_type = make_visit_type(made, made.clinicians, [room])

    page = at_desk(made).get("/desk/", {"tag": day(1), "art": visit_type.id, "spalten": "alle"}).content.decode()

    assert [re.findall(r"bei=(\d+)", one)[0] for one in free(page)] == [str(made.clinicians[0].id)] * 2


def test_it_says_when_they_are_in_columns_that_are_not_shown() -> None:
    made, visit_type = make_bookable(hours=(9, 10))
    room = make_resource(made, kind="room", name="Raum")

    page = at_desk(made).get("/desk/", {"tag": day(1), "art": visit_type.id, "spalten": room.id}).content.decode()

    assert free(page) == []
    assert "in Spalten, die nicht gezeigt werden" in page


def test_where_nothing_is_free_for_twelve_weeks_it_says_so() -> None:
    made, _ = make_bookable(days=0)
    visit_type = make_visit_type(made)

    there = find(made, art=str(visit_type.id))

    assert "frei=nichts" in there
    assert "In den nächsten zwölf Wochen ist nichts frei" in at_desk(made).get(there).content.decode()


def test_the_past_has_no_free_times() -> None:
    made, visit_type = make_bookable()
    open_up(made, made.clinicians[0], in_days(-2, 9), in_days(-2, 12))

    page = at_desk(made).get("/desk/", {"tag": day(-2), "art": visit_type.id}).content.decode()

    assert free(page) == []
    assert "An diesem Tag ist nichts frei" in page


@pytest.mark.parametrize("art", ["", "x", "0", "9" * 18])
def test_without_a_visit_type_it_cannot_look(art: str) -> None:
    made, _ = make_bookable()

    assert at_desk(made).get("/desk/naechster/", {"art": art}).status_code in {404, 422}
    assert 'class="looking"' not in at_desk(made).get("/desk/", {"art": art}).content.decode()


def test_another_practices_visit_type_is_not_there() -> None:
    made, _ = make_bookable()
    _, other = make_bookable()

    assert at_desk(made).get("/desk/naechster/", {"art": other.id}).status_code == 404
