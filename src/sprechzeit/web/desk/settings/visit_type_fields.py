"""The fields of a visit type, in units that people use."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.furnishing.visit_type import (
    DURATION,
    FARTHEST_DAYS,
    LONGEST_LEAD,
    MOST_BUFFER,
    MOST_PREPAYMENT,
    MOST_TEXT,
    TONES,
    Offering,
)
from sprechzeit.practices.models import VisitType
from sprechzeit.web.desk.settings.fields import Field, span_of_minutes
from sprechzeit.web.desk.settings.typed import Typed

NUMBERS = (
    "tone",
    "duration_minutes",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "grid_minutes",
    "horizon_days",
)

GRIDS = {str(grid): grid for grid in VisitType.GRIDS}


def specs() -> list[Field]:
    minutes, days = _("Minuten"), _("Tage")
    return [
        Field("name_de", _("Name auf Deutsch"), needed=True),
        Field("name_en", _("Name auf Englisch"), hint=_("Leer: wie auf Deutsch.")),
        Field("tone", _("Farbe")),
        Field("duration_minutes", _("Dauer"), kind="number", unit=minutes, needed=True),
        Field("buffer_before_minutes", _("Puffer davor"), kind="number", unit=minutes),
        Field("buffer_after_minutes", _("Puffer danach"), kind="number", unit=minutes),
        Field(
            "grid_minutes",
            _("Beginnt alle"),
            kind="select",
            choices=tuple((text, f"{text} {minutes}") for text in GRIDS),
        ),
        Field("online", _("Online buchbar"), kind="check"),
        Field("lead_minutes", _("Vorlauf"), kind="span", hint=_("So lange vorher ist online Schluss.")),
        Field("horizon_days", _("Im Voraus"), kind="number", unit=days, hint=_("So weit im Voraus wird vergeben.")),
        Field(
            "change_until_minutes",
            _("Änderbar bis"),
            kind="span",
            hint=_("So lange vorher dürfen Patienten verschieben und absagen."),
        ),
        Field(
            "instructions_de",
            _("Was Patienten wissen müssen"),
            kind="area",
            hint=_("Etwa: bitte nüchtern kommen. Steht beim Buchen und beim Termin."),
        ),
        Field("instructions_en", _("Dasselbe auf Englisch"), kind="area", hint=_("Leer: wie auf Deutsch.")),
        Field(
            "prepayment_de",
            _("Hinweis zur Vorauszahlung"),
            kind="area",
            hint=_("Etwa: wie viel, wohin, bis wann. Steht vor dem Buchen da; bezahlt wird hier nichts. Leer: keiner."),
        ),
        Field("prepayment_en", _("Dasselbe auf Englisch"), kind="area", hint=_("Leer: wie auf Deutsch.")),
        Field(
            "prepayment_by_mail",
            _("Auch in die Bestätigung schreiben"),
            kind="check",
            hint=_("Der Hinweis steht dann offen in der E-Mail: Nennen Sie darin keine Behandlung."),
        ),
    ]


def read_offering(typed: Typed) -> Offering:
    """The form as the verbs take it; what is wrong is noted in ``typed``."""
    name = typed.line("name_de", 120, needed=True)
    return Offering(
        name_de=name,
        name_en=typed.line("name_en", 120) or name,
        tone=typed.number("tone", 1, TONES),
        duration_minutes=typed.number("duration_minutes", *DURATION),
        buffer_before_minutes=typed.number("buffer_before_minutes", 0, MOST_BUFFER),
        buffer_after_minutes=typed.number("buffer_after_minutes", 0, MOST_BUFFER),
        grid_minutes=GRIDS.get(typed.choice("grid_minutes", GRIDS), 0),
        online=typed.checked("online"),
        lead_minutes=typed.minutes("lead_minutes", LONGEST_LEAD),
        horizon_days=typed.number("horizon_days", 1, FARTHEST_DAYS),
        change_until_minutes=typed.minutes("change_until_minutes", LONGEST_LEAD),
        instructions_de=typed.text("instructions_de", MOST_TEXT),
        instructions_en=typed.text("instructions_en", MOST_TEXT),
        prepayment_de=typed.text("prepayment_de", MOST_PREPAYMENT),
        prepayment_en=typed.text("prepayment_en", MOST_PREPAYMENT),
        prepayment_by_mail=typed.checked("prepayment_by_mail"),
    )


def stored_of(row: VisitType) -> dict[str, str]:
    """What is stored, as the fields show it."""
    return {
        "name_de": row.name_de,
        "name_en": row.name_en,
        "instructions_de": row.instructions_de,
        "instructions_en": row.instructions_en,
        "prepayment_de": row.prepayment_de,
        "prepayment_en": row.prepayment_en,
        "prepayment_by_mail": "1" if row.prepayment_by_mail else "",
        "online": "1" if row.online else "",
        **{name: str(getattr(row, name)) for name in NUMBERS},
        **span_of_minutes("lead_minutes", row.lead_minutes),
        **span_of_minutes("change_until_minutes", row.change_until_minutes),
    }


def new_ones() -> dict[str, str]:
    """What a new visit type starts with."""
    usual = VisitType(duration_minutes=15)
    return {**stored_of(usual), "name_de": "", "name_en": ""}
