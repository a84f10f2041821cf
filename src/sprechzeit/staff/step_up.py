"""Step-up: ask for the passkey again before what is hard to undo."""

from __future__ import annotations

from sprechzeit import clock
from sprechzeit.audit.record import record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.guard.lift import lift
from sprechzeit.staff.errors import LoginRefused, ProofNeeded
from sprechzeit.staff.models import DeskSession
from sprechzeit.staff.passkey import Answer, RelyingParty, verify
from sprechzeit.staff.session import Session

PURPOSE = "step-up"


def require_proof(session: Session) -> None:
    """Raise ``ProofNeeded`` when the last proof is older than five minutes."""
    if not session.is_proved:
        raise ProofNeeded


def prove_again(party: RelyingParty, session: Session, answer: Answer) -> None:
    """The member at the session proved a passkey of their own just now.

    Raises
    ------
    LoginRefused
        The answer does not hold, or it is another member's passkey.
    """
    passkey = verify(party, answer, purpose=PURPOSE)
    if passkey.member_id != session.member:
        raise LoginRefused
    with acting_for(session.practice):
        rows = DeskSession.objects.filter(practice=session.practice, member=session.member, login=session.login)
        rows.update(proved_at=clock.now())
        lift(session.practice, str(session.member))
        record(session.practice, session.actor, "session.prove", [session.member])
