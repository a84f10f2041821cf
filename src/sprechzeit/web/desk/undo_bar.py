"""What the member can take back, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, ngettext

from sprechzeit.booking.models import UndoStep
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.undo import batch_size, last_step
from sprechzeit.staff.session import Session
from sprechzeit.waiting.listing import count_wanting

UNDO_WORDS = {
    UndoStep.Kind.MOVE: gettext_lazy("Termin verschoben."),
    UndoStep.Kind.CANCEL: gettext_lazy("Termin abgesagt."),
    UndoStep.Kind.MARK: gettext_lazy("Stand geändert."),
    UndoStep.Kind.RESIZE: gettext_lazy("Dauer geändert."),
    UndoStep.Kind.BOOK: gettext_lazy("Termin eingetragen."),
}


def undo_of(session: Session) -> dict[str, object] | None:
    """The last step and what it was; None when there is nothing to take back."""
    step = last_step(session.practice, session.actor)
    if step is None:
        return None
    count = batch_size(session.practice, step)
    if count > 1:
        words = ngettext("%(count)d Termin geändert.", "%(count)d Termine geändert.", count) % {"count": count}
        return {"id": step.id, "text": words}
    return {"id": step.id, "text": f"{UNDO_WORDS[UndoStep.Kind(step.kind)]}{_who_waits(session, step)}"}


def _who_waits(session: Session, step: UndoStep) -> str:
    """After a cancellation: how many wait for such a time."""
    if step.kind != UndoStep.Kind.CANCEL:
        return ""
    count = count_wanting(appointment_by_id(session.practice, step.appointment_id))
    words = ngettext("%(count)d wartet auf eine solche Zeit.", "%(count)d warten auf eine solche Zeit.", count)
    return " " + words % {"count": count} if count else ""
