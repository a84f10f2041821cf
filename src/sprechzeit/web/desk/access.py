"""Tell a patient what is kept about them, as a file: made in this session and stored nowhere."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sprechzeit.errors import Invalid
from sprechzeit.patients.read import require_patient
from sprechzeit.practices.models import Practice
from sprechzeit.rights.access import patient_access
from sprechzeit.rights.bundle import as_json
from sprechzeit.rights.identity import Identity, read_identity
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.access_pdf import access_pdf
from sprechzeit.web.desk.door import desk_page, for_members

WAYS = {
    Identity.IN_PERSON: gettext_lazy("Die Person ist hier und uns bekannt"),
    Identity.CALL_BACK: gettext_lazy("Rückruf unter der Nummer, die in der Kartei steht"),
    Identity.DOCUMENT: gettext_lazy("Ausweis gesehen"),
    Identity.ANSWER: gettext_lazy("Frage richtig beantwortet, deren Antwort nur diese Person kennt"),
}
FORMATS = {"pdf": (access_pdf, "application/pdf"), "json": (as_json, "application/json")}


@require_http_methods(["GET", "POST"])
@for_members(Permission.RECORDS, step_up=True)
def access(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    problem: Invalid | None = None
    require_patient(session.practice, patient)
    if request.method == "POST":
        try:
            return _file(session, patient, read_identity(request.POST.get("identity", "")), request.POST.get("format"))
        except Invalid as invalid:
            problem = invalid
    context = {
        "patient": patient,
        "ways": [(one.value, name, one.value == request.POST.get("identity")) for one, name in WAYS.items()],
        "problem": problem,
    }
    return desk_page(
        request, "desk/patient_access.html", context, practice=practice, status=problem.status if problem else 200
    )


def _file(session: Session, patient: UUID, identity: Identity, form: str | None) -> HttpResponse:
    """The name of the file says nothing about whose it is: it stays in lists of downloads."""
    if form not in FORMATS:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="format")
    made, content_type = FORMATS[form]
    content = made(patient_access(session.keys, session.actor, patient, identity, form=form))
    response = HttpResponse(content, content_type=content_type)
    name = _("auskunft")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response
