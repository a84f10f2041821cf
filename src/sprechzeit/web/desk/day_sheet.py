"""The encrypted day sheet: what it is, its keys, and the file itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit.booking.day_sheet import fetch_day_sheet, make_day_sheet
from sprechzeit.booking.day_sheet_due import is_due, last_moment, newest_day_sheet
from sprechzeit.booking.day_sheet_file import day_sheet_name
from sprechzeit.booking.day_sheet_mail import set_day_sheet_by_mail
from sprechzeit.booking.models import DaySheet
from sprechzeit.practices.models import Practice
from sprechzeit.staff.day_sheet_key import day_sheet_keys, remove_day_sheet_passphrase, set_day_sheet_passphrase
from sprechzeit.staff.demo import DAY_SHEET_PASSPHRASE
from sprechzeit.staff.errors import WeakDaySheetPassphrase
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members

LONGEST = 200  # characters of a form's field that are looked at


@require_GET
@for_members(Permission.PATIENTS)
def show_day_sheet(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """What it is for, what opens it, and the way to it."""
    return _page(request, session, practice)


@require_GET
@for_members(Permission.PATIENTS, passive=True)
def check(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Whether an open desk should make one, and which is the newest. Asked by the page itself."""
    return JsonResponse({"due": is_due(practice), **_newest(practice)})


@require_POST
@for_members(Permission.PATIENTS, passive=True)
def make(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Make one if it is still due: two desks may have asked at once. Sent by the page itself."""
    make_day_sheet(session.keys, session.actor, practice, if_due=True)
    return JsonResponse({"due": False, **_newest(practice)})


@require_http_methods(["GET", "POST"])
@for_members(Permission.PATIENTS)
def file(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The stored sheet; by POST a new one."""
    made = make_day_sheet(session.keys, session.actor, practice) if request.method == "POST" else None
    sheet = fetch_day_sheet(session.practice, session.actor)
    return _as_file(practice, made or sheet)


@require_POST
@for_members(Permission.KEYS, step_up=True)
def set_passphrase(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Set or change it, typed twice: nobody sees it again."""
    typed, again = (request.POST.get(name, "")[:LONGEST] for name in ("passphrase", "again"))
    if typed != again:
        return _page(request, session, practice, {"differs": True}, status=422)
    try:
        set_day_sheet_passphrase(session.keys, session.actor, typed)
    except WeakDaySheetPassphrase as error:
        return _page(request, session, practice, {"error": error}, status=error.status)
    return redirect("desk:day-sheet")


@require_POST
@for_members(Permission.KEYS, step_up=True)
def remove_passphrase(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """From now on only the recovery key opens new sheets."""
    remove_day_sheet_passphrase(session.practice, session.actor)
    return redirect("desk:day-sheet")


@require_POST
@for_members(Permission.SETTINGS)
def set_by_mail(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Mail it, or no longer."""
    set_day_sheet_by_mail(session.practice, session.actor, wanted=request.POST.get("wanted") == "1")
    return redirect("desk:day-sheet")


def _newest(practice: Practice) -> dict[str, str]:
    """Times only: of the newest sheet, and of the last morning or evening."""
    sheet = newest_day_sheet(practice)
    if sheet is None:
        return {}
    return {
        "made": sheet.made_at.isoformat(),
        "moment": last_moment(practice).isoformat(),
        "name": day_sheet_name(practice, sheet.made_at),
    }


def _as_file(practice: Practice, sheet: DaySheet) -> HttpResponse:
    response = HttpResponse(bytes(sheet.sealed), content_type="text/html; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{day_sheet_name(practice, sheet.made_at)}"'
    return response


def _page(
    request: HttpRequest,
    session: Session,
    practice: Practice,
    more: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    kinds = {key.kind: key for key in day_sheet_keys(session.practice)}
    context = {
        "recovery": kinds.get("recovery"),
        "passphrase": kinds.get("passphrase"),
        "newest": newest_day_sheet(practice),
        "can_mail": bool(settings.EMAIL_HOST),
        "demo_passphrase": DAY_SHEET_PASSPHRASE if practice.kind == Practice.Kind.DEMO else "",
        **(more or {}),
    }
    return desk_page(request, "desk/day_sheet.html", context, practice=practice, status=status)
