"""What was booked online in the last hours: it still lies in the inbox, sealed."""

from __future__ import annotations

from datetime import timedelta

from sprechzeit.audit.record import SYSTEM
from sprechzeit.booking.models import Appointment
from sprechzeit.demo.filling import Filling
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.consent import put_consents_in
from sprechzeit.patients.intake import put_in
from sprechzeit.patients.models import Consent
from sprechzeit.patients.person import Person

COUNT = 9


def online_lately(filling: Filling, practice: PracticeId, people: list[Person], public_key: bytes) -> None:
    """Make sealed intakes of some coming appointments; half of them are of people the practice knows."""
    coming = [
        one
        for one in filling.appointments
        if one.status == Appointment.Status.BOOKED
        and one.visit_type.online
        and one.starts_at > filling.now + timedelta(hours=2)
    ]
    coming.sort(key=lambda one: one.starts_at)
    for appointment in filling.chance.sample(coming[: COUNT * 8], min(COUNT, len(coming))):
        person = filling.chance.choice(people)
        appointment.intake_id = put_in(practice, person, public_key)
        if person.email and filling.chance.random() < 0.8:
            put_consents_in(
                practice, SYSTEM, appointment.intake_id, [Consent.Purpose.REMINDER_EMAIL], Consent.Source.FRONT
            )
        appointment.patient_id = None
        appointment.source = Appointment.Source.FRONT
