"""The call list's rows and results in words, on the practice's clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sprechzeit.booking.call_list import Call, Reached
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move_many import Outcome
from sprechzeit.booking.propose import Proposal
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.web.desk.call_list_form import CANCEL, STAYS, Filled, choice_of

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Choice:
    """Another time in words, and as the form's value."""

    value: str
    text: str


@dataclass(frozen=True, repr=False)
class Row:
    """One call. ``chosen`` is a choice's value, "bleibt" or "absagen"."""

    appointment: Appointment
    who: Reached
    start: datetime
    choices: tuple[Choice, ...]
    chosen: str
    reached: str
    problem: str

    def __repr__(self) -> str:
        return "Row(…)"


@dataclass(frozen=True, repr=False)
class Result:
    """What became of one: moved or cancelled, or the problem."""

    appointment: UUID
    name: str
    phone: str
    after: str
    problem: str

    def __repr__(self) -> str:
        return "Result(…)"


def row_of(
    call: Call,
    practice: Practice,
    names: Mapping[int, str],
    filled: Filled,
    problems: Mapping[UUID, str],
    *,
    take_all: bool = False,
) -> Row:
    """``take_all`` chooses the suggestion where nothing was chosen yet."""
    one = call.appointment
    minutes = (one.ends_at - one.starts_at) // MINUTE
    day = one.starts_at.astimezone(practice.zone).date()
    choices = tuple(
        Choice(choice_of(proposal, minutes), in_words(proposal, practice, names, day)) for proposal in call.proposals
    )
    chosen = filled.chosen.get(one.id, STAYS)
    if take_all and chosen == STAYS and choices and filled.reached.get(one.id) != "nicht-erreicht":
        chosen = choices[0].value
    if chosen not in {STAYS, CANCEL, *(choice.value for choice in choices)}:
        chosen = STAYS  # it was taken meanwhile
    return Row(
        one,
        call.who,
        one.starts_at.astimezone(practice.zone),
        choices,
        chosen,
        filled.reached.get(one.id, ""),
        problems.get(one.id, ""),
    )


def in_words(proposal: Proposal, practice: Practice, names: Mapping[int, str], day: date | None = None) -> str:
    """Day, time and with whom; on the same ``day`` it says so."""
    start = proposal.start.astimezone(practice.zone)
    people = ", ".join(names[one] for one in proposal.resources if one in names)
    when = _("am selben Tag") if start.date() == day else date_format(start, pgettext("date format", "D, j. M"))
    return ", ".join(filter(None, [when, date_format(start, "H:i"), people]))


def whom(resources: Iterable[Resource]) -> dict[int, str]:
    """The names of those whom a patient is told: who treats, not in which room."""
    return {one.id: one.name for one in resources if one.kind == Resource.Kind.CLINICIAN}


def result_of(outcome: Outcome, people: Mapping[UUID, Call], practice: Practice, names: Mapping[int, str]) -> Result:
    """The outcome in words. What was not done carries its reason."""
    change = outcome.change
    call = people.get(change.appointment)
    after = in_words(change.to, practice, names) if change.to else _("abgesagt")
    return Result(
        appointment=change.appointment,
        name=call.who.name if call else "—",
        phone=call.who.phone if call else "",
        after=after,
        problem=outcome.error.message if outcome.error else "",
    )
