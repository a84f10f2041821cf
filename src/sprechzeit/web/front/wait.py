"""Wait without an appointment: the form that puts on the list, and the page of one's place, by its link.

Opening the link confirms and answers nothing: mail scanners open links.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.asked_of import asked_of, birth_date_purpose, phone_purpose
from sprechzeit.booking.errors import NotBookable
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.guard.contacts import require_contact_left
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import BOOKING_BY_ADDRESS, UNPROVED_BY_ADDRESS
from sprechzeit.guard.work import is_proved, task_of
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.messages.channels import can_mail
from sprechzeit.patients.consent import WORDINGS
from sprechzeit.patients.person import InvalidPerson, read_person
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.vault import MalformedLinkSecret, Secret, link_from_text, link_to_text, new_link_secret
from sprechzeit.waiting.errors import EntryNotFound, NotForTheList
from sprechzeit.waiting.join import MAILS, can_be_waited_for, join
from sprechzeit.waiting.own import (
    Place,
    change_own_wishes,
    confirm_place,
    find_place,
    leave,
    mail_place_again,
)
from sprechzeit.waiting.wishes import LONGEST_WAIT
from sprechzeit.web.front.asked import visit_type_asked
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.details_form import Typed
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.said import as_query, claims_said, is_let_in
from sprechzeit.web.front.see_other import SeeOther
from sprechzeit.web.wishes_form import read_wishes, wishes_context

ORDER = ("von", "bis", "ab", "letzter", "first_name", "last_name", "birth_date", "booker", "email", "phone")
LONGEST_PROOF = 64


@front_page("GET", "POST")
def ask(request: HttpRequest, slug: str, visit_type: int) -> HttpResponse:
    practice = practice_by_slug(slug)
    chosen = visit_type_asked(practice, str(visit_type))
    if not can_be_waited_for(chosen):
        raise NotForTheList(_("Darauf lässt sich online nicht warten. Bitte rufen Sie die Praxis an."))
    if request.method == "POST":
        return _join(request, practice, chosen)
    claims = claims_said(request.GET)
    if not is_let_in(practice, chosen, claims):  # what decides has to be answered first
        return SeeOther(reverse("front:before", args=[slug, visit_type]))
    return _ask_page(request, practice, chosen, new_link_secret(), Typed(claims=claims))


def _join(request: HttpRequest, practice: Practice, chosen: VisitType) -> HttpResponse:
    number, secret, typed = PracticeId(practice.id), _secret(request.POST.get("platz", "")), Typed.of(request.POST)
    if typed.is_trap:
        raise NotBookable(_("Das ging nicht. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."))
    spend_here(BOOKING_BY_ADDRESS, *(() if is_proved(secret, typed.proof) else (UNPROVED_BY_ADDRESS,)))
    try:
        wishes = read_wishes(request.POST, offering(practice, chosen))
        purpose, asked = birth_date_purpose(practice, chosen), asked_of(practice, chosen)
        person = read_person(typed.values, birth_date_purpose=purpose, asked=asked)
        require_contact_left(person.email or person.phone)
        type_id = VisitTypeId(chosen.id)
        join(number, secret, type_id, person, wishes, claims=typed.claims, consents=typed.consents)
    except InvalidPerson as wrong:
        return _ask_page(request, practice, chosen, secret, typed.with_errors(wrong.errors), status=wrong.status)
    except (Invalid, NotBookable) as wrong:
        errors = {wrong.field: wrong.message}
        return _ask_page(request, practice, chosen, secret, typed.with_errors(errors), status=wrong.status)
    return SeeOther(f"{_place_url(practice, secret)}?neu=1")


def _ask_page(
    request: HttpRequest, practice: Practice, chosen: VisitType, secret: Secret, typed: Typed, *, status: int = 200
) -> HttpResponse:
    said = as_query(typed.claims)
    times = reverse("front:times", args=[practice.slug, chosen.id])
    context = {
        "practice": practice,
        "visit_type": chosen,
        "place": link_to_text(secret),
        "task": task_of(secret),
        "said": said,
        "times_url": f"{times}?{urlencode({'vorab': '1', **said})}",
        "asked": asked_of(practice, chosen),
        "birth_date_purpose": birth_date_purpose(practice, chosen),
        "phone_purpose": phone_purpose(practice, chosen),
        "is_confirmed_by_mail": practice.confirm_email and can_mail(practice),
        "consents": [(one.value, wording, one.value in typed.consents) for one, wording in WORDINGS.items()],
        "values": typed.values,
        "days_kept": LONGEST_WAIT.days,
        "is_without": True,
        **wishes_context(request, None, offering(practice, chosen)),
        **_told(typed.errors),
    }
    return render(request, "front/wait_ask.html", context, status=status)


@front_page("GET", "POST")
def place(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = _secret(secret)
    try:
        found = find_place(PracticeId(practice.id), asked)
    except EntryNotFound:
        if "weg" in request.GET or "weg" in request.POST:  # it says the same of every link
            return render(request, "front/wait_left.html", {"practice": practice})
        raise
    if found.is_booked:
        return SeeOther(reverse("front:manage", args=[slug, secret]))
    if request.method != "POST":
        return _place_page(request, practice, found)
    try:
        return SeeOther(_place_url(practice, asked) + _carry_out(request, practice, found, asked))
    except (Invalid, NotForTheList) as problem:
        return _place_page(request, practice, found, problem)


def _carry_out(request: HttpRequest, practice: Practice, found: Place, secret: Secret) -> str:
    """Tell what the page is to say then."""
    number, sent = PracticeId(practice.id), request.POST
    if "bestaetigen" in sent:
        confirm_place(number, secret, sent["bestaetigen"][:LONGEST_PROOF])
        return "?bestaetigt=1"
    if "weg" in sent:
        leave(number, secret)
        return "?weg=1"
    spend_here(BOOKING_BY_ADDRESS)
    if "nochmal" in sent:
        mail_place_again(number, secret)
        return "?nochmal=1"
    change_own_wishes(number, secret, read_wishes(sent, offering(practice, found.entry.visit_type)))
    return "?geaendert=1"


def _place_page(
    request: HttpRequest, practice: Practice, found: Place, problem: DomainError | None = None
) -> HttpResponse:
    visit_type, zone = found.entry.visit_type, practice.zone
    given = request.POST if request.method == "POST" else request.GET
    errors = {problem.field: problem.message} if problem and problem.field else {}
    offered = found.offered
    context = {
        "practice": practice,
        "visit_type": visit_type,
        "place": found,
        "until": _last_day(found.until, practice),
        "offered_at": offered.starts_at.astimezone(zone) if offered else None,
        "offered_until": offered.expires_at.astimezone(zone) if offered else None,
        "proof": given.get("bestaetigen", "")[:LONGEST_PROOF],
        "news": next((word for word in ("bestaetigt", "geaendert", "nochmal", "neu") if word in request.GET), ""),
        "mails": MAILS,
        "is_without": True,
        "problem": None if errors else problem,
        **wishes_context(request, found.entry, offering(practice, visit_type)),
        **_told(errors),
    }
    return render(request, "front/wait.html", context, status=problem.status if problem else 200)


def _told(errors: Mapping[str, str]) -> dict[str, Any]:
    """What is wrong, as it stands in the form."""
    place_of = {name: place for place, name in enumerate(ORDER)}
    listed = [(name if name in place_of else "", text) for name, text in errors.items()]
    return {"errors": dict(errors), "error_list": sorted(listed, key=lambda one: place_of.get(one[0], -1))}


def _last_day(until: datetime | None, practice: Practice) -> datetime | None:
    """The day in which it ends, on the practice's clock."""
    return max(until, clock.now()).astimezone(practice.zone) if until else None


def _place_url(practice: Practice, secret: Secret) -> str:
    return reverse("front:wait", args=[practice.slug, link_to_text(secret)])


def _secret(text: str) -> Secret:
    try:
        return link_from_text(text)
    except MalformedLinkSecret:
        raise EntryNotFound from None
