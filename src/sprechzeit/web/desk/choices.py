"""What a form offers while it is filled in: patients by what is typed, and the next free times."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from sprechzeit import clock
from sprechzeit.booking.no_shows import missed_by
from sprechzeit.booking.offer import by_day
from sprechzeit.booking.suggest import suggest
from sprechzeit.identifiers import ResourceId, VisitTypeId
from sprechzeit.patients.sealed import Listed
from sprechzeit.patients.search import search
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_number


@require_http_methods(["GET", "POST"])
@for_members(Permission.PATIENTS)
def find_patient(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The search's results; as choices where a form asks (``wahl=1``), else as a list.

    What is searched for is sent in the body: an address would keep the name.
    """
    text = request.POST.get("q", "")
    found = search(session.keys, session.actor, text)
    choosing = request.POST.get("wahl") == "1"
    choices = with_missed(session, found) if choosing else []
    context = {"patients": found, "choices": choices, "q": text, "choosing": choosing}
    return desk_page(request, "desk/patients.html", context, practice=practice)


def with_missed(session: Session, found: Sequence[Listed]) -> list[tuple[Listed, int]]:
    """Each with the number of appointments that they did not come to: a mark for whoever books, and no more."""
    missed = missed_by(session.practice, [one.id for one in found])
    return [(one, missed.get(one.id, 0)) for one in found]


@require_GET
@for_members(Permission.CALENDAR)
def free_times(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The next free times of a visit type, as choices."""
    visit_type = read_number(request.GET.get("art"))
    resource = read_number(request.GET.get("bei"))
    days = []
    if visit_type is not None:
        chosen = ResourceId(resource) if resource else None
        days = by_day(suggest(session.practice, VisitTypeId(visit_type), clock.now(), resource=chosen), practice.zone)
    return desk_page(request, "desk/times.html", {"days": days}, practice=practice)
