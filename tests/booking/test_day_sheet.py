"""What is in a day sheet, what never is, and when a new one is due."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.day_sheet import fetch_day_sheet, make_day_sheet
from sprechzeit.booking.day_sheet_due import is_due, last_moment
from sprechzeit.booking.errors import DaySheetNotFound, NoWayIntoDaySheet
from sprechzeit.booking.models import Appointment, AppointmentNote, Block, DaySheet
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.staff.day_sheet_key import day_sheet_keys, remove_day_sheet_passphrase, way_of
from sprechzeit.staff.leave import begin_new_data_key
from sprechzeit.staff.models import DaySheetKey
from sprechzeit.vault import Context, day_sheet_key, seal_keyed, seal_record
from tests.booking.booked import book_by_phone, book_online, events
from tests.booking.day_sheets import lines, made_file, names, opened, with_passphrase
from tests.factories import (
    BERLIN,
    Made,
    in_days,
    make_bookable,
    make_person,
    make_practice,
    make_resource,
    make_visit_type,
    open_up,
)
from tests.patients.own_keys import own_key
from tests.patients.test_rotation import rotate_all
from tests.vault.day_sheet_reader import SheetFile


def due(made: Made) -> bool:
    with wearing(Role.DESK):
        return is_due(made.practice)


def made_at(made: Made, moment: datetime) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        DaySheet.objects.filter(practice=made.id).update(made_at=moment)


def changed_at(appointment: Appointment, made: Made, moment: datetime) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.filter(id=appointment.id).update(changed_at=moment)


def test_it_holds_who_comes_when_to_whom_and_what_for() -> None:
    made, visit_type = make_bookable(birth_date_purpose="Verwechslung")
    with_passphrase(made)
    person = make_person(
        first_name="Ada",
        last_name="Anders",
        phone="+493023125259",
        birth_date=date(1980, 3, 1),
    )
    appointment = book_by_phone(made, visit_type, in_days(1, 9, 30), person)
    own = own_key(made, appointment.id)
    with wearing(Role.DESK), acting_for(made.id):
        place = Context(made.id, "appointment_note", "note_sealed", str(appointment.id))
        AppointmentNote.objects.create(
            appointment=appointment,
            practice_id=made.id,
            note_sealed=seal_keyed(made.keys.keyring.current_key, own, b"bringt Befund mit", place),
            changed_at=clock.now(),
        )

    [line] = lines(opened(made_file(made)))

    assert line == {
        "from": "09:30",
        "minutes": 30,
        "visit": {"de": "Sprechstunde", "en": "Consultation"},
        "where": [],
        "status": "booked",
        "type": "routine",
        "name": "Anders, Ada",
        "birth": "1980-03-01",
        "phone": "+49 30 23125259",
        "note": "bringt Befund mit",
    }


def test_an_online_booking_that_nobody_has_taken_over_is_on_it_too() -> None:
    made, visit_type = make_bookable()
    with_passphrase(made)
    book_online(made, visit_type, in_days(1, 9), make_person(last_name="Netz", first_name="Nora"))

    [line] = lines(opened(made_file(made)))

    assert (line["name"], line["unread"]) == ("Netz, Nora", True)


def test_the_days_are_today_and_the_next_two_on_which_anybody_works() -> None:
    made = with_passphrase(make_practice())
    for days in (2, 5, 6):
        open_up(made, made.clinicians[0], in_days(days, 9), in_days(days, 12))

    file = SheetFile.read(made_file(made))

    wanted = [in_days(days).astimezone(BERLIN).date().isoformat() for days in (0, 2, 5)]
    assert file.clear["days"] == wanted
    assert [day["day"] for day in file.open_with_passphrase("sperling nordwind gurke leuchtturm")] == wanted


def test_cancelled_ones_and_other_days_are_left_out() -> None:
    made, visit_type = make_bookable(days=5)
    with_passphrase(made)
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Kommt"))
    gone = book_by_phone(made, visit_type, in_days(1, 10), make_person(last_name="Abgesagt"))
    book_by_phone(made, visit_type, in_days(4, 9), make_person(last_name="Später"))
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, gone.id, version=gone.version)

    assert [name.split(",")[0] for name in names(opened(made_file(made)))] == ["Kommt"]


def test_each_clinician_has_a_column_and_a_room_only_what_needs_no_clinician() -> None:
    made, _ = make_bookable(clinicians=2)
    with_passphrase(made)
    room = make_resource(made, kind="room", name="Labor")
    open_up(made, room, in_days(1, 9), in_days(1, 12))
    together = make_visit_type(made, [made.clinicians[0]], [room], name_de="Impfung")
    alone = make_visit_type(made, [room], name_de="Blutentnahme")
    book_by_phone(made, together, in_days(1, 9), make_person(last_name="Eins"))
    book_by_phone(made, alone, in_days(1, 10), make_person(last_name="Zwei"))

    [columns] = [day["columns"] for day in opened(made_file(made)) if day["columns"]]

    found = {one["name"]: [line["name"].split(",")[0] for line in one["lines"]] for one in columns}
    assert found == {"Dr. Test 1": ["Eins"], "Labor": ["Zwei"]}
    assert [line["where"] for line in lines([{"columns": columns}]) if line["name"].startswith("Eins")] == [["Labor"]]


def test_a_block_stands_among_the_appointments_with_what_it_is_for() -> None:
    made, visit_type = make_bookable()
    with_passphrase(made)
    book_by_phone(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK), acting_for(made.id):
        block = Block(
            practice_id=made.id, resource=made.clinicians[0], starts_at=in_days(1, 10), ends_at=in_days(1, 11)
        )
        place = Context(made.id, "block", "note_sealed", str(block.id))
        block.note_sealed = seal_record(made.keys.keyring.current_key, b"Hausbesuch", place)
        block.save()

    found = lines(opened(made_file(made)))

    assert [(line["from"], line.get("block")) for line in found] == [("09:00", None), ("10:00", "Hausbesuch")]


def test_a_damaged_comment_does_not_keep_the_day_from_being_made() -> None:
    made, visit_type = make_bookable()
    with_passphrase(made)
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK), acting_for(made.id):
        AppointmentNote.objects.create(
            appointment=appointment, practice_id=made.id, note_sealed=b"\x01damaged" * 9, changed_at=clock.now()
        )

    [line] = lines(opened(made_file(made)))

    assert (line["name"], line["note"]) == ("Muster, Erika", "?")


def test_in_clear_stand_practice_days_and_time_and_nothing_else() -> None:
    made, visit_type = make_bookable()
    with_passphrase(made)
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Geheimrat", phone="+493023125259"))

    file = made_file(made)

    head = SheetFile.read(file).clear
    assert set(head) == {"practice", "slug", "name", "phone", "made_at", "days"}
    text = file.decode().lower()
    for secret in ("geheimrat", "23125259", "sprechstunde", "erika@example.org", str(made.member)):
        assert secret not in text
    assert f'"{made.practice.slug}"'.encode() in SheetFile.read(file).head


def test_e_mail_and_the_note_in_the_records_are_not_on_it() -> None:
    made, visit_type = make_bookable()
    with_passphrase(made)
    book_by_phone(made, visit_type, in_days(1, 9), make_person(email="a@example.org", note="mag keine Spritzen"))

    assert "example.org" not in str(opened(made_file(made)))
    assert "Spritzen" not in str(opened(made_file(made)))


def test_it_is_one_page_whose_policy_lets_only_its_own_script_and_style_run() -> None:
    made = with_passphrase(make_practice())

    page = made_file(made).decode()

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert not re.search(r"(src|href)\s*=|url\(|@import|fetch\(|XMLHttpRequest|https?:", page.replace(policy[1], ""))


def test_a_practices_name_cannot_become_markup() -> None:
    made = with_passphrase(make_practice())
    made.practice.name = '"><script>alert(1)</script>'

    page = made_file(made).decode()

    assert "<script>alert" not in page
    assert page.count("<script") == 2


def test_one_practices_key_opens_no_others_sheet() -> None:
    made, other = with_passphrase(make_practice()), with_passphrase(make_practice())
    file = SheetFile.read(made_file(made))
    with wearing(Role.DESK):
        [mine], [theirs] = day_sheet_keys(made.id), day_sheet_keys(other.id)

    assert file.open_with_key("passphrase", day_sheet_key(made.keys.private, way_of(mine)).reveal())
    for key in (
        day_sheet_key(other.keys.private, way_of(mine)),
        day_sheet_key(other.keys.private, way_of(theirs)),
        day_sheet_key(made.keys.private, way_of(theirs)),
    ):
        with pytest.raises(InvalidTag):
            file.open_with_key("passphrase", key.reveal())


def test_whose_names_went_into_it_stands_in_the_trail() -> None:
    made, visit_type = make_bookable()
    with_passphrase(made)
    appointment = book_by_phone(made, visit_type, in_days(1, 9))

    made_file(made)

    [event] = events(made, "day-sheet.make")
    assert event.subjects == [appointment.patient_id]
    assert event.details == {"count": 1}
    assert event.actor == str(made.member)


def test_it_opens_the_same_before_and_after_a_new_data_key() -> None:
    made, visit_type = make_bookable()
    with_passphrase(made)
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Dauer", first_name="Dora"))
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)
    before = opened(made_file(made))

    rotate_all(made)

    assert names(before) == names(opened(made_file(made))) == ["Dauer, Dora"]


def test_without_a_way_into_it_none_is_made() -> None:
    made = make_practice()

    with pytest.raises(NoWayIntoDaySheet):
        made_file(made)

    assert not due(made)
    with pytest.raises(DaySheetNotFound), wearing(Role.DESK):
        fetch_day_sheet(made.id, made.actor)


def test_a_new_one_takes_the_place_of_the_old_one() -> None:
    made = with_passphrase(make_practice())
    first = made_file(made)

    second = made_file(made)

    assert first != second
    with wearing(Role.DESK):
        assert bytes(fetch_day_sheet(made.id, made.actor).sealed) == second


def test_it_is_due_when_none_was_made_and_not_right_after() -> None:
    made = with_passphrase(make_practice())
    assert due(made)

    made_file(made)

    assert not due(made)
    with wearing(Role.DESK):
        assert make_day_sheet(made.keys, made.actor, made.practice, if_due=True) is None


def test_it_is_due_after_six_and_after_seventeen_oclock() -> None:
    made = with_passphrase(make_practice())
    made_file(made)
    moment = last_moment(made.practice)
    with wearing(Role.DESK), acting_for(made.id):
        DaySheetKey.objects.filter(practice=made.id).update(created_at=moment - timedelta(days=1))

    made_at(made, moment - timedelta(seconds=1))
    assert due(made)
    made_at(made, moment)
    assert not due(made)
    assert moment.astimezone(BERLIN).strftime("%H:%M") in {"06:00", "17:00"}


@pytest.mark.parametrize(("hour", "wanted"), [(5, "17:00"), (6, "06:00"), (16, "06:00"), (17, "17:00"), (23, "17:00")])
def test_the_last_moment_is_the_last_of_the_two(hour: int, wanted: str) -> None:
    made = make_practice()

    with clock.travelled(in_days(3, hour, 30) - clock.now()):
        moment = last_moment(made.practice).astimezone(BERLIN)
        assert moment <= clock.now() < moment + timedelta(hours=14)

    assert moment.strftime("%H:%M") == wanted


def test_a_change_makes_it_due_once_it_is_half_an_hour_old() -> None:
    made, visit_type = make_bookable(days=3)
    with_passphrase(made)
    appointment = book_by_phone(made, visit_type, in_days(2, 9))
    noon = in_days(1, 12)
    with clock.travelled(noon - clock.now()):
        made_file(made)
        changed_at(appointment, made, noon + timedelta(minutes=1))

    for minutes, wanted in ((29, False), (31, True)):
        with clock.travelled(noon + timedelta(minutes=minutes) - clock.now()):
            assert due(made) is wanted


def test_a_change_of_another_day_does_not() -> None:
    made, visit_type = make_bookable(days=6)
    with_passphrase(made)
    appointment = book_by_phone(made, visit_type, in_days(5, 9))
    noon = in_days(1, 12)
    with clock.travelled(noon - clock.now()):
        made_file(made)
        changed_at(appointment, made, noon + timedelta(minutes=1))

    with clock.travelled(noon + timedelta(minutes=40) - clock.now()):
        assert not due(made)


def test_changed_keys_make_it_due_at_once() -> None:
    made = with_passphrase(make_practice())
    made_file(made)

    with_passphrase(made)

    assert due(made)
    with wearing(Role.DESK):
        remove_day_sheet_passphrase(made.id, made.actor)
    assert not due(made)
