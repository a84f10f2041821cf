"""Check-ups on the patient's card: what stands, and the form that puts the patient down for one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sprechzeit import clock
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.practices.directory import visit_types
from sprechzeit.practices.models import Practice
from sprechzeit.recall.by_hand import recalls_of
from sprechzeit.recall.models import Recall
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.moment import read_number

STATES: dict[Recall.State, Promise | str] = {
    Recall.State.DUE: gettext_lazy("vorgemerkt"),
    Recall.State.INVITED: gettext_lazy("eingeladen"),
    Recall.State.BOOKED: gettext_lazy("gebucht"),
    Recall.State.DECLINED: gettext_lazy("abgelehnt"),
    Recall.State.STOPPED: gettext_lazy("beendet"),
}


def recalls_context(
    request: HttpRequest, session: Session, practice: Practice, patient: UUID, problem: DomainError | None
) -> dict[str, object]:
    """What stands, the newest first, and the form with what was typed."""
    typed = request.POST if problem else QueryDict()
    types = visit_types(session.practice)
    usual = next((one for one in types if one.recall_months), types[0] if types else None)
    today = clock.now().astimezone(practice.zone).date()
    return {
        "recalls": [(one, str(STATES[Recall.State(one.state)])) for one in recalls_of(session.practice, patient)],
        "recall_types": types,
        "recall_type": read_number(typed.get("art")) or (usual.id if usual else None),
        "recall_day": typed.get("faellig", today.isoformat()),
        "recall_problem": problem,
    }


def recall_typed(form: QueryDict) -> tuple[int, date]:
    """The visit type and the day on which it is due.

    Raises
    ------
    Invalid
    """
    try:
        due_on = date.fromisoformat(form.get("faellig", ""))
    except ValueError:
        raise Invalid(_("Bitte nennen Sie einen Tag."), field="due_on") from None
    return read_number(form.get("art")) or 0, due_on
