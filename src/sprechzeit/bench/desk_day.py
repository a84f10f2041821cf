"""A day at the desk as full as the budget says, made for the measurement and taken away after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from psycopg.types.range import TimestamptzRange

from sprechzeit.bench.furniture import visit_type_id
from sprechzeit.bench.scale import SEED
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.models import Patient
from sprechzeit.practices.found import add_resource
from sprechzeit.practices.models import Lane, Location, Resource
from sprechzeit.timetable.models import Opening

COLUMNS = 10
APPOINTMENTS = 300
LENGTH = timedelta(minutes=20)
NAME = "Messung"  # by it the day is found again, to be taken away


def fill_day(practice: PracticeId, day: date) -> list[int]:
    """Ten clinicians with thirty appointments each, from 7 to 17 o'clock UTC; tell the clinicians. Needs a role."""
    random = Random(f"{SEED}/desk")  # noqa: S311 - the same every time
    opens = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    with acting_for(practice):
        place = Location.objects.filter(practice=practice).earliest("id")
        known = list(Patient.objects.filter(practice=practice).order_by("id").values_list("id", flat=True)[:2000])
        resources = [
            add_resource(practice, place, kind=Resource.Kind.CLINICIAN, name=f"{NAME} {number}", position=9000 + number)
            for number in range(COLUMNS)
        ]
        lanes = dict(Lane.objects.filter(resource__in=resources, overbooking=False).values_list("resource_id", "id"))
        Opening.objects.bulk_create(
            Opening(practice_id=practice, resource=one, during=TimestamptzRange(opens, opens + 30 * LENGTH))
            for one in resources
        )
        visits = [
            Appointment(
                practice_id=practice,
                id=new_id(),
                visit_type_id=visit_type_id(practice, random.randrange(3)),
                starts_at=opens + slot * LENGTH,
                ends_at=opens + (slot + 1) * LENGTH,
                resource_ids=[one.id],
                status=Appointment.Status.BOOKED,
                source=Appointment.Source.DESK,
                patient_id=random.choice(known),
            )
            for one in resources
            for slot in range(APPOINTMENTS // COLUMNS)
        ]
        Appointment.objects.bulk_create(visits)
        Occupancy.objects.bulk_create(
            Occupancy(
                practice_id=practice,
                lane_id=lanes[one.resource_ids[0]],
                during=TimestamptzRange(one.starts_at, one.ends_at),
                appointment=one,
            )
            for one in visits
        )
    return [one.id for one in resources]
