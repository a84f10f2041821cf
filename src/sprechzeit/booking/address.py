"""An address typed at the desk is confirmed by its owner before anything but that question goes to it.

Reminders that reach a stranger are what the authorities hear most complaints about. The address itself stands in the
sealed record and, sealed to the notifier, beside each appointment; here is only who was asked and what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import VISITOR, Actor, record
from sprechzeit.booking.confirm import MANAGE
from sprechzeit.booking.errors import AddressNotAsked
from sprechzeit.booking.models import Appointment, PatientNote
from sprechzeit.booking.new_address import confirm_new_address
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.tell import keep_where, kept_until, tell_booked
from sprechzeit.booking.undo import LIFETIME
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.channels import can_mail
from sprechzeit.messages.forget import UNANSWERED
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.post import post_to_kept
from sprechzeit.patients.consent import Whose, consents_of
from sprechzeit.patients.models import AddressConfirmation, Consent
from sprechzeit.patients.person import Person
from sprechzeit.patients.read import open_patient
from sprechzeit.practices.models import Practice
from sprechzeit.vault import PracticeKeys, Secret, link_hash, link_to_text, new_link_secret

PURPOSE = "confirm-address"
MOST = 3
EMAIL = Message.Channel.EMAIL


@dataclass(frozen=True)
class Address:
    """What the desk knows of the address in a record: in words, how often its owner was asked, whether one may ask."""

    words: str = ""
    times: int = 0
    can_ask: bool = False


def keep_from_record(keys: PracticeKeys, actor: Actor, appointment: Appointment, *, again: bool = False) -> bool:
    """Keep the record's address for this appointment, where its person has agreed to be reminded by mail.

    Unless it was confirmed before, its owner is asked, with ``again`` once more. Tells whether anything is kept or
    asked. Needs ``acting_for``, and a session that opens the record.
    """
    practice, patient = PracticeId(keys.practice), appointment.patient_id
    row = Practice.objects.get(id=practice)
    if patient is None or not _is_agreed(practice, patient) or not can_mail(row):
        return False
    email = open_patient(keys, patient).person.email
    found = _of(practice, patient)
    if not email or (found and found.refused_at):
        return False
    is_confirmed = bool(found and found.confirmed_at)
    secret = new_link_secret()
    Appointment.objects.filter(practice=practice, id=appointment.id).update(manage_hash=link_hash(secret, MANAGE))
    keep_where(row, appointment.id, email, secret, kept_until(appointment), unconfirmed=not is_confirmed)
    if is_confirmed:
        tell_booked(appointment, wait=LIFETIME)
    elif again or found is None:
        _ask(practice, actor, appointment, patient, found)
    return True


@retrying
def ask_for_address(keys: PracticeKeys, actor: Actor, appointment: UUID) -> None:
    """Ask the owner of the record's address (again) whether it is theirs.

    Raises
    ------
    AppointmentNotFound
    AddressNotAsked
        Three times is enough, there is an answer already, or nothing was agreed to.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        found = appointment_by_id(practice, appointment)
        person = open_patient(keys, found.patient_id).person if found.patient_id else None
        if not address_of_patient(practice, found, person).can_ask:
            raise AddressNotAsked
        if not keep_from_record(keys, actor, found, again=True):
            raise AddressNotAsked


@retrying
def confirm_address(practice: int, secret: Secret) -> None:
    """Its owner says that it is theirs: what is to come is told and reminded of there from now on.

    Who asks learns nothing, not even whether there was something to confirm.
    """
    number = PracticeId(practice)
    if not Practice.objects.filter(id=practice).exists():
        return
    with acting_for(number):
        if confirm_new_address(number, secret):
            return
        asked = AddressConfirmation.objects.filter(practice=number, secret_hash=link_hash(secret, PURPOSE))
        open_ones = asked.filter(confirmed_at=None, refused_at=None, asked_at__gte=clock.now() - UNANSWERED)
        patient = open_ones.values_list("patient", flat=True).first()
        if patient is None or not open_ones.update(confirmed_at=clock.now()):
            return
        record(number, VISITOR, "address.confirm", [patient])
        waiting = _unconfirmed_of(number, patient)
        for one in Appointment.objects.select_related("visit_type").filter(practice=number, id__in=waiting):
            NotifierAddress.objects.filter(practice=number, about=one.id, channel=EMAIL).update(unconfirmed=False)
            if one.is_open and one.starts_at > clock.now():
                tell_booked(one)


def confirmed_address(keys: PracticeKeys, patient: UUID) -> str:
    """The record's address, where its owner has confirmed it and agreed to be written to; else empty.

    Needs ``acting_for``, and a session that opens the record.
    """
    practice = PracticeId(keys.practice)
    found = _of(practice, patient)
    if found is None or not found.confirmed_at or found.refused_at or not _is_agreed(practice, patient):
        return ""
    return open_patient(keys, patient).person.email


def refuse_address(practice: PracticeId, about: UUID) -> None:
    """Whoever was asked says that it is not for them: nobody asks there again. Needs ``acting_for``.

    An address that was confirmed once stays so: its owner only wants no more messages about one appointment.
    """
    patient = Appointment.objects.filter(practice=practice, id=about).values_list("patient", flat=True).first()
    now = clock.now()
    asked = AddressConfirmation.objects.filter(practice=practice, patient=patient, confirmed_at=None, refused_at=None)
    if patient is None or not asked.update(refused_at=now):
        return
    others = _unconfirmed_of(practice, patient)
    waiting = Message.objects.filter(practice=practice, about__in=others, state=Message.State.WAITING)
    waiting.update(state=Message.State.STOPPED, reason="unwanted", done_at=now, sealed=None)
    NotifierAddress.objects.filter(practice=practice, about__in=others).update(sealed=None, refused_at=now)


def confirmed_online(practice: PracticeId, appointment: Appointment, patient: UUID) -> None:
    """The address of a new record is the one that its owner typed, and confirmed by the code where one is asked for.

    Not where contact data was sent since: which address the record has then, only its reader knows.
    """
    kept = NotifierAddress.objects.filter(practice=practice, about=appointment.id, refused_at=None, unconfirmed=False)
    sent = PatientNote.objects.filter(practice=practice, appointment=appointment.id, kind=PatientNote.Kind.CONTACT)
    latest = sent.order_by("-created_at").values_list("created_at", flat=True).first()
    if latest is not None:
        kept = kept.filter(created_at__gte=latest)
    if kept.exists():
        AddressConfirmation.objects.create(
            practice_id=practice, patient_id=patient, channel=EMAIL, confirmed_at=clock.now()
        )


def address_of_patient(practice: PracticeId, appointment: Appointment, person: Person | None) -> Address:
    """What its card says of the address in the record. Needs ``acting_for``."""
    patient = appointment.patient_id
    if patient is None or person is None or not person.email:
        return Address()
    found = _of(practice, patient)
    if found and found.refused_at:
        return Address(_("Adresse abgelehnt"), found.times)
    if found and found.confirmed_at:
        return Address(_("Adresse bestätigt"), found.times)
    times = found.times if found else 0
    # Of one booked online, somebody has the link that asking would replace.
    is_coming = (
        appointment.source == Appointment.Source.DESK and appointment.is_open and appointment.starts_at > clock.now()
    )
    may = times < MOST and is_coming and _is_agreed(practice, patient)
    return Address(_("Adresse noch nicht bestätigt") if found else "", times, can_ask=may)


def _ask(
    practice: PracticeId, actor: Actor, appointment: Appointment, patient: UUID, found: AddressConfirmation | None
) -> None:
    secret = new_link_secret()
    if found is None:  # the address in the record is another than before: what was kept of that one goes
        others = [one for one in _unconfirmed_of(practice, patient) if one != appointment.id]
        NotifierAddress.objects.filter(practice=practice, about__in=others).delete()
        found = AddressConfirmation(practice_id=practice, patient_id=patient, channel=EMAIL)
    hashed = link_hash(secret, PURPOSE)
    found.secret_hash, found.asked_at, found.times = hashed, clock.now(), found.times + 1
    found.save()
    once = f"address-{hashed.hex()[:16]}"
    post_to_kept(practice, appointment.id, Message.Kind.ADDRESS, once=once, code=link_to_text(secret))
    record(practice, actor, "address.ask", [patient])


def _of(practice: PracticeId, patient: UUID) -> AddressConfirmation | None:
    return AddressConfirmation.objects.filter(practice=practice, patient=patient, channel=EMAIL).first()


def _is_agreed(practice: PracticeId, patient: UUID) -> bool:
    standing = consents_of(practice, Whose(patient=patient)).filter(withdrawn_at=None)
    return standing.filter(purpose=Consent.Purpose.REMINDER_EMAIL).exists()


def _unconfirmed_of(practice: PracticeId, patient: UUID | None) -> list[UUID]:
    """The patient's appointments for which an address is kept that nobody has confirmed yet."""
    coming = Appointment.objects.filter(practice=practice, patient=patient, ends_at__gt=clock.now())
    kept = NotifierAddress.objects.filter(practice=practice, unconfirmed=True, refused_at=None, channel=EMAIL)
    return list(kept.filter(about__in=coming.values("id")).values_list("about", flat=True))
