"""The code from the mail: with it the booking counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.code_by_mail import MAILS, confirm_code, mail_again, take_instead
from sprechzeit.booking.errors import BookingError, CodeWrong, HoldNotFound, NotBookable, SlotTaken
from sprechzeit.booking.hold import Held, find_hold
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import BOOKING_BY_ADDRESS
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.vault import Secret, link_to_text
from sprechzeit.web.front.asked import hold_asked, start_asked
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.details import booked_already, manage_url
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.said import as_query, claims_said, code_url
from sprechzeit.web.front.see_other import SeeOther
from sprechzeit.web.front.shown import clinician_among

DIGITS = 12  # of what is typed, with blanks


@front_page("GET", "POST")
def code(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = hold_asked(secret)
    try:
        held = find_hold(PracticeId(practice.id), asked)
    except HoldNotFound:
        return booked_already(practice, asked)
    if not held.is_waiting:
        return SeeOther(reverse("front:details", args=[slug, secret]))
    if request.method != "POST":
        return _page(request, practice, held)
    spend_here(BOOKING_BY_ADDRESS)
    if "nochmal" in request.POST:
        return _mail_again(request, practice, held)
    return _confirm(request, practice, held, asked)


def _confirm(request: HttpRequest, practice: Practice, held: Held, secret: Secret) -> HttpResponse:
    number = PracticeId(practice.id)
    claims = claims_said(request.POST)
    try:
        if "zeit" in request.POST:
            take_instead(number, secret, start_asked(request.POST["zeit"]))
        booked = confirm_code(number, secret, request.POST.get("mail_code", "")[:DIGITS], claims=claims)
    except (CodeWrong, NotBookable, SlotTaken) as problem:
        return _page(request, practice, find_hold(number, secret), problem=problem)
    except HoldNotFound:  # sent twice at the same moment
        return booked_already(practice, secret)
    return SeeOther(manage_url(practice, booked.manage_secret) + "?neu=1")


def _mail_again(request: HttpRequest, practice: Practice, held: Held) -> HttpResponse:
    try:
        mail_again(PracticeId(practice.id), held.secret)
    except NotBookable as refused:
        return _page(request, practice, held, not_mailed=refused)
    return SeeOther(code_url(practice, held.secret, claims_said(request.POST)))


def _page(
    request: HttpRequest,
    practice: Practice,
    held: Held,
    *,
    problem: BookingError | None = None,
    not_mailed: NotBookable | None = None,
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    secret = link_to_text(held.secret)
    context = {
        "practice": practice,
        "held": held,
        "visit_type": held.visit_type,
        "clinician": clinician_among(offering(practice, held.visit_type), held.resource_ids),
        "said": as_query(claims_said(given)),
        "problem": problem,
        "alternatives": problem.alternatives if isinstance(problem, SlotTaken) else (),
        "slot_gone": isinstance(problem, SlotTaken),
        "code_error": problem.message if isinstance(problem, CodeWrong | NotBookable) else "",
        "error_list": [("mail_code", problem.message)] if problem else [],
        "not_mailed": not_mailed,
        "typed_code": given.get("mail_code", "")[:DIGITS],
        "mails": MAILS,
        "details_url": reverse("front:details", args=[practice.slug, secret]) + "?aendern=1",
    }
    refused = problem or not_mailed
    return render(request, "front/code.html", context, status=refused.status if refused else 200)
