"""The owner sets how long what is kept, and agrees to what would go tonight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Patient
from sprechzeit.retention.rules import Rules, rules_of
from sprechzeit.retention.run import forget_what_is_due
from sprechzeit.staff.models import DeskSession, Passkey
from tests.booking.booked import events, rows
from tests.factories import Made, at_desk, make_person, make_practice
from tests.web.desk.settings_of import BASE, agreement, send
from tests.web.page import Page

PATH = "aufbewahrung/"


def rules(made: Made) -> Rules:
    with wearing(Role.DESK):
        return rules_of(made.id)


def with_patients(count: int) -> Made:
    made = make_practice()
    with wearing(Role.DESK):
        for _ in range(count):
            create_patient(made.keys, made.actor, make_person())
    return made


def test_the_periods_are_saved_and_said() -> None:
    made = make_practice()
    client = at_desk(made)

    answer = send(client, PATH, "keep_intake_days", keep_intake_days="14", keep_patient_days="", keep_trail_days="730")

    assert rules(made) == Rules(14, None, 365, 730)
    assert "Gespeichert." in client.get(answer.headers["Location"]).content.decode()
    (event,) = events(made, "settings.change")
    assert event.details == {"fields": ["keep_intake_days", "keep_patient_days", "keep_trail_days"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("keep_intake_days", "0"),
        ("keep_intake_days", ""),
        ("keep_patient_days", "0"),
        ("keep_patient_days", "bald"),
        ("keep_appointment_days", "29"),
        ("keep_trail_days", "364"),
        ("keep_trail_days", "3651"),
        ("keep_trail_days", "-400"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(field: str, value: str) -> None:
    made = make_practice()

    answer = send(at_desk(made), PATH, "keep_intake_days", **{field: value})

    page = Page(answer)
    assert page.status == 422
    assert set(page.errors) == {field}
    assert rules(made) == Rules()


def test_a_shorter_period_tells_how_many_would_go_tonight_and_asks() -> None:
    made = with_patients(3)
    with clock.travelled(timedelta(days=20)):
        client = at_desk(made)

        asked = send(client, PATH, "keep_intake_days", keep_patient_days="10")
        unsaved = rules(made)
        done = send(client, PATH, "keep_intake_days", keep_patient_days="10", agreed=agreement(asked))
        with wearing(Role.WORKER):
            gone = forget_what_is_due(made.id)

    assert asked.status_code == 409
    assert "Patienten: 3" in asked.content.decode()
    assert unsaved == Rules()
    assert done.status_code == 302
    assert rules(made).keep_patient_days == 10
    assert gone == {"patients": 3}
    assert rows(made, Patient) == []


def test_a_yes_counts_for_these_numbers_and_periods_only() -> None:
    made = with_patients(3)
    with clock.travelled(timedelta(days=20)):
        client = at_desk(made)
        asked = send(client, PATH, "keep_intake_days", keep_patient_days="10")

        other = send(client, PATH, "keep_intake_days", keep_patient_days="5", agreed=agreement(asked))
        with wearing(Role.DESK), acting_for(made.id):
            Patient.objects.filter(practice=made.id).first().delete()
        fewer = send(client, PATH, "keep_intake_days", keep_patient_days="10", agreed=agreement(asked))

    assert (other.status_code, fewer.status_code) == (409, 409)
    assert "Patienten: 2" in fewer.content.decode()
    assert rules(made) == Rules()


def test_a_longer_period_asks_nothing() -> None:
    made = with_patients(1)
    with clock.travelled(timedelta(days=200)):
        answer = send(at_desk(made), PATH, "keep_intake_days", keep_patient_days="300")

    assert answer.status_code == 302
    assert rules(made).keep_patient_days == 300


def test_the_passkey_is_asked_for_again() -> None:
    made = make_practice()
    client = at_desk(made)
    with wearing(Role.DESK), acting_for(made.id):
        passkey = Passkey.objects.create(
            member_id=made.member, credential_id=made.practice.slug.encode(), public_key=b"x"
        )
        DeskSession.objects.filter(practice=made.id).update(
            passkey=passkey, proved_at=clock.now() - timedelta(minutes=6)
        )

    assert client.get(BASE + PATH).status_code == 403
