"""The recovery sheet: make and print it, confirm it, and use it when all passkeys are gone."""

from __future__ import annotations

from base64 import b64encode

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit.errors import DomainError
from sprechzeit.guard.doors import failures_limited, tell_when
from sprechzeit.guard.limits import SECRET_BY_ADDRESS
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import SheetRefused
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.staff.sheet import confirm_sheet, confirmed_at, make_sheet, recover, unconfirmed_sheet, words_asked
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.sheet_pdf import sheet_pdf


@require_GET
@for_members(Permission.KEYS)
def sheet(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """What the sheet is for, and the way to a new one."""
    context = {"confirmed_at": confirmed_at(session.practice), "waiting": unconfirmed_sheet(session.practice)}
    return desk_page(request, "desk/sheet.html", context, practice=practice)


@require_POST
@for_members(Permission.KEYS, step_up=True)
def new_sheet(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The sheet itself, in this one answer and never again."""
    printed = make_sheet(session.keys, session.actor)
    code = segno.make(f"{printed.slug} {' '.join(printed.words)}", error="m")
    context = {
        "printed": printed,
        "numbered": list(enumerate(printed.words, start=1)),
        "code": mark_safe(code.svg_inline(scale=4, border=0, svgclass="sheet__code", lineclass=None)),  # noqa: S308 - made of modules
        "pdf": b64encode(sheet_pdf(printed, code)).decode(),
    }
    return desk_page(request, "desk/sheet_printed.html", context, practice=practice)


@require_http_methods(["GET", "POST"])
@for_members(Permission.KEYS)
def check_sheet(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Three words from the paper, before it counts."""
    waiting = unconfirmed_sheet(session.practice)
    if waiting is None:
        return redirect("desk:sheet")
    places = words_asked(waiting)
    error = None
    if request.method == "POST":
        try:
            typed = [request.POST.get(f"word-{place}", "")[:20] for place in places]
            confirm_sheet(session.practice, session.actor, waiting, typed)
            return redirect("desk:day" if practice.set_up_at is None else "desk:sheet")
        except SheetRefused as refused:
            error = refused
    return desk_page(
        request,
        "desk/sheet_check.html",
        {"places": places, "error": error},
        practice=practice,
        status=error.status if error else 200,
    )


@require_http_methods(["GET", "POST"])
@ensure_csrf_cookie
def use_sheet(request: HttpRequest) -> HttpResponse:
    """Open the practice with its sheet, then make a new passkey as an owner."""
    typed = {"slug": "", "error": None}
    if request.method != "POST":
        return render(request, "desk/recover.html", typed)
    slug = request.POST.get("slug", "").strip()[:60]
    try:
        with failures_limited(SECRET_BY_ADDRESS, SheetRefused):
            secret_part = recover(slug, request.POST.get("words", ""))
    except DomainError as error:
        page = render(request, "desk/recover.html", {"slug": slug, "error": error}, status=error.status)
        return tell_when(page, error)
    return redirect(f"{reverse('desk:invitation')}#{secret_part}")
