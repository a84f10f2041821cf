"""Read the forms about an incident."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import QueryDict

from sprechzeit import clock
from sprechzeit.errors import Invalid
from sprechzeit.incident.concerned import Wanted
from sprechzeit.incident.texts import FIELDS, Texts
from sprechzeit.practices.models import Practice
from sprechzeit.web.desk.moment import read_id, read_moment

MINUTE = timedelta(minutes=1)


def read_wanted(values: QueryDict, practice: Practice) -> Wanted:
    """The span, of which the last minute is part, and whose work is meant.

    Raises
    ------
    Invalid
    """
    until = min(read_moment_of(values, "until", practice, cap=False) + MINUTE, clock.now())
    return Wanted(
        read_moment_of(values, "since", practice, cap=False),
        until,
        frozenset(str(read_id(one, "actor")) for one in values.getlist("actor")),
        frozenset(str(read_id(one, "session")) for one in values.getlist("session")),
        tuple(values.get("networks", "").replace(",", " ").split()),
    )


def read_moment_of(values: QueryDict, name: str, practice: Practice, *, cap: bool = True) -> datetime:
    """A field of the type ``datetime-local``, on the practice's clock; ``cap``: the present minute means now.

    Raises
    ------
    Invalid
        At this field.
    """
    day, _, time = values.get(name, "").partition("T")
    try:
        moment = read_moment(day, time, practice.zone)
    except Invalid as error:
        raise Invalid(error.message, field=name) from None
    return min(moment + MINUTE - timedelta(microseconds=1), clock.now()) if cap else moment


def read_texts(values: QueryDict) -> Texts:
    """What the practice wrote; a field that the form does not have is empty."""
    return Texts(**{name: values.get(name, "") for name in FIELDS})


def typed_moment(moment: datetime | None, practice: Practice) -> str:
    """As such a field shows it."""
    return moment.astimezone(practice.zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
