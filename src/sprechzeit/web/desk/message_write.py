"""Write a message to those who are still to come on a day, with a preview."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from sprechzeit import clock
from sprechzeit.booking.write_to_patients import (
    LONGEST,
    MOST,
    Addressee,
    Posted,
    addressees,
    require_text,
    write_to_patients,
)
from sprechzeit.errors import DomainError
from sprechzeit.identifiers import new_id
from sprechzeit.messages.channels import can_mail
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.preview import example_letter
from sprechzeit.messages.render import Parts, parts_of
from sprechzeit.practices.directory import clinicians_of
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_day, read_id, read_number


@dataclass(frozen=True, repr=False)
class Typed:
    """What stands in the form. ``chosen`` is None while nobody has chosen: then all are."""

    chosen: frozenset[UUID] | None = None
    text: str = ""
    key: str = ""


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def write(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Sent with "vorschau" it is only shown."""
    asked = request.POST if request.method == "POST" else request.GET
    day = read_day(asked.get("tag"), clock.now().astimezone(practice.zone).date())
    clinicians = clinicians_of(session.practice)
    numbers = {read_number(one) for one in asked.getlist("bei")}
    whom = [one for one in clinicians if one.id in numbers]
    typed, posted, problem, shown = Typed(), None, None, False
    if request.method == "POST":
        try:
            typed = _read(request)
            require_text(typed.text)
            if "vorschau" in request.POST:
                shown = True
            else:
                posted = write_to_patients(
                    session.practice, session.actor, typed.chosen or (), typed.text, key=typed.key
                )
        except DomainError as error:
            problem = error
    found = addressees(session.keys, session.actor, practice, day, resources=[one.id for one in whom] if whom else None)
    return _page(request, practice, day, clinicians, whom, found, typed, posted, problem, shown=shown)


def _read(request: HttpRequest) -> Typed:
    chosen = frozenset(read_id(one, "termin") for one in request.POST.getlist("termin")[: MOST + 1])
    return Typed(chosen, request.POST.get("text", ""), request.POST.get("key", "")[:100])


def _page(
    request: HttpRequest,
    practice: Practice,
    day: date,
    clinicians: list[Resource],
    whom: list[Resource],
    found: list[Addressee],
    typed: Typed,
    posted: Posted | None,
    problem: DomainError | None,
    *,
    shown: bool,
) -> HttpResponse:
    rows = [_row(one, practice, typed) for one in found[:MOST]]
    chosen = [one for one in found[:MOST] if typed.chosen is None or one.appointment.id in typed.chosen]
    context = {
        "day": day,
        "clinicians": [(one, one in whom) for one in clinicians],
        "whom": whom,
        "rows": rows,
        "too_many": len(found) > MOST,
        "most": MOST,
        "longest": LONGEST,
        "text": "" if posted else typed.text,
        "key": typed.key if shown or problem else secrets.token_urlsafe(16),
        "problem": problem,
        "posted": posted,
        "unreached": [_row(one, practice, typed) for one in found if posted and one.appointment.id in posted.without],
        "preview": _preview(practice, chosen[0], typed.text) if shown and chosen else None,
        "reachable": sum(1 for one in chosen if one.reachable),
        "without": sum(1 for one in chosen if not one.reachable),
        "can_mail": can_mail(practice),
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/message_write.html", context, practice=practice, status=status)


def _row(one: Addressee, practice: Practice, typed: Typed) -> dict[str, object]:
    appointment = one.appointment
    return {
        "appointment": appointment,
        "start": appointment.starts_at.astimezone(practice.zone),
        "who": one.who,
        "reachable": one.reachable,
        "chosen": typed.chosen is None or appointment.id in typed.chosen,
    }


def _preview(practice: Practice, first: Addressee, text: str) -> Parts:
    """As the first of those chosen would get it, in the language of this page."""
    language = get_language() or "de"
    told = first.appointment
    facts = {"starts_at": told.starts_at.isoformat(), "ends_at": told.ends_at.isoformat()}
    message = Message(id=new_id(), kind=Message.Kind.NOTE, about=told.id, language=language, facts=facts)
    letter: Letter = example_letter(practice, require_text(text))
    return parts_of(message, practice, letter, language, None)
