"""The data of one patient as a PDF to read, on as many pages of A4 as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import pydyf
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from sprechzeit.audit.words import sentence
from sprechzeit.booking.models import Appointment
from sprechzeit.messages.words import kind_in_words
from sprechzeit.patients.models import Consent
from sprechzeit.patients.person import Person
from sprechzeit.practices.models import Insurance
from sprechzeit.rights.access import Access, Request, Visit, Wait
from sprechzeit.rights.information import information
from sprechzeit.web.desk.a4 import HEIGHT, LEFT, WIDTH, draw_line, pages_of, wrapped
from sprechzeit.web.desk.appointment import STATUS_NAMES
from sprechzeit.web.desk.consent import SOURCES
from sprechzeit.web.desk.waiting_list import wishes_in_words

CHANNELS = {"email": gettext_lazy("E-Mail"), "sms": "SMS"}
TITLE, HEAD, TEXT, LEADING = 16, 12, 10, 14
TOP, LOWEST = HEIGHT - 64, 72
Line = tuple[str, int, str]  # text, size in points, font


def access_pdf(access: Access) -> bytes:
    """The file; each page says which it is of how many."""
    lines = [line for text, size, font in _lines(access) for line in _broken(text, size, font)]
    pages: list[list[tuple[int, Line]]] = [[]]
    y = TOP
    for line in lines:
        # A heading is not left alone at the end of a page.
        if y < LOWEST + (3 * LEADING if line[2] == "F2" else 0):
            pages.append([])
            y = TOP
        pages[-1].append((y, line))
        y -= LEADING + (line[1] - TEXT)
    return pages_of(_page(page, number, len(pages)) for number, page in enumerate(pages, 1))


def _broken(text: str, size: int, font: str) -> list[Line]:
    width = WIDTH - 2 * LEFT - (30 if font == "F2" else 0)  # the bold letters are a little wider than those measured
    return [(line, size, font) for line in wrapped(text, size, width) or [""]]


def _page(lines: list[tuple[int, Line]], number: int, count: int) -> pydyf.Stream:
    stream = pydyf.Stream()
    for y, (text, size, font) in lines:
        draw_line(stream, y, size, text, font)
    draw_line(stream, 40, 8, _("Seite %(number)d von %(count)d") % {"number": number, "count": count})
    return stream


def _lines(access: Access) -> Iterator[Line]:
    zone = access.practice.zone
    yield _("Auskunft über Ihre Daten"), TITLE, "F2"
    yield _("nach Artikel 15 DSGVO, erstellt am %(when)s") % {"when": _when(access.made_at, zone)}, TEXT, "F1"
    sections = (
        (_("Ihre Daten in der Kartei"), [*_person(access.record.person), *_since(access)]),
        (_("Termine"), [line for one in access.visits for line in _visit(one, zone)]),
        (_("Warteliste"), [line for one in access.waits for line in _wait(one, access)]),
        (_("Kontrollen"), list(_recalls(access))),
        (_("Einwilligungen"), list(_consents(access))),
        (_("Ihre Anträge"), [line for one in access.requests for line in _request(one, zone)]),
        (_("Nachrichten an Sie"), list(_messages(access))),
        (_("Vor der Zusammenführung zweier Einträge"), list(_merged(access))),
        (
            _("Protokoll der Zugriffe"),
            [f"{_when(one.at, zone)}: {sentence(one.action)}" for one in access.trail],
        ),
    )
    for title, found in sections:
        yield from _section(title, found or [_("Nichts gespeichert.")])
    for title, text in information(access):
        yield from _section(title, [text])


def _section(title: str, texts: list[str]) -> Iterator[Line]:
    yield "", TEXT, "F1"
    yield title, HEAD, "F2"
    for text in texts:
        yield text, TEXT, "F1"


def _person(person: Person) -> list[str]:
    born = formatted(person.birth_date, "d.m.Y") if person.birth_date else ""
    insurance = str(dict(Insurance.choices).get(person.insurance, person.insurance))
    return _labelled(
        (_("Name"), f"{person.first_name} {person.last_name}".strip()),
        (_("Geboren"), born),
        (_("Telefon"), person.phone),
        (_("E-Mail"), person.email),
        (_("Versicherung"), insurance),
        (_("Nachricht"), person.message),
        (_("Gebucht von"), person.booker),
        (_("Notiz"), person.note),
    )


def _since(access: Access) -> Iterator[str]:
    zone = access.practice.zone
    yield from _labelled(
        (_("Angelegt"), _when(access.record.created_at, zone)),
        (_("Verarbeitung eingeschränkt seit"), _when(access.record.restricted_at, zone)),
    )
    for one in access.confirmations:
        yield from _labelled(
            (_("Adresse: gefragt, ob sie stimmt"), _when(one.asked_at, zone)),
            (_("Adresse bestätigt"), _when(one.confirmed_at, zone)),
            (_("Adresse zurückgewiesen"), _when(one.refused_at, zone)),
        )
    for kept in access.addresses:
        until = {"channel": CHANNELS[kept.channel], "day": _when(kept.delete_after, zone)}
        yield _("Für Nachrichten zu einem Termin gespeichert (%(channel)s), bis %(day)s.") % until


def _visit(visit: Visit, zone: tzinfo) -> list[str]:
    one = visit.appointment
    status = STATUS_NAMES[Appointment.Status(one.status)]
    head = f"{_when(one.starts_at, zone)}: {one.visit_type.name}, {status}"
    at_booking, you_wrote = _("Bei der Buchung eingegeben"), _("Sie haben geschrieben")
    typed = [f"{at_booking} – {text}" for text in _person(visit.typed)] if visit.typed else []
    return [
        head,
        *_labelled(
            (_("Bei"), ", ".join(visit.resources)),
            (_("Gebucht"), _when(one.created_at, zone)),
            (_("Sie haben zugesagt"), _when(one.patient_confirmed_at, zone)),
            (_("Eingetroffen"), _when(one.arrived_at, zone)),
            (_("Grund der Ablehnung"), one.refusal),
            (_("Bemerkung der Praxis"), visit.comment),
        ),
        *typed,
        *(
            f"{you_wrote} ({_when(note.created_at, zone)}): "
            + ", ".join(filter(None, (note.sent.text, note.sent.email, note.sent.phone)))
            for note in visit.notes
        ),
        "",
    ]


def _wait(wait: Wait, access: Access) -> list[str]:
    one, zone = wait.entry, access.practice.zone
    lines = [f"{_when(one.created_at, zone)}: {one.visit_type.name}, {one.get_state_display()}"]
    lines += _labelled((_("Wünsche"), wishes_in_words(one, access.clinicians)))
    if wait.typed:
        meanwhile = _("Dabei eingegeben")
        lines += [f"{meanwhile} – {text}" for text in _person(wait.typed)]
    lines += [
        _("Angeboten: %(when)s, %(state)s") % {"when": _when(o.starts_at, zone), "state": o.get_state_display()}
        for o in wait.offers
    ]
    return lines


def _recalls(access: Access) -> Iterator[str]:
    states = {
        "due": _("noch nicht eingeladen"),
        "invited": _("eingeladen"),
        "booked": _("Termin gebucht"),
        "declined": _("abgelehnt"),
        "stopped": _("beendet"),
    }
    for one in access.recalls:
        due = formatted(one.due_on, "d.m.Y")
        told = {"name": one.visit_type.name, "day": due, "state": states[one.state]}
        yield _("%(name)s, fällig am %(day)s: %(state)s") % told


def _consents(access: Access) -> Iterator[str]:
    zone = access.practice.zone
    for one in access.consents:
        given = {
            "wording": one.wording,
            "when": _when(one.given_at, zone),
            "where": SOURCES[Consent.Source(one.source)],
        }
        yield _("„%(wording)s“ Erteilt am %(when)s (%(where)s).") % given
        if one.withdrawn_at:
            yield _("Beendet am %(when)s.") % {"when": _when(one.withdrawn_at, zone)}


def _request(one: Request, zone: tzinfo) -> list[str]:
    asked = one.asked
    return [
        f"{formatted(asked.received_on, 'd.m.Y')}: {asked.get_kind_display()}, {asked.get_state_display()}",
        *_labelled(
            (_("Sie haben geschrieben"), one.text),
            (_("Beantwortet"), _when(asked.closed_at, zone)),
            (_("Grund der Ablehnung"), asked.get_refusal_display()),
        ),
    ]


def _messages(access: Access) -> Iterator[str]:
    states = {
        "waiting": _("wird noch verschickt"),
        "sent": _("verschickt"),
        "failed": _("nicht angekommen"),
        "stopped": _("nicht verschickt"),
    }
    for one in access.messages:
        when = _when(one.done_at or one.created_at, access.practice.zone)
        yield f"{when}: {kind_in_words(one.kind)}, {CHANNELS[one.channel]}, {states[one.state]}"


def _merged(access: Access) -> Iterator[str]:
    for one in access.merged:
        yield _when(one.at, access.practice.zone)
        for person in (one.kept, one.absorbed):
            yield from _person(person)
            yield ""


def _labelled(*found: tuple[str, str]) -> list[str]:
    return [f"{label}: {value}" for label, value in found if value]


def _when(value: datetime | None, zone: tzinfo) -> str:
    return formatted(value.astimezone(zone), pgettext("date format", "j. F Y") + ", H:i") if value else ""
