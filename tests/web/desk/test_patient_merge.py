"""Merging at the desk: choose, compare, decide; and back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.staff.models import DeskSession, Passkey
from tests.factories import Made, at_desk, in_days, make_bookable
from tests.web.desk.furnish import appointment_of, booked_at_desk, rows
from tests.web.desk.test_patient_card import card_url, make_patient
from tests.web.desk.test_patient_correct import stored
from tests.web.page import Form, Page


def merge_url(patient: UUID, other: object = "") -> str:
    return f"{card_url(patient)}zusammenfuehren/" + (f"?mit={other}" if other else "")


def two() -> tuple[Made, Client, UUID, UUID]:
    made, _ = make_bookable()
    kept = make_patient(made, last_name="Größer", phone="+49301111111", email="a@example.org", note="Links")
    other = make_patient(made, last_name="Grösser", phone="+49302222222", email="a@example.org", note="Rechts")
    return made, at_desk(made), kept, other


def form_of(client: Client, kept: UUID, other: UUID) -> Form:
    return Page(client.get(merge_url(kept, other))).form(with_field="other_version")


def test_who_may_be_the_same_is_suggested_others_are_searched_for_and_nobody_is_in_an_address() -> None:
    made, client, kept, other = two()
    third = make_patient(made, last_name="Ganz Anders", email="b@example.org")

    page = Page(client.get(merge_url(kept)))
    found = Page(client.post(merge_url(kept), {"q": "ganz"}))

    assert f"?mit={other}" in page.links
    assert f"?mit={third}" not in page.links
    assert f"?mit={third}" in found.links
    assert f"?mit={kept}" not in Page(client.post(merge_url(kept), {"q": "größer"})).links
    assert [form.method for form in page.forms if "q" in form.fields] == ["post", "post"]


def test_both_are_shown_and_what_was_chosen_is_kept() -> None:
    made, client, kept, other = two()
    form = form_of(client, kept, other)

    answer = form.send(client, take_phone="other", take_last_name="own")

    assert form.fields["take_note"] == "both"
    assert "take_email" not in form.choices
    assert answer.headers["Location"] == card_url(kept)
    person = stored(made, kept).person
    assert (person.last_name, person.phone, person.note) == ("Größer", "+49302222222", "Links\nRechts")
    assert client.get(card_url(other)).status_code == 404


def test_it_is_undone_from_the_card() -> None:
    made, client, kept, other = two()
    form_of(client, kept, other).send(client, take_phone="other")
    undo = f"{card_url(kept)}trennen/"
    assert undo in Page(client.get(card_url(kept))).links
    form = Page(client.get(undo)).form(with_field="merge")

    answer = form.send(client)

    assert answer.headers["Location"] == card_url(kept)
    assert (stored(made, kept).person.phone, stored(made, other).person.phone) == ("+49301111111", "+49302222222")
    assert undo not in Page(client.get(card_url(kept))).links
    assert client.get(undo).status_code == 409


def test_a_change_made_meanwhile_is_shown_with_the_choices_kept_and_nothing_is_merged() -> None:
    made, client, kept, other = two()
    form = form_of(client, kept, other)
    correct = Page(client.get(f"{card_url(other)}berichtigen/")).form(with_field="last_name")
    correct.send(client, phone="030 3333333")

    refused = form.send(client, take_phone="other")

    page = Page(refused)
    assert refused.status_code == 409
    assert "+49303333333" in page.text
    assert rows(made)[2] == 2
    again = page.form(with_field="other_version")
    assert again.fields["take_phone"] == "other"
    assert again.send(client).status_code == 302
    assert stored(made, kept).person.phone == "+49303333333"


def test_corrections_since_the_merge_are_warned_of() -> None:
    _, client, kept, other = two()
    form_of(client, kept, other).send(client)
    Page(client.get(f"{card_url(kept)}berichtigen/")).form(with_field="last_name").send(client, phone="")

    page = Page(client.get(f"{card_url(kept)}trennen/"))

    assert "gehen verloren" in page.text


def test_wrong_choices_and_wrong_people_are_refused_on_the_page() -> None:
    made, client, kept, other = two()
    foreign = make_patient(make_bookable()[0], last_name="Fremdmann")
    known = {"version": "1", "other_version": "1"}

    answers = [
        client.post(merge_url(kept), {"mit": str(other), **known, "take_phone": "keins"}),
        client.post(merge_url(kept), {"mit": str(other), "version": "²"}),
        client.post(merge_url(kept), {"mit": str(kept), **known}),
        client.post(merge_url(kept), {"mit": "niemand", **known}),
        client.post(merge_url(kept), {"mit": str(foreign), **known}),
        client.get(merge_url(kept, foreign)),
        client.get(merge_url(kept, "\x00")),
        client.get(merge_url(uuid4(), kept)),
    ]

    assert [one.status_code for one in answers] == [422, 422, 422, 422, 404, 404, 422, 404]
    assert all("Fremdmann" not in one.content.decode() for one in answers)
    assert rows(made)[2] == 2


@pytest.mark.parametrize("step", ["zusammenfuehren/", "trennen/", "loeschen/", "berichtigen/"])
def test_who_only_reads_changes_nothing(step: str) -> None:
    from tests.web.desk.test_patient_card import as_role

    made, _, kept, _ = two()

    assert as_role(made, "read-only").get(card_url(kept) + step).status_code == 403


def test_erasing_lists_what_goes_and_asks_for_coming_appointments() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9), last_name="Größer")
    client = at_desk(made)
    url = f"{card_url(appointment.patient_id)}loeschen/"
    form = Page(client.get(url)).form(with_field="cancel_coming")
    assert "cancel_coming" not in form.fields  # the box is not ticked

    refused = form.send(client)
    page = Page(refused)
    form = page.form(with_field="cancel_coming")
    done = form.send(client, cancel_coming=form.choices["cancel_coming"][0])

    assert refused.status_code == 409
    assert "Größer" in page.text
    assert "1 Termin im Kalender, ohne Namen" in page.text
    assert done.status_code == 200
    assert client.get(card_url(appointment.patient_id)).status_code == 404
    assert appointment_of(made, appointment.id).status == "cancelled"
    assert "Größer" not in Page(client.get(f"/desk/termin/{appointment.id}/")).text
    assert rows(made) == (1, 0, 0)


def test_erasing_asks_for_the_passkey_again_when_the_last_proof_is_old() -> None:
    made, client, kept, _ = two()
    with wearing(Role.DESK), acting_for(made.id):
        passkey = Passkey.objects.create(member_id=made.member, credential_id=uuid4().bytes, public_key=b"-")
        DeskSession.objects.filter(practice=made.id).update(
            passkey=passkey, proved_at=clock.now() - timedelta(minutes=6)
        )  # fmt: skip  # lines grouped by hand

    answer = client.post(f"{card_url(kept)}loeschen/", {"version": "1"})

    assert answer.status_code == 403
    assert rows(made)[2] == 2
