"""Online bookings at the desk: the list of unread ones, whom they may belong to, taking over, refusing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from sprechzeit.audit.models import Event
from sprechzeit.booking.confirm import Booked
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Patient
from sprechzeit.practices.models import VisitType
from sprechzeit.vault import link_to_text
from tests.factories import Made, at_desk, book, in_days, make_bookable, visitor
from tests.web.desk.furnish import appointment_of, rows, url_of
from tests.web.desk.test_patient_card import card_url, make_patient
from tests.web.desk.test_patient_correct import stored
from tests.web.page import Form, Page

BORN = date(1980, 2, 1)


def setting(**online: object) -> tuple[Made, VisitType, Booked, Client]:
    made, visit_type = make_bookable(birth_date_purpose="Abrechnung")
    person = {"last_name": "Größer", "birth_date": BORN, "phone": "+49301111111", **online}
    return made, visit_type, book(made, visit_type, in_days(1, 9), **person), at_desk(made)


def forms_of_card(client: Client, appointment: UUID) -> list[Form]:
    """First those of suggested records, last the one for a new record."""
    return [one for one in Page(client.get(url_of(appointment))).forms if "uebernehmen" in one.action]


def manage_url(made: Made, booked: Booked) -> str:
    return f"/praxis/{made.practice.slug}/mein-termin/{link_to_text(booked.manage_secret)}/"


def test_who_has_the_same_name_and_birth_date_is_suggested_and_the_booking_goes_into_that_record() -> None:
    made, _, booked, client = setting()
    patient = make_patient(made, last_name="GROESSER", birth_date=BORN, phone="+49301111111")
    make_patient(made, last_name="Anders", birth_date=BORN, email="anders@example.org")
    page = Page(client.get(url_of(booked.appointment_id)))

    forms = forms_of_card(client, booked.appointment_id)
    answer = forms[0].send(client)

    assert "GROESSER, Erika" in page.text
    assert "gleicher Name, gleiches Geburtsdatum" in page.text
    assert "Anders, Erika" not in page.text
    assert len(forms) == 2
    assert forms[0].fields["patient"] == str(patient)
    assert answer.status_code == 302
    assert appointment_of(made, booked.appointment_id).patient_id == patient
    assert rows(made)[2] == 2
    assert stored(made, patient).version == 1


def test_contact_data_that_differ_are_shown_and_taken_only_when_chosen() -> None:
    made, _, booked, client = setting(phone="+49302222222", email="neu@example.org")
    patient = make_patient(made, last_name="Größer", birth_date=BORN, phone="+49301111111", email="alt@example.org")
    page = Page(client.get(url_of(booked.appointment_id)))

    form = forms_of_card(client, booked.appointment_id)[0]
    form.fields["update"] = "phone"
    form.send(client)

    for shown in ("+49301111111", "+49302222222", "alt@example.org", "neu@example.org"):
        assert shown in page.text
    person = stored(made, patient).person
    assert (person.phone, person.email) == ("+49302222222", "alt@example.org")
    with wearing(Role.DESK), acting_for(made.id):
        event = Event.objects.get(practice=made.id, action="patient.correct")
    assert event.details["fields"] == ["phone"]


def test_a_record_changed_meanwhile_is_not_updated_and_the_booking_stays_unread() -> None:
    made, _, booked, client = setting(phone="+49302222222")
    patient = make_patient(made, last_name="Größer", birth_date=BORN)
    form = forms_of_card(client, booked.appointment_id)[0]
    client.post(f"{card_url(patient)}berichtigen/", {"last_name": "Größer", "first_name": "Eva", "version": "1"})

    form.fields["update"] = "phone"
    answer = form.send(client)

    assert answer.status_code == 409
    assert "inzwischen" in Page(answer).text
    assert appointment_of(made, booked.appointment_id).patient_id is None
    assert stored(made, patient).person.phone == ""


def test_nothing_else_than_contact_and_a_missing_birth_date_can_be_taken() -> None:
    made, _, booked, client = setting(email="neu@example.org")
    patient = make_patient(made, last_name="Grösser", email="neu@example.org")
    form = forms_of_card(client, booked.appointment_id)[0]

    client.post(form.action, {**form.fields, "update": ["birth_date", "last_name", "note", "id"]})

    person = stored(made, patient).person
    assert (person.last_name, person.birth_date) == ("Grösser", BORN)


def test_without_a_choice_it_becomes_a_new_patient() -> None:
    made, _, booked, client = setting()
    make_patient(made, last_name="Größer", birth_date=BORN)

    answer = forms_of_card(client, booked.appointment_id)[-1].send(client)

    assert answer.status_code == 302
    assert rows(made)[2] == 2


@pytest.mark.parametrize("patient", ["keiner", "0192f6c8-1111-7222-8333-444455556666", "foreign"])
def test_a_patient_that_is_not_there_takes_nothing_over(patient: str) -> None:
    made, _, booked, client = setting()
    if patient == "foreign":
        patient = str(make_patient(make_bookable()[0]))

    answer = client.post(url_of(booked.appointment_id, "uebernehmen/"), {"patient": patient})

    assert answer.status_code in {404, 422}
    assert appointment_of(made, booked.appointment_id).patient_id is None
    assert rows(made)[2] == 0


def test_the_inbox_lists_unread_bookings_oldest_first_and_the_bar_counts_them() -> None:
    made, visit_type, first, client = setting(last_name="Zuerst")
    book(made, visit_type, in_days(1, 10), last_name="Danach")
    other, other_type = make_bookable()
    book(other, other_type, in_days(1, 9), last_name="Fremdmann")

    page = Page(client.get("/desk/eingang/"))
    forms_of_card(client, first.appointment_id)[-1].send(client)
    after = Page(client.get("/desk/eingang/"))

    assert page.text.index("Zuerst") < page.text.index("Danach")
    assert "Fremdmann" not in page.text
    assert "Eingang 2" in page.text
    assert "Eingang 1" in after.text
    assert "Zuerst" not in after.text
    with wearing(Role.DESK), acting_for(made.id):
        assert Event.objects.filter(practice=made.id, action="intake.view").count() == 2


def test_a_refused_booking_is_cancelled_and_the_patient_reads_why() -> None:
    made, _, booked, client = setting()
    form = Page(client.get(url_of(booked.appointment_id, "ablehnen/"))).form(with_field="message")

    answers = [form.send(client, message="Dafür brauchen wir eine\n Überweisung <b>.") for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert appointment_of(made, booked.appointment_id).status == "cancelled"
    patient = visitor().get(manage_url(made, booked)).content.decode()
    assert "Dafür brauchen wir eine Überweisung &lt;b&gt;." in patient
    assert "Größer" not in patient
    assert rows(made)[1:] == (0, 0)
    assert "Alles ist übernommen" in Page(client.get("/desk/eingang/")).text
    with wearing(Role.DESK), acting_for(made.id):
        events = Event.objects.filter(practice=made.id, action="appointment.refuse")
        assert [set(one.details) for one in events] == [{"session"}]


@pytest.mark.parametrize(
    "message",
    [
        "", "  \n ", "x" * 301, "a\x00b", "Liebe Frau Größer", "liebe groesser", "Hallo Erika!",
        "an erika@example.org", "geboren 01.02.1980", "geb. 1.2.1980", "unter 030 1111111", "+49 30 1111111",
    ],
)  # fmt: skip  # lines grouped by hand
def test_a_message_that_is_none_or_names_the_person_is_refused_and_stays_typed(message: str) -> None:
    made, _, booked, client = setting()

    answer = client.post(url_of(booked.appointment_id, "ablehnen/"), {"version": "1", "message": message})

    assert answer.status_code == 422
    assert Page(answer).errors["message"]
    if message.strip() and "\x00" not in message:
        assert message in answer.content.decode()
    assert appointment_of(made, booked.appointment_id).status == "booked"


def test_what_is_in_the_records_or_was_changed_meanwhile_is_not_refused() -> None:
    made, visit_type, booked, client = setting()
    moved = book(made, visit_type, in_days(1, 10)).appointment_id
    client.post(url_of(moved, "verschieben/"), {"version": "1", "start": in_days(1, 11).isoformat()})
    forms_of_card(client, booked.appointment_id)[-1].send(client)

    answers = [
        client.post(url_of(one, "ablehnen/"), {"version": "1", "message": "Geht leider nicht."})
        for one in (booked.appointment_id, moved)
    ]

    assert [one.status_code for one in answers] == [409, 409]
    assert {appointment_of(made, one).status for one in (booked.appointment_id, moved)} == {"booked"}


def test_who_only_reads_is_shown_no_suggestions() -> None:
    from tests.web.desk.test_patient_card import as_role

    made, _, booked, _ = setting()
    make_patient(made, last_name="Größer", birth_date=BORN, first_name="Vorhanden")

    page = Page(as_role(made, "read-only").get(url_of(booked.appointment_id)))

    assert "Vorhanden" not in page.text
    assert not [one for one in page.forms if "uebernehmen" in one.action]
    with wearing(Role.DESK), acting_for(made.id):
        assert Patient.objects.filter(practice=made.id).count() == 1
