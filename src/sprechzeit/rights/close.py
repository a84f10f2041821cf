"""Answer a request: done, or refused with the reason (GDPR Art. 12(3) and (4))."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.consent import alone
from sprechzeit.rights.errors import IdentityUnchecked, NotInRecords
from sprechzeit.rights.listing import patient_of
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.object import stop_optional
from sprechzeit.rights.read import locked_request
from sprechzeit.rights.restrict import restrict

Kind = RightsRequest.Kind
Refusal = RightsRequest.Refusal
State = RightsRequest.State
EVERY_KIND = (Refusal.IDENTITY, Refusal.EXCESSIVE, Refusal.WITHDRAWN)
REFUSALS: dict[Kind, tuple[Refusal, ...]] = {
    Kind.ACCESS: EVERY_KIND,
    Kind.CORRECTION: (Refusal.IS_CORRECT, *EVERY_KIND),
    Kind.ERASURE: (Refusal.MUST_KEEP, Refusal.NO_GROUND, *EVERY_KIND),
    Kind.RESTRICTION: (Refusal.NO_GROUND, *EVERY_KIND),
    Kind.OBJECTION: (Refusal.NO_GROUND, *EVERY_KIND),
}
"""By kind: the reasons that the law knows for it."""


def refusal_asked(text: str, kind: str) -> Refusal:
    """The reason of this name, if it is one for this kind.

    Raises
    ------
    Invalid
    """
    if text not in [one.value for one in REFUSALS[Kind(kind)]]:
        raise Invalid(_("Bitte geben Sie an, warum Sie ablehnen."), field="refusal")
    return Refusal(text)


@retrying
def finish(practice: PracticeId, actor: Actor, asked: UUID) -> None:
    """It is done. A restriction is set and an objection carried out here; for the rest the desk has done it.

    Raises
    ------
    RequestNotFound, RequestClosed, IdentityUnchecked
    NotInRecords
        To restrict there has to be a record.
    """
    with acting_for(practice):
        alone(practice)  # consents may end with it; before the first event
        found = locked_request(practice, asked)
        if not found.identity:
            raise IdentityUnchecked
        patient = patient_of(found)
        if found.kind == Kind.RESTRICTION:
            if patient is None:
                raise NotInRecords
            restrict(practice, actor, patient)
        elif found.kind == Kind.OBJECTION:
            stop_optional(practice, actor, found)
        _close(practice, actor, found, State.DONE)
        record(practice, actor, "rights.finish", [asked, *([patient] if patient else [])], {"right": found.in_trail})


@retrying
def refuse(practice: PracticeId, actor: Actor, asked: UUID, reason: str) -> None:
    """Nothing is done, or not all of it. The identity need not be known: it may be the reason.

    Raises
    ------
    RequestNotFound, RequestClosed
    Invalid
        This is no reason for this kind.
    """
    with acting_for(practice):
        found = locked_request(practice, asked)
        refusal = refusal_asked(reason, found.kind)
        _close(practice, actor, found, State.REFUSED, refusal)
        record(practice, actor, "rights.refuse", [asked], {"right": found.in_trail, "refusal": refusal.value})


def _close(practice: PracticeId, actor: Actor, found: RightsRequest, state: State, refusal: str = "") -> None:
    RightsRequest.objects.filter(practice=practice, id=found.id).update(
        state=state, refusal=refusal, closed_at=clock.now(), closed_by=UUID(actor.id)
    )
