from __future__ import annotations

import re
from datetime import timedelta

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.note import write_note
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import ResourceId
from tests.booking.booked import book_by_phone, book_online
from tests.factories import (
    BERLIN,
    Made,
    at_desk,
    in_days,
    make_bookable,
    make_person,
    make_resource,
    make_visit_type,
    open_up,
    type_id,
)


def look(made: Made, offset: int = 1) -> str:
    day = in_days(offset).astimezone(BERLIN).date().isoformat()
    return at_desk(made).get("/desk/", {"tag": day}).content.decode()


def entry(page: str, appointment: object) -> str:
    return page.split(f'id="t-{appointment}"')[1].split("</a>")[0]


def marks(page: str, appointment: object) -> list[str]:
    """The words of the pills."""
    return re.findall(r'<span class="entry__mark [^"]*">([^<]*)</span>', entry(page, appointment))


def icons(page: str, appointment: object) -> list[str]:
    return re.findall(r"<title>([^<]*)</title>", entry(page, appointment))


def label(page: str, appointment: object) -> str:
    return re.findall(r'aria-label="([^"]*)"', entry(page, appointment))[0]


def test_a_first_visit_without_consent_bears_both_pictures() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))

    page = look(made)

    assert icons(page, booked.id) == ["zum ersten Mal hier", "keine Einwilligung in Erinnerungen"]
    assert label(page, booked.id).endswith("zum ersten Mal hier, keine Einwilligung in Erinnerungen")
    assert page.count('id="i-new"') == 1


def test_an_online_booking_nobody_has_read_says_so() -> None:
    made, visit_type = make_bookable()
    booked = book_online(made, visit_type, in_days(1, 9))

    assert marks(look(made), booked.appointment_id) == ["neu online"]


def test_who_waits_says_since_when_and_who_is_treated_says_where() -> None:
    made, visit_type = make_bookable()
    room = make_resource(made, kind="room", name="Zimmer 3")
    with clock.travelled(timedelta(minutes=-7)):
        waits = book_by_phone(made, visit_type, in_days(0, 12))
        treated = book_by_phone(made, visit_type, in_days(0, 13))
        with wearing(Role.DESK):
            mark(made.id, made.actor, waits.id, "arrived", version=1)
            arrived = mark(made.id, made.actor, treated.id, "arrived", version=1)
            mark(made.id, made.actor, treated.id, "in-treatment", version=arrived.version, room=ResourceId(room.id))

    page = look(made, 0)

    assert "da · 7 Min." in marks(page, waits.id)
    assert "eingetroffen, da · 7 Min." in label(page, waits.id)
    assert "Zimmer 3" in marks(page, treated.id)


def test_who_has_not_come_is_overdue() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))

    with clock.travelled(in_days(1, 9, 20) - clock.now()):
        page = look(made, 0)

    assert marks(page, booked.id) == ["überfällig"]


def test_a_comment_is_the_second_line_and_its_whole_text_a_tooltip() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    long = 'Bringt "alte" Befunde mit.\n' + "x" * 200
    with wearing(Role.DESK):
        write_note(made.keys, made.actor, booked.id, long, seen="")

    shown = entry(look(made), booked.id)

    assert "mit Bemerkung" in shown
    what = re.findall(r'<span class="entry__what">([^<]*)</span>', shown)[0]
    assert what.startswith("09:00 · Sprechstunde · Bringt &quot;alte&quot; Befunde mit. x")
    assert what.endswith("…")
    assert "x" * 200 in re.findall(r'title="([^"]*)"', shown)[0]


def test_walk_ins_and_emergencies_are_told_apart() -> None:
    made, _ = make_bookable()
    team = make_resource(made, name="Team", capacity=3)
    open_up(made, team, in_days(1, 9), in_days(1, 12))
    visit_type = make_visit_type(made, [team])
    with wearing(Role.DESK):
        found = [
            book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person(), kind=kind)
            for kind in (Appointment.Type.WALK_IN, Appointment.Type.EMERGENCY, Appointment.Type.ROUTINE)
        ]

    page = look(made)

    assert [marks(page, one.id) for one in found] == [["ohne Termin"], ["Notfall"], []]
    assert ["entry--emergency" in entry(page, one.id) for one in found] == [False, True, False]


def test_what_is_over_says_its_status_in_words() -> None:
    made, visit_type = make_bookable()
    done, gone = (book_by_phone(made, visit_type, in_days(0, hour)) for hour in (9, 10))
    with wearing(Role.DESK):
        arrived = mark(made.id, made.actor, done.id, "arrived", version=1)
        mark(made.id, made.actor, done.id, "done", version=arrived.version)
        mark(made.id, made.actor, gone.id, "no-show", version=1)

    page = look(made, 0)

    assert ", fertig" in label(page, done.id)
    assert marks(page, done.id) == []
    assert marks(page, gone.id) == ["nicht da"]
