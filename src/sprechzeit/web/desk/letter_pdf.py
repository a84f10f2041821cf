"""The letter about an appointment as a PDF of one A4 page.

The window of an envelope (DIN 5008, form B: 85 x 45 mm, 20 mm from the left, 45 mm from the top) holds the name and
lines for the address: no postal address is kept, it is written by hand. What the appointment is for is not named; what
to bring is what the practice wrote for its visit type.
"""

from __future__ import annotations

import pydyf
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sprechzeit import clock
from sprechzeit.booking.card import Card
from sprechzeit.messages.calendar import address_of
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.web.desk.a4 import HEIGHT, WIDTH, draw_line, page_of, width_of, wrapped

MM = 72 / 25.4
EDGE = round(25 * MM)
RIGHT = WIDTH - round(20 * MM)
FIELD = round(25 * MM)  # where the text in the window begins: 5 mm inside
TEXT, LEADING = 11, 15
LOWEST = round(25 * MM)


def letter_pdf(practice: Practice, card: Card) -> bytes:
    """The page. What does not fit is left out at its end, where the practice's own words stand."""
    stream = pydyf.Stream()
    letterhead(stream, practice)
    person = card.person
    window(stream, practice, f"{person.first_name} {person.last_name}".strip() if person else "")
    today = formatted(clock.now().astimezone(practice.zone), pgettext("date format", "j. F Y"))
    draw_line(stream, from_top(103), TEXT, today, x=round(RIGHT - width_of(today, TEXT)))
    draw_line(stream, from_top(115), 12, _("Ihr Termin"), "F2", x=EDGE)
    y = from_top(127)
    for text, font in _sentences(practice, card):
        for line in wrapped(text, TEXT, RIGHT - EDGE) or [""]:
            if y < LOWEST:
                break
            draw_line(stream, y, TEXT, line, font, x=EDGE)
            y -= LEADING
    return page_of(stream)


def from_top(millimetres: float) -> int:
    """In points from the lower edge."""
    return round(HEIGHT - millimetres * MM)


def letterhead(stream: pydyf.Stream, practice: Practice) -> None:
    """Name, address and phone of the practice, on top."""
    lines = [practice.name, address_of(practice), _phone(practice)]
    y = from_top(20)
    for number, line in enumerate(one for one in lines if one):
        size = 14 if number == 0 else 10
        fits = wrapped(line, size, RIGHT - EDGE - 20)[0]
        draw_line(stream, y, size, fits, "F2" if number == 0 else "F1", x=EDGE)
        y -= 18 if number == 0 else 13


def window(stream: pydyf.Stream, practice: Practice, name: str) -> None:
    """What shows in the window of the envelope: sender, name, and lines for the address."""
    sender = " · ".join(part for part in (practice.name, address_of(practice)) if part)
    draw_line(stream, from_top(50), 7, wrapped(sender, 7, round(80 * MM))[0], x=FIELD)
    draw_line(stream, from_top(63), TEXT, (wrapped(name, TEXT, round(80 * MM)) or [""])[0], x=FIELD)
    stream.set_line_width(0.5)
    for millimetres in (72, 80, 88):
        stream.move_to(FIELD, from_top(millimetres))
        stream.line_to(FIELD + round(75 * MM), from_top(millimetres))
        stream.stroke()


def _sentences(practice: Practice, card: Card) -> list[tuple[str, str]]:
    """Each with its font; an empty one is a blank line."""
    begins = card.appointment.starts_at.astimezone(practice.zone)
    day, time = formatted(begins, pgettext("date format", "l, j. F Y")), formatted(begins, "H:i")
    whom = ", ".join(one.name for one in card.resources if one.kind == Resource.Kind.CLINICIAN)
    person = card.person
    name = f"{person.first_name} {person.last_name}".strip() if person else ""
    found = [
        (_("Guten Tag %(name)s,") % {"name": name}, "F1"),
        ("", "F1"),
        (_("wir haben diesen Termin für Sie eingetragen:"), "F1"),
        ("", "F1"),
        (_("%(day)s um %(time)s Uhr") % {"day": day, "time": time}, "F2"),
    ]
    if whom:
        found.append((_("bei %(whom)s") % {"whom": whom}, "F1"))
    found.append(("", "F1"))
    if instructions := card.appointment.visit_type.instructions:
        found += [(_("Bitte beachten Sie:"), "F2"), (instructions, "F1"), ("", "F1")]
    if directions := practice.directions:
        found += [(_("So finden Sie uns:"), "F2"), (directions, "F1"), ("", "F1")]
    if practice.phone:
        call = _("Können Sie nicht kommen? Dann rufen Sie uns bitte an: %(phone)s") % {"phone": practice.phone}
        found += [(call, "F1"), ("", "F1")]
    found += [(_("Freundliche Grüße"), "F1"), (practice.name, "F1")]
    return found


def _phone(practice: Practice) -> str:
    return _("Tel. %(phone)s") % {"phone": practice.phone} if practice.phone else ""
