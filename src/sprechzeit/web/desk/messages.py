"""Messages that did not arrive: the list, try again, settled."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.booking.dead_letters import DeadLetter, dead_letters
from sprechzeit.booking.errors import NotRetryable
from sprechzeit.booking.retry_message import retry_message
from sprechzeit.booking.settle_message import settle_message
from sprechzeit.errors import DomainError
from sprechzeit.messages.words import kind_in_words, obstacle_in_words, reason_in_words
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members


@require_GET
@for_members(Permission.BOOK)
def show_messages(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return _page(request, session, practice)


@require_POST
@for_members(Permission.BOOK)
def retry(request: HttpRequest, session: Session, practice: Practice, message: UUID) -> HttpResponse:
    try:
        retry_message(session.practice, session.actor, message)
    except NotRetryable as problem:
        return _page(request, session, practice, problem)
    return redirect("desk:messages")


@require_POST
@for_members(Permission.BOOK)
def settle(request: HttpRequest, session: Session, practice: Practice, message: UUID) -> HttpResponse:
    settle_message(session.practice, session.actor, message)
    return redirect("desk:messages")


def _page(
    request: HttpRequest, session: Session, practice: Practice, problem: DomainError | None = None
) -> HttpResponse:
    found = dead_letters(session.keys, session.actor, practice)
    last = found.overview.last_sent
    context = {
        "letters": [_row(one, practice) for one in found.letters],
        "overview": found.overview,
        "last_sent": last.astimezone(practice.zone) if last else None,
        "problem": problem,
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/messages.html", context, practice=practice, status=status)


def _row(one: DeadLetter, practice: Practice) -> dict[str, object]:
    done = one.message.done_at
    return {
        "id": one.message.id,
        "kind": kind_in_words(one.message.kind),
        "is_recall": one.message.kind == one.message.Kind.RECALL,
        "is_sms": one.message.channel == one.message.Channel.SMS,
        "at": done.astimezone(practice.zone) if done else None,
        "reason": reason_in_words(one.message.reason),
        "appointment": one.appointment,
        "start": one.appointment.starts_at.astimezone(practice.zone) if one.appointment else None,
        "who": one.who,
        "obstacle": obstacle_in_words(one.obstacle),
    }
