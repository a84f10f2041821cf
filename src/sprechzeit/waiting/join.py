"""Wait without an appointment: online with what is typed, sealed like a booking, or at the desk for a known patient."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import VISITOR, Actor, record
from sprechzeit.booking.address import confirmed_address
from sprechzeit.booking.claims import (
    NOTHING_SAID,
    Claims,
    asks_for_insurance,
    asks_whether_new,
    require_age,
    require_claims,
)
from sprechzeit.booking.code import needs_code
from sprechzeit.booking.confirm import MANAGE, is_mail_asked
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.tell import KEPT_AFTER, keep_where, number_for_sms
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.messages.models import Message
from sprechzeit.messages.post import post_to_kept
from sprechzeit.patients.consent import put_consents_in, require_reachable
from sprechzeit.patients.intake import put_in
from sprechzeit.patients.models import Consent
from sprechzeit.patients.person import Person
from sprechzeit.patients.read import open_patient
from sprechzeit.practices.changed import tell_changed
from sprechzeit.practices.directory import visit_type_by_id
from sprechzeit.practices.models import Access, Practice, VisitType
from sprechzeit.practices.outside import outside
from sprechzeit.vault import PracticeKeys, Secret, link_hash, link_to_text, new_link_secret
from sprechzeit.waiting.errors import NotForTheList
from sprechzeit.waiting.models import ENTRY_LIVE, WaitingEntry
from sprechzeit.waiting.wishes import LONGEST_WAIT, UNCONFIRMED_FOR, Wishes, require_time_left

MAILS = 3  # with the link, to one who has not confirmed the address yet
State = WaitingEntry.State


@retrying
def join(
    practice: PracticeId,
    secret: Secret,
    visit_type: VisitTypeId,
    person: Person,
    wishes: Wishes,
    *,
    claims: Claims = NOTHING_SAID,
    consents: Collection[str] = (),
) -> None:
    """Put somebody who has no appointment on the list; ``secret`` is of their link, and the idempotency key.

    Where a booking would ask for a code by mail, they wait only once the address is confirmed by the link in the mail.

    Raises
    ------
    Invalid, InvalidPerson
    NotBookable
        The visit type is not for whom this is said of.
    NotForTheList
        It cannot be waited for online.
    """
    require_reachable(person, consents)
    wished = wishes.as_fields()
    hashed = link_hash(secret, MANAGE)
    try:
        with acting_for(practice):
            if WaitingEntry.objects.filter(practice=practice, secret_hash=hashed).exists():
                return
            chosen = visit_type_by_id(practice, visit_type)
            if not can_be_waited_for(chosen):
                raise NotForTheList(_("Darauf lässt sich online nicht warten. Bitte rufen Sie die Praxis an."))
            require_time_left(wishes, chosen)
            require_claims(chosen.practice, chosen, claims)
            today = clock.now().astimezone(chosen.practice.zone).date()
            require_age(chosen, person.birth_date, today)
            intake = put_in(practice, person, bytes(chosen.practice.public_key))
            put_consents_in(practice, VISITOR, intake, consents, Consent.Source.FRONT)
            is_asked = is_mail_asked(chosen.practice, person)
            entry = WaitingEntry.objects.create(
                practice_id=practice,
                visit_type=chosen,
                intake_id=intake,
                source=WaitingEntry.Source.FRONT,
                state=State.UNCONFIRMED if is_asked else State.WAITING,
                secret_hash=hashed,
                created_at=clock.now(),
                **_deciding(chosen, claims),
                **wished,
            )
            until = clock.now() + (UNCONFIRMED_FOR if is_asked else LONGEST_WAIT + KEPT_AFTER)
            number = number_for_sms(person, consents)
            keep_where(chosen.practice, entry.id, person.email, secret, until, phone=number)
            if not mail_link(entry, secret) and is_asked:
                raise NotBookable(
                    _("An diese Adresse schicken wir nichts mehr: So hat es jemand über eine unserer Mails gewünscht."),
                    field="email",
                )
            record(practice, VISITOR, "waiting.ask", [entry.id, intake])
            tell_changed(practice)
    except IntegrityError as error:  # the same form, sent twice at the same moment
        if "secret_hash" not in str(error):
            raise


@retrying
def join_at_desk(keys: PracticeKeys, actor: Actor, patient: UUID, visit_type: VisitTypeId, wishes: Wishes) -> UUID:
    """Put a patient of the records on the list and tell the entry; asked again, the wishes change, the place is kept.

    Offers are mailed where the address in the record is confirmed and its owner has agreed to be written to, else the
    desk calls. A member decides whom a visit type is for, so its rules for patients are not asked.

    Raises
    ------
    Invalid, PatientNotFound, CannotOpen
    NotForTheList
        The visit type cannot be booked online, so that nothing is ever offered; or an offer is open.
    """
    practice = PracticeId(keys.practice)
    wished = wishes.as_fields()
    with acting_for(practice):
        open_patient(keys, patient, locked=True)  # whoever does the same at the same moment waits here
        chosen = visit_type_by_id(practice, visit_type)
        if not chosen.online or chosen.retired_at is not None:
            raise NotForTheList(_("Angeboten wird nur, was online gebucht werden kann."))
        require_time_left(wishes, chosen)
        rows = WaitingEntry.objects.filter(practice=practice, patient=patient, visit_type=chosen)
        before = rows.filter(state__in=ENTRY_LIVE).first()
        if before is not None:
            if before.state == State.OFFERED:
                raise NotForTheList(_("Dafür ist gerade eine Zeit angeboten. Nehmen Sie das Angebot zuerst zurück."))
            WaitingEntry.objects.filter(practice=practice, id=before.id).update(**wished)
            entry = before
        else:
            secret = new_link_secret()
            entry = WaitingEntry.objects.create(
                practice_id=practice,
                visit_type=chosen,
                patient_id=patient,
                source=WaitingEntry.Source.DESK,
                secret_hash=link_hash(secret, MANAGE),
                created_at=clock.now(),
                **wished,
            )
            email = confirmed_address(keys, patient)
            if email:
                until = clock.now() + LONGEST_WAIT + KEPT_AFTER
                keep_where(chosen.practice, entry.id, email, secret, until)
                mail_link(entry, secret)
        record(practice, actor, "waiting.ask", [entry.id, patient])
        tell_changed(practice)
        return entry.id


def can_be_waited_for(visit_type: VisitType) -> bool:
    """Whether patients may wait for it without an appointment: what anybody could book online."""
    return visit_type.online and visit_type.retired_at is None and not needs_code(visit_type)


def mail_link(entry: WaitingEntry, secret: Secret) -> bool:
    """The link of their place, and while the address is not confirmed, what confirms it. Needs ``acting_for``.

    Tells whether there is an address that may be written to.

    Raises
    ------
    NotForTheList
        Three such mails are enough.
    """
    practice = PracticeId(entry.practice_id)
    told = Message.objects.filter(practice=practice, about=entry.id, kind=Message.Kind.WAITING_LIST).count()
    if told >= MAILS:
        raise NotForTheList(_("Es sind schon drei Mails verschickt worden. Bitte rufen Sie die Praxis an."))
    row = Practice.objects.get(id=practice)
    link = settings.PUBLIC_URL + outside("front:wait", row.slug, link_to_text(secret))
    is_asked = entry.state == State.UNCONFIRMED
    return post_to_kept(
        practice,
        entry.id,
        Message.Kind.WAITING_LIST,
        once=f"wait-{told + 1}",
        facts={"confirm": int(is_asked), "until": (entry.created_at + LONGEST_WAIT).isoformat()},
        link=f"{link}?bestaetigen={proof_of(entry.id)}" if is_asked else link,
    )


def proof_of(entry: UUID) -> str:
    """What stands in the mail alone: whoever filled in the form has the link, and confirms nothing with it."""
    whole = hmac.digest(settings.SECRET_KEY.encode(), f"waiting-list\0{entry}".encode(), hashlib.sha256)
    return whole[:16].hex()


def _deciding(visit_type: VisitType, claims: Claims) -> dict[str, object]:
    """What was said of the person, only where a rule of the visit type decides by it."""
    practice = visit_type.practice
    return {
        "is_new": claims.is_new if asks_whether_new(practice, visit_type) else None,
        "insurance": claims.insurance if asks_for_insurance(practice, visit_type) else "",
        "has_referral": claims.has_referral and visit_type.access == Access.REFERRAL,
    }
