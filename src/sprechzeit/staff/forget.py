"""Forget sessions, invitations and challenges whose time is over."""

from __future__ import annotations

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.models import Challenge, DeskSession, Enrolment, KeyGrant


def forget_ended(practice: PracticeId) -> int:
    """Delete what has expired in this practice, and expired challenges; tell how many."""
    now = clock.now()
    with acting_for(practice):
        sessions = DeskSession.objects.filter(practice=practice, expires_at__lt=now)._raw_delete(current_alias())
        ended = Enrolment.objects.filter(practice=practice, expires_at__lt=now).values_list("secret_hash", flat=True)
        # The wrapped key goes with its link: an old link and a dump would open it.
        KeyGrant.objects.filter(
            practice=practice, kind=KeyGrant.Kind.INVITATION, credential__in=list(ended)
        )._raw_delete(current_alias())
        invitations = Enrolment.objects.filter(practice=practice, expires_at__lt=now)._raw_delete(current_alias())
    challenges, _ = Challenge.objects.filter(expires_at__lt=now).delete()
    return int(sessions) + int(invitations) + challenges
