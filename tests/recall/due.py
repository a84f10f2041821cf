"""A patient who is due today, and the link in the invitation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message
from sprechzeit.patients.models import AddressConfirmation
from sprechzeit.practices.models import VisitType
from sprechzeit.recall.invite import invite
from sprechzeit.recall.models import Recall
from sprechzeit.vault import Secret, link_from_text
from tests.booking.booked import rows
from tests.factories import Made
from tests.messages.mailbox import letters
from tests.recall.test_recalls_begin_and_end import renew, seen


def due(*, confirmed: bool = True) -> tuple[Made, VisitType, UUID]:
    """The practice, the visit type and the patient, who has agreed and whose address is confirmed."""
    made, visit_type, patient = seen()
    renew(made)
    change(made, due_on=clock.now().date() - timedelta(days=1))
    if confirmed:
        with wearing(Role.DESK), acting_for(made.id):
            AddressConfirmation.objects.create(
                practice_id=made.id, patient_id=patient, channel="email", confirmed_at=clock.now()
            )
    return made, visit_type, patient


def change(made: Made, **fields: Any) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Recall.objects.filter(practice=made.id).update(**fields)


def recall_of(made: Made) -> Recall:
    (found,) = rows(made, Recall)
    return found


def invite_all(made: Made) -> int:
    with wearing(Role.DESK):
        return invite(made.keys, made.actor, {one.id for one in rows(made, Recall)})


def links(made: Made) -> list[str]:
    """Without the site's address, the oldest first."""
    found = letters(made, Message.Kind.RECALL)
    return [one.link.removeprefix(settings.PUBLIC_URL) for one in found]


def secret_in(link: str) -> Secret:
    return link_from_text(link.rstrip("/").rpartition("/")[2])
