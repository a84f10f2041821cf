"""Hold another time instead, or the same for longer, while the form is open."""

from __future__ import annotations

from datetime import datetime

from sprechzeit.booking.claims import Claims
from sprechzeit.booking.hold import Held, hold, release
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.practices.models import Practice
from sprechzeit.vault import link_to_text
from sprechzeit.web.front.asked import key_asked
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.shown import clinician_among


def hold_instead(practice: Practice, held: Held, start: datetime, claims: Claims) -> Held:
    """Hold ``start`` for the form whose own time is gone. The form may be sent twice.

    Raises
    ------
    NotBookable, SlotTaken
        Nothing changed.
    """
    key = key_asked(link_to_text(held.secret), "instead", start.isoformat())
    return hold(PracticeId(practice.id), VisitTypeId(held.visit_type.id), start, claims=claims, key=key)


def hold_longer(practice: Practice, held: Held, claims: Claims) -> Held:
    """Hold the same time with the same clinician for another ten minutes from now (WCAG 2.2, 2.2.1).

    Raises
    ------
    NotBookable, SlotTaken
        The old hold had expired and somebody else has the time. Nothing changed.
    """
    clinician = clinician_among(offering(practice, held.visit_type), held.resource_ids)
    with acting_for(PracticeId(practice.id)):  # both or neither: a refusal must leave the form its hold
        release(PracticeId(practice.id), held.secret)
        return hold(
            PracticeId(practice.id),
            VisitTypeId(held.visit_type.id),
            held.starts_at,
            resource=ResourceId(clinician.id) if clinician else None,
            claims=claims,
        )
