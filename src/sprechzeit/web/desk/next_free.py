"""Go to the day with the next free time for a visit type."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.suggest import suggest
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.practices.directory import resources_of, visit_type_by_id
from sprechzeit.practices.models import Practice, Resource, VisitType
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.availability import free_slots
from sprechzeit.timetable.wall_clock import local_midnight
from sprechzeit.web.desk.cells import FreeStarts
from sprechzeit.web.desk.columns import clinicians, read_choice
from sprechzeit.web.desk.door import for_members
from sprechzeit.web.desk.moment import read_day, read_number

NOTHING = "nichts"


@require_GET
@for_members(Permission.CALENDAR)
def next_free(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """From the day shown on, but not in the past; ``art`` is the visit type, ``wer`` whom it must be with."""
    number = read_number(request.GET.get("art"))
    if number is None:
        raise Invalid(_("Bitte wählen Sie eine Terminart."), field="art")
    visit_type = visit_type_by_id(session.practice, number)
    who = read_number(request.GET.get("wer"))
    now = clock.now()
    today = now.astimezone(practice.zone).date()
    shown = read_day(request.GET.get("tag"), today)
    since = max(now, local_midnight(shown, practice.zone))
    found = suggest(
        session.practice, VisitTypeId(visit_type.id), since, resource=ResourceId(who) if who else None, count=1
    )
    resources = resources_of(session.practice)
    choice = read_choice(request.GET, "spalten", resources, clinicians(resources))
    day = found[0].start.astimezone(practice.zone).date() if found else shown
    asked = {"art": str(visit_type.id), "wer": str(who or ""), "frei": "" if found else NOTHING}
    answer = redirect(reverse("desk:day") + choice.query(day, **asked))
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def free_starts(
    practice: Practice, visit_type: VisitType, day: tuple[date, date], who: int | None
) -> dict[int, FreeStarts]:
    """The free starts from now on, on the local days of ``day`` (half-open), by the clinician that is booked.

    Where a visit type needs no clinician they stand with every resource that serves it.
    """
    since, until = (local_midnight(one, practice.zone) for one in day)
    since = max(since, clock.now())
    if since >= until:
        return {}
    slots = free_slots(
        PracticeId(practice.id),
        VisitTypeId(visit_type.id),
        since,
        until,
        resource=ResourceId(who) if who else None,
    )
    kinds = {one.id: one.kind for one in resources_of(PracticeId(practice.id))}
    length = timedelta(minutes=min(visit_type.duration_minutes, visit_type.grid_minutes))
    found: dict[int, FreeStarts] = {}
    for slot in slots:
        able = [one for need in slot.resources for one in need]
        treating = [one for one in able if kinds.get(one) == Resource.Kind.CLINICIAN]
        for one in treating or able:
            starts = found.setdefault(one, FreeStarts(visit_type.id, visit_type.name, [], length))
            starts.starts.append(slot.start)
    return found
