"""Messages to patients that did not arrive: which, why, whose, and whether they can be tried again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.names import NOBODY, Name, name_of, names_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.deliver import NOT_AFTERWARDS
from sprechzeit.messages.failed import SHOWN, Overview, failed, overview_of
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.render import starts_at
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.wall_clock import start_of_day
from sprechzeit.vault import PracticeKeys

K = Message.Kind


@dataclass(frozen=True, repr=False)
class DeadLetter:
    """A message that failed. ``appointment`` is None for a code of a booking that never came about.

    ``obstacle`` is why it cannot be tried again, a code of ``messages/words.py``; empty when it can.
    """

    message: Message
    appointment: Appointment | None
    who: Name
    obstacle: str

    def __repr__(self) -> str:
        return "DeadLetter(…)"


@dataclass(frozen=True, repr=False)
class DeadLetters:
    """The list and how the others are doing."""

    letters: list[DeadLetter]
    overview: Overview


def dead_letters(keys: PracticeKeys, actor: Actor, practice: Practice) -> DeadLetters:
    """The newest 200 of the last 30 days, names opened; whose were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    today = clock.now().astimezone(practice.zone).date()
    with acting_for(number):
        messages = list(failed(number)[:SHOWN])
        appointments = appointments_of(number, messages)
        standing = standing_for(number, messages)
        names = names_of(keys, appointments.values())
        if names:
            record(number, actor, "message.view", sorted(names), {"count": len(names)})
        letters = []
        for one in messages:
            about = appointments.get(one.about)
            who = name_of(names, about) if about else NOBODY
            letters.append(DeadLetter(one, about, who, obstacle_of(one, about, standing)))
        return DeadLetters(letters, overview_of(number, since=start_of_day(today, practice.zone)))


def appointments_of(practice: PracticeId, messages: Collection[Message]) -> dict[UUID, Appointment]:
    """The appointments that these are about, as they are now. Needs ``acting_for``."""
    rows = Appointment.objects.select_related("visit_type")
    return rows.filter(practice=practice).in_bulk({one.about for one in messages})


def standing_for(practice: PracticeId, messages: Collection[Message]) -> set[tuple[UUID, str]]:
    """What each of these is about and its channel, where an address may still be written to. Needs ``acting_for``."""
    abouts = {one.about for one in messages}
    kept = NotifierAddress.objects.filter(practice=practice, about__in=abouts, refused_at__isnull=True)
    return set(kept.values_list("about", "channel"))


def obstacle_of(message: Message, appointment: Appointment | None, standing: Collection[tuple[UUID, str]]) -> str:
    """Why it cannot be sent again, empty when it can. With a message that fails, what was sealed in it goes."""
    if message.kind == K.CODE:
        return "code-gone"
    if message.kind == K.NOTE:
        return "text-gone"
    if not message.kept or (message.about, message.channel) not in standing:
        return "address-gone"
    told = starts_at(message)
    if appointment is not None and told is not None:
        is_off = appointment.status == Appointment.Status.CANCELLED
        if told != appointment.starts_at or is_off != (message.kind == K.CANCELLATION):
            return "outdated"
    if message.kind in NOT_AFTERWARDS and told is not None and told <= clock.now():
        return "too-late"
    return ""
