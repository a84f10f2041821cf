"""Consents on the patient's card: noted as declared in the practice, withdrawn, and what was before."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Consent
from sprechzeit.staff.models import Membership
from tests.booking.booked import events, rows
from tests.factories import Made, at_desk, make_person, make_practice
from tests.web.page import Page


def with_patient() -> tuple[Made, UUID, Client]:
    made = make_practice()
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person())
    return made, patient, at_desk(made)


def change(client: Client, patient: UUID, **sent: str) -> HttpResponse:
    return client.post(f"/desk/patient/{patient}/einwilligung/", {"purpose": "recall", **sent})


def card(client: Client, patient: UUID) -> Page:
    return Page(client.get(f"/desk/patient/{patient}/"))


@pytest.mark.parametrize(
    ("how", "words"),
    [("muendlich", "In der Praxis mündlich erklärt:"), ("schriftlich", "In der Praxis unterschrieben:")],
)
def test_what_was_declared_in_the_practice_is_noted_with_how_and_in_which_words(how: str, words: str) -> None:
    made, patient, client = with_patient()

    answer = change(client, patient, how=how)

    (consent,) = rows(made, Consent)
    page = card(client, patient)
    assert answer.status_code == 302
    assert consent.wording == f"{words} Laden Sie mich zu Kontrollen und zur Vorsorge ein."
    assert (consent.source, consent.patient_id) == ("desk", patient)
    assert consent.wording in page.text
    assert "Einladungen zu Kontrollen" in page.text
    (event,) = events(made, "consent.give")
    assert (event.actor, event.subjects, event.details) == (str(made.member), [patient], {"fields": ["recall"]})


def test_withdrawn_it_stays_on_the_card_as_an_earlier_one() -> None:
    made, patient, client = with_patient()
    change(client, patient, how="muendlich")

    change(client, patient, step="withdraw")

    text = " ".join(card(client, patient).text.split())
    assert "nicht mehr" in text
    assert "1 frühere" in text
    assert "(zurückgenommen)" in text
    assert rows(made, Consent)[0].withdrawn_at is not None


def test_one_that_went_on_in_another_is_not_called_withdrawn() -> None:
    made, patient, client = with_patient()
    change(client, patient, how="muendlich")
    with wearing(Role.DESK), acting_for(made.id):
        now = clock.now()
        Consent.objects.create(
            practice_id=made.id, patient_id=patient, purpose="recall", wording="Auch.", source="front",
            given_at=now - timedelta(days=2), withdrawn_at=now + timedelta(seconds=1),
        )  # fmt: skip  # lines grouped by hand

    text = " ".join(card(client, patient).text.split())

    assert "(besteht in einer anderen fort)" in text
    assert "(zurückgenommen)" not in text


@pytest.mark.parametrize("sent", [{}, {"how": "geraten"}, {"how": "muendlich", "purpose": "werbung"}, {"purpose": ""}])
def test_without_how_or_for_what_nothing_is_noted(sent: dict[str, str]) -> None:
    made, patient, client = with_patient()

    answer = change(client, patient, **sent)

    assert answer.status_code == 422
    assert rows(made, Consent) == []


def test_who_only_reads_sees_consents_and_cannot_change_them() -> None:
    made, patient, client = with_patient()
    change(client, patient, how="muendlich")
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id).update(role=Membership.Role.READ_ONLY)
    reader = at_desk(made)

    page = card(reader, patient)

    assert "Einladungen zu Kontrollen" in page.text
    assert not [form for form in page.forms if "einwilligung" in form.action]
    assert change(reader, patient, step="withdraw").status_code == 403
    assert rows(made, Consent)[0].withdrawn_at is None


def test_another_practices_patient_is_nobody_here() -> None:
    _, patient, _ = with_patient()
    other = at_desk(make_practice())

    assert change(other, patient, how="muendlich").status_code == 404


def test_the_trail_tells_of_it_in_words() -> None:
    _, patient, client = with_patient()
    change(client, patient, how="muendlich")

    page = Page(client.get(f"/desk/protokoll/patient/{patient}/"))

    assert "Einwilligung gegeben" in page.text
    assert "Einladungen zu Kontrollen" in page.text
