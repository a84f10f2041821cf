"""What has to be known before a time is chosen: who one is to the practice, and its questions with yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sprechzeit.booking.claims import accepted_insurances, asks_for_insurance, asks_whether_new, require_claims
from sprechzeit.booking.code import needs_code
from sprechzeit.booking.errors import NotBookable
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import CODE_BY_ADDRESS
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug, questions_before
from sprechzeit.practices.models import Access, Insurance, Practice, Question, VisitType
from sprechzeit.web.front.asked import visit_type_asked
from sprechzeit.web.front.nearby import visit_said
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.said import as_query, claims_said, has_good_code
from sprechzeit.web.front.see_other import SeeOther

ANSWERS = {"ja", "nein"}
NAMES = {"is_new": "wer", "insurance": "kasse", "has_referral": "ueberweisung", "code": "code"}


@dataclass(frozen=True)
class ShownQuestion:
    """A question with what was answered."""

    name: str
    text: str
    answer: str


@front_page("GET", "POST")
def before(request: HttpRequest, slug: str, visit_type: int) -> HttpResponse:
    practice = practice_by_slug(slug)
    chosen = visit_type_asked(practice, str(visit_type))
    questions = questions_before(PracticeId(practice.id), chosen.id)
    if request.method != "POST":
        return _page(request, practice, chosen, questions, {})
    for one in questions:
        answer = request.POST.get(f"frage-{one.number}", "")
        if answer not in ANSWERS:
            return _page(request, practice, chosen, questions, {f"frage-{one.number}": _("Bitte antworten Sie.")})
        then = one.if_yes if answer == "ja" else one.if_no
        if then != Question.Then.GO_ON:
            return _elsewhere(request, practice, chosen, one, then)
    return _go_on(request, practice, chosen, questions)


def _go_on(request: HttpRequest, practice: Practice, chosen: VisitType, questions: list[Question]) -> HttpResponse:
    claims = claims_said(request.POST)
    if claims.code:
        spend_here(CODE_BY_ADDRESS)
    try:
        require_claims(practice, chosen, claims)
        if (needs_code(chosen) or claims.code) and not has_good_code(practice, chosen, claims):
            raise NotBookable(_("Dieser Code gilt hier nicht oder nicht mehr."), field="code")
    except NotBookable as problem:
        return _page(request, practice, chosen, questions, {NAMES.get(problem.field, ""): problem.message})
    times = reverse("front:times", args=[practice.slug, chosen.id])
    # Where there are questions only, the address still says that they were answered.
    visit = visit_said(request.GET)
    return SeeOther(f"{times}?{urlencode({'vorab': '1', **as_query(claims), **(visit.said if visit else {})})}")


def _elsewhere(
    request: HttpRequest, practice: Practice, chosen: VisitType, question: Question, then: str
) -> HttpResponse:
    other = question.other if then == Question.Then.OTHER else None
    context = {"practice": practice, "visit_type": chosen, "other": other, "text": "" if other else question.stop}
    return render(request, "front/elsewhere.html", context)


def _page(
    request: HttpRequest,
    practice: Practice,
    chosen: VisitType,
    questions: list[Question],
    errors: dict[str, str],
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    names, accepted = dict(Insurance.choices), accepted_insurances(practice, chosen)
    context = {
        "practice": practice,
        "visit_type": chosen,
        "asks_new": asks_whether_new(practice, chosen),
        "asks_insurance": asks_for_insurance(practice, chosen),
        "insurances": [(one, names[one]) for one in accepted],
        "other_insurances": [name for one, name in names.items() if one not in accepted],
        "asks_referral": chosen.access == Access.REFERRAL,
        "asks_code": needs_code(chosen) or chosen.reserved_hours is not None,
        "code_needed": needs_code(chosen),
        "questions": [
            ShownQuestion(f"frage-{one.number}", one.text, given.get(f"frage-{one.number}", "")) for one in questions
        ],
        "given": {name: given.get(name, "")[:40] for name in NAMES.values()},
        "errors": errors,
        "error_list": list(errors.items()),
    }
    return render(request, "front/before.html", context, status=422 if errors else 200)
