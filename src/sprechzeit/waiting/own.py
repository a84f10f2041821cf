"""One's own place on the list without an appointment, found by its link: confirm, change, leave."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.confirm import MANAGE
from sprechzeit.booking.tell import KEPT_AFTER
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.address import keep_address_until, reachable_among
from sprechzeit.practices.changed import tell_changed
from sprechzeit.vault import Secret, link_hash
from sprechzeit.waiting.errors import EntryNotFound, NotForTheList
from sprechzeit.waiting.join import mail_link, proof_of
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer
from sprechzeit.waiting.offering import STANDING, end_entry
from sprechzeit.waiting.wishes import LONGEST_WAIT, Wishes, ends_at, require_time_left

PATIENT = Actor("patient")
State = WaitingEntry.State


@dataclass(frozen=True)
class Place:
    """What the holder of the link may know: nothing that was typed. ``offered`` is answered by the link in its mail."""

    entry: WaitingEntry
    until: datetime | None
    is_reachable: bool
    offered: WaitingOffer | None

    @property
    def is_confirmed(self) -> bool:
        return self.entry.state != State.UNCONFIRMED

    @property
    def is_booked(self) -> bool:
        """Then the link is that of an appointment."""
        return self.entry.state == State.BOOKED


def find_place(practice: PracticeId, secret: Secret) -> Place:
    """The place of this link.

    Raises
    ------
    EntryNotFound
        There is none, or not any more: what was typed is deleted with it.
    """
    with acting_for(practice):
        entry = _own(practice, secret)
        offer = WaitingOffer.objects.filter(practice=practice, entry=entry.id, state=WaitingOffer.State.OPEN).first()
        is_reachable = entry.id in reachable_among(practice, [entry.id])
        return Place(entry, ends_at(entry, entry.visit_type), is_reachable, offer)


@retrying
def confirm_place(practice: PracticeId, secret: Secret, proof: str) -> None:
    """The address is theirs, from now on they wait. Confirmed again nothing changes.

    Raises
    ------
    EntryNotFound
    NotForTheList
        That is not what stands in the mail.
    """
    with acting_for(practice):
        entry = _own(practice, secret, locked=True)
        if entry.state != State.UNCONFIRMED:
            return
        if not hmac.compare_digest(proof_of(entry.id).encode(), proof.encode()):
            raise NotForTheList(_("Dieser Link ist unvollständig. Bitte öffnen Sie den aus der E-Mail."))
        WaitingEntry.objects.filter(practice=practice, id=entry.id).update(state=State.WAITING)
        keep_address_until(practice, entry.id, entry.created_at + LONGEST_WAIT + KEPT_AFTER)
        record(practice, PATIENT, "waiting.confirm", [entry.id])
        tell_changed(practice)


@retrying
def change_own_wishes(practice: PracticeId, secret: Secret, wishes: Wishes) -> None:
    """Other wishes, the same place.

    Raises
    ------
    EntryNotFound, Invalid
    NotForTheList
        An offer is open.
    """
    fields = wishes.as_fields()
    with acting_for(practice):
        entry = _own(practice, secret, locked=True)
        if entry.state == State.OFFERED:
            raise NotForTheList(_("Ihnen ist gerade eine Zeit angeboten. Bitte antworten Sie zuerst darauf."))
        if entry.state not in STANDING:
            raise EntryNotFound
        require_time_left(wishes, entry.visit_type)
        WaitingEntry.objects.filter(practice=practice, id=entry.id).update(**fields)
        record(practice, PATIENT, "waiting.ask", [entry.id])
        tell_changed(practice)


@retrying
def leave(practice: PracticeId, secret: Secret) -> None:
    """Off the list, and what was typed is deleted at once.

    Raises
    ------
    EntryNotFound
    """
    with acting_for(practice):
        entry = _own(practice, secret)
        if entry.state in STANDING:
            end_entry(entry, State.WITHDRAWN)
            record(practice, PATIENT, "waiting.withdraw", [entry.id])


@retrying
def mail_place_again(practice: PracticeId, secret: Secret) -> None:
    """The mail that confirms the address once more, to the same one; three in all.

    Raises
    ------
    EntryNotFound, NotForTheList
    """
    with acting_for(practice):
        entry = _own(practice, secret, locked=True)
        if entry.state == State.UNCONFIRMED:
            mail_link(entry, secret)


def _own(practice: PracticeId, secret: Secret, *, locked: bool = False) -> WaitingEntry:
    rows = WaitingEntry.objects.select_related("visit_type__practice", "appointment")
    if locked:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(practice=practice, secret_hash=link_hash(secret, MANAGE), appointment=None).first()
    if found is None or (found.state not in STANDING and found.state != State.BOOKED):
        raise EntryNotFound
    return found
