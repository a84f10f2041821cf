from __future__ import annotations

import re

import pytest
from django.http import HttpResponse

from sprechzeit.booking.block import make_block
from sprechzeit.booking.occupy import Span
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource
from tests.booking.booked import book_by_phone, events
from tests.factories import (
    BERLIN,
    Made,
    at_desk,
    in_days,
    make_bookable,
    make_person,
    make_practice,
    make_resource,
    make_visit_type,
    open_up,
)
from tests.timetable.calendar import except_in


def tomorrow() -> str:
    return in_days(1).astimezone(BERLIN).date().isoformat()


def look(made: Made, **asked: str) -> str:
    answer: HttpResponse = at_desk(made).get("/desk/", {"tag": tomorrow(), **asked})
    assert answer.status_code == 200
    return answer.content.decode()


def columns(page: str) -> list[str]:
    return re.findall(r'<div class="day__column[^>]*aria-label="([^"]*)"', page)


def ids(*resources: Resource) -> str:
    return ",".join(str(one.id) for one in resources)


def three_kinds() -> tuple[Made, Resource, Resource]:
    made, _ = make_bookable(clinicians=2)
    room = make_resource(made, kind="room", name="Raum 1")
    return made, room, make_resource(made, kind="device", name="EKG")


def test_only_clinicians_are_shown_until_somebody_chooses() -> None:
    made, _, _ = three_kinds()

    assert columns(look(made)) == [one.name for one in made.clinicians]


def test_any_set_of_columns_can_be_chosen_in_the_address() -> None:
    made, room, device = three_kinds()

    assert columns(look(made, spalten=ids(device, made.clinicians[1]))) == [made.clinicians[1].name, "EKG"]
    assert columns(look(made, spalten="alle")) == [*(one.name for one in made.clinicians), "Raum 1", "EKG"]
    both = at_desk(made).get(f"/desk/?spalten={room.id}&spalten={device.id}").content.decode()
    assert columns(both) == ["Raum 1", "EKG"]


@pytest.mark.parametrize("nonsense", ["", "x", "0", "-1", "9" * 40, ",,,", "1;2"])
def test_what_is_no_column_shows_the_usual_ones(nonsense: str) -> None:
    made = make_practice(clinicians=1)

    assert columns(look(made, spalten=nonsense)) == [made.clinicians[0].name]


def test_another_practices_columns_are_not_there() -> None:
    made, other = make_practice(clinicians=1), make_practice(clinicians=1)

    assert columns(look(made, spalten=ids(*other.clinicians))) == [made.clinicians[0].name]


def test_every_link_of_the_page_keeps_columns_and_zoom() -> None:
    made, room, device = three_kinds()
    chosen = ids(room, device)

    page = look(made, spalten=chosen, raster="30")

    steps = re.findall(r'<a class="button button--quiet" href="(\?[^"]*)" title=', page)
    assert len(steps) == 4
    assert all(f"spalten={chosen}" in step and "raster=30" in step for step in steps)
    assert f'/desk/woche/?tag={tomorrow()}&amp;bei={chosen}&amp;raster=30"' in page
    assert re.search(rf'<input type="hidden" name="spalten" value="{chosen}">', page)


def test_only_those_who_are_shown_are_opened_and_recorded() -> None:
    made, _ = make_bookable(clinicians=2)
    first, second = (make_visit_type(made, [one]) for one in made.clinicians)
    book_by_phone(made, first, in_days(1, 9), make_person(last_name="Sichtbar"))
    hidden = book_by_phone(made, second, in_days(1, 9), make_person(last_name="Verdeckt"))

    page = look(made, spalten=ids(made.clinicians[0]))

    assert "Sichtbar" in page
    assert "Verdeckt" not in page
    assert hidden.patient_id not in events(made, "day.view")[-1].subjects


@pytest.mark.parametrize(("zoom", "cells"), [("5", 36), ("10", 18), ("15", 12), ("30", 6), ("7", 12), ("", 12)])
def test_lines_and_places_follow_the_zoom(zoom: str, cells: int) -> None:
    made, _ = make_bookable(hours=(9, 12))

    page = look(made, raster=zoom)

    assert page.count('class="day__cell ') == cells
    shown = zoom if zoom in {"5", "10", "30"} else "15"
    assert f'class="day zoom-{shown} ' in page
    assert f'data-cell="{shown}"' in page


def test_absences_and_closures_lie_on_their_time_with_their_name() -> None:
    made, _ = make_bookable(clinicians=2)
    except_in(made, "absence", in_days(1, 10), in_days(1, 12), made.clinicians[0], label="Fortbildung")
    except_in(made, "closure", in_days(1, 16), in_days(1, 17))

    page = look(made)

    away = re.findall(r'<span class="day__away (r\d+ s\d+)"><span>([^<]*)</span>', page)
    assert away == [("r25 s24", "Fortbildung"), ("r97 s12", "geschlossen"), ("r97 s12", "geschlossen")]


def test_blocked_time_shows_what_for_and_cannot_be_booked() -> None:
    made, _ = make_bookable(hours=(9, 12))
    with wearing(Role.DESK):
        span = Span(in_days(1, 10), in_days(1, 11))
        made_block = make_block(made.keys, made.actor, ResourceId(made.clinicians[0].id), span, "Teamsitzung <b>")

    page = look(made)

    (block,) = re.findall(rf'<a id="b-{made_block.id}".*?</a>', page)
    assert 'class="day__block r25 s12"' in block
    assert "Teamsitzung &lt;b&gt;" in block
    assert "10:00 bis 11:00" in block
    assert page.count('class="day__cell ') == 8


def test_one_squeezed_in_stands_beside_and_the_others_keep_the_whole_width() -> None:
    made, visit_type = make_bookable()
    booked = [book_by_phone(made, visit_type, in_days(1, hour)) for hour in (9, 10)]
    other = make_visit_type(made)
    with wearing(Role.DESK):
        from sprechzeit.booking.at_desk import book_at_desk
        from tests.factories import type_id

        squeezed = book_at_desk(
            made.keys, made.actor, type_id(other), in_days(1, 9), make_person(), kind="emergency", overbook=True
        )

    page = look(made)

    looks = {one: look_of(page, one) for one in (booked[0].id, booked[1].id, squeezed.id)}
    lanes = [next(part for part in looks[one].split() if part.startswith("lane-")) for one in looks]
    assert sorted(lanes) == ["lane-1", "lane-1", "lane-2"]
    assert "to-edge" in looks[booked[1].id]
    assert "entry--overbooked entry--emergency" in looks[squeezed.id]
    assert "eingeschoben" in page
    assert "Notfall" in page


def look_of(page: str, appointment: object) -> str:
    return page.split(f'id="t-{appointment}" class="entry ')[1].split('"')[0]


def test_an_appointment_with_a_room_has_its_id_once() -> None:
    made, _ = make_bookable()
    room = make_resource(made, kind="room", name="Raum")
    open_up(made, room, in_days(1, 9), in_days(1, 12))
    booked = book_by_phone(made, make_visit_type(made, made.clinicians, [room]), in_days(1, 9))

    page = look(made, spalten="alle")

    assert page.count(f'id="t-{booked.id}"') == 1
    assert page.count(f'href="/desk/termin/{booked.id}/"') == 2


def test_who_hears_the_page_is_told_everything_in_words() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Laut", first_name="Lea"))

    page = look(made)

    (label,) = re.findall(r'class="entry [^>]*aria-label="([^"]*)"', page)
    assert label.startswith("09:00 bis 09:30, Laut, Lea, Sprechstunde, gebucht, zum ersten Mal hier")
    assert re.search(r'<div class="day [^>]*role="region" aria-label="[^"]+" tabindex="0"', page)
    assert 'role="group" aria-label="Dr. Test 1"' in page
    headings = re.findall(r"<h([1-6])", page.split("<dialog")[0])
    assert headings == ["1", "2"]


def test_a_name_is_text_and_never_markup() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name='{0}" onclick="x', first_name="<b>"))

    page = look(made)

    assert "{0}&quot; onclick=&quot;x, &lt;b&gt;" in page
    assert "<b>" not in page


def test_a_reader_gets_no_way_to_move() -> None:
    from sprechzeit.staff.models import Membership

    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id).update(role="read-only")

    page = look(made)

    assert 'class="entry ' in page
    for attribute in ("data-move", "data-resize", "data-version", "entry__handle"):
        assert attribute not in page


def test_the_small_month_leads_to_each_day_and_turns_its_pages() -> None:
    made, room, _ = three_kinds()

    page = at_desk(made).get("/desk/", {"tag": "2026-11-25", "monat": "2026-12", "spalten": ids(room)}).content.decode()

    assert "Dezember 2026" in page
    assert f'href="/desk/?tag=2026-12-24&amp;spalten={room.id}"' in page
    assert "monat=2027-01" in page
    assert "monat=2026-11" in page
    assert '<th scope="row">53</th>' in page
    assert '<details class="popover mini" open>' in page


@pytest.mark.parametrize("month", ["2026-13", "x", "0000-01", "9999-12", "2026-12-01"])
def test_a_month_that_is_none_leaves_it_closed(month: str) -> None:
    made = make_practice()

    assert '<details class="popover mini">' in look(made, monat=month)
