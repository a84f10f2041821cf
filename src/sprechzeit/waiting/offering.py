"""Offer what is free to those who wait for it, the one who has waited longest first. Run by the worker.

One look at a practice at a time (an advisory lock): two workers never offer one time twice. Against everybody else the
exclusion constraint decides, as for a booking: an offered time is held by a real hold. Each offer is a transaction of
its own with its hold and its message: a worker that is killed has offered it whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.db import connections, transaction
from django.db.models import Min

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.booking.claims import Claims, require_claims
from sprechzeit.booking.errors import NotBookable, SlotTaken
from sprechzeit.booking.models import Hold
from sprechzeit.booking.offer import by_day
from sprechzeit.booking.quota import full_days
from sprechzeit.booking.rules import changeable, earliest_start, latest_start
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.messages.address import forget_address
from sprechzeit.messages.models import NotifierAddress
from sprechzeit.patients.intake import forget_intake
from sprechzeit.practices.models import Access, VisitType
from sprechzeit.timetable.availability import Slot, free_slots
from sprechzeit.timetable.wall_clock import local_midnight
from sprechzeit.waiting.group import close_offer
from sprechzeit.waiting.make_offer import about, hold_slot, make_offer
from sprechzeit.waiting.models import ENTRY_LIVE, WaitingEntry, WaitingOffer
from sprechzeit.waiting.wishes import answer_until, ends_at, suits, wanted_clinician

MOST_AT_ONCE = 50  # offers of one look; the next one goes on
REMEMBERED = timedelta(days=30)  # an entry that has ended
MOST_A_DAY = 3  # offers to one entry on one local day, so that nobody is flooded
SOON = timedelta(minutes=1)
LOCK = "select pg_advisory_xact_lock(hashtext('waiting'), %s)"

State = WaitingEntry.State
OfferState = WaitingOffer.State
STANDING = (State.UNCONFIRMED, *ENTRY_LIVE)


def look(practice: PracticeId) -> datetime | None:
    """End what is over, offer what is free, and tell when time alone will change something; None: not at all.

    Needs the worker's role.
    """
    forget_ended(practice)
    end_what_is_over(practice)
    for _ in range(MOST_AT_ONCE):
        if not offer_next(practice):
            return _next_look(practice)
    return clock.now()


@retrying
def forget_ended(practice: PracticeId) -> None:
    """Entries that ended a month ago go, and what was offered with them."""
    with acting_for(practice):
        ended = WaitingEntry.objects.filter(practice=practice, ended_at__lt=clock.now() - REMEMBERED)
        ended._raw_delete(current_alias())  # the database deletes their offers


@retrying
def end_what_is_over(practice: PracticeId) -> None:
    """Offers that nobody answered, and entries whose appointment or last day has passed."""
    now = clock.now()
    with acting_for(practice):
        if not _standing(practice).exists():
            return
        _alone(practice)
        late = list(WaitingOffer.objects.filter(practice=practice, state=OfferState.OPEN, expires_at__lte=now))
        for offer in late:
            close_offer(offer, OfferState.EXPIRED)
        over = [one for one in _standing(practice) if _is_over(one, now)]
        for entry in over:
            end_entry(entry, State.EXPIRED)
        # The trail last, as in every verb: who has its lock must not wait for an offer that is just being answered.
        for offer in late:
            record(practice, SYSTEM, "waiting.expire", [offer.entry_id])
        for entry in over:
            record(practice, SYSTEM, "waiting.end", [entry.id])


def _is_over(entry: WaitingEntry, now: datetime) -> bool:
    end = ends_at(entry, entry.visit_type)
    has_gone = entry.appointment is not None and not entry.appointment.is_open
    return has_gone or (end is not None and end <= now) or entry.visit_type.retired_at is not None


def end_entry(entry: WaitingEntry, state: WaitingEntry.State) -> None:
    """Nothing more is offered; an open offer is taken back. Needs ``acting_for``.

    Of one without an appointment what was typed, and where to write, is deleted at once.
    """
    for offer in WaitingOffer.objects.filter(practice=entry.practice_id, entry=entry.id, state=OfferState.OPEN):
        close_offer(offer, OfferState.TAKEN_BACK)
    WaitingEntry.objects.filter(practice=entry.practice_id, id=entry.id, state__in=STANDING).update(
        state=state, ended_at=clock.now()
    )
    if entry.appointment_id is None:
        forget_address(PracticeId(entry.practice_id), entry.id)
    if entry.intake_id is not None:
        forget_intake(PracticeId(entry.practice_id), entry.intake_id)  # the entry goes with it


@retrying
def offer_next(practice: PracticeId) -> bool:
    """Offer the one time whose turn it is, to one or to several at once; False when nothing free suits anybody."""
    now = clock.now()
    with acting_for(practice):
        if not _live(practice).filter(state=State.WAITING).exists():
            return False
        _alone(practice)
        entries = in_turn(practice, now)
        slots: dict[int, list[Slot]] = {}
        for place, entry in enumerate(entries):
            visit_type = entry.visit_type
            if visit_type.id not in slots:
                slots[visit_type.id] = bookable_slots(visit_type, now)
            for slot in _wanted(entry, slots[visit_type.id], now):
                try:
                    with transaction.atomic(using=current_alias()):
                        asked = _offer(entry, entries[place + 1 :], slot, now)
                except (SlotTaken, NotBookable):  # somebody was faster
                    continue
                record(practice, SYSTEM, "waiting.offer", [one.id for one in asked])
                return True
    return False


def _offer(first: WaitingEntry, rest: Iterable[WaitingEntry], slot: Slot, now: datetime) -> list[WaitingEntry]:
    """Hold the slot once and offer it to the first and, where the practice wants that, to the next whom it suits."""
    visit_type = first.visit_type
    asked = [first, *_also(first, rest, slot, now, visit_type.practice.waiting_at_once - 1)]
    until = {one.id: answer_until(one, visit_type, slot.start, now) for one in asked}
    held = hold_slot(first, slot.start, max(until.values()), resource=wanted_clinician(first, slot))
    # Whom nobody of those suits that have been taken now is not asked.
    asked = [one for one in asked if not one.clinician_ids or set(one.clinician_ids) & set(held.resource_ids)]
    for one in asked:
        make_offer(one, held, until[one.id], others=len(asked) - 1)
    return asked


def _also(
    first: WaitingEntry, rest: Iterable[WaitingEntry], slot: Slot, now: datetime, count: int
) -> list[WaitingEntry]:
    same = (one for one in rest if one.visit_type_id == first.visit_type_id)
    return list(islice((one for one in same if _wanted(one, [slot], now)), count))


def _wanted(entry: WaitingEntry, slots: Iterable[Slot], now: datetime) -> list[Slot]:
    """What of these may be offered to this one: as wished, not offered before, and the day not full."""
    before = offered_before(entry)
    fitting = (one for one in slots if one.start not in before and suits(entry, entry.visit_type, one, now))
    return not_full(entry, fitting)


def in_turn(practice: PracticeId, now: datetime) -> list[WaitingEntry]:
    """Who may be offered something now, who has waited longest first: reachable, let in by the rules, not flooded.

    Nobody of whom processing is restricted (GDPR Art. 18).
    """
    waiting = _live(practice).filter(state=State.WAITING)
    waiting = waiting.filter(appointment__patient__restricted_at=None, patient__restricted_at=None)
    entries = list(waiting.order_by("created_at", "id"))
    reachable = set(
        NotifierAddress.objects.filter(
            practice=practice, about__in=[about(one) for one in entries], refused_at__isnull=True
        ).values_list("about", flat=True)
    )
    return [
        one
        for one in entries
        if about(one) in reachable and not _is_over(one, now) and is_let_in(one, now) and not _has_enough(one, now)
    ]


def is_let_in(entry: WaitingEntry, now: datetime) -> bool:
    """Whether the visit type's rules let them book online.

    Who has an appointment was let in when it was booked; whom a member put on the list without one, by the member.
    """
    visit_type = entry.visit_type
    if not visit_type.online or visit_type.retired_at is not None:
        return False
    if entry.appointment is not None:
        return changeable(entry.appointment, visit_type, now)
    if entry.patient_id is not None:
        return True
    if visit_type.access == Access.CODE:
        return False
    claims = Claims(is_new=entry.is_new, insurance=entry.insurance, has_referral=entry.has_referral)
    try:
        require_claims(visit_type.practice, visit_type, claims)
    except NotBookable:
        return False
    return True


def bookable_slots(visit_type: VisitType, now: datetime) -> list[Slot]:
    """What a patient without a code could book online now, earliest first, whatever the quotas say."""
    since, until = earliest_start(visit_type, now), latest_start(visit_type, now)
    if since >= until:
        return []
    return free_slots(PracticeId(visit_type.practice_id), VisitTypeId(visit_type.id), since, until)


def not_full(entry: WaitingEntry, slots: Iterable[Slot]) -> list[Slot]:
    """Those on days and in weeks that have room for one more; the appointment that they have frees its own place."""
    visit_type = entry.visit_type
    found = list(slots)
    days = by_day(found, visit_type.practice.zone)
    full = full_days(visit_type.practice, visit_type, [one.day for one in days], ignoring=entry.appointment_id)
    return [slot for one in days if one.day not in full for slot in one.slots]


def offered_before(entry: WaitingEntry) -> set[datetime]:
    """A time that was declined or let pass is not offered to the same one again. Where somebody was faster, it is."""
    made = WaitingOffer.objects.filter(practice=entry.practice_id, entry=entry.id).exclude(state=OfferState.MISSED)
    return set(made.values_list("starts_at", flat=True))


def _has_enough(entry: WaitingEntry, now: datetime) -> bool:
    zone = entry.visit_type.practice.zone
    today = local_midnight(now.astimezone(zone).date(), zone)
    made = WaitingOffer.objects.filter(practice=entry.practice_id, entry=entry.id, made_at__gte=today)
    return made.count() >= MOST_A_DAY


def _standing(practice: PracticeId):  # type: ignore[no-untyped-def]  # a query set
    """Those too who have not confirmed their address yet."""
    rows = WaitingEntry.objects.filter(practice=practice, state__in=STANDING)
    return rows.select_related("visit_type__practice", "appointment")


def _live(practice: PracticeId):  # type: ignore[no-untyped-def]  # a query set
    rows = WaitingEntry.objects.filter(practice=practice, state__in=ENTRY_LIVE)
    return rows.select_related("visit_type__practice", "appointment")


def _alone(practice: PracticeId) -> None:
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(LOCK, [practice % 2**31])


def _next_look(practice: PracticeId) -> datetime | None:
    """An offer or a hold that ends; with anybody waiting also soon: a lead time or a release passes unheard."""
    now = clock.now()
    with acting_for(practice):
        live = _live(practice).values_list("visit_type__released_hours", "visit_type__reserved_hours")
        rows = list(live)
        if not rows:
            return None
        offers = WaitingOffer.objects.filter(practice=practice, state=OfferState.OPEN).aggregate(at=Min("expires_at"))
        holds = Hold.objects.filter(practice=practice, expires_at__gt=now).aggregate(at=Min("expires_at"))
    moments = [one["at"] for one in (offers, holds) if one["at"]]
    if any(hours is not None for row in rows for hours in row):
        moments.append(now + SOON)
    return min(moments, default=None)
