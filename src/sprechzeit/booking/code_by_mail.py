"""The address is confirmed by six digits before an online booking counts.

What was typed is sealed at once and waits beside the hold; nobody types it twice. The slot is kept for half an hour,
the code counts for a day: when the mail is slow, the booking is honoured as long as the slot is free, and otherwise
leads to another time with everything kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import VISITOR
from sprechzeit.booking.claims import Claims
from sprechzeit.booking.confirm import MANAGE, Booked, book_held, booked_before, count_code, require_allowed
from sprechzeit.booking.errors import CodeWrong, HoldNotFound, NotBookable, SlotPassed, SlotTaken
from sprechzeit.booking.hold import PURPOSE, Held, find_hold
from sprechzeit.booking.models import Hold, Occupancy
from sprechzeit.booking.occupy import occupy, span_of
from sprechzeit.booking.offer import alternatives
from sprechzeit.booking.quota import require_room
from sprechzeit.booking.rules import require_offered
from sprechzeit.booking.tell import keep_where, number_for_sms, tell_booked
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.messages.models import Message
from sprechzeit.messages.post import post_to_kept, stop
from sprechzeit.patients.consent import put_consents_in, require_reachable
from sprechzeit.patients.intake import forget_intake, put_in
from sprechzeit.patients.models import Consent
from sprechzeit.patients.person import Person
from sprechzeit.practices.key_in_use import key_to_seal_to
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.availability import candidate_lanes
from sprechzeit.vault import Secret, derive, link_hash

KEPT = timedelta(minutes=30)  # the slot
COUNTS = timedelta(hours=24)  # the code
TRIES = 5
MAILS = 3


@retrying
def ask_for_code(
    practice: PracticeId, hold_secret: Secret, person: Person, *, claims: Claims, consents: Collection[str] = ()
) -> None:
    """Seal what was typed, keep the slot for half an hour, and mail a code. Asked again it mails a new one.

    Raises
    ------
    HoldNotFound
    NotBookable
        The visit type is not for whom this is said of, or too many codes were mailed.
    SlotTaken
        Meanwhile somebody else has the slot; carries alternatives. No code was mailed.
    """
    require_reachable(person, consents)
    try:
        _ask(practice, hold_secret, person, claims, consents)
    except SlotTaken as gone:
        held = find_hold(practice, hold_secret)
        row = Practice.objects.get(id=practice)
        raise type(gone)(alternatives(row, held.visit_type, held.starts_at)) from None


def _ask(practice: PracticeId, hold_secret: Secret, person: Person, claims: Claims, consents: Collection[str]) -> None:
    with acting_for(practice):
        held = _held(practice, hold_secret)
        require_allowed(held, person, claims)
        _keep_slot(practice, held)
        intake = put_in(practice, person, key_to_seal_to(held.practice))
        put_consents_in(practice, VISITOR, intake, consents, Consent.Source.FRONT)
        if held.intake_id is not None:  # sent anew with something corrected
            forget_intake(practice, held.intake_id)
        Hold.objects.filter(practice=practice, id=held.id).update(intake=intake)
        secret, until = derive(hold_secret, MANAGE), clock.now() + COUNTS
        number = number_for_sms(person, consents)
        keep_where(held.practice, held.id, person.email, secret, until, phone=number)
        _mail(practice, held)


def _keep_slot(practice: PracticeId, held: Hold) -> None:
    """Take the slot anew when the reservation ran out and its place was given away: a code must not promise it.

    Raises
    ------
    SlotTaken
    """
    mine = Occupancy.objects.filter(practice=practice, hold=held.id)
    if mine.count() == len(held.resource_ids):
        return
    if held.starts_at <= clock.now():
        raise SlotPassed
    mine.delete()
    require_room(held.practice, held.visit_type, held.starts_at)
    clinician = ResourceId(held.resource_ids[0]) if held.resource_ids else None
    needs = candidate_lanes(practice, VisitTypeId(held.visit_type_id), held.starts_at, resource=clinician)
    span = span_of(held.visit_type, held.starts_at)
    taken = occupy(practice, needs, span, hold=held.id, expires_at=clock.now() + KEPT)
    Hold.objects.filter(practice=practice, id=held.id).update(resource_ids=taken)


def _mail(practice: PracticeId, held: Hold) -> None:
    """To the address that stands in the intake, and to no other: that one is to be confirmed."""
    if held.code_mails >= MAILS:
        raise NotBookable(
            _("Es sind schon drei Codes verschickt worden. Bitte rufen Sie die Praxis an."), field="email"
        )
    code = f"{secrets.randbelow(1_000_000):06}"
    until = clock.now() + KEPT
    Hold.objects.filter(practice=practice, id=held.id).update(
        code_mac=_mac(held, code),
        code_tries=0,
        code_mails=held.code_mails + 1,
        code_until=clock.now() + COUNTS,
        expires_at=until,
    )
    Occupancy.objects.filter(practice=practice, hold=held.id).update(expires_at=until)
    stop(practice, held.id, {Message.Kind.CODE})  # an older one does not count any more
    once = f"code-{held.code_mails + 1}"
    facts = {"minutes": int(KEPT.total_seconds() // 60)}
    if not post_to_kept(practice, held.id, Message.Kind.CODE, once=once, facts=facts, code=code):
        raise NotBookable(
            _("An diese Adresse schicken wir nichts mehr: So hat es jemand über eine unserer Mails gewünscht."),
            field="email",
        )


@retrying
def confirm_code(
    practice: PracticeId, hold_secret: Secret, code: str, *, claims: Claims, source: str = "front"
) -> Booked:
    """Book what waits. Sent again after it was booked, it gives the same appointment.

    Raises
    ------
    HoldNotFound
    CodeWrong
    SlotTaken
        Meanwhile somebody else has the slot; carries alternatives. The code counts all the same (``take_instead``).
    """
    manage_secret = derive(hold_secret, MANAGE)
    manage_hash = link_hash(manage_secret, MANAGE)
    wrong = _count_try(practice, hold_secret, code)
    if wrong is not None:
        raise wrong
    try:
        with acting_for(practice):
            found = _find(practice, hold_secret)
            if found is None:
                return Booked(booked_before(practice, manage_hash), manage_secret)
            held = found
            if held.intake_id is None:
                raise HoldNotFound
            count_code(held, claims)
            appointment = book_held(practice, held, held.intake_id, manage_hash, source)
            tell_booked(appointment, hold=held.id)
            return Booked(appointment.id, manage_secret)
    except SlotTaken as gone:
        row = Practice.objects.get(id=practice)
        raise type(gone)(alternatives(row, held.visit_type, held.starts_at)) from None


def _count_try(practice: PracticeId, hold_secret: Secret, code: str) -> CodeWrong | None:
    """In a transaction of its own: a wrong try counts although nothing else happens."""
    with acting_for(practice):
        held = _find(practice, hold_secret)
        if held is None or held.code_mac is None:
            return None if held is None or held.intake_id else CodeWrong(0)
        left = TRIES - held.code_tries - 1
        is_right = hmac.compare_digest(bytes(held.code_mac), _mac(held, "".join(code.split())))
        too_late = held.code_until is None or held.code_until <= clock.now()
        if held.code_tries >= TRIES or too_late:
            return CodeWrong(0)
        if is_right:
            Hold.objects.filter(practice=practice, id=held.id).update(code_mac=None)
            return None
        Hold.objects.filter(practice=practice, id=held.id).update(code_tries=held.code_tries + 1)
        return CodeWrong(left)


@retrying
def take_instead(practice: PracticeId, hold_secret: Secret, start: datetime) -> Held:
    """Another time for what waits: the same hold moves there, nothing is typed again and no new code is needed.

    Raises
    ------
    HoldNotFound
    NotBookable, SlotTaken
        Nothing changed.
    """
    try:
        with acting_for(practice):
            held = _held(practice, hold_secret)
            # Whoever was let in once stays in, as when moving.
            require_offered(held.visit_type, start, clock.now(), with_code=True)
            Occupancy.objects.filter(practice=practice, hold=held.id).delete()
            Hold.objects.filter(practice=practice, id=held.id).update(expires_at=clock.now())
            require_room(held.practice, held.visit_type, start)
            needs = candidate_lanes(practice, VisitTypeId(held.visit_type_id), start)
            until = clock.now() + KEPT
            taken = occupy(practice, needs, span_of(held.visit_type, start), hold=held.id, expires_at=until)
            Hold.objects.filter(practice=practice, id=held.id).update(
                starts_at=start, resource_ids=taken, expires_at=until
            )
    except SlotTaken:
        raise SlotTaken(alternatives(Practice.objects.get(id=practice), held.visit_type, start)) from None
    return find_hold(practice, hold_secret)


@retrying
def mail_again(practice: PracticeId, hold_secret: Secret) -> None:
    """A new code to the same address, which nobody here can read; at most three in all.

    Raises
    ------
    HoldNotFound, NotBookable
    """
    with acting_for(practice):
        held = _held(practice, hold_secret)
        if held.intake_id is None:
            raise HoldNotFound
        _mail(practice, held)


def _find(practice: PracticeId, hold_secret: Secret) -> Hold | None:
    rows = Hold.objects.select_for_update(of=("self",)).select_related("visit_type", "practice")
    return rows.filter(practice=practice, secret_hash=link_hash(hold_secret, PURPOSE)).first()


def _held(practice: PracticeId, hold_secret: Secret) -> Hold:
    found = _find(practice, hold_secret)
    if found is None:
        raise HoldNotFound
    return found


def _mac(held: Hold, code: str) -> bytes:
    """Six digits cannot be kept as a plain hash: whoever has the dump alone must not find them."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"mail-code\0{held.id}\0{code}".encode(), hashlib.sha256)
