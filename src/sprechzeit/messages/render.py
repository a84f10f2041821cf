"""Make the mail: subject, plain text, simple HTML, and the appointment for the calendar.

It names the practice and the time. Neither the visit type nor any name of the patient is known here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine
from django.urls import reverse
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language_bidi, override, pgettext
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.messages.calendar import address_of, calendar_with, event_of, invite
from sprechzeit.messages.channels import Refused, Rendered
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.practices.models import Practice

Kind = Message.Kind
WITH_CALENDAR = {Kind.CONFIRMATION, Kind.CHANGE, Kind.CANCELLATION}
BLANK = "\n\n"
WIRE = SMTP.clone(max_line_length=998)  # a link folded in the middle would be no link (RFC 5322, section 2.1.1)


def render(message: Message, practice: Practice, letter: Letter) -> Rendered:
    """In the message's language, or in German where we do not speak it."""
    language = message.language if message.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    to = ascii_address(letter.to)
    with override(language):
        mail = _mail(message, practice, replace(letter, to=to), language)
    return Rendered(
        id=message.id,
        practice=practice.id,
        sender=settings.DEFAULT_FROM_EMAIL,
        to=to,
        content=mail.as_bytes(policy=WIRE),
    )


def ascii_address(address: str) -> str:
    """The domain as the DNS spells it. A mailbox's name beyond ASCII would need a server with SMTPUTF8 at each step.

    Raises
    ------
    Refused
    """
    mailbox, _at, domain = address.rpartition("@")
    try:
        spelled = f"{mailbox.encode('ascii').decode()}@{domain.encode('idna').decode()}"
        return Address(addr_spec=spelled).addr_spec
    except (ValueError, MessageError):
        raise Refused("address-impossible") from None


def starts_at(message: Message) -> datetime | None:
    """When the appointment that it is about begins; a code is about none."""
    told = message.facts.get("starts_at")
    return datetime.fromisoformat(told) if told else None


def _mail(message: Message, practice: Practice, letter: Letter, language: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = _subject(message)
    mail["From"] = Address(practice.name, addr_spec=settings.DEFAULT_FROM_EMAIL)
    mail["To"] = Address(addr_spec=letter.to)
    mail["Date"] = format_datetime(clock.now())
    # Always the same for the same message: a server or mailbox that gets it twice can tell.
    mail["Message-ID"] = f"<{message.id}@{urlsplit(settings.PUBLIC_URL).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers
    values = _values(message, practice, letter, language)
    mail["List-Unsubscribe"] = f"<{values['stop']}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(_text(f"messages/{message.kind}.txt", values), cte="quoted-printable")
    mail.add_alternative(_filled(f"messages/{message.kind}.html", values), subtype="html", cte="quoted-printable")
    begins = starts_at(message)
    if begins is not None and message.kind in WITH_CALENDAR:
        is_off = message.kind == Kind.CANCELLATION
        method = "CANCEL" if is_off else "REQUEST"
        event = event_of(
            practice,
            message.about,
            begins,
            datetime.fromisoformat(message.facts["ends_at"]),
            sequence=int(message.facts.get("sequence", 0)),
            status="CANCELLED" if is_off else "TENTATIVE" if message.facts.get("pending") else "CONFIRMED",
        )
        invite(event, practice, letter.to)
        mail.add_attachment(
            calendar_with(event, method),
            maintype="text",
            subtype="calendar",
            filename=_("termin.ics"),
            params={"method": method, "charset": "utf-8"},
        )
    return mail


def _subject(message: Message) -> str:
    """It shows on locked screens, so it tells no more than that there is an appointment."""
    match message.kind:
        case Kind.CODE:
            return _("Ihr Code für die Terminbuchung")
        case Kind.CONFIRMATION:
            return _("Ihre Terminanfrage") if message.facts.get("pending") else _("Ihr Termin ist gebucht")
        case Kind.CHANGE:
            return _("Ihr Termin wurde verschoben")
        case Kind.CANCELLATION:
            return _("Ihr Termin findet nicht statt")
        case _reminder:
            return _("Erinnerung an Ihren Termin")


def _values(message: Message, practice: Practice, letter: Letter, language: str) -> dict[str, Any]:
    begins = starts_at(message)
    local = begins.astimezone(practice.zone) if begins else None
    return {
        "practice": practice,
        "address": address_of(practice),
        "subject": _subject(message),
        "code": letter.code,
        "link": letter.link,
        "stop": settings.PUBLIC_URL + reverse("front:not-for-me", args=[practice.id, letter.stop]),
        "facts": message.facts,
        "day": formatted(local, pgettext("date format", "l, j. F Y")) if local else "",
        "time": formatted(local, "H:i") if local else "",
        "language": language,
        "direction": "rtl" if get_language_bidi() else "ltr",
    }


def _filled(template: str, values: dict[str, Any], *, escaped: bool = True) -> str:
    return str(Engine.get_default().get_template(template).render(Context(values, autoescape=escaped)))


def _text(template: str, values: dict[str, Any]) -> str:
    """Plain text: nothing is escaped, and what is left out leaves no hole."""
    paragraphs = _filled(template, values, escaped=False).split(BLANK)
    return BLANK.join(one.strip("\n").rstrip() for one in paragraphs if one.strip()) + "\n"
