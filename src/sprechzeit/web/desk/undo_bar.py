"""What the member can take back, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, ngettext

from sprechzeit.booking.models import UndoStep
from sprechzeit.booking.undo import batch_size, last_step
from sprechzeit.staff.session import Session

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
    return {"id": step.id, "text": UNDO_WORDS[UndoStep.Kind(step.kind)]}
