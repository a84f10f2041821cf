"""Hold a slot for ten minutes while the patient fills in the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.claims import NOTHING_SAID, Claims, require_claims
from sprechzeit.booking.code import is_good, needs_code
from sprechzeit.booking.errors import HoldNotFound, NotBookable, SlotTaken
from sprechzeit.booking.models import Hold
from sprechzeit.booking.occupy import occupy, span_of
from sprechzeit.booking.offer import alternatives
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.quota import require_room
from sprechzeit.booking.rules import require_offered
from sprechzeit.database.lookup import Lookup, put
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId, new_id
from sprechzeit.practices.directory import visit_type_by_id
from sprechzeit.practices.key_in_use import require_open
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.timetable.availability import candidate_lanes
from sprechzeit.vault import Secret, link_hash, new_link_secret

HOLD = timedelta(minutes=10)
PURPOSE = "hold"
BY_SECRET = Lookup(
    Hold,
    "hold.practice_id = %(practice)s and hold.secret_hash = %(secret)s",
    related=("visit_type", "practice"),
)


@dataclass(frozen=True)
class Held:
    """A hold. ``secret`` is shown to its maker only; the database knows its hash."""

    secret: Secret
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime
    visit_type: VisitType
    resource_ids: tuple[int, ...]
    is_waiting: bool = False  # for the code that was mailed

    @property
    def expired(self) -> bool:
        return self.expires_at <= clock.now()


@retrying
def hold(
    practice: PracticeId,
    visit_type: VisitTypeId,
    start: datetime,
    *,
    resource: ResourceId | None = None,
    claims: Claims = NOTHING_SAID,
    key: str = "",
) -> Held:
    """Reserve the slot at ``start`` for ten minutes.

    ``claims`` is what the patient says of themselves; whoever the visit type is not for holds nothing.

    The same ``key`` gives a hold of the same slot again, under a new secret: the first answer may have been lost.

    Raises
    ------
    BookingClosed
    NotBookable
        The slot is not offered, or not to somebody of whom this is true.
    SlotTaken
        Somebody has it; carries the nearest free alternatives.
    """
    secret = new_link_secret()
    try:
        with acting_for(practice):
            chosen = visit_type_by_id(practice, visit_type)
            require_open(chosen.practice)
            with_code = is_good(chosen.practice, chosen, claims.code)
            require_offered(chosen, start, clock.now(), with_code=with_code)
            require_claims(chosen.practice, chosen, claims)
            if needs_code(chosen) and not with_code:
                raise NotBookable(_("Dafür brauchen Sie einen Code der Praxis."), field="code")
            require_on_grid(chosen, start)
            expires_at = clock.now() + HOLD

            def take(made: UUID) -> Hold:
                require_room(chosen.practice, chosen, start)
                return take_slot(practice, made, chosen, start, resource, secret, expires_at)

            row = _once(practice, key, ("hold", visit_type, start, resource), secret, take) if key else take(new_id())
            return _held(secret, row, chosen)
    except SlotTaken:
        found = Practice.objects.get(id=practice)
        raise SlotTaken(alternatives(found, chosen, start, resource=resource)) from None


def _once(
    practice: PracticeId, key: str, asked: tuple[object, ...], secret: Secret, take: Callable[[UUID], Hold]
) -> Hold:
    """Take the slot, or take the same one again under the new secret when the key was used before."""

    def first() -> Result:
        return {"hold": str(take(new_id()).id)}

    made = UUID(once(practice, key, asked, first)["hold"])
    row = Hold.objects.filter(practice=practice, id=made).first()
    if row is not None and bytes(row.secret_hash) == link_hash(secret, PURPOSE):
        return row
    # A repetition. The new hold has the old one's id, so that the key leads the next one to it.
    Hold.objects.filter(practice=practice, id=made).delete()
    return take(made)


def require_on_grid(visit_type: VisitType, start: datetime) -> None:
    """Refuse a start that no page shows. The grid divides an hour, and the clocks change by whole hours."""
    local = start.astimezone(visit_type.practice.zone)
    if local.second or local.microsecond or local.minute % visit_type.grid_minutes:
        raise NotBookable(_("Diese Zeit wird nicht angeboten. Bitte wählen Sie eine der gezeigten Zeiten."))


def take_slot(
    practice: PracticeId,
    made: UUID,
    visit_type: VisitType,
    start: datetime,
    resource: ResourceId | None,
    secret: Secret,
    expires_at: datetime,
) -> Hold:
    """Lanes first, then the hold: an occupancy's reference to it is checked when the transaction ends."""
    needs = candidate_lanes(practice, VisitTypeId(visit_type.id), start, resource=resource)
    taken = occupy(practice, needs, span_of(visit_type, start), hold=made, expires_at=expires_at)
    row = Hold(
        id=made,
        practice_id=practice,
        visit_type=visit_type,
        starts_at=start,
        resource_ids=taken,
        secret_hash=link_hash(secret, PURPOSE),
        expires_at=expires_at,
    )
    put(row)
    return row


def _held(secret: Secret, row: Hold, visit_type: VisitType) -> Held:
    return Held(
        secret=secret,
        starts_at=row.starts_at,
        ends_at=row.starts_at + timedelta(minutes=visit_type.duration_minutes),
        expires_at=row.expires_at,
        visit_type=visit_type,
        resource_ids=tuple(row.resource_ids),
        is_waiting=row.intake_id is not None,
    )


def find_hold(practice: PracticeId, secret: Secret) -> Held:
    """The hold of this secret, expired or not.

    Raises
    ------
    HoldNotFound
        There is none.
    """
    with acting_for(practice):
        row = BY_SECRET.first(practice=practice, secret=link_hash(secret, PURPOSE))
    if row is None:
        raise HoldNotFound
    return _held(secret, row, row.visit_type)


def release(practice: PracticeId, secret: Secret) -> None:
    """Give the slot back; no error when the hold is gone already."""
    with acting_for(practice):
        Hold.objects.filter(practice=practice, secret_hash=link_hash(secret, PURPOSE)).delete()
