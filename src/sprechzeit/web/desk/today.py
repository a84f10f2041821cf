"""Today's list: everything of today for reception, with one click for each step."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.today import Group, Line, today_of
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.directory import clinicians_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.grid import long_date
from sprechzeit.web.desk.moment import read_number
from sprechzeit.web.desk.undo_bar import undo_of

S = Appointment.Status
GROUP_NAMES: dict[Group, Promise | str] = {
    Group.LATE: _("Überfällig"),
    Group.WAITING: _("Da"),
    Group.TREATED: _("In Behandlung"),
    Group.COMING: _("Kommt noch"),
    Group.DONE: _("Fertig"),
    Group.NO_SHOW: _("Nicht erschienen"),
}
# The step that comes next, and those that are wanted less often; the room is chosen beside "Aufrufen".
NEXT = {Group.LATE: S.ARRIVED, Group.COMING: S.ARRIVED, Group.TREATED: S.DONE}
OTHERS = {
    Group.LATE: (S.NO_SHOW,),
    Group.COMING: (S.NO_SHOW,),
    Group.WAITING: (S.BOOKED,),
    Group.TREATED: (S.ARRIVED,),
    Group.DONE: (S.ARRIVED,),
    Group.NO_SHOW: (S.ARRIVED, S.BOOKED),
}
STEP_WORDS: dict[tuple[Group, str], Promise | str] = {
    (Group.WAITING, S.BOOKED): _("Doch nicht da"),
    (Group.TREATED, S.ARRIVED): _("Zurück ins Wartezimmer"),
    (Group.DONE, S.ARRIVED): _("Doch noch da"),
    (Group.NO_SHOW, S.ARRIVED): _("Doch gekommen"),
    (Group.NO_SHOW, S.BOOKED): _("Kommt noch"),
}
WORDS: dict[str, Promise | str] = {
    S.ARRIVED: _("Ist da"),
    S.DONE: _("Fertig"),
    S.NO_SHOW: _("Nicht erschienen"),
}


@require_GET
@for_members(Permission.CALENDAR)
def today(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    day = clock.now().astimezone(practice.zone).date()
    clinicians = clinicians_of(session.practice)
    asked = read_number(request.GET.get("bei"))
    chosen = asked if asked in {one.id for one in clinicians} else None
    found = today_of(
        session.keys, session.actor, practice, clinician=ResourceId(chosen) if chosen is not None else None
    )
    groups = [(group.value, GROUP_NAMES[group], [_row(one, practice) for one in found.of(group)]) for group in Group]
    context = {
        "title": long_date(day),
        "day": day,
        "after": day + timedelta(days=1),
        "groups": [one for one in groups if one[2]],
        "counts": [(group, name, len(lines)) for group, name, lines in groups],
        "rooms": found.rooms,
        "clinicians": clinicians,
        "chosen": chosen,
        "undo": undo_of(session),
    }
    return desk_page(request, "desk/today.html", context, practice=practice)


def _row(line: Line, practice: Practice) -> dict[str, object]:
    """A line with its moments on the practice's clock and its buttons in words."""
    group = line.group
    following = NEXT.get(group)
    return {
        "line": line,
        "start": line.appointment.starts_at.astimezone(practice.zone),
        "with_whom": ", ".join(line.with_whom),
        "next": (following.value, WORDS[following]) if following in line.steps else None,
        "call_in": group == Group.WAITING,
        "others": [
            (step.value, STEP_WORDS.get((group, step), WORDS.get(step, "")))
            for step in OTHERS.get(group, ())
            if step in line.steps
        ],
    }
