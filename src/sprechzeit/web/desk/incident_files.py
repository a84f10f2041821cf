"""Documents about an incident as files, and what goes to those concerned. Made in this session, stored nowhere."""

from __future__ import annotations

import json
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import Invalid
from sprechzeit.incident.documents import LANGUAGES, Kind
from sprechzeit.incident.give_document import give_document
from sprechzeit.incident.letters import letters_for, write_to_concerned
from sprechzeit.incident.read import incident_of
from sprechzeit.incident.stored import to_values
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import for_members
from sprechzeit.web.desk.incident_pdf import document_pdf, letters_pdf
from sprechzeit.web.desk.moment import read_number

GROUPS = {"sicher": "certain", "moeglich": "possible"}


@require_GET
@for_members(Permission.TRAIL, step_up=True)
def document_file(request: HttpRequest, session: Session, practice: Practice, incident: UUID) -> HttpResponse:
    """One document as PDF or text, or the extent with its identifiers as JSON."""
    shown = incident_of(session.keys, incident)
    kind, language, form = (request.GET.get(name, "") for name in ("was", "sprache", "form"))
    if kind == "umfang" and shown.extent is not None:
        text = json.dumps(to_values(shown.extent), ensure_ascii=False, indent=2)
        return _file(text.encode(), "umfang.json", "application/json")
    if kind not in list(Kind) or language not in LANGUAGES or form not in {"pdf", "txt"}:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."))
    made = give_document(practice, session.actor, shown, Kind(kind), language)
    if form == "txt":
        return _file(made.text.encode(), f"{kind}-{language}.txt", "text/plain; charset=utf-8")
    with override(language):
        return _file(document_pdf(made), f"{kind}-{language}.pdf", "application/pdf")


@require_POST
@for_members(Permission.TRAIL, step_up=True)
def letters(request: HttpRequest, session: Session, practice: Practice, incident: UUID) -> HttpResponse:
    shown = incident_of(session.keys, incident)
    language = request.POST.get("sprache", "de")
    if language not in LANGUAGES:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."))
    group, part = _group(request), max(1, read_number(request.POST.get("teil")) or 1)
    made = letters_for(session.keys, session.actor, shown, group, language, part=part)
    return _file(letters_pdf(practice, made, language), f"briefe-{language}-{part}.pdf", "application/pdf")


@require_POST
@for_members(Permission.TRAIL, step_up=True)
def mails(request: HttpRequest, session: Session, practice: Practice, incident: UUID) -> HttpResponse:
    shown = incident_of(session.keys, incident)
    key = request.POST.get("key", "")[:100]
    done = write_to_concerned(session.keys, session.actor, shown, _group(request), key=key)
    query = urlencode({"geschickt": done.mailed, "ohne": done.left})
    return redirect(f"{reverse('desk:incident', args=[incident])}?{query}")


def _group(request: HttpRequest) -> str:
    return GROUPS.get(request.POST.get("gruppe", ""), "certain")


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
