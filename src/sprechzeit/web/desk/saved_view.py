"""Keep, rename and delete views of the calendar."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sprechzeit import clock
from sprechzeit.booking.models import SavedView
from sprechzeit.booking.saved_view import delete_view, rename_view, save_view
from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.columns import Choice
from sprechzeit.web.desk.door import for_members
from sprechzeit.web.desk.moment import read_day, read_number

Shape = SavedView.Shape


@require_POST
@for_members(Permission.CALENDAR)
def save(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    form = request.POST
    numbers = [read_number(one) for one in form.get("spalten", "").split(",") if one]
    if None in numbers:
        raise Invalid(_("Die Anfrage war unvollständig."))
    view = save_view(
        session.practice,
        session.actor,
        name=form.get("name", ""),
        shape=form.get("form", ""),
        resources=[one for one in numbers if one is not None],
        zoom=read_number(form.get("raster")) or 0,
    )
    return _to(request, practice, view)


@require_POST
@for_members(Permission.CALENDAR)
def rename(request: HttpRequest, session: Session, practice: Practice, view: int) -> HttpResponse:
    return _to(request, practice, rename_view(session.practice, session.actor, view, request.POST.get("name", "")))


@require_POST
@for_members(Permission.CALENDAR)
def delete(request: HttpRequest, session: Session, practice: Practice, view: int) -> HttpResponse:
    return _to(request, practice, delete_view(session.practice, session.actor, view))


def _to(request: HttpRequest, practice: Practice, view: SavedView) -> HttpResponse:
    """The view itself, on the day that was shown."""
    day = read_day(request.POST.get("tag"), clock.now().astimezone(practice.zone).date())
    name = "spalten" if view.shape == Shape.DAY else "bei"
    choice = Choice(name, (), ",".join(str(one) for one in view.resource_ids), view.zoom)
    answer = redirect(reverse(f"desk:{view.shape}") + choice.query(day))
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer
