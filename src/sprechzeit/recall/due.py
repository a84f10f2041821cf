"""Who is due, as the desk sees it: names opened, and why somebody cannot be invited by e-mail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message
from sprechzeit.messages.refuse import refused_among
from sprechzeit.patients.models import AddressConfirmation, Consent
from sprechzeit.patients.sealed import Listed, read_listed
from sprechzeit.practices.models import Practice
from sprechzeit.recall.models import Recall
from sprechzeit.vault import PracticeKeys

AHEAD = timedelta(weeks=4)
AGAIN = timedelta(days=28)
MOST = 2
SHOWN = 200
LIVE = (Recall.State.DUE, Recall.State.INVITED)
ENDED = (Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW, Appointment.Status.DONE)


class Obstacle(StrEnum):
    """Why no invitation goes out now."""

    NONE = ""
    NO_ADDRESS = "no-address"
    UNWANTED = "unwanted"
    TOO_OFTEN = "too-often"
    TOO_SOON = "too-soon"


@dataclass(frozen=True, repr=False)
class Due:
    """A patient who is due. ``who`` is None where the record is gone."""

    recall: Recall
    who: Listed | None
    obstacle: Obstacle

    def __repr__(self) -> str:
        return "Due(…)"


def due_list(keys: PracticeKeys, actor: Actor, practice: Practice) -> list[Due]:
    """The longest due first, at most 200; whose names were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(keys.practice)
    now = clock.now()
    with acting_for(number):
        until = now.astimezone(practice.zone).date() + AHEAD
        rows = to_invite(number, now).filter(due_on__lte=until).select_related("visit_type")
        found = list(rows.order_by("due_on", "id")[:SHOWN])
        listed = {one.id: one for one in read_listed(keys, [one.patient_id for one in found])}
        if listed:
            record(number, actor, "recall.view", sorted(listed), {"count": len(listed)})
        confirmed, refused = confirmed_among(number, listed), refused_among(number, [one.id for one in found])
    dues = []
    for one in found:
        who = listed.get(one.patient_id)
        has_address = bool(who and who.email and one.patient_id in confirmed)
        dues.append(Due(one, who, obstacle_of(one, now, has_address=has_address, refused=one.id in refused)))
    return dues


def to_invite(practice: PracticeId, now: datetime) -> QuerySet[Recall]:
    """Live ones whose patient agrees and has no visit of that type to come, whatever the nightly task has not seen.

    Needs ``acting_for``.
    """
    theirs = {"practice": practice, "patient": OuterRef("patient")}
    agreed = Consent.objects.filter(**theirs, purpose=Consent.Purpose.RECALL, withdrawn_at=None)
    coming = Appointment.objects.filter(**theirs, visit_type=OuterRef("visit_type"), starts_at__gt=now)
    # Nobody is invited while processing is restricted (GDPR Art. 18).
    rows = Recall.objects.filter(practice=practice, state__in=LIVE, patient__restricted_at=None)
    return rows.filter(Exists(agreed), ~Exists(coming.exclude(status__in=ENDED)))


def confirmed_among(practice: PracticeId, patients: Collection[UUID]) -> set[UUID]:
    """Those whose address in the record its owner has confirmed: no invitation reaches a stranger."""
    rows = AddressConfirmation.objects.filter(practice=practice, patient__in=list(patients), refused_at=None)
    rows = rows.filter(channel=Message.Channel.EMAIL, confirmed_at__isnull=False)
    return set(rows.values_list("patient_id", flat=True))


def obstacle_of(recall: Recall, now: datetime, *, has_address: bool, refused: bool) -> Obstacle:
    """What is in the way of inviting now."""
    if refused:
        return Obstacle.UNWANTED
    if recall.invitations >= MOST:
        return Obstacle.TOO_OFTEN
    if recall.invited_at is not None and now < recall.invited_at + AGAIN:
        return Obstacle.TOO_SOON
    return Obstacle.NONE if has_address else Obstacle.NO_ADDRESS
