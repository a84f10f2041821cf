"""Without a script: lengthen, comment, cut and copy, block, squeeze in; and what is told when something goes wrong."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.booking.clipboard import put_on_clipboard
from sprechzeit.booking.models import Appointment, AppointmentNote, Block
from sprechzeit.booking.move import move_appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.furnishing.lanes import set_lanes
from sprechzeit.practices.models import VisitType
from sprechzeit.staff.models import Membership
from tests.booking.blocked import block_in
from tests.booking.booked import rows as rows_of
from tests.factories import Made, at_desk, in_days, make_bookable
from tests.web.desk.furnish import TYPED, appointment_of, booked_at_desk, enter, local, rows, url_of
from tests.web.page import Page

WITHOUT = "/desk/neu/?ohne=1"


def with_room() -> tuple[Made, VisitType]:
    made, visit_type = make_bookable()
    with wearing(Role.DESK), acting_for(made.id):
        set_lanes(made.id, made.clinicians[0], 1, overbooking=True)
    return made, visit_type


def cut(made: Made, appointment: Appointment, mode: str = "cut") -> UUID:
    with wearing(Role.DESK):
        return put_on_clipboard(made.id, made.actor, appointment.id, mode)


def as_role(made: Made, role: Membership.Role) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id, member=made.member).update(role=role)


def moved_by_somebody_else(made: Made, appointment: Appointment) -> None:
    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, appointment.id, in_days(1, 11), version=1)


def test_the_card_has_the_length_and_changes_it() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    form = Page(client.get(url_of(appointment))).form(with_field="minutes")

    answer = form.send(client, minutes="45")

    assert form.fields["minutes"] == "30"
    assert answer.status_code == 302
    assert appointment_of(made, appointment.id).ends_at == in_days(1, 9, 45)


def test_a_length_that_does_not_fit_is_told_on_the_card_and_stays_in_its_field() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    booked_at_desk(made, visit_type, in_days(1, 9, 30))
    client = at_desk(made)

    answers = {
        minutes: client.post(url_of(appointment, "dauer/"), {"version": "1", "minutes": minutes})
        for minutes in ("45", "3", "", "viel", "9" * 30)
    }

    page = Page(answers["45"])
    assert [one.status_code for one in answers.values()] == [409, 422, 422, 422, 422]
    assert page.form(with_field="minutes").fields["minutes"] == "45"
    assert ("einschieben", "1") in page.form(with_field="minutes").buttons
    assert appointment_of(made, appointment.id).version == 1


def test_a_comment_is_written_on_the_card_and_stands_there_escaped() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    form = Page(client.get(url_of(appointment))).form(with_field="bemerkung")

    answer = form.send(client, bemerkung="<script>alert(1)</script>")

    content = client.get(url_of(appointment)).content
    assert answer.status_code == 302
    assert b"<script>alert" not in content
    assert content.count(b"&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_two_who_write_a_comment_see_both_texts() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    form = Page(client.get(url_of(appointment))).form(with_field="bemerkung")
    form.send(client, bemerkung="Zuerst da")

    refused = form.send(client, bemerkung="Mein langer Text")

    page = Page(refused)
    assert refused.status_code == 409
    assert "Zuerst da" in page.text
    assert "Mein langer Text" in page.text
    second = page.form(with_field="bemerkung").send(client, bemerkung="Mein langer Text")
    assert second.status_code == 302
    assert len(rows_of(made, AppointmentNote)) == 1


@pytest.mark.parametrize("step", ["dauer/", "stand/", "absagen/", "verschieben/"])
def test_what_somebody_changed_meanwhile_is_told_with_what_and_who(step: str) -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    moved_by_somebody_else(made, appointment)
    asked = {"version": "1", "minutes": "45", "status": "no-show", "start": in_days(2, 9).isoformat()}

    answer = at_desk(made).post(url_of(appointment, step), asked)

    page = Page(answer)
    assert answer.status_code == 409
    assert "inzwischen geändert" in page.text
    assert "Termin verschoben · Test" in page.text
    assert appointment_of(made, appointment.id).version == 2


def test_cut_on_the_card_it_lies_on_the_day_and_is_put_elsewhere() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9), last_name="Zieh")
    client = at_desk(made)
    form = Page(client.get(url_of(appointment))).form(with_field="art")

    answer = form.send(client, ("art", "cut"))
    page = Page(client.get(answer.headers["Location"]))
    (link,) = [one for one in page.links if "/einsetzen/" in one]
    free = Page(client.get(f"/desk/neu/?start={in_days(2, 10).isoformat().replace('+', '%2B')}"))
    (here,) = [one for one in free.links if "/einsetzen/" in one]
    put = Page(client.get(here)).form(with_field="version").send(client)

    assert here.startswith(link)
    assert put.status_code == 302
    assert appointment_of(made, appointment.id).starts_at == in_days(2, 10)
    assert rows(made) == (1, 1, 1)


def test_put_onto_a_taken_time_others_are_offered_and_squeezing_in_is_possible() -> None:
    made, visit_type = with_room()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    booked_at_desk(made, visit_type, in_days(1, 10))
    client = at_desk(made)
    url = f"/desk/ablage/{cut(made, appointment)}/einsetzen/"

    refused = client.post(url, {"version": "1", "start": in_days(1, 10).isoformat()})
    form = Page(refused).form(with_field="version")
    done = form.send(client, ("einschieben", "1"), start=in_days(1, 10).isoformat())

    assert refused.status_code == 409
    assert len(form.choices["start"]) > 3
    assert done.status_code == 302
    assert appointment_of(made, appointment.id).overbooked


def test_an_item_is_taken_off_and_what_is_gone_is_told_in_words() -> None:
    made, visit_type = make_bookable()
    item = cut(made, booked_at_desk(made, visit_type, in_days(1, 9)))
    client = at_desk(made)

    answers = [client.post(f"/desk/ablage/{item}/weg/", {"tag": "2026-12-01"}) for _ in range(2)]
    put = client.post(f"/desk/ablage/{item}/einsetzen/", {"version": "1", "start": in_days(2, 9).isoformat()})

    assert answers[0].headers["Location"] == "/desk/?tag=2026-12-01"
    assert [answers[1].status_code, put.status_code] == [404, 404]
    assert "nicht mehr in Ihrer Ablage" in Page(put).text


def test_time_is_blocked_changed_and_given_free() -> None:
    made, _ = make_bookable()
    client = at_desk(made)
    start = in_days(1, 10).isoformat().replace("+", "%2B")
    form = Page(client.get(f"/desk/sperrzeit/neu/?start={start}&bei={made.clinicians[0].id}")).form(with_field="von")

    answer = form.send(client, wofuer="Fortbildung")
    (block,) = rows_of(made, Block)
    shown = Page(client.get(f"/desk/sperrzeit/{block.id}/"))
    changed = shown.form(with_field="von").send(client, bis="12:30")
    longer = rows_of(made, Block)[0].ends_at
    (remove,) = [one for one in Page(client.get(f"/desk/sperrzeit/{block.id}/")).forms if "aufheben" in one.action]
    removed = remove.send(client)

    assert (form.fields["von"], form.fields["bis"]) == ("10:00", "11:00")
    assert [one.status_code for one in (answer, changed, removed)] == [302, 302, 302]
    assert shown.form(with_field="von").fields["wofuer"] == "Fortbildung"
    assert longer == in_days(1, 12, 30)
    assert rows_of(made, Block) == []


def test_until_midnight_is_until_the_end_of_the_day() -> None:
    made, _ = make_bookable()
    wall = local(made, in_days(1, 18))

    answer = at_desk(made).post(
        "/desk/sperrzeit/neu/", {"bei": made.clinicians[0].id, "tag": wall["tag"], "von": "18:00", "bis": "00:00"}
    )

    assert answer.status_code == 302
    assert rows_of(made, Block)[0].ends_at == in_days(2, 0)


def test_appointments_in_the_way_of_a_block_are_listed_with_their_names() -> None:
    made, visit_type = make_bookable()
    booked_at_desk(made, visit_type, in_days(1, 10), last_name="Imweg")
    wall = local(made, in_days(1, 10))

    answer = at_desk(made).post(
        "/desk/sperrzeit/neu/",
        {"bei": made.clinicians[0].id, "tag": wall["tag"], "von": "09:00", "bis": "12:00", "wofuer": "Urlaub"},
    )

    page = Page(answer)
    assert answer.status_code == 409
    assert "10:00–10:30 Imweg, Erika" in page.text
    assert page.form(with_field="von").fields["wofuer"] == "Urlaub"
    assert rows_of(made, Block) == []


@pytest.mark.parametrize(
    "wrong",
    [{"bei": ""}, {"bei": "999999999"}, {"tag": "2026-02-30"}, {"von": "25:00"}, {"bis": "08:00"}, {"bis": "\x00"}],
)
def test_a_wrong_block_is_refused_on_the_same_page(wrong: dict[str, str]) -> None:
    made, _ = make_bookable()
    right = {
        "bei": str(made.clinicians[0].id),
        "tag": local(made, in_days(1, 9))["tag"],
        "von": "09:00",
        "bis": "10:00",
    }

    answer = at_desk(made).post("/desk/sperrzeit/neu/", {**right, **wrong})

    assert answer.status_code in {404, 422}
    assert "von" in Page(answer).form(with_field="von").fields
    assert rows_of(made, Block) == []


def test_a_block_that_somebody_changed_meanwhile_keeps_both() -> None:
    made, _ = make_bookable()
    block = block_in(made, in_days(1, 10), note="Ihre")
    client = at_desk(made)
    form = Page(client.get(f"/desk/sperrzeit/{block}/")).form(with_field="von")
    form.send(client, bis="11:30", wofuer="Fremd")

    refused = form.send(client, bis="12:00", wofuer="Meine", key="")

    page = Page(refused)
    assert refused.status_code == 409
    assert "Jetzt gilt: 10:00–11:30 · Fremd" in " ".join(page.text.split())
    assert page.form(with_field="von").fields["wofuer"] == "Meine"
    assert page.form(with_field="von").send(client).status_code == 302


def test_a_taken_time_can_be_squeezed_in_deliberately() -> None:
    made, visit_type = with_room()
    client = at_desk(made)
    enter(client, made, visit_type, in_days(1, 9))

    refused = enter(client, made, visit_type, in_days(1, 9), anlass="emergency", key="k")
    form = Page(refused).form(with_field="last_name")
    done = form.send(client, ("einschieben", "1"))
    full = enter(client, made, visit_type, in_days(1, 9), einschieben="1")

    assert [one.status_code for one in (refused, done, full)] == [409, 302, 409]
    assert "niemand mehr eingeschoben" in Page(full).text
    assert ("einschieben", "1") not in Page(full).form(with_field="last_name").buttons
    squeezed = [one for one in rows_of(made, Appointment) if one.overbooked]
    assert [one.appointment_type for one in squeezed] == ["emergency"]


def test_a_suggested_time_that_is_gone_stands_in_the_fields_to_be_squeezed_in() -> None:
    made, visit_type = with_room()
    client = at_desk(made)
    enter(client, made, visit_type, in_days(1, 9))

    refused = enter(client, made, visit_type, in_days(2, 9), slot=in_days(1, 9).isoformat())

    form = Page(refused).form(with_field="last_name")
    assert {"tag": form.fields["tag"], "uhrzeit": form.fields["uhrzeit"]} == local(made, in_days(1, 9))
    assert form.send(client, ("einschieben", "1")).status_code == 302


def test_who_may_only_read_squeezes_nobody_in() -> None:
    made, visit_type = with_room()
    enter(at_desk(made), made, visit_type, in_days(1, 9))
    as_role(made, Membership.Role.READ_ONLY)

    assert enter(at_desk(made), made, visit_type, in_days(1, 9), einschieben="1").status_code == 403
    assert rows(made)[0] == 1


def test_without_an_appointment_it_begins_now_and_counts_as_arrived() -> None:
    made, visit_type = make_bookable()
    client = at_desk(made)
    form = Page(client.get(WITHOUT)).form(with_field="last_name")

    answer = form.send(client, **TYPED)

    (here,) = rows_of(made, Appointment)
    assert answer.status_code == 302
    assert (here.status, here.appointment_type, here.visit_type_id) == ("arrived", "walk-in", visit_type.id)
    assert timedelta(0) <= clock.now() - here.starts_at < timedelta(minutes=6)
    assert here.starts_at.minute % 5 == here.starts_at.second == 0
    assert "tag" not in form.fields


def test_one_of_the_list_and_somebody_new_at_once_is_refused() -> None:
    made, visit_type = make_bookable()
    known = booked_at_desk(made, visit_type, in_days(1, 9))

    answer = enter(at_desk(made), made, visit_type, in_days(1, 10), patient=str(known.patient_id))

    assert answer.status_code == 422
    assert "nicht beides" in Page(answer).text
    assert rows(made)[0] == 1


def test_the_only_one_found_is_chosen_already() -> None:
    made, visit_type = make_bookable()
    known = booked_at_desk(made, visit_type, in_days(1, 9), last_name="Allein")
    booked_at_desk(made, visit_type, in_days(1, 10), last_name="Anders")
    client = at_desk(made)

    one = Page(client.post("/desk/neu/", {"suchen": "1", "q": "allein"})).form(with_field="patient")
    two = Page(client.post("/desk/neu/", {"suchen": "1", "q": "erika"})).form(with_field="patient")

    assert one.fields["patient"] == str(known.patient_id)
    assert "patient" not in two.fields
    assert len(two.choices["patient"]) == 2


def test_the_list_of_keys_is_on_every_page_and_holds_what_the_member_may() -> None:
    made, _ = make_bookable()
    owner = at_desk(made).get("/desk/neu/").content.decode()
    as_role(made, Membership.Role.READ_ONLY)
    reader = at_desk(made).get("/desk/sicherheit/").content.decode()

    assert 'data-key="x" data-post="ablage/" data-values="art=cut"' in owner
    assert 'data-key="/"' in reader
    assert 'data-key="x"' not in reader


@pytest.mark.parametrize("address", ["", "woche/", "monat/", "liste/"])
def test_every_calendar_page_shows_the_clipboard(address: str) -> None:
    made, visit_type = make_bookable()
    cut(made, booked_at_desk(made, visit_type, in_days(1, 9), last_name="Zieh"))

    page = Page(at_desk(made).get(f"/desk/{address}?tag={in_days(40):%Y-%m-%d}"))

    assert "Zieh, Erika von" in " ".join(page.text.split())
    assert [one for one in page.links if one.endswith("/einsetzen/")]
