"""What patients are told about their appointment, and where. Each of these is part of the change that it tells of.

The address is kept sealed to the notifier; who changes an appointment later cannot read it and need not.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import structlog
from django.conf import settings

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.address import forget_channel, hand_on_address, keep_address, keep_address_until
from sprechzeit.messages.channels import can_mail, can_sms
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.notifier_key import NotifierKeyMissing
from sprechzeit.messages.post import post_to_kept, stop
from sprechzeit.patients.models import Consent
from sprechzeit.patients.person import Person
from sprechzeit.practices.models import Practice
from sprechzeit.practices.outside import outside
from sprechzeit.vault import Secret, link_to_text

KEPT_AFTER = timedelta(days=1)  # the visit and what follows it; then the address goes
PLANNED = {Message.Kind.REMINDER, Message.Kind.FOLLOW_UP}
Kind = Message.Kind
C = Message.Channel
log = structlog.get_logger("sprechzeit.messages")


def kept_until(appointment: Appointment) -> datetime:
    """When the address goes: after the visit, and after what its visit type tells some hours later."""
    return appointment.ends_at + KEPT_AFTER + timedelta(hours=appointment.visit_type.follow_up_hours or 0)


def keep_where(
    practice: Practice,
    about: UUID,
    address: str,
    manage_secret: Secret,
    until: datetime,
    *,
    phone: str | None = None,
    corrected: bool = False,
    unconfirmed: bool = False,
) -> None:
    """Remember where to write about this hold or appointment, when mail, or an SMS, can be sent at all.

    A ``phone`` is kept for SMS instead of the one before, an empty one forgets that, None leaves it as it is.
    Without a notifier's key a booking goes through all the same; nothing is written about it then.
    """
    number = PracticeId(practice.id)
    link = settings.PUBLIC_URL + outside("front:manage", practice.slug, link_to_text(manage_secret))
    if phone == "" and can_sms(practice):
        forget_channel(number, about, channel=C.SMS)
    wanted = ((C.EMAIL, address, can_mail), (C.SMS, phone, can_sms))
    for channel, to, can in wanted:
        if not to or not can(practice):
            continue
        try:
            letter = Letter(to=to, link=link)
            keep_address(
                number,
                about,
                letter,
                delete_after=until,
                channel=channel,
                corrected=corrected,
                unconfirmed=unconfirmed and channel == C.EMAIL,
            )
        except NotifierKeyMissing:
            _say_once()


def number_for_sms(person: Person, consents: Collection[str]) -> str:
    """The number that reminders go to; empty without a consent."""
    return person.phone if Consent.Purpose.REMINDER_SMS in consents else ""


@cache
def _say_once() -> None:
    log.warning("no messages to patients are put in: there is no notifier's key (sprechzeit notifier-key)")


def tell_booked(appointment: Appointment, *, hold: UUID | None = None, wait: timedelta = timedelta(0)) -> None:
    """It is booked, or asked for. An address that was kept for the ``hold`` is the appointment's from now on."""
    practice = PracticeId(appointment.practice_id)
    if hold is not None:
        hand_on_address(practice, hold, appointment.id, delete_after=kept_until(appointment))
    is_request = appointment.needs_confirmation and appointment.confirmed_at is None
    facts = {**_facts(appointment), **_prepayment(appointment), **({"pending": 1} if is_request else {})}
    kind, visit_type = Kind.CONFIRMATION, appointment.visit_type_id
    due_at = _after(wait, appointment)
    post_to_kept(practice, appointment.id, kind, once="booked", facts=facts, due_at=due_at, visit_type=visit_type)


def tell_confirmed(appointment: Appointment) -> None:
    """What was a request is booked."""
    practice = PracticeId(appointment.practice_id)
    kind, visit_type = Kind.CONFIRMATION, appointment.visit_type_id
    facts = {**_facts(appointment), **_prepayment(appointment)}
    post_to_kept(practice, appointment.id, kind, once="confirmed", facts=facts, visit_type=visit_type)


def tell_moved(appointment: Appointment, *, by_practice: bool = False, wait: timedelta = timedelta(0)) -> None:
    """It is at another time; ``wait`` as long as that can be undone, so that nobody is told twice."""
    practice = PracticeId(appointment.practice_id)
    keep_address_until(practice, appointment.id, kept_until(appointment))
    stop(practice, appointment.id, {Kind.CHANGE} | PLANNED)
    _post(appointment, Kind.CHANGE, wait, by_practice=int(by_practice))


def tell_cancelled(
    appointment: Appointment, *, by_practice: bool, refused: bool = False, wait: timedelta = timedelta(0)
) -> None:
    """It does not take place; nothing else that waits is sent any more."""
    practice = PracticeId(appointment.practice_id)
    stop(practice, appointment.id, {Kind.CONFIRMATION, Kind.CHANGE} | PLANNED)
    _post(appointment, Kind.CANCELLATION, wait, by_practice=int(by_practice), refused=int(refused))


def tell_put_back(appointment: Appointment, *, was_cancelled: bool) -> None:
    """A move or cancellation was undone: whoever has not heard of it yet hears nothing of either."""
    practice = PracticeId(appointment.practice_id)
    keep_address_until(practice, appointment.id, kept_until(appointment))
    unheard = stop(practice, appointment.id, {Kind.CHANGE, Kind.CANCELLATION}) > 0
    if was_cancelled and not (unheard and _has_heard_of(appointment)):
        _post(appointment, Kind.CONFIRMATION, timedelta(0))
    elif not was_cancelled and not unheard:
        _post(appointment, Kind.CHANGE, timedelta(0), by_practice=1)


def tell_by_hand(appointment: Appointment, text: str, *, batch: UUID) -> bool:
    """What the practice wrote itself, sealed to the notifier; tells whether there is an address to write to."""
    practice, once = PracticeId(appointment.practice_id), f"note-{batch.hex}"
    return post_to_kept(practice, appointment.id, Kind.NOTE, once=once, facts=_facts(appointment), text=text)


def _has_heard_of(appointment: Appointment) -> bool:
    """Whether its confirmation went out: one that still waited was stopped by the cancellation."""
    told = Message.objects.filter(practice=appointment.practice_id, about=appointment.id, kind=Kind.CONFIRMATION)
    return told.filter(state=Message.State.SENT).exists()


def _post(appointment: Appointment, kind: Kind, wait: timedelta, **more: int) -> None:
    """What begins before the wait is over is told at once."""
    post_to_kept(
        PracticeId(appointment.practice_id),
        appointment.id,
        kind,
        once=f"{kind.value}-{appointment.version}",
        facts={**_facts(appointment), **more},
        due_at=_after(wait, appointment),
        visit_type=appointment.visit_type_id,
    )


def _after(wait: timedelta, appointment: Appointment) -> datetime:
    now = clock.now()
    return now + wait if appointment.starts_at > now + 2 * wait else now


def _prepayment(appointment: Appointment) -> dict[str, str]:
    """The practice's note, where the confirmation says it too; in which language, the address decides."""
    visit_type = appointment.visit_type
    if not visit_type.prepayment_by_mail:
        return {}
    told = {"prepayment_de": visit_type.prepayment_de, "prepayment_en": visit_type.prepayment_en}
    return {name: text for name, text in told.items() if text}


def _facts(appointment: Appointment) -> dict[str, str | int]:
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "sequence": appointment.version - 1,
    }
