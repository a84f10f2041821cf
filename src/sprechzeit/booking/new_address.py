"""A new e-mail address sent by the manage link: its owner confirms it first, and the one before hears of it.

Whoever has the link must not be able to turn messages away in silence. Until the new address is confirmed, everything
goes on to the one before; it is told that a change was asked for, and nothing else.
"""

from __future__ import annotations

from django.conf import settings

from sprechzeit import clock
from sprechzeit.audit.record import VISITOR, record
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.tell import kept_until, tell_booked
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.messages.address import forget_pending, keep_address
from sprechzeit.messages.channels import can_mail
from sprechzeit.messages.forget import UNANSWERED
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.notifier_key import NotifierKeyMissing
from sprechzeit.messages.post import post_to_kept
from sprechzeit.practices.models import Practice
from sprechzeit.practices.outside import outside
from sprechzeit.vault import Secret, link_hash, link_to_text, new_link_secret

PURPOSE = "confirm-new-address"
EMAIL = Message.Channel.EMAIL


def warn_before(appointment: Appointment, *, once: str) -> None:
    """Tell where messages went so far that new contact data was sent: not which, nor about what. Needs ``acting_for``.

    To a mailbox only: a number may be the one that has just been replaced.
    """
    practice = PracticeId(appointment.practice_id)
    kept = NotifierAddress.objects.filter(practice=practice, about=appointment.id, channel=EMAIL)
    if kept.filter(refused_at=None, unconfirmed=False).exists():
        post_to_kept(practice, appointment.id, Message.Kind.NEW_ADDRESS, once=f"new-address-{once}")


def ask_new_address(practice: Practice, appointment: Appointment, email: str, manage_secret: Secret) -> None:
    """Ask the owner of this address whether it is theirs; one that was asked before is forgotten. Needs ``acting_for``.

    Where no mail can be sent nothing is kept.
    """
    if not can_mail(practice):
        return
    number, secret, about = PracticeId(practice.id), new_link_secret(), new_id()
    forget_pending(number, appointment.id)
    link = settings.PUBLIC_URL + outside("front:manage", practice.slug, link_to_text(manage_secret))
    try:
        keep_address(
            number,
            about,
            Letter(to=email, link=link),
            delete_after=kept_until(appointment),
            unconfirmed=True,
            instead_of=appointment.id,
            confirm_hash=link_hash(secret, PURPOSE),
        )
    except NotifierKeyMissing:
        return
    post_to_kept(number, about, Message.Kind.ADDRESS, once="address", code=link_to_text(secret))


def confirm_new_address(practice: PracticeId, secret: Secret) -> bool:
    """Its owner says that it is theirs: from now on it takes the place of the one before. Needs ``acting_for``.

    Tells whether this link was of such an address, and still counts.
    """
    asked = NotifierAddress.objects.filter(practice=practice, confirm_hash=link_hash(secret, PURPOSE), refused_at=None)
    asked = asked.filter(instead_of__isnull=False, created_at__gte=clock.now() - UNANSWERED)
    found = asked.select_for_update().values_list("id", "instead_of", "channel").first()
    row, about, channel = found or (None, None, "")
    if row is None or about is None:
        return False
    coming = Appointment.objects.select_related("visit_type").filter(practice=practice, id=about)
    appointment = coming.filter(ends_at__gt=clock.now()).first()
    if appointment is None:
        return False
    NotifierAddress.objects.filter(practice=practice, about=appointment.id, channel=channel).delete()
    NotifierAddress.objects.filter(practice=practice, id=row).update(
        about=appointment.id,
        instead_of=None,
        confirm_hash=None,
        unconfirmed=False,
        delete_after=kept_until(appointment),
    )
    record(practice, VISITOR, "address.confirm", [appointment.patient_id or appointment.id])
    if appointment.is_open and appointment.starts_at > clock.now():
        tell_booked(appointment)  # nothing where that was told before
    return True
