"""How many coming appointments of a visit type a patient has: "at most so many per patient".

Without an account nobody can be counted while booking; it is told when the booking is taken over into the records.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import VisitType


def too_many(practice: PracticeId, patients: Collection[UUID], visit_type: VisitType) -> dict[UUID, int]:
    """Those of the patients who have as many coming ones as the visit type allows, or more, and how many."""
    if visit_type.most_open is None or not patients:
        return {}
    with acting_for(practice):
        rows = (
            Appointment.objects.filter(
                practice=practice,
                patient__in=list(patients),
                visit_type=visit_type.id,
                status=Appointment.Status.BOOKED,
                starts_at__gt=clock.now(),
            )
            .values_list("patient")
            .annotate(count=Count("id"))
        )
        return {patient: count for patient, count in rows if patient and count >= visit_type.most_open}
