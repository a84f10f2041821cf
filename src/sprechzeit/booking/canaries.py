"""Lay out what no real work touches: appointments that nobody can meet in the calendar, and a token that opens nothing.

A stolen database names them like all others. Whoever walks its appointments with a live session opens one, and whoever
tries its tokens tries this one: an alarm at once. Patients are not laid out: the search would show them at the desk.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from random import SystemRandom

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import NotFound
from sprechzeit.guard.models import Canary
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.practices.models import VisitType
from sprechzeit.staff.models import ApiToken

APPOINTMENTS = 3
FIRST_SUNDAY = datetime(2001, 1, 7, 3, tzinfo=UTC)  # a day that nobody's calendar leads to


def lay_canaries(practice: PracticeId, actor: Actor) -> str:
    """Lay them out, and tell the token: it may be left where a thief looks for one. Opens nothing, ever.

    Raises
    ------
    NotFound
        The practice has no visit type yet.
    """
    chance = SystemRandom()
    secret = urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
    token = new_id()
    now = clock.now()
    with acting_for(practice):
        visit_type = VisitType.objects.filter(practice=practice).order_by("id").first()
        if visit_type is None:
            raise NotFound(_("Diese Praxis hat noch keine Terminart."))
        starts = [FIRST_SUNDAY + timedelta(weeks=chance.randrange(500)) for _number in range(APPOINTMENTS)]
        length = timedelta(minutes=visit_type.duration_minutes)
        laid = Appointment.objects.bulk_create(
            Appointment(
                practice_id=practice,
                visit_type=visit_type,
                starts_at=start,
                ends_at=start + length,
                resource_ids=[],
                status=Appointment.Status.CANCELLED,
                source=Appointment.Source.DESK,
            )
            for start in starts
        )
        ApiToken.objects.create(
            id=token,
            practice_id=practice,
            name="PVS",
            scopes=["calendar.read", "patients.search"],
            secret_hash=os.urandom(32),
            created_at=now,
            expires_at=now + timedelta(days=3650),
        )
        Canary.objects.bulk_create(
            Canary(practice_id=practice, subject=subject, kind=kind, made_at=now)
            for subject, kind in [*((one.id, "appointment") for one in laid), (token, "token")]
        )
        record(practice, actor, "canary.make", details={"count": len(laid) + 1})
    return f"szp_{practice}-{token.hex}_{secret}"


def remove_canaries(practice: PracticeId, actor: Actor) -> int:
    """Take them away; tell how many there were."""
    with acting_for(practice):
        subjects = list(Canary.objects.filter(practice=practice).values_list("subject", flat=True))
        Appointment.objects.filter(practice=practice, id__in=subjects).delete()
        ApiToken.objects.filter(practice=practice, id__in=subjects).delete()
        Canary.objects.filter(practice=practice).delete()
        record(practice, actor, "canary.remove", details={"count": len(subjects)})
    return len(subjects)
