"""Send the practice a new e-mail address or phone number. What it has now is not shown: the server cannot read it."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.errors import BookingError, TooLate, TooManyNotes
from sprechzeit.booking.manage import Managed, find_managed
from sprechzeit.booking.write_to_practice import correct_contact, may_correct_contact
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.channels import can_mail
from sprechzeit.patients.person import InvalidPerson, read_contact
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.web.front.asked import key_asked, manage_link_asked
from sprechzeit.web.front.manage import manage_page, visit_context
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther

FIELDS = ("email", "phone")


@front_page("GET", "POST")
def contact(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    managed = find_managed(PracticeId(practice.id), asked)
    manage_url = reverse("front:manage", args=[slug, secret])
    if request.method != "POST":
        if not may_correct_contact(managed):
            return SeeOther(manage_url)
        return _page(request, practice, managed, manage_url, {})
    try:
        email, phone = read_contact(request.POST)
        # Other data is something new. The form's random key keeps the stored hash from saying anything of it.
        key = key_asked(request.POST.get("schluessel", ""), email, phone)
        correct_contact(PracticeId(practice.id), asked, email=email, phone=phone, key=key)
    except InvalidPerson as invalid:
        return _page(request, practice, managed, manage_url, invalid.errors)
    except TooManyNotes as problem:
        return _page(request, practice, managed, manage_url, {}, problem)
    except TooLate as problem:
        return manage_page(request, practice, asked, managed, problem=problem)
    return SeeOther(manage_url + "?kontakt=1")


def _page(
    request: HttpRequest,
    practice: Practice,
    managed: Managed,
    manage_url: str,
    errors: dict[str, str],
    problem: BookingError | None = None,
) -> HttpResponse:
    context = {
        **visit_context(practice, managed),
        "manage_url": manage_url,
        "values": {name: request.POST.get(name, "")[:300] for name in FIELDS},
        "errors": errors,
        "error_list": [(name, errors[name]) for name in FIELDS if name in errors],
        "problem": problem,
        "can_mail": can_mail(practice),
        "key": request.POST.get("schluessel", "")[:100] or secrets.token_urlsafe(16),
    }
    status = problem.status if problem else 422 if errors else 200
    return render(request, "front/contact.html", context, status=status)
