"""An appointment as it stands on the grid: its place, its words and its marks.

Three hundred of them are on a page, so ``desk/entry.txt`` has plain fields that are filled here, each value escaped,
instead of tags that would be resolved one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from uuid import UUID

from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sprechzeit.booking.day import Entry
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.resize import CAN_CHANGE
from sprechzeit.web.desk.appointment import STATUS_NAMES
from sprechzeit.web.desk.marks import Mark, icons, pills

S = Appointment.Status
Type = Appointment.Type
NOTE_SHOWN = 120  # characters; the card has the whole comment
ANY = UUID(int=0)
HANDLE = '<span class="entry__handle" aria-hidden="true"></span>'


def address_maker(name: str) -> Callable[[UUID], str]:
    """The address of a page about an appointment, resolved once for all of them."""
    before, _any, after = reverse(name, kwargs={"appointment": ANY}).partition(str(ANY))
    return lambda appointment: f"{before}{appointment}{after}"


class Writer:
    """Writes the entries of one page in its language; with ``may_book`` they can be moved and lengthened."""

    def __init__(self, *, may_book: bool) -> None:
        self._may_book = may_book
        form = get_template("desk/entry.txt")
        self._form = form.template.source.strip()  # type: ignore[attr-defined]  # Django's engine knows its source
        self._card = address_maker("desk:appointment")
        self._move = address_maker("desk:move")
        self._resize = address_maker("desk:resize")
        self._status = {str(status): str(name) for status, name in STATUS_NAMES.items()}
        self._until = _("%(start)s bis %(end)s")
        self._born = _("geboren %(year)s")
        self._star = _("*%(year)s")
        self._types: dict[int, str] = {}
        self._written: set[UUID] = set()

    def write(self, entry: Entry, start: datetime, end: datetime, place: str) -> SafeString:
        """The entry's element; ``start`` and ``end`` are local, ``place`` is the classes that place it."""
        appointment, who, note = entry.appointment, entry.who, entry.marks.note
        words, pictures = pills(entry), icons(entry)
        begins = start.strftime("%H:%M")
        what = f"{begins} · {self._type(appointment)}" + (f" · {shortened(note)}" if note else "")
        return SafeString(
            self._form.format(
                id=self._id(appointment.id),
                look=_look(appointment, place),
                href=self._card(appointment.id),
                label=escape(self._label(entry, begins, end, [*words, *pictures])),
                tip=f' title="{escape(note)}"' if note else "",
                work=self._work(appointment),
                name=escape(who.name),
                year=f" <small>{escape(self._star % {'year': who.birth_year})}</small>" if who.birth_year else "",
                marks=_marks(words, pictures),
                what=escape(what),
                handle=HANDLE if self._can_change(appointment) else "",
            )
        )

    def _label(self, entry: Entry, begins: str, end: datetime, marks: Sequence[Mark]) -> str:
        """All of it in words, for whoever hears the page."""
        appointment, who, note = entry.appointment, entry.who, entry.marks.note
        words = [self._until % {"start": begins, "end": end.strftime("%H:%M")}, who.name]
        if who.birth_year:
            words.append(self._born % {"year": who.birth_year})
        words += [self._type(appointment), self._status[appointment.status]]
        words += [one.text for one in marks if one.look != "note"]
        if note:
            words.append(_("Bemerkung: %(note)s") % {"note": shortened(note)})
        return ", ".join(words)

    def _work(self, appointment: Appointment) -> str:
        """What the scripts need to move and to lengthen it."""
        if not self._may_book:
            return ""
        work = f' data-version="{appointment.version}"'
        if appointment.status == S.BOOKED:
            work += f' data-move="{self._move(appointment.id)}"'
        if self._can_change(appointment):
            work += f' data-resize="{self._resize(appointment.id)}"'
        return work

    def _can_change(self, appointment: Appointment) -> bool:
        return self._may_book and appointment.status in CAN_CHANGE

    def _id(self, appointment: UUID) -> str:
        """An appointment with a room stands in two columns; its id is there once."""
        if appointment in self._written:
            return ""
        self._written.add(appointment)
        return f'id="t-{appointment}" '

    def _type(self, appointment: Appointment) -> str:
        number = appointment.visit_type_id
        if number not in self._types:
            self._types[number] = appointment.visit_type.name
        return self._types[number]


def _look(appointment: Appointment, place: str) -> str:
    look = f"entry--{appointment.status} tone-{appointment.visit_type.tone} {place}"
    if appointment.overbooked:
        look += " entry--overbooked"
    if appointment.appointment_type == Type.EMERGENCY:
        look += " entry--emergency"
    return look


def _marks(words: Sequence[Mark], pictures: Sequence[Mark]) -> str:
    """Pills and pictures, with their meaning as a tooltip."""
    inside = "".join(
        f'<span class="entry__mark entry__mark--{one.look}">{escape(one.text)}</span>' for one in words
    ) + "".join(
        f'<svg class="entry__icon entry__icon--{one.look}"><title>{escape(one.text)}</title>'
        f'<use href="#i-{one.look}"/></svg>'
        for one in pictures
    )
    return f'<span class="entry__marks">{inside}</span>' if inside else ""


def shortened(note: str) -> str:
    """A comment in one short line."""
    one_line = " ".join(note.split())
    return one_line if len(one_line) <= NOTE_SHOWN else one_line[: NOTE_SHOWN - 1].rstrip() + "…"
