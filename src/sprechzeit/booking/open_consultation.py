"""Open consultation hours: draw a number for today, see how many are before you and about when it is your turn.

A number is nobody's: no name is asked and none is kept. Reception calls numbers; who comes is entered as a walk-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connections
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import BookingError, ChangedMeanwhile, NotBookable
from sprechzeit.booking.models import QueueNumber
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.practices.models import Practice, VisitType, VisitTypeNeed
from sprechzeit.timetable.models import Opening
from sprechzeit.timetable.wall_clock import local_midnight
from sprechzeit.vault import Secret, link_hash

PURPOSE = "queue-number"
State = QueueNumber.State
OPEN = (State.WAITING, State.CALLED)


class NumberNotFound(BookingError):
    """There is no such number, or its day is over."""

    code = "number-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diese Nummer gibt es nicht mehr."))


@dataclass(frozen=True)
class Consultation:
    """Today's open consultation: its spans, how many wait, how many are seen at once, when a new number's turn comes.

    ``next_turn`` is None when nobody who comes now would be seen today.
    """

    day: date
    spans: tuple[tuple[datetime, datetime], ...]
    waiting: int
    at_once: int
    next_turn: datetime | None


@dataclass(frozen=True)
class Drawn:
    """A drawn number as its holder sees it. ``before`` are those who come first, ``turn`` is about when."""

    number: int
    state: str
    before: int
    turn: datetime | None
    visit_type: VisitType


def consultation_of(practice: Practice, visit_type: VisitType) -> Consultation:
    """How it stands now."""
    with acting_for(PracticeId(practice.id)):
        return _consultation(practice, visit_type)


def _today(practice: Practice) -> date:
    return clock.now().astimezone(practice.zone).date()


def _consultation(practice: Practice, visit_type: VisitType) -> Consultation:
    day = _today(practice)
    spans, at_once = _opened(practice, visit_type, day)
    waiting = _open_numbers(practice, visit_type, day).filter(state=State.WAITING).count()
    return Consultation(day, spans, waiting, at_once, turn_of(waiting, spans, at_once, visit_type.duration_minutes))


def turn_of(before: int, spans: tuple[tuple[datetime, datetime], ...], at_once: int, minutes: int) -> datetime | None:
    """About when somebody is seen who has ``before`` others in front; None when that is after the last span.

    Pauses between the spans do not count as work.
    """
    work = timedelta(minutes=minutes * (before // max(1, at_once)))
    now = clock.now()
    for start, end in spans:
        begin = max(start, now)
        if begin + work < end:
            return begin + work
        work -= max(timedelta(0), end - begin)
    return None


def _opened(practice: Practice, visit_type: VisitType, day: date) -> tuple[tuple[tuple[datetime, datetime], ...], int]:
    """Today's spans, united, and how many see patients side by side at most."""
    first, behind = local_midnight(day, practice.zone), local_midnight(day + timedelta(days=1), practice.zone)
    serving = VisitTypeNeed.objects.filter(practice=practice.id, visit_type=visit_type.id, number=1).values("resource")
    rows = Opening.objects.filter(
        practice=practice.id, resource__in=serving, starts_at__gte=first, starts_at__lt=behind
    ).order_by("starts_at")
    united: list[tuple[datetime, datetime]] = []
    resources = set()
    for resource, start, end in rows.values_list("resource_id", "starts_at", "ends_at"):
        resources.add(resource)
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return tuple(united), len(resources)


def _open_numbers(practice: Practice, visit_type: VisitType, day: date) -> QuerySet[QueueNumber]:
    return QueueNumber.objects.filter(practice=practice.id, visit_type=visit_type.id, day=day, state__in=OPEN)


@retrying
def draw(practice: Practice, visit_type: VisitType, secret: Secret, *, actor: Actor) -> int:
    """Draw the next number of today for the holder of ``secret``, and tell it; the same secret draws once.

    Raises
    ------
    NotBookable
        There is no open consultation today, or whoever comes now is not seen any more.
    """
    number = PracticeId(practice.id)
    if not visit_type.walk_in or visit_type.retired_at is not None:
        raise NotBookable(_("Dafür gibt es keine offene Sprechstunde."), field="visit_type")
    with acting_for(number):
        # One after the other: numbers have no gaps and nobody gets another's.
        with connections[current_alias()].cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [visit_type.id % 2**31, 2])
        stands = _consultation(practice, visit_type)
        of_day = QueueNumber.objects.filter(practice=number, visit_type=visit_type.id, day=stands.day)
        had = of_day.filter(secret_hash=link_hash(secret, PURPOSE)).values_list("number", flat=True).first()
        if had is not None:
            return int(had)
        if stands.next_turn is None:
            raise NotBookable(_("Heute werden keine Nummern mehr vergeben."))
        last = of_day.aggregate(last=Max("number"))["last"] or 0
        now = clock.now()
        row = QueueNumber.objects.create(
            id=new_id(),
            practice_id=number,
            visit_type=visit_type,
            day=stands.day,
            number=last + 1,
            secret_hash=link_hash(secret, PURPOSE),
            taken_at=now,
            changed_at=now,
        )
        record(number, actor, "number.draw", [row.id])
        return row.number


def drawn(practice: Practice, secret: Secret) -> Drawn:
    """How it stands with one's own number, today.

    Raises
    ------
    NumberNotFound
    """
    with acting_for(PracticeId(practice.id)):
        row = _own(practice, secret)
        spans, at_once = _opened(practice, row.visit_type, row.day)
        ahead = _open_numbers(practice, row.visit_type, row.day).filter(state=State.WAITING, number__lt=row.number)
        before = ahead.count()
        turn = turn_of(before, spans, at_once, row.visit_type.duration_minutes)
        return Drawn(row.number, row.state, before, turn if row.state == State.WAITING else None, row.visit_type)


def _own(practice: Practice, secret: Secret) -> QueueNumber:
    found = QueueNumber.objects.select_related("visit_type").filter(
        practice=practice.id, secret_hash=link_hash(secret, PURPOSE), day=_today(practice)
    )
    row = found.first()
    if row is None:
        raise NumberNotFound
    return row


@retrying
def give_back(practice: Practice, secret: Secret) -> None:
    """Whoever does not want to wait any longer gives the number back; twice is no error.

    Raises
    ------
    NumberNotFound
    """
    with acting_for(PracticeId(practice.id)):
        row = _own(practice, secret)
        changed = QueueNumber.objects.filter(practice=practice.id, id=row.id, state=State.WAITING).update(
            state=State.LEFT, changed_at=clock.now()
        )
        if changed:
            record(PracticeId(practice.id), Actor("patient"), "number.give-back", [row.id])


def numbers_of_today(practice: Practice, visit_type: VisitType) -> list[QueueNumber]:
    """All of today, the first first; for the desk."""
    with acting_for(PracticeId(practice.id)):
        found = QueueNumber.objects.filter(practice=practice.id, visit_type=visit_type.id, day=_today(practice))
        return list(found.order_by("number"))


@retrying
def call(practice: PracticeId, actor: Actor, number: UUID, state: str, *, seen: str) -> None:
    """Call a number, close it, or mark that nobody came. ``seen`` is the state that the caller saw.

    Raises
    ------
    NumberNotFound
    ChangedMeanwhile
        Somebody else has called it.
    """
    if state not in State.values:
        raise NumberNotFound
    with acting_for(practice):
        rows = QueueNumber.objects.filter(practice=practice, id=number)
        if not rows.exists():
            raise NumberNotFound
        if not rows.filter(state=seen).update(state=state, changed_at=clock.now()):
            raise ChangedMeanwhile(_("Diese Nummer hat inzwischen jemand anders aufgerufen."))
        record(practice, actor, "number.call", [number], {"status": state})


def forget_numbers(practice: PracticeId) -> int:
    """Delete those of days gone by; tell how many."""
    with acting_for(practice):
        gone, _rows = QueueNumber.objects.filter(
            practice=practice, changed_at__lt=clock.now() - timedelta(days=2)
        ).delete()
    return gone
