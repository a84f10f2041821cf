"""Move and cancel many with one confirmation. Each is done for itself: one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sprechzeit.audit.record import Actor
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.errors import BookingError
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.propose import Proposal
from sprechzeit.database.tenancy import acting_for
from sprechzeit.guard.freeze import require_not_frozen
from sprechzeit.identifiers import PracticeId, ResourceId, new_id
from sprechzeit.practices.models import Resource


@dataclass(frozen=True)
class Change:
    """What is to become of one appointment: another time, or None to cancel. ``version`` is what the caller saw."""

    appointment: UUID
    version: int
    to: Proposal | None


@dataclass(frozen=True)
class Outcome:
    """What became of it: the appointment as it is now, or why it was not done."""

    change: Change
    done: Appointment | None
    error: BookingError | None


def move_many(practice: PracticeId, actor: Actor, changes: Sequence[Change], *, key: str = "") -> list[Outcome]:
    """Carry all out, cancellations first, then in the order asked for, in which the outcomes are told. Undone together.

    A transaction and an event for each. What could not be done (taken or changed meanwhile) is as it was before. Sent
    again with the same ``key``, what was done is not done twice.

    Raises
    ------
    Frozen
        The practice has stopped mass changes.
    """
    require_not_frozen(practice)
    clinicians = _clinicians(practice)
    batch = new_id()
    outcomes: dict[UUID, Outcome] = {}
    # In the order of the suggestions (propose.py): so each finds the lane that was meant for it.
    for change in sorted(changes, key=lambda one: one.to is not None):
        own_key = f"{key}-{change.appointment}" if key else ""
        try:
            done = _carry_out(practice, actor, change, clinicians, batch, own_key)
            outcomes[change.appointment] = Outcome(change, done, None)
        except BookingError as error:
            outcomes[change.appointment] = Outcome(change, None, error)
    return [outcomes[one] for one in dict.fromkeys(change.appointment for change in changes)]


def _carry_out(
    practice: PracticeId, actor: Actor, change: Change, clinicians: frozenset[int], batch: UUID, key: str
) -> Appointment:
    if change.to is None:
        return cancel_appointment(
            practice, actor, change.appointment, version=change.version, batch=batch, key=key
        )  # fmt: skip  # lines grouped by hand
    resources = change.to.resources
    return move_appointment(
        practice,
        actor,
        change.appointment,
        change.to.start,
        version=change.version,
        # Who treats is what the patient was told; the room is not.
        resource=next((one for one in resources if one in clinicians), resources[0] if resources else None),
        prefer=resources,
        batch=batch,
        key=key,
    )


def _clinicians(practice: PracticeId) -> frozenset[int]:
    with acting_for(practice):
        rows = Resource.objects.filter(practice=practice, kind=Resource.Kind.CLINICIAN)
        return frozenset(ResourceId(one) for one in rows.values_list("id", flat=True))
