"""The living page of components: every part of the design system as the pages draw it, in all its states."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import UNITS, Field

COLOURS = {
    _("Flächen"): ("surface", "surface-sunken", "surface-raised", "day-closed", "line", "line-strong"),
    _("Schrift"): ("text", "text-muted", "accent", "accent-strong", "problem", "success", "attention"),
    _("Leise Flächen"): ("accent-soft", "problem-soft", "success-soft", "attention-soft"),
    _("Zeichen"): ("focus", "now"),
}
SPACES = tuple(f"space-{number}" for number in range(1, 9))
TEXTS = tuple(f"text-{size}" for size in ("s", "m", "l", "xl", "2xl", "3xl"))
TONES = range(1, 9)


def _fields() -> list[Field]:
    return [
        Field("probe-1", _("Einzeiliger Text"), hint=_("Der Hinweis sagt, wozu."), value=_text()),
        Field("probe-2", _("Mit Fehler"), error=gettext("Bitte füllen Sie dieses Feld aus.")),
        Field("probe-3", _("Auswahl"), kind="select", choices=(("1", _("Erste")), ("2", _("Zweite")))),
        Field("probe-4", _("Spanne"), kind="span", value="2", unit_value="hours", choices=UNITS),
        Field("probe-5", _("Mehrere Zeilen"), kind="area"),
        Field(
            "probe-6",
            _("Ankreuzen"),
            kind="check",
            value="1",
            hint=_("Nie vorher angekreuzt, wo es um Einwilligung geht."),
        ),
    ]


def _text() -> str:
    return str(_("Beispiel"))


@require_GET
@for_members(Permission.OWN_SECURITY)
def components(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    context = {
        "colours": [(name, [(token, f"--{token}") for token in tokens]) for name, tokens in COLOURS.items()],
        "spaces": [(token, f"--{token}") for token in SPACES],
        "texts": [(token, f"--{token}: ") for token in TEXTS],
        "tones": TONES,
        "fields": _fields(),
    }
    return desk_page(request, "desk/components.html", context, practice=practice)
