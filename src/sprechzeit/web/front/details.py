"""Who comes: the form between a held slot and a booked appointment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from sprechzeit.booking.asked_of import asked_of, birth_date_purpose
from sprechzeit.booking.code_by_mail import ask_for_code
from sprechzeit.booking.confirm import MANAGE, confirm
from sprechzeit.booking.errors import AppointmentNotFound, CodeNeeded, HoldNotFound, NotBookable, SlotTaken
from sprechzeit.booking.hold import Held, find_hold
from sprechzeit.booking.manage import find_managed
from sprechzeit.guard.contacts import require_contact_left
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import BOOKING_BY_ADDRESS, UNPROVED_BY_ADDRESS
from sprechzeit.guard.work import is_proved
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.person import InvalidPerson, read_person
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.vault import Secret, derive, link_to_text
from sprechzeit.web.front.asked import hold_asked, start_asked
from sprechzeit.web.front.details_form import Typed, details_page
from sprechzeit.web.front.hold_again import hold_instead, hold_longer
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.said import claims_said, code_url
from sprechzeit.web.front.see_other import SeeOther


@front_page("GET", "POST")
def details(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = hold_asked(secret)
    try:
        held = find_hold(PracticeId(practice.id), asked)
    except HoldNotFound:
        return booked_already(practice, asked)
    if held.is_waiting and "aendern" not in request.GET and request.method != "POST":
        return SeeOther(code_url(practice, asked, claims_said(request.GET)))
    if request.method != "POST":
        return details_page(request, practice, held, Typed(claims=claims_said(request.GET)))
    typed = Typed.of(request.POST)
    if typed.is_trap:
        raise NotBookable(_("Das ging nicht. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."))
    if "laenger" in request.POST:
        return _hold_again(request, practice, held, typed, "longer")
    if "zeit" in request.POST:
        return _hold_again(request, practice, held, typed, "instead")
    return _book(request, practice, held, typed)


def _book(request: HttpRequest, practice: Practice, held: Held, typed: Typed) -> HttpResponse:
    number = PracticeId(practice.id)
    spend_here(BOOKING_BY_ADDRESS, *(() if is_proved(held.secret, typed.proof) else (UNPROVED_BY_ADDRESS,)))
    try:
        purpose = birth_date_purpose(practice, held.visit_type)
        asked = asked_of(practice, held.visit_type)
        person = read_person(typed.values, birth_date_purpose=purpose, asked=asked)
        require_contact_left(person.email or person.phone)
        try:
            booked = confirm(number, held.secret, person, claims=typed.claims, consents=typed.consents)
        except CodeNeeded:
            ask_for_code(number, held.secret, person, claims=typed.claims, consents=typed.consents)
            return SeeOther(code_url(practice, held.secret, typed.claims))
    except InvalidPerson as error:
        return details_page(request, practice, held, typed.with_errors(error.errors), status=error.status)
    except NotBookable as refused:
        errors = {refused.field: refused.message}
        return details_page(request, practice, held, typed.with_errors(errors), status=refused.status)
    except SlotTaken as taken:
        return details_page(request, practice, held, typed, problem=taken, status=taken.status)
    except HoldNotFound:  # the same form, sent twice at the same moment
        return booked_already(practice, held.secret)
    return SeeOther(manage_url(practice, booked.manage_secret) + "?neu=1")


def _hold_again(request: HttpRequest, practice: Practice, held: Held, typed: Typed, how: str) -> HttpResponse:
    """Another time, or the same for longer. What was typed goes back into the form, it is stored nowhere."""
    try:
        if how == "longer":
            again = hold_longer(practice, held, typed.claims)
        else:
            again = hold_instead(practice, held, start_asked(request.POST.get("zeit", "")), typed.claims)
    except (NotBookable, SlotTaken) as problem:
        return details_page(request, practice, held, typed, problem=problem, status=problem.status)
    return details_page(request, practice, again, typed, held_again=how)


def booked_already(practice: Practice, hold_secret: Secret) -> HttpResponse:
    """A booked hold leads to its appointment: reloading, going back or sending twice does no harm.

    Raises
    ------
    HoldNotFound
        It was not booked either.
    """
    manage_secret = derive(hold_secret, MANAGE)
    try:
        find_managed(PracticeId(practice.id), manage_secret)
    except AppointmentNotFound:
        raise HoldNotFound from None
    return SeeOther(manage_url(practice, manage_secret))


def manage_url(practice: Practice, manage_secret: Secret) -> str:
    return reverse("front:manage", args=[practice.slug, link_to_text(manage_secret)])
