"""Block time of a resource: no appointment is given there. It takes every ordinary lane, so nothing can slip in."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.block_note import block_by_id, seal_block_note
from sprechzeit.booking.errors import BlockNotFound, ChangedMeanwhile, SlotTaken
from sprechzeit.booking.in_the_way import in_the_way
from sprechzeit.booking.models import Block, Occupancy
from sprechzeit.booking.occupy import Span, occupy
from sprechzeit.booking.once import Result, once
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import PracticeId, ResourceId, new_id
from sprechzeit.practices.models import Lane, Resource
from sprechzeit.timetable.availability import LaneCandidate
from sprechzeit.vault import PracticeKeys

LONGEST = timedelta(hours=24)


@retrying
def make_block(
    keys: PracticeKeys, actor: Actor, resource: ResourceId, span: Span, note: str = "", *, key: str = ""
) -> Block:
    """Keep the resource free of appointments in ``span``; ``note`` says what for and is sealed.

    Raises
    ------
    Invalid, NotFound, KeyReused
    TimeInUse
        Appointments, a booking just going on or another block are in the way.
    """
    practice = PracticeId(keys.practice)
    require_span(span)
    try:
        with acting_for(practice):

            def make() -> Result:
                made = Block(id=new_id(), practice_id=practice, starts_at=span.start, ends_at=span.end)
                made.resource_id = _resource(practice, resource)
                made.note_sealed = seal_block_note(keys, made.id, note)
                _occupy(practice, resource, span, made.id)
                made.save(force_insert=True)
                record(practice, actor, "block.make", [made.id])
                return {"block": str(made.id)}

            result = once(practice, key, ("block", resource, span.start, span.end), make)
            return block_by_id(practice, UUID(result["block"]))
    except SlotTaken:
        raise in_the_way(practice, resource, span) from None


@retrying
def change_block(
    keys: PracticeKeys,
    actor: Actor,
    block: UUID,
    resource: ResourceId,
    span: Span,
    note: str,
    *,
    version: int,
    key: str = "",
) -> Block:
    """Move, lengthen or rename a block; ``version`` is what the caller saw.

    Raises
    ------
    BlockNotFound, ChangedMeanwhile, Invalid, NotFound, TimeInUse, KeyReused
    """
    practice = PracticeId(keys.practice)
    require_span(span)
    try:
        with acting_for(practice):

            def change() -> Result:
                found = _locked(practice, block, version)
                found.resource_id = _resource(practice, resource)
                found.starts_at, found.ends_at = span
                found.note_sealed = seal_block_note(keys, found.id, note)
                Occupancy.objects.filter(practice=practice, block=found).delete()
                _occupy(practice, resource, span, found.id)
                found.version += 1
                found.save()
                record(practice, actor, "block.change", [found.id])
                return {"block": str(found.id)}

            once(practice, key, ("block-change", block, resource, span.start, span.end, version), change)
            return block_by_id(practice, block)
    except SlotTaken:
        raise in_the_way(practice, resource, span, besides=block) from None


@retrying
def remove_block(practice: PracticeId, actor: Actor, block: UUID, *, version: int, key: str = "") -> datetime:
    """Give the time free again, and tell when it began. Removed twice with one ``key`` it is removed once.

    Raises
    ------
    BlockNotFound, ChangedMeanwhile, KeyReused
    """
    with acting_for(practice):

        def remove() -> Result:
            found = _locked(practice, block, version)
            Occupancy.objects.filter(practice=practice, block=found).delete()
            found.delete()
            record(practice, actor, "block.remove", [block])
            return {"start": found.starts_at.isoformat()}

        return datetime.fromisoformat(once(practice, key, ("block-remove", block, version), remove)["start"])


def require_span(span: Span) -> None:
    """Raise ``Invalid`` unless it ends after it begins, lasts a day at most and is not over."""
    if not timedelta(0) < span.end - span.start <= LONGEST:
        raise Invalid(_("Das Ende muss nach dem Anfang liegen, am selben Tag."), field="until")
    if span.end <= clock.now():
        raise Invalid(_("Diese Zeit ist schon vorbei."), field="until")


def _locked(practice: PracticeId, block: UUID, version: int) -> Block:
    found = Block.objects.select_for_update().filter(practice=practice, id=block).first()
    if found is None:
        raise BlockNotFound
    if found.version != version:
        raise ChangedMeanwhile(_("Die Sperrzeit wurde inzwischen geändert. Bitte sehen Sie sie sich noch einmal an."))
    return found


def _resource(practice: PracticeId, resource: ResourceId) -> int:
    if not Resource.objects.filter(practice=practice, id=resource, retired_at__isnull=True).exists():
        raise NotFound(_("Bitte treffen Sie eine Auswahl."), field="resource")
    return resource


def _occupy(practice: PracticeId, resource: ResourceId, span: Span, block: UUID) -> None:
    """Every lane is a need of its own: all are taken, or none."""
    lanes = Lane.objects.filter(practice=practice, resource=resource, overbooking=False).order_by("id")
    needs = [[LaneCandidate(resource, lane)] for lane in lanes.values_list("id", flat=True)]
    occupy(practice, needs, span, block=block)
