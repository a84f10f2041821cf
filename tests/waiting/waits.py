"""Patients with an appointment who wait for an earlier one, and what the worker does for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings

from sprechzeit.booking.confirm import MANAGE, Booked
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message
from sprechzeit.messages.notifier_key import private_key
from sprechzeit.messages.post import open_letter
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.vault import Secret, link_from_text, link_hash, new_link_secret
from sprechzeit.waiting.ask import ask_earlier
from sprechzeit.waiting.join import join
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer
from sprechzeit.waiting.offering import look
from sprechzeit.waiting.wishes import Wishes
from tests.factories import Made, book, make_bookable, make_person, type_id


def make_full(**fields: Any) -> tuple[Made, VisitType]:
    """A bookable practice that does not ask for a code by mail before it books."""
    made, visit_type = make_bookable(**{"hours": (9, 10), "days": 1, **fields})
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(confirm_email=False)
    return made, visit_type


def waits(made: Made, visit_type: VisitType, start: datetime, **wishes: Any) -> Booked:
    """Booked at ``start``, and on the list for something earlier."""
    booked = book(made, visit_type, start)
    ask_earlier(made.id, booked.manage_secret, Wishes(**wishes))
    return booked


def joins(made: Made, visit_type: VisitType, *, consents: Collection[str] = (), **wishes: Any) -> Secret:
    """On the list without an appointment, as the booking page puts there; tells the secret of the link."""
    secret = new_link_secret()
    join(made.id, secret, type_id(visit_type), make_person(), Wishes(**wishes), consents=consents)
    return secret


def entry_by(made: Made, secret: Secret) -> WaitingEntry | None:
    with wearing(Role.DESK), acting_for(made.id):
        rows = WaitingEntry.objects.select_related("visit_type").filter(practice=made.id)
        return rows.filter(secret_hash=link_hash(secret, MANAGE)).first()


def links(made: Made, kind: Message.Kind) -> list[str]:
    """The links in the mails of this kind that wait, opened with the worker's key, the oldest first."""
    with wearing(Role.WORKER), acting_for(made.id):
        found = Message.objects.filter(practice=made.id, kind=kind, state="waiting").order_by("created_at", "id")
        key = private_key(settings.ENVIRONMENT.key_folder)
        return [open_letter(key, one).link for one in found]


def worker_looks(made: Made) -> datetime | None:
    with wearing(Role.WORKER):
        return look(made.id)


def offers(made: Made, **wanted: Any) -> list[WaitingOffer]:
    """In the order in which they were made."""
    with wearing(Role.DESK), acting_for(made.id):
        rows = WaitingOffer.objects.select_related("entry__appointment").filter(practice=made.id, **wanted)
        return list(rows.order_by("made_at", "id"))


def entry_of(made: Made, booked: Booked) -> WaitingEntry:
    with wearing(Role.DESK), acting_for(made.id):
        rows = WaitingEntry.objects.filter(practice=made.id, appointment=booked.appointment_id)
        return rows.order_by("-created_at")[0]


def offer_links(made: Made) -> list[str]:
    """The links in the mails with offers."""
    return links(made, Message.Kind.OFFER)


def offer_secrets(made: Made) -> list[Secret]:
    return [link_from_text(link.rstrip("/").rpartition("/")[2]) for link in offer_links(made)]
