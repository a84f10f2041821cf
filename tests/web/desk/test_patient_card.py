"""A patient's card: who, how to reach them, what was and what comes; linked, recorded, and nobody else's."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from django.test import Client

from sprechzeit.audit.models import Event
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.create import create_patient
from sprechzeit.staff.models import Membership
from tests.factories import Made, at_desk, in_days, make_bookable, make_person
from tests.web.desk.furnish import booked_at_desk, day_url, enter, url_of
from tests.web.page import Page


def make_patient(made: Made, **person: object) -> UUID:
    with wearing(Role.DESK):
        return create_patient(made.keys, made.actor, make_person(**person))


def card_url(patient: object) -> str:
    return f"/desk/patient/{patient}/"


def as_role(made: Made, role: str) -> Client:
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id, member=made.member).update(role=role)
    return at_desk(made)


def test_it_shows_everything_that_is_in_the_record() -> None:
    made, _ = make_bookable()
    patient = make_patient(
        made, last_name="Größer", birth_date=date(1980, 2, 1), phone="+49301234567", note="Kommt mit\nRollstuhl <b>"
    )

    page = at_desk(made).get(card_url(patient))

    text = page.content.decode()
    for part in ("Größer, Erika", "01.02.1980", "+49301234567", "erika@example.org", "Jahre", "Rollstuhl &lt;b&gt;"):
        assert part in text


def test_appointments_stand_under_coming_and_past_with_what_with_whom_and_status() -> None:
    made, visit_type = make_bookable()
    first = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    known = {"patient": str(first.patient_id), "last_name": "", "first_name": ""}
    enter(client, made, visit_type, in_days(-7, 9), **known)
    enter(client, made, visit_type, in_days(2, 9), **known)
    client.post(url_of(first, "absagen/"), {"version": "1"})

    text = Page(client.get(card_url(first.patient_id))).text

    coming, past = text.split("Vergangene und abgesagte Termine")
    assert coming.count("Sprechstunde") == 1
    assert past.count("Sprechstunde") == 2
    assert "abgesagt" in past
    assert "Dr. Test 1" in coming


def test_that_it_was_opened_is_recorded() -> None:
    made, _ = make_bookable()
    patient = make_patient(made)

    at_desk(made).get(card_url(patient))

    with wearing(Role.DESK), acting_for(made.id):
        (event,) = Event.objects.filter(practice=made.id, action="patient.view")
    assert (event.subjects, event.actor) == ([patient], str(made.member))


def test_search_and_appointment_lead_to_it_as_a_page_and_as_a_part() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9), last_name="Größer")
    client = at_desk(made)
    url = card_url(appointment.patient_id)

    assert url in Page(client.post("/desk/patienten/", {"q": "größer"})).links
    assert url in Page(client.get(url_of(appointment))).links
    assert url_of(appointment) in Page(client.get(url)).links
    part = client.get(url, headers={"hx-request": "true"})
    assert b"<html" not in part.content
    assert "Größer, Erika" in part.content.decode()


def test_owners_only_are_led_to_who_has_seen_it_and_who_only_reads_cannot_change_anything() -> None:
    made, _ = make_bookable()
    patient = make_patient(made)
    trail = f"/desk/protokoll/patient/{patient}/"

    links = {
        role: Page(as_role(made, role).get(card_url(patient))).links for role in ("owner", "reception", "read-only")
    }

    assert [trail in links[role] for role in links] == [True, False, False]
    changes = f"{card_url(patient)}berichtigen/"
    assert [changes in links[role] for role in links] == [True, True, False]


def test_nobodys_and_another_practices_card_is_not_there() -> None:
    made, _ = make_bookable()
    other, _ = make_bookable()
    foreign = make_patient(other, last_name="Fremdmann")

    for patient in (foreign, uuid4()):
        answer = at_desk(made).get(card_url(patient))
        assert answer.status_code == 404
        assert "Fremdmann" not in answer.content.decode()


def test_from_the_card_an_appointment_is_given_without_searching_again() -> None:
    made, visit_type = make_bookable()
    patient = make_patient(made, last_name="Größer")
    client = at_desk(made)

    page = Page(client.get(f"/desk/neu/?patient={patient}"))
    form = page.form(with_field="patient")
    start = in_days(1, 9).astimezone(made.practice.zone)
    answer = form.send(client, tag=f"{start:%Y-%m-%d}", uhrzeit="09:00", art=str(visit_type.id))

    assert form.fields["patient"] == str(patient)
    assert answer.status_code == 302
    assert "Größer, Erika" in Page(client.get(day_url(made, in_days(1, 9)))).text
    with wearing(Role.DESK), acting_for(made.id):
        assert Appointment.objects.get(practice=made.id).patient_id == patient
