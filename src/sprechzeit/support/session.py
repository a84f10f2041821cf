"""Open, allow and end a technician's look at a practice. The database itself ends it: no row is shown after ``until``.

What can be seen stands in ``reports.py``: nothing about patients, nothing sealed, no text that somebody wrote.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM, Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.rules import SUPPORT
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.practices.models import Practice
from sprechzeit.support.errors import NoSupportSession, SupportRunning
from sprechzeit.support.models import SupportSession

MINUTES = (5, 240)
LONGEST = 200  # characters of the reason
SHOWN = 20


def open_session(practice: PracticeId, *, technician: str, reason: str, minutes: int) -> SupportSession:
    """Begin to look, or ask for it where the practice wants to be asked; the owners are told either way.

    As the role ``worker``: only the host's command line opens one.

    Raises
    ------
    Invalid
    SupportRunning
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST or not reason.isprintable():
        raise Invalid(_("Bitte geben Sie einen Grund an, höchstens 200 Zeichen."), field="reason")
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise Invalid(_("Möglich sind 5 bis 240 Minuten."), field="minutes")
    now = clock.now()
    try:
        with acting_for(practice):
            _close_what_is_over(practice)
            must_ask = Practice.objects.values_list("support_must_ask", flat=True).get(id=practice)
            made = SupportSession.objects.create(
                id=new_id(),
                practice_id=practice,
                technician=technician[:60],
                reason=reason,
                minutes=minutes,
                asked_at=now,
                allowed_at=None if must_ask else now,
                until=None if must_ask else now + timedelta(minutes=minutes),
            )
            if must_ask:
                record(practice, SYSTEM, "support.ask", [made.id], {"minutes": minutes})
            else:
                record(practice, SYSTEM, "support.open", [made.id], {"minutes": minutes})
            raise_alarm(SUPPORT.name, practice, cause=str(made.id), details={"minutes": minutes, "asks": must_ask})
    except IntegrityError as error:
        if "support_session_one_at_a_time" not in str(error):
            raise
        raise SupportRunning from None
    return made


def allow(practice: PracticeId, actor: Actor, session: UUID) -> None:
    """An owner says yes; the minutes count from now on. No error when it is allowed or over already.

    Raises
    ------
    NotFound
    """
    now = clock.now()
    with acting_for(practice):
        row = _locked(practice, session)
        if row.allowed_at is None and row.ended_at is None:
            SupportSession.objects.filter(practice=practice, id=session).update(
                allowed_at=now, until=now + timedelta(minutes=row.minutes)
            )
            record(practice, actor, "support.allow", [session], {"minutes": row.minutes})


def end(practice: PracticeId, actor: Actor, session: UUID | None = None) -> None:
    """End it, or the one that runs: by an owner, or by the technician who is done. No error when it is over already.

    Raises
    ------
    NotFound
    NoSupportSession
    """
    with acting_for(practice):
        if session is None:
            found = SupportSession.objects.filter(practice=practice, ended_at=None).values_list("id", flat=True).first()
            if found is None:
                raise NoSupportSession
            session = found
        if _locked(practice, session).ended_at is None:
            SupportSession.objects.filter(practice=practice, id=session).update(ended_at=clock.now())
            record(practice, actor, "support.end", [session])


def running(practice: PracticeId) -> SupportSession | None:
    """The one that runs now or waits for an owner's yes."""
    with acting_for(practice):
        row = SupportSession.objects.filter(practice=practice, ended_at=None).first()
    return row if row is not None and not is_over(row) else None


def require_running(practice: PracticeId) -> SupportSession:
    """The one in which a technician may look now.

    Raises
    ------
    NoSupportSession
    """
    row = running(practice)
    if row is None or row.allowed_at is None:
        raise NoSupportSession
    return row


def sessions_of(practice: PracticeId) -> list[SupportSession]:
    """The last 20, the newest first."""
    with acting_for(practice):
        return list(SupportSession.objects.filter(practice=practice).order_by("-asked_at")[:SHOWN])


def set_must_ask(practice: PracticeId, actor: Actor, wanted: bool) -> None:
    """Whether a technician has to wait for an owner's yes from now on."""
    with acting_for(practice):
        if Practice.objects.filter(id=practice).exclude(support_must_ask=wanted).update(support_must_ask=wanted):
            record(practice, actor, "settings.change", details={"fields": ["support_must_ask"]})


def is_over(row: SupportSession) -> bool:
    """Ended, or its time is up; one that waits for a yes lapses after a day."""
    if row.until is None:
        return row.ended_at is not None or row.asked_at + timedelta(days=1) <= clock.now()
    return row.ended_at is not None or row.until <= clock.now()


def _locked(practice: PracticeId, session: UUID) -> SupportSession:
    row = SupportSession.objects.select_for_update().filter(practice=practice, id=session).first()
    if row is None:
        raise NotFound(_("Diese Support-Sitzung gibt es nicht."))
    return row


def _close_what_is_over(practice: PracticeId) -> None:
    """Its time is up: the row is closed, so that another can begin."""
    for row in SupportSession.objects.filter(practice=practice, ended_at=None):
        if is_over(row):
            SupportSession.objects.filter(id=row.id).update(ended_at=row.until or clock.now())
