"""The waiting list at the desk: who waits for what, what was offered, and overruling."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import DomainError
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.waiting.ask import ask_earlier_at_desk, remove
from sprechzeit.waiting.errors import NotForTheList
from sprechzeit.waiting.listing import Waiting, waiting_list
from sprechzeit.waiting.models import WaitingEntry
from sprechzeit.waiting.overrule import book_now, offer_to, take_back
from sprechzeit.waiting.wishes import Wishes
from sprechzeit.web.desk.appointment import appointment_page
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_iso


@require_GET
@for_members(Permission.BOOK)
def show(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return _page(request, session, practice)


@require_POST
@for_members(Permission.BOOK)
def put_on(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    """Whoever has this appointment would like an earlier one: any will do, the patient can say more by the link."""
    try:
        ask_earlier_at_desk(session.practice, session.actor, appointment, Wishes())
    except NotForTheList as problem:
        return appointment_page(request, session, practice, appointment, problem)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("desk:waiting-list")})
    return redirect("desk:waiting-list")


@require_POST
@for_members(Permission.BOOK)
def offer_now(request: HttpRequest, session: Session, practice: Practice, entry: UUID) -> HttpResponse:
    try:
        offer_to(session.practice, session.actor, entry, read_iso(request.POST.get("start")))
    except DomainError as problem:
        return _page(request, session, practice, problem)
    return redirect("desk:waiting-list")


@require_POST
@for_members(Permission.BOOK)
def enter_now(request: HttpRequest, session: Session, practice: Practice, entry: UUID) -> HttpResponse:
    """Agreed on the telephone: no offer, the appointment."""
    try:
        book_now(session.practice, session.actor, entry, read_iso(request.POST.get("start")))
    except DomainError as problem:
        return _page(request, session, practice, problem)
    return redirect("desk:waiting-list")


@require_POST
@for_members(Permission.BOOK)
def offer_back(request: HttpRequest, session: Session, practice: Practice, offer: UUID) -> HttpResponse:
    take_back(session.practice, session.actor, offer)
    return redirect("desk:waiting-list")


@require_POST
@for_members(Permission.BOOK)
def take_off(request: HttpRequest, session: Session, practice: Practice, entry: UUID) -> HttpResponse:
    remove(session.practice, session.actor, entry)
    return redirect("desk:waiting-list")


def _page(
    request: HttpRequest, session: Session, practice: Practice, problem: DomainError | None = None
) -> HttpResponse:
    names = {one.id: one.name for one in resources_of(session.practice)}
    found = waiting_list(session.keys, session.actor)
    at_once = Counter(one.open_offer.hold_id for one in found if one.open_offer is not None)
    groups = [
        {"visit_type": visit_type, "rows": [_row(one, practice, names, at_once) for one in of_type]}
        for visit_type, of_type in groupby(found, key=lambda one: one.entry.visit_type)
    ]
    context = {"groups": groups, "problem": problem}
    status = problem.status if problem else 200
    return desk_page(request, "desk/waiting_list.html", context, practice=practice, status=status)


def _row(one: Waiting, practice: Practice, names: dict[int, str], at_once: Counter[UUID | None]) -> dict[str, object]:
    zone = practice.zone
    has = one.entry.appointment
    return {
        "entry": one.entry,
        "who": one.who,
        "is_reachable": one.is_reachable,
        "since": one.entry.created_at.astimezone(zone),
        "has": has.starts_at.astimezone(zone) if has is not None else None,
        "wishes": wishes_in_words(one.entry, names),
        "open": one.open_offer,
        "offers": [
            {
                "id": offer.id,
                "start": offer.starts_at.astimezone(zone),
                "until": offer.expires_at.astimezone(zone),
                "is_open": offer.state == offer.State.OPEN,
                "state": offer.get_state_display(),
                "others": at_once[offer.hold_id] - 1 if offer.hold_id is not None else 0,
            }
            for offer in one.offers
        ],
        "free": [{"value": slot.start.isoformat(), "start": slot.start.astimezone(zone)} for slot in one.free],
    }


def wishes_in_words(entry: WaitingEntry, names: dict[int, str]) -> str:
    """What suits, in a few words; empty when anything does."""
    parts = []
    if entry.weekdays:
        parts.append(", ".join(str(WEEKDAYS_ABBR[day - 1]) for day in entry.weekdays))
    if entry.since_time:
        parts.append(_("ab %(time)s Uhr") % {"time": f"{entry.since_time:%H:%M}"})
    if entry.until_time:
        parts.append(_("bis %(time)s Uhr") % {"time": f"{entry.until_time:%H:%M}"})
    if entry.earliest:
        parts.append(_("nicht vor dem %(day)s") % {"day": f"{entry.earliest:%d.%m.%Y}"})
    if entry.latest:
        parts.append(_("nicht nach dem %(day)s") % {"day": f"{entry.latest:%d.%m.%Y}"})
    if entry.clinician_ids:
        parts.append(_("bei %(names)s") % {"names": ", ".join(names.get(one, "?") for one in entry.clinician_ids)})
    if entry.notice_hours:
        parts.append(
            ngettext("mindestens %(count)d Stunde vorher", "mindestens %(count)d Stunden vorher", entry.notice_hours)
            % {"count": entry.notice_hours}
        )
    return " · ".join(parts)
