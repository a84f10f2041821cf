"""Wish for an earlier time than the appointment that one has, by its manage link or at the desk."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.manage import own_appointment
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.rules import changeable
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import NotifierAddress
from sprechzeit.practices.changed import tell_changed
from sprechzeit.vault import Secret
from sprechzeit.waiting.errors import EntryNotFound, NotForTheList
from sprechzeit.waiting.models import ENTRY_LIVE, WaitingEntry
from sprechzeit.waiting.offering import end_entry
from sprechzeit.waiting.wishes import Wishes

PATIENT = Actor("patient")
Source = WaitingEntry.Source


@retrying
def ask_earlier(practice: PracticeId, manage_secret: Secret, wishes: Wishes) -> None:
    """Put the patient on the list; asked again, the wishes are changed and the place is kept.

    Raises
    ------
    AppointmentNotFound, Invalid
    NotForTheList
        It cannot be changed any more, or an offer is open.
    """
    with acting_for(practice):
        _ask(practice, PATIENT, own_appointment(practice, manage_secret), wishes, Source.FRONT)


@retrying
def ask_earlier_at_desk(practice: PracticeId, actor: Actor, appointment: UUID, wishes: Wishes) -> None:
    """The same, by a member for the patient.

    Raises
    ------
    AppointmentNotFound, Invalid, NotForTheList
    """
    with acting_for(practice):
        _ask(practice, actor, appointment_by_id(practice, appointment), wishes, Source.DESK)


def _ask(practice: PracticeId, actor: Actor, found: Appointment, wishes: Wishes, source: WaitingEntry.Source) -> None:
    fields = wishes.as_fields()
    if not changeable(found, found.visit_type, clock.now()):
        raise NotForTheList(_("Dieser Termin lässt sich online nicht mehr ändern. Bitte rufen Sie die Praxis an."))
    # Whoever asks twice at the same moment waits here for the first.
    Appointment.objects.select_for_update(of=("self",)).filter(practice=practice, id=found.id).values_list("id").first()
    before = live_entry(practice, found.id)
    if before is not None and before.state == WaitingEntry.State.OFFERED:
        raise NotForTheList(_("Ihnen ist gerade eine Zeit angeboten. Bitte antworten Sie zuerst darauf."))
    if before is not None:
        WaitingEntry.objects.filter(practice=practice, id=before.id).update(**fields)
        asked = before.id
    else:
        asked = WaitingEntry.objects.create(
            practice_id=practice,
            visit_type_id=found.visit_type_id,
            appointment=found,
            source=source,
            created_at=clock.now(),
            **fields,
        ).id
    record(practice, actor, "waiting.ask", [asked, found.id])
    tell_changed(practice)


@retrying
def withdraw_own(practice: PracticeId, manage_secret: Secret) -> None:
    """Take the patient off the list; no error when they are not on it.

    Raises
    ------
    AppointmentNotFound
    """
    with acting_for(practice):
        found = own_appointment(practice, manage_secret)
        entry = live_entry(practice, found.id)
        if entry is not None:
            end_entry(entry, WaitingEntry.State.WITHDRAWN)
            record(practice, PATIENT, "waiting.withdraw", [entry.id, found.id])


@retrying
def remove(practice: PracticeId, actor: Actor, entry: UUID) -> None:
    """Take somebody off the list, at the desk.

    Raises
    ------
    EntryNotFound
    """
    with acting_for(practice):
        found = WaitingEntry.objects.filter(practice=practice, id=entry).first()
        if found is None:
            raise EntryNotFound
        if found.is_live:
            end_entry(found, WaitingEntry.State.WITHDRAWN)
            record(practice, actor, "waiting.withdraw", [found.id])


def live_entry(practice: PracticeId, appointment: UUID) -> WaitingEntry | None:
    """Who waits for something earlier than this appointment."""
    with acting_for(practice):
        return WaitingEntry.objects.filter(practice=practice, appointment=appointment, state__in=ENTRY_LIVE).first()


def is_reachable(practice: PracticeId, appointment: UUID) -> bool:
    """Whether an offer about this appointment can be mailed; otherwise the practice can only call."""
    with acting_for(practice):
        kept = NotifierAddress.objects.filter(practice=practice, about=appointment, refused_at__isnull=True)
        return kept.exists()
