"""The desk invites to check-ups, or notes that somebody wants none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.confirm import MANAGE
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.address import keep_address
from sprechzeit.messages.channels import can_mail
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.notifier_key import NotifierKeyMissing
from sprechzeit.messages.post import post_to_kept
from sprechzeit.messages.refuse import refused_among
from sprechzeit.patients.consent import alone
from sprechzeit.patients.read import open_patient
from sprechzeit.practices.models import Practice
from sprechzeit.practices.outside import outside
from sprechzeit.recall.due import AHEAD, LIVE, Obstacle, confirmed_among, obstacle_of, to_invite
from sprechzeit.recall.models import Recall
from sprechzeit.vault import PracticeKeys, link_hash, link_to_text, new_link_secret

VALID = timedelta(days=60)
MOST_AT_ONCE = 200


@retrying
def invite(keys: PracticeKeys, actor: Actor, recalls: Collection[UUID]) -> int:
    """Write to these, and tell to how many: only who agrees, can be reached, and has no such visit to come.

    Whoever was invited within 28 days, or twice, is left out, so that doing it twice writes once.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    practice = PracticeId(keys.practice)
    row = Practice.objects.get(id=practice)
    if not recalls or not can_mail(row):
        return 0
    now = clock.now()
    with acting_for(practice):
        alone(practice)  # nobody withdraws between the look and the message
        until = now.astimezone(row.zone).date() + AHEAD
        wanted = to_invite(practice, now).filter(id__in=list(recalls)[:MOST_AT_ONCE], due_on__lte=until)
        found = list(wanted.order_by("id").select_for_update(of=("self",)))
        confirmed = confirmed_among(practice, [one.patient_id for one in found])
        refused = refused_among(practice, [one.id for one in found])
        invited = []
        for one in found:
            has_address, is_refused = one.patient_id in confirmed, one.id in refused
            if obstacle_of(one, now, has_address=has_address, refused=is_refused) == Obstacle.NONE:
                email = open_patient(keys, one.patient_id).person.email
                if email and _write(row, one, email):
                    invited.append(one.patient_id)
        if invited:
            record(practice, actor, "recall.invite", sorted(invited), {"count": len(invited)})
        return len(invited)


@retrying
def invite_no_more(practice: PracticeId, actor: Actor, recall: UUID) -> None:
    """The patient does not want this one; the next visit begins anew. One that has ended is left as it is."""
    with acting_for(practice):
        found = Recall.objects.select_for_update().filter(practice=practice, id=recall, state__in=LIVE).first()
        if found is None:
            return
        found.state, found.secret_hash, found.changed_at = Recall.State.DECLINED, None, clock.now()
        found.save(update_fields=["state", "secret_hash", "changed_at"])
        record(practice, actor, "recall.end", [found.patient_id])


def _write(practice: Practice, recall: Recall, email: str) -> bool:
    """The secret is the recall's now and the appointment's later: so the kept letter can already name its link."""
    number, now, secret = PracticeId(practice.id), clock.now(), new_link_secret()
    text = link_to_text(secret)
    manage = settings.PUBLIC_URL + outside("front:manage", practice.slug, text)
    try:
        if not keep_address(number, recall.id, Letter(to=email, link=manage), delete_after=now + VALID):
            return False
    except NotifierKeyMissing:
        return False
    recall.state, recall.invitations, recall.invited_at = Recall.State.INVITED, recall.invitations + 1, now
    recall.secret_hash, recall.changed_at = link_hash(secret, MANAGE), now
    recall.save(update_fields=["state", "invitations", "invited_at", "secret_hash", "changed_at"])
    link = settings.PUBLIC_URL + outside("front:recall", practice.slug, text)
    return post_to_kept(
        number, recall.id, Message.Kind.RECALL, once=f"recall-{recall.invitations}", link=link
    )  # fmt: skip  # lines grouped by hand
