"""How long sessions of a practice live, and where the trail's daily head goes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

IDLE_MINUTES = (5, 480)
SESSION_HOURS = (1, 24)
EMAIL_LENGTH = 200


def set_practice_security(
    practice: PracticeId, actor: Actor, *, idle_minutes: int | None, session_hours: int | None, email: str
) -> None:
    """Change the limits; sessions that are open keep the end they were begun with, the idle limit counts at once.

    Raises
    ------
    Invalid
    """
    if idle_minutes is None or not IDLE_MINUTES[0] <= idle_minutes <= IDLE_MINUTES[1]:
        raise Invalid(_("Möglich sind 5 bis 480 Minuten."), field="idle_minutes")
    if session_hours is None or not SESSION_HOURS[0] <= session_hours <= SESSION_HOURS[1]:
        raise Invalid(_("Möglich sind 1 bis 24 Stunden."), field="session_hours")
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Invalid(
                _("Das ist keine vollständige E-Mail-Adresse, wie name@beispiel.de."), field="email"
            ) from None
        if len(email) > EMAIL_LENGTH:
            raise Invalid(_("Das ist zu lang: höchstens %(count)d Zeichen.") % {"count": EMAIL_LENGTH}, field="email")
    with acting_for(practice):
        Practice.objects.filter(id=practice).update(idle_minutes=idle_minutes, session_hours=session_hours, email=email)
        record(practice, actor, "settings.change", details={"fields": ["idle_minutes", "session_hours", "email"]})
