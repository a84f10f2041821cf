"""The rules of a visit type for booking online, its codes and its questions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sprechzeit.errors import DomainError
from sprechzeit.furnishing.booking_code import codes_of, make_code, withdraw_code
from sprechzeit.furnishing.question import set_questions
from sprechzeit.furnishing.visit_type import any_visit_type
from sprechzeit.furnishing.visit_type_rules import BOUNDS, Rules, change_rules
from sprechzeit.practices.models import Access, Insurance, Modality, OpenTo, Practice, VisitType
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.question_fields import question_fields, read_questions
from sprechzeit.web.desk.settings.saving import Refusal, attempt
from sprechzeit.web.desk.settings.typed import Typed


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def visit_type_rules(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    row = any_visit_type(session.practice, visit_type)

    def save(typed: Typed, agreed: str) -> None:
        change_rules(session.practice, session.actor, visit_type, _read(typed))

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:visit-type-rules', args=[visit_type])}?gespeichert=1")
    return rules_page(request, session, practice, row, refusal)


def rules_page(
    request: HttpRequest,
    session: Session,
    practice: Practice,
    row: VisitType,
    refusal: Refusal | None = None,
    *,
    code: str = "",
    code_error: DomainError | None = None,
    questions_refusal: Refusal | None = None,
) -> HttpResponse:
    """The page with its three forms; ``code`` is one that was just made: it is told once."""
    trouble = refusal or questions_refusal
    status = trouble.status if trouble else code_error.status if code_error else 200
    context = {
        "visit_type": row,
        "fields": fields(_specs(), request, refusal, _stored(row)),
        "refusal": refusal,
        "saved": "gespeichert" in request.GET,
        "codes": codes_of(session.practice, row.id),
        "code": code,
        "code_error": code_error,
        "questions": question_fields(request, session.practice, row, questions_refusal),
        "questions_refusal": questions_refusal,
    }
    return desk_page(request, "desk/settings/visit_type_rules.html", context, practice=practice, status=status)


@require_POST
@for_members(Permission.SETTINGS)
def code_new(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    row = any_visit_type(session.practice, visit_type)
    typed = Typed(request.POST)
    try:
        values = {
            "label": typed.line("label", 60),
            "uses": typed.optional_number("uses", 1, 9999),
            "valid_until": typed.day("valid_until"),
        }
        typed.require_sound()
        code = make_code(session.practice, session.actor, visit_type, **values)  # type: ignore[arg-type]  # by name
    except DomainError as error:
        return rules_page(request, session, practice, row, code_error=error)
    return rules_page(request, session, practice, row, code=code)


@require_POST
@for_members(Permission.SETTINGS)
def code_withdraw(
    request: HttpRequest, session: Session, practice: Practice, visit_type: int, code: int
) -> HttpResponse:
    withdraw_code(session.practice, session.actor, visit_type, code)
    return redirect(f"{reverse('desk:visit-type-rules', args=[visit_type])}?gespeichert=1#codes")


@require_POST
@for_members(Permission.SETTINGS)
def questions_save(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    row = any_visit_type(session.practice, visit_type)

    def save(typed: Typed, agreed: str) -> None:
        asked = read_questions(typed)
        typed.require_sound()
        set_questions(session.practice, session.actor, visit_type, asked)

    refusal = attempt(request, session, save)
    if refusal is None:
        return redirect(f"{reverse('desk:visit-type-rules', args=[visit_type])}?gespeichert=1#fragen")
    return rules_page(request, session, practice, row, questions_refusal=refusal)


def _read(typed: Typed) -> Rules:
    numbers = {name: typed.optional_number(name, *bounds) for name, bounds in BOUNDS.items()}
    rules = Rules(
        open_to=typed.choice("open_to", OpenTo.values),
        insurances=typed.choices("insurances", Insurance.values),
        access=typed.choice("access", Access.values),
        needs_confirmation=typed.checked("needs_confirmation"),
        walk_in=typed.checked("walk_in"),
        modality=typed.choice("modality", Modality.values),
        video_link=typed.line("video_link", 300),
        **numbers,
    )
    typed.require_sound()
    return rules


def _stored(row: VisitType) -> dict[str, str]:
    numbers = {name: "" if getattr(row, name) is None else str(getattr(row, name)) for name in BOUNDS}
    return {
        **numbers,
        "open_to": row.open_to,
        "insurances": ",".join(row.insurances),
        "access": row.access,
        "needs_confirmation": "1" if row.needs_confirmation else "",
        "walk_in": "1" if row.walk_in else "",
        "modality": row.modality,
        "video_link": row.video_link,
    }


def _specs() -> list[Field]:
    years, hours = _("Jahre"), _("Stunden")
    return [
        Field("open_to", _("Für wen"), kind="select", choices=tuple(OpenTo.choices)),
        Field(
            "insurances",
            _("Versicherung"),
            kind="checks",
            choices=tuple(Insurance.choices),
            hint=_("Nichts angekreuzt: für alle."),
        ),
        Field("min_age", _("Mindestens"), kind="number", unit=years),
        Field("max_age", _("Höchstens"), kind="number", unit=years),
        Field("access", _("Was man dafür braucht"), kind="select", choices=tuple(Access.choices)),
        Field("most_a_day", _("Höchstens am Tag"), kind="number"),
        Field("most_a_week", _("Höchstens in der Woche"), kind="number"),
        Field(
            "most_open",
            _("Höchstens je Patient"),
            kind="number",
            hint=_(
                "Kommende Termine. Ohne Konto fällt es erst auf, wenn Sie die Buchung übernehmen: Dann steht es dabei."
            ),
        ),
        Field(
            "released_hours",
            _("Freigeben vor Beginn"),
            kind="number",
            unit=hours,
            hint=_("Für akute Termine: Vorher wird davon nichts angeboten."),
        ),
        Field(
            "reserved_hours",
            _("Reserviert bis vor Beginn"),
            kind="number",
            unit=hours,
            hint=_("Bis dahin nur mit einem Code, danach für alle."),
        ),
        Field(
            "needs_confirmation",
            _("Die Praxis bestätigt jede Buchung"),
            kind="check",
            hint=_("Bis Sie sie übernehmen, steht beim Patienten: angefragt."),
        ),
        Field(
            "walk_in",
            _("Offene Sprechstunde"),
            kind="check",
            hint=_("Patienten ziehen online eine Nummer für heute, solange die Sprechzeit läuft."),
        ),
        Field("modality", _("Wie man sich trifft"), kind="select", choices=tuple(Modality.choices)),
        Field(
            "video_link",
            _("Adresse des Videodienstes"),
            hint=_("Ihr zertifizierter Dienst. Der Link erscheint beim Patienten und bei Ihnen, wenn es so weit ist."),
        ),
    ]
