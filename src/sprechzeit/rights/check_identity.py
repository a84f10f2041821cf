"""Note how it was made sure that the patient asks (GDPR Art. 12(6)); before that nothing is done."""

from __future__ import annotations

from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.rights.identity import Identity
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.read import locked_request


@retrying
def check_identity(practice: PracticeId, actor: Actor, asked: UUID, identity: Identity) -> None:
    """Checked again, the last way counts; sent twice, nothing more happens.

    Raises
    ------
    RequestNotFound, RequestClosed
    """
    with acting_for(practice):
        found = locked_request(practice, asked)
        if found.identity == identity:
            return
        RightsRequest.objects.filter(practice=practice, id=asked).update(
            identity=identity.value, identity_at=clock.now(), identity_by=UUID(actor.id)
        )
        record(practice, actor, "rights.check", [asked], {"right": found.in_trail, "identity": identity.value})
