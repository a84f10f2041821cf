"""An appointment's marks in words: pills for what matters now, small pictures for the rest."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from sprechzeit.booking.day import Entry
from sprechzeit.booking.models import Appointment

S = Appointment.Status
Type = Appointment.Type


class Mark(NamedTuple):
    """``look`` is the class of a pill, or the name of a picture in ``desk/grid_icons.html``."""

    look: str
    text: str


def pills(entry: Entry) -> list[Mark]:
    """The most urgent first. Who is done needs no word: the entry is pale, and its label says so."""
    appointment, marks, status = entry.appointment, entry.marks, entry.appointment.status
    found: list[Mark] = []
    if appointment.appointment_type == Type.EMERGENCY:
        found.append(Mark("problem", _("Notfall")))
    if marks.is_overdue:
        found.append(Mark("attention", _("überfällig")))
    if status == S.ARRIVED:
        waits = _("da") if marks.waiting is None else _("da · %(minutes)s Min.") % {"minutes": marks.waiting}
        found.append(Mark("arrived", waits))
    elif status == S.IN_TREATMENT:
        found.append(Mark("arrived", marks.room or _("drin")))
    elif status == S.NO_SHOW:
        found.append(Mark("problem", _("nicht da")))
    if entry.who.unread:
        found.append(Mark("unread", _("neu online")))
    if appointment.overbooked:
        found.append(Mark("squeezed", _("eingeschoben")))
    if appointment.appointment_type == Type.WALK_IN:
        found.append(Mark("plain", _("ohne Termin")))
    return found


def icons(entry: Entry) -> list[Mark]:
    """What is worth a small picture."""
    marks = entry.marks
    found: list[Mark] = []
    if marks.is_new:
        found.append(Mark("new", _("zum ersten Mal hier")))
    if marks.note:
        found.append(Mark("note", _("mit Bemerkung")))
    if marks.is_confirmed:
        found.append(Mark("coming", _("kommt: hat es selbst bestätigt")))
    if marks.is_restricted:
        found.append(Mark("restricted", _("Verarbeitung eingeschränkt")))
    if marks.no_reminders:
        found.append(Mark("mute", _("keine Einwilligung in Erinnerungen")))
    return found
