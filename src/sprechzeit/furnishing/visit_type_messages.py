"""When patients are reminded of a visit type, and what they read after it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.visit_type import any_visit_type
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import VisitType

MOST_HOURS = 14 * 24
MOST_REMINDERS = 3
LONGEST = 1000
MOST_MONTHS = 120
MOST_SAME_DAY = 12  # hours: what patients tick says "on the day itself"


@dataclass(frozen=True)
class Messages:
    """``reminder_hours`` count back from the start, ``follow_up_hours`` on from the end; None: nothing follows.

    ``second_reminder_hours`` before the start those are reminded again who ask for it; None: it is not offered.
    ``recall_months`` after the last visit patients who agreed may be invited to the next; None: never.
    """

    reminder_hours: list[int]
    follow_up_hours: int | None
    follow_up_de: str
    follow_up_en: str
    recall_months: int | None = None
    second_reminder_hours: int | None = None


@retrying
def change_messages(practice: PracticeId, actor: Actor, visit_type: int, messages: Messages) -> None:
    """Save them; they hold at once, for appointments that are booked already too.

    Raises
    ------
    Invalid, NotFound
    """
    _require_sound(messages)
    with acting_for(practice):
        row = any_visit_type(practice, visit_type)
        changed = {name: value for name, value in asdict(messages).items() if getattr(row, name) != value}
        if not changed:
            return
        VisitType.objects.filter(practice=practice, id=visit_type).update(**changed)
        record(practice, actor, "visit-type.change", details={"visit_type": visit_type, "fields": sorted(changed)})


def _require_sound(messages: Messages) -> None:
    hours = messages.reminder_hours
    if len(hours) > MOST_REMINDERS or len(set(hours)) != len(hours):
        raise Invalid(_("Bitte höchstens drei verschiedene Zeiten."), field="reminder_hours")
    for name, values in (("reminder_hours", hours), ("follow_up_hours", [messages.follow_up_hours or 1])):
        if not all(1 <= one <= MOST_HOURS for one in values):
            raise Invalid(_("Möglich sind %(least)d bis %(most)d.") % {"least": 1, "most": MOST_HOURS}, field=name)
    if not 1 <= (messages.recall_months or 1) <= MOST_MONTHS:
        text = _("Möglich sind %(least)d bis %(most)d.") % {"least": 1, "most": MOST_MONTHS}
        raise Invalid(text, field="recall_months")
    if not 1 <= (messages.second_reminder_hours or 1) <= MOST_SAME_DAY:
        text = _("Möglich sind %(least)d bis %(most)d.") % {"least": 1, "most": MOST_SAME_DAY}
        raise Invalid(text, field="second_reminder_hours")
    if messages.follow_up_hours is not None and not messages.follow_up_de:
        raise Invalid(_("Bitte schreiben Sie, was Patienten dann lesen sollen."), field="follow_up_de")
