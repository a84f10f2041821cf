"""The clipboard for calls about moving: appointments that a member has cut or copied, to be put elsewhere.

It is kept on the server because it shows names, and names must not stay in a browser. What lies in it is nobody's data
but a member's work in progress, like the steps of undo: the trail tells who saw the names, not how it was tidied.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ItemGone, NotInRecords, WrongStatus
from sprechzeit.booking.models import Appointment, ClipboardItem
from sprechzeit.booking.names import NOBODY, Name, names_of
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.wall_clock import local_midnight
from sprechzeit.vault import PracticeKeys

Mode = ClipboardItem.Mode
MOST = 12


@dataclass(frozen=True, repr=False)
class Item:
    """An appointment on the clipboard, and who comes."""

    id: UUID
    mode: str
    appointment: Appointment
    who: Name

    def __repr__(self) -> str:
        return "Item(…)"


@retrying
def put_on_clipboard(practice: PracticeId, actor: Actor, appointment: UUID, mode: str) -> UUID:
    """Cut (it stays in its place until it is put elsewhere) or copy; the same appointment lies there once.

    Raises
    ------
    AppointmentNotFound
    WrongStatus
        It cannot be moved any more; a copy can be made of any.
    NotInRecords
        A copy needs a patient's record.
    """
    with acting_for(practice):
        found = appointment_by_id(practice, appointment)
        if mode not in Mode.values or (mode == Mode.CUT and not found.is_open):
            raise WrongStatus
        if mode == Mode.COPY and found.patient_id is None:
            raise NotInRecords
        mine = ClipboardItem.objects.filter(practice=practice, member=UUID(actor.id))
        item, _ = ClipboardItem.objects.update_or_create(
            practice_id=practice,
            member_id=UUID(actor.id),
            appointment_id=appointment,
            defaults={"mode": mode, "created_at": clock.now()},
            create_defaults={"id": new_id(), "mode": mode, "created_at": clock.now()},
        )
        too_old = mine.order_by("-created_at").values_list("id", flat=True)[MOST:]
        mine.filter(id__in=list(too_old)).delete()
        return item.id


def drop_from_clipboard(practice: PracticeId, actor: Actor, item: UUID) -> None:
    """Take it off; the appointment stays as it is.

    Raises
    ------
    ItemGone
    """
    with acting_for(practice):
        deleted, _ = ClipboardItem.objects.filter(practice=practice, member=UUID(actor.id), id=item).delete()
    if not deleted:
        raise ItemGone


def clipboard_of(keys: PracticeKeys, actor: Actor, *, recorded: Collection[UUID] = ()) -> list[Item]:
    """What the member has put there today, newest first, names opened; that they were shown is recorded.

    Of those in ``recorded`` another event of the same page tells already.

    Appointments that cannot be put elsewhere any more have disappeared.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    practice = PracticeId(keys.practice)
    if actor.kind != "member":
        return []
    with acting_for(practice):
        lying = ClipboardItem.objects.select_related("appointment__visit_type", "practice").filter(
            practice=practice, member=UUID(actor.id)
        )
        items = [one for one in lying.order_by("-created_at", "id") if _is_there(one)]
        if not items:
            return []
        names = names_of(keys, [one.appointment for one in items])
        if shown := sorted(names.keys() - set(recorded)):
            record(practice, actor, "clipboard.view", shown, {"count": len(shown)})
    return [Item(one.id, one.mode, one.appointment, names.get(_who(one), NOBODY)) for one in items]


def item_by_id(practice: PracticeId, actor: Actor, item: UUID) -> ClipboardItem:
    """One of the member's own, with its appointment.

    Raises
    ------
    ItemGone
    """
    with acting_for(practice):
        found = ClipboardItem.objects.select_related("appointment__visit_type", "practice").filter(
            practice=practice, member=UUID(actor.id), id=item
        )
        row = found.first()
    if row is None or not _is_there(row):
        raise ItemGone
    return row


def forget_clipboards(practice: PracticeId) -> int:
    """Delete what was put there before today; tell how many."""
    with acting_for(practice):
        home = Practice.objects.get(id=practice)
        deleted, _ = ClipboardItem.objects.filter(practice=practice, created_at__lt=_today(home)).delete()
    return deleted


def _is_there(item: ClipboardItem) -> bool:
    if item.created_at < _today(item.practice):  # the session's day is over
        return False
    return item.appointment.is_open if item.mode == Mode.CUT else item.appointment.patient_id is not None


def _today(practice: Practice) -> datetime:
    return local_midnight(clock.now().astimezone(practice.zone).date(), practice.zone)


def _who(item: ClipboardItem) -> UUID:
    return item.appointment.patient_id or item.appointment.intake_id or item.appointment_id
