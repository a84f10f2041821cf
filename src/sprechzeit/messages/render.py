"""Make the mail: subject, plain text, simple HTML, and the appointment for the calendar.

It names the practice and the time. Neither the visit type nor any name of the patient is known here.
"""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
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
from sprechzeit.messages.gsm import shortened, typed_simply
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.own_text import OwnText, language_of
from sprechzeit.messages.placeholders import fill, names_in
from sprechzeit.messages.texts import WITHOUT_LINK, text_of
from sprechzeit.practices.models import Practice

Kind = Message.Kind
WITH_CALENDAR = {Kind.CONFIRMATION, Kind.CHANGE, Kind.CANCELLATION}
BLANK = "\n\n"
WIRE = SMTP.clone(max_line_length=998)  # a link folded in the middle would be no link (RFC 5322, section 2.1.1)


@dataclass(frozen=True, repr=False)
class Parts:
    """What its reader sees."""

    subject: str
    plain: str
    page: str


def render(message: Message, practice: Practice, letter: Letter, own: OwnText | None = None) -> Rendered:
    """In the message's language, or in German where we do not speak it; in the practice's own words if it has any."""
    if message.channel == Message.Channel.SMS:
        return render_sms(message, practice, letter)
    language = language_of(message)
    to = ascii_address(letter.to)
    with override(language):
        parts = parts_of(message, practice, letter, language, own)
        content = _mail(message, practice, replace(letter, to=to), parts)
    return Rendered(
        id=message.id,
        practice=practice.id,
        sender=settings.DEFAULT_FROM_EMAIL,
        to=to,
        content=content,
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


def parts_of(message: Message, practice: Practice, letter: Letter, language: str, own: OwnText | None) -> Parts:
    """Subject, plain text and HTML, in the language that is active."""
    values = _values(message, practice, letter, language)
    template = f"messages/{message.kind}"
    if own is not None:
        values |= _own_values(message, own, values)
        template = "messages/own"
    return Parts(values["subject"], _text(f"{template}.txt", values), _filled(f"{template}.html", values))


def render_sms(message: Message, practice: Practice, letter: Letter) -> Rendered:
    """A short plain text: the practice, the time, the links. It has no calendar file, and texts of ours only."""
    language = language_of(message)
    with override(language):
        text = sms_of(message, practice, letter, language)
    sender = settings.SMS.sender if settings.SMS else practice.name
    return Rendered(message.id, practice.id, sender, letter.to, text.encode(), Message.Channel.SMS)


def sms_of(message: Message, practice: Practice, letter: Letter, language: str) -> str:
    """Its text, in the language that is active; two SMS long where names and addresses are of a usual length."""
    values = _values(message, practice, letter, language)
    begins = starts_at(message)
    day = begins.astimezone(practice.zone) if begins else None
    values["day"] = formatted(day, pgettext("date format", "D, j.n.Y")) if day else ""
    values["name"] = shortened(practice.name)
    lines = _filled(f"messages/{message.kind}.sms.txt", values, escaped=False).splitlines()
    return typed_simply("\n".join(line.strip() for line in lines if line.strip()))


def built_in(message: Message, language: str) -> OwnText:
    """What we bring, with words in braces where the practice's data will stand: where it begins to write its own."""
    with override(language):
        text = text_of(message)
        has_link = text is not None and text not in WITHOUT_LINK
        values = {
            "facts": message.facts, "day": "{day}", "time": "{time}", "link": "{link}" if has_link else "",
            "is_bare": True,
        }  # fmt: skip  # lines grouped by hand
        lines = _text(f"messages/{message.kind}.txt", values).splitlines()
        return OwnText(_subject(message), "\n".join(line.strip() for line in lines).strip())


def _mail(message: Message, practice: Practice, letter: Letter, parts: Parts) -> bytes:
    headers = [
        _folded("Subject", parts.subject),
        _folded("From", str(Address(practice.name, addr_spec=settings.DEFAULT_FROM_EMAIL))),
        _plain("To", letter.to),
        _plain("Date", format_datetime(clock.now())),
        # Always the same for the same message: a server or mailbox that gets it twice can tell.
        _plain("Message-ID", f"<{message.id}@{urlsplit(settings.PUBLIC_URL).hostname}>"),
        _plain("Auto-Submitted", "auto-generated"),  # RFC 3834: no answering machine answers
        _plain("List-Unsubscribe", f"<{_stop_link(message, practice, letter)}>"),
        _plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),  # RFC 8058
        _plain("MIME-Version", "1.0"),
    ]
    body = _several("alternative", message, [_quoted("plain", parts.plain), _quoted("html", parts.page)])
    calendar = _calendar(message, practice, letter)
    return b"".join(headers) + (_several("mixed", message, [body, calendar]) if calendar else body)


def _calendar(message: Message, practice: Practice, letter: Letter) -> bytes:
    """The appointment as an attachment; empty where there is none to tell of."""
    begins = starts_at(message)
    if begins is None or message.kind not in WITH_CALENDAR:
        return b""
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
    part = EmailMessage()
    part.set_content(
        calendar_with(event, method),
        maintype="text",
        subtype="calendar",
        disposition="attachment",
        filename=_("termin.ics"),
        params={"method": method, "charset": "utf-8"},
    )
    return part.as_bytes(policy=WIRE)


# The mail is put together here, because EmailMessage parses and folds every header of every part anew: most of the
# time that a message took. A morning's reminders have few different subjects and senders.
@lru_cache(maxsize=1024)
def _folded(name: str, value: str) -> bytes:
    """A header with words beyond ASCII, encoded and folded by the standard library."""
    return WIRE.fold_binary(name, WIRE.header_store_parse(name, value)[1])


def _plain(name: str, value: str) -> bytes:
    """A header that we make ourselves; a line end in it would be another header."""
    if not value.isascii() or not value.isprintable():
        raise ValueError(f"{name} is not one line of ASCII")
    return f"{name}: {value}\r\n".encode()


def _quoted(subtype: str, text: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    return head.encode() + b2a_qp(lines.encode(), istext=True)


def _several(subtype: str, message: Message, parts: list[bytes]) -> bytes:
    """RFC 2046, section 5.1; the boundary cannot stand in quoted-printable or base64."""
    boundary = f"={subtype}_{message.id.hex}".encode()
    head = b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n' % (subtype.encode(), boundary)
    return head + b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts) + b"--%b--\r\n" % boundary


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
        case Kind.NOTE:
            return _("Nachricht zu Ihrem Termin")
        case Kind.ADDRESS:
            return _("Ist das Ihre E-Mail-Adresse?")
        case Kind.NEW_ADDRESS:
            return _("Neue Kontaktdaten zu Ihrem Termin")
        case Kind.FOLLOW_UP:
            return _("Nach Ihrem Termin")
        case Kind.OFFER:
            return _("Für Sie ist eine Zeit frei geworden")
        case Kind.WAITING_LIST:
            return (
                _("Bitte bestätigen Sie Ihren Platz") if message.facts.get("confirm") else _("Ihr Platz auf der Liste")
            )
        case Kind.RECALL:
            return _("Einladung Ihrer Praxis")
        case _reminder:
            return _("Erinnerung an Ihren Termin")


def _values(message: Message, practice: Practice, letter: Letter, language: str) -> dict[str, Any]:
    begins = starts_at(message)
    local = begins.astimezone(practice.zone) if begins else None
    until = message.facts.get("until")
    answer_until = datetime.fromisoformat(until).astimezone(practice.zone) if until else None
    return {
        "practice": practice,
        "address": address_of(practice),
        "subject": _subject(message),
        "code": letter.code,
        "link": letter.link,
        "text": letter.text,
        "stop": _stop_link(message, practice, letter),
        "confirm": _confirm(message, practice, letter),
        "facts": message.facts,
        "prepayment": _prepayment(message, language),
        "day": formatted(local, pgettext("date format", "l, j. F Y")) if local else "",
        "time": formatted(local, "H:i") if local else "",
        "until_day": formatted(answer_until, pgettext("date format", "l, j. F Y")) if answer_until else "",
        "until_time": formatted(answer_until, "H:i") if answer_until else "",
        "language": language,
        "direction": "rtl" if get_language_bidi() else "ltr",
    }


def _prepayment(message: Message, language: str) -> str:
    """The practice's note as pages choose it: German for who reads German, and where there is no other."""
    told = "" if language == "de" else message.facts.get("prepayment_en", "")
    return str(told or message.facts.get("prepayment_de", ""))


def _own_values(message: Message, own: OwnText, values: Mapping[str, Any]) -> dict[str, Any]:
    """Its words filled in; the link stands below them where they do not name it and there is one."""
    words = {name: str(values[name]) for name in ("day", "time", "link", "address")}
    words |= {"practice": values["practice"].name, "phone": values["practice"].phone, "visit_type": own.visit_type}
    text = text_of(message)
    names_link = text in WITHOUT_LINK or "link" in names_in(own.body, words)
    return {
        "subject": " ".join(fill(own.subject, words).split()),
        "body": fill(own.body, words),
        "link": "" if names_link else values["link"],
    }


def _stop_link(message: Message, practice: Practice, letter: Letter) -> str:
    """An invitation is about no appointment: its page says so, by a word in the address and without looking it up."""
    link = str(settings.PUBLIC_URL + reverse("front:not-for-me", args=[practice.id, letter.stop]))
    return f"{link}?einladung=1" if message.kind == Kind.RECALL else link


def _confirm(message: Message, practice: Practice, letter: Letter) -> str:
    """Where its owner says that an address typed at the desk is theirs."""
    if message.kind != Kind.ADDRESS:
        return ""
    return str(settings.PUBLIC_URL + reverse("front:confirm-address", args=[practice.id, letter.code]))


def _filled(template: str, values: dict[str, Any], *, escaped: bool = True) -> str:
    """A whole document: not marked as safe, so that a page which shows it escapes it."""
    return Engine.get_default().get_template(template).render(Context(values, autoescape=escaped)) + ""


def _text(template: str, values: dict[str, Any]) -> str:
    """Plain text: nothing is escaped, and what is left out leaves no hole."""
    paragraphs = _filled(template, values, escaped=False).split(BLANK)
    return BLANK.join(one.strip("\n").rstrip() for one in paragraphs if one.strip()) + "\n"
