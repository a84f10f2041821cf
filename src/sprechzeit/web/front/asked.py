"""Read what a visitor asks for from addresses and forms. What is malformed is a domain error, never a 500."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.errors import AppointmentNotFound, HoldNotFound, NotBookable
from sprechzeit.booking.offer import PartOfDay
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import bookable_visit_types
from sprechzeit.practices.models import Practice, Resource, VisitType
from sprechzeit.vault import MalformedLinkSecret, Secret, link_from_text

ANYBODY = "alle"
FARTHEST = timedelta(days=3 * 366)


def text_asked(text: str, longest: int = 200) -> str:
    """One line of text as the database can take it.

    Raises
    ------
    Invalid
        It is too long or holds characters that no page of ours sends.
    """
    if len(text) > longest or not text.isprintable():
        raise Invalid(_("Diese Angabe ist unverständlich. Bitte beginnen Sie noch einmal."))
    return text


def visit_type_asked(practice: Practice, text: str) -> VisitType:
    """The visit type of this number, when patients may book it online.

    Raises
    ------
    NotFound
    """
    for one in bookable_visit_types(PracticeId(practice.id)):
        if str(one.id) == text:
            return one
    raise NotFound(_("Diese Terminart kann nicht online gebucht werden. Bitte rufen Sie die Praxis an."))


def clinician_asked(clinicians: Sequence[Resource], text: str) -> Resource | None:
    """One of these clinicians by number; None for "no matter who".

    Raises
    ------
    NotFound
    """
    if text in {"", ANYBODY}:
        return None
    for one in clinicians:
        if str(one.id) == text:
            return one
    raise NotFound(_("Bei dieser Person lässt sich diese Terminart nicht buchen."))


def day_asked(text: str) -> date | None:
    """A local day as YYYY-MM-DD; None when nothing is asked.

    Raises
    ------
    Invalid
        There is no such day, or it is years away.
    """
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Diesen Tag gibt es nicht."), field="ab") from None
    if abs(day - clock.now().date()) > FARTHEST:
        raise Invalid(_("Für diesen Tag gibt es noch keine Termine."), field="ab")
    return day


def part_asked(text: str) -> PartOfDay | None:
    """Morning or afternoon; None for the whole day."""
    return next((part for part in PartOfDay if part == text), None)


def start_asked(text: str) -> datetime:
    """The start of a slot as it stands in the page: ISO 8601 with its offset; the answer is in UTC.

    Raises
    ------
    NotBookable
    """
    try:
        start = datetime.fromisoformat(text)
        if start.tzinfo is None:
            raise ValueError("without an offset")
        return start.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotBookable(_("Bitte wählen Sie eine der gezeigten Zeiten.")) from None


def key_asked(text: str, *parts: object) -> str:
    """The idempotency key of a form and of what was chosen in it.

    A page shows many times with one hidden key; whoever goes back and takes another starts something new.
    """
    return "|".join([text_asked(text) or secrets.token_urlsafe(16), *map(str, parts)])


def hold_asked(text: str) -> Secret:
    """The secret of a hold's address; HoldNotFound when it is none."""
    try:
        return link_from_text(text)
    except MalformedLinkSecret:
        raise HoldNotFound from None


def manage_link_asked(text: str) -> Secret:
    """The secret of a manage link; AppointmentNotFound when it is none."""
    try:
        return link_from_text(text)
    except MalformedLinkSecret:
        raise AppointmentNotFound from None
