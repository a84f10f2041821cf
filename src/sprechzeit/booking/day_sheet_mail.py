"""Whether the encrypted day sheet is mailed."""

from __future__ import annotations

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice


@retrying
def set_day_sheet_by_mail(practice: PracticeId, actor: Actor, *, wanted: bool) -> None:
    """Send it morning and evening to the practice's address, or no longer."""
    with acting_for(practice):
        changed = Practice.objects.filter(id=practice).exclude(day_sheet_by_mail=wanted)
        if changed.update(day_sheet_by_mail=wanted):
            record(practice, actor, "settings.change", details={"fields": ["day_sheet_by_mail"]})
