"""Opened personal data: a type of its own, so that it cannot slip into a log or a message."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.errors import DomainError
from sprechzeit.practices.models import Insurance

NAME_LENGTH = 80
EMAIL_LENGTH = 200
NOTE_LENGTH = 1000
MESSAGE_LENGTH = 500
OLDEST = 130  # years
DATE_FORMS = (
    re.compile(r"(?P<d>\d{1,2})[.\-/ ](?P<m>\d{1,2})[.\-/ ](?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
)


class InvalidPerson(DomainError):
    """What was typed cannot be taken. ``errors`` has one sentence for each field and never the value."""

    code = "invalid-person"
    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(_("Bitte prüfen Sie Ihre Angaben."))
        self.errors = dict(errors)


@dataclass(frozen=True, repr=False)
class Person:
    """Who comes. Its ``repr`` and ``str`` show nothing."""

    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    birth_date: date | None = None
    note: str = ""
    insurance: str = ""  # what the one who booked said: of practices.models.Insurance
    message: str = ""  # to the practice, about this one visit
    booker: str = ""  # who booked, where it is somebody else

    def __repr__(self) -> str:
        return "Person(…)"

    @property
    def listed_name(self) -> str:
        """As in a list: last name, first name."""
        return f"{self.last_name}, {self.first_name}".strip(", ")

    def age(self, today: date) -> int | None:
        """Completed years on that day."""
        return None if self.birth_date is None else age_on(self.birth_date, today)

    def to_bytes(self) -> bytes:
        """For sealing."""
        values = asdict(self)
        values["birth_date"] = self.birth_date.isoformat() if self.birth_date else None
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, opened: bytes) -> Person:
        values = json.loads(opened)
        birth_date = values.pop("birth_date", None)
        return cls(**values, birth_date=date.fromisoformat(birth_date) if birth_date else None)


def age_on(birth_date: date, day: date) -> int:
    """Completed years on that day. Born on 29 February, one is a year older on 1 March (BGB sections 187, 188)."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


FIELDS = ("last_name", "first_name", "birth_date", "phone", "email", "note")
"""The names of a person's fields, in the order in which the desk shows them."""


def differing(one: Person, other: Person) -> list[str]:
    """The names of the fields in which two persons differ."""
    return [field for field in FIELDS if getattr(one, field) != getattr(other, field)]


@dataclass(frozen=True)
class Asked:
    """What a form asks beside the name and the e-mail address; what it does not ask is not kept when sent."""

    phone: bool = True
    phone_needed: bool = False
    insurance: bool = False
    message: bool = False


def read_person(
    data: Mapping[str, str],
    *,
    birth_date_purpose: str,
    contact_needed: bool = True,
    with_note: bool = False,
    asked: Asked = Asked(),
) -> Person:
    """Read a person from a form or an API call; unknown fields are not looked at.

    Parameters
    ----------
    birth_date_purpose
        Why the practice asks for the birth date; empty: it is not asked and not kept even when sent.
    contact_needed
        Whether an e-mail address or a phone number must be given (the desk may do without).
    with_note
        Whether the desk's free note is read too; whoever books never writes one.
    asked
        What else the form asks.

    Raises
    ------
    InvalidPerson
        With one sentence for each field that is wrong.
    """
    errors: dict[str, str] = {}
    first_name = _line(data, "first_name", NAME_LENGTH, errors)
    last_name = _line(data, "last_name", NAME_LENGTH, errors)
    if not first_name and "first_name" not in errors:
        errors["first_name"] = _("Bitte geben Sie den Vornamen ein.")
    if not last_name and "last_name" not in errors:
        errors["last_name"] = _("Bitte geben Sie den Nachnamen ein.")
    email = _email(data, errors)
    phone = _phone(data, errors) if asked.phone or asked.phone_needed else ""
    if contact_needed:
        _require_contact(email, phone, asked, errors)
    birth_date = read_birth_date(data, errors) if birth_date_purpose else None
    if birth_date_purpose and contact_needed and birth_date is None and "birth_date" not in errors:
        errors["birth_date"] = _("Bitte geben Sie das Geburtsdatum ein, zum Beispiel 31.12.1980.")
    note = _text(data, "note", NOTE_LENGTH, errors) if with_note else ""
    insurance = data.get("insurance", "") if asked.insurance else ""
    if insurance and insurance not in Insurance.values:
        errors["insurance"] = _("Bitte treffen Sie eine Auswahl.")
    message = _text(data, "message", MESSAGE_LENGTH, errors) if asked.message else ""
    booker = _line(data, "booker", NAME_LENGTH, errors)
    if errors:
        raise InvalidPerson(errors)
    return Person(first_name, last_name, email, phone, birth_date, note, insurance, message, booker)


def _require_contact(email: str, phone: str, asked: Asked, errors: dict[str, str]) -> None:
    if asked.phone_needed and not phone and "phone" not in errors:
        errors["phone"] = _("Bitte geben Sie die Nummer an, unter der die Praxis Sie anruft.")
    if not email and not phone and not {"email", "phone"} & errors.keys():
        errors["email"] = (
            _("Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an.")
            if asked.phone
            else _("Bitte geben Sie Ihre E-Mail-Adresse an.")
        )


def _line(data: Mapping[str, str], field: str, length: int, errors: dict[str, str]) -> str:
    """One line of text, normalised (NFC), without control characters."""
    return _text(data, field, length, errors, breaks="")


def _text(data: Mapping[str, str], field: str, length: int, errors: dict[str, str], *, breaks: str = "\n") -> str:
    """Text of several lines: what is in ``breaks`` is allowed although it is a control character."""
    raw = data.get(field, "")
    if not isinstance(raw, str):
        errors[field] = _("Das ist kein Text.")
        return ""
    value = unicodedata.normalize("NFC", raw).strip()
    if breaks:
        value = value.replace("\r\n", "\n")
    forbidden = {"Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"}
    if any(unicodedata.category(letter) in forbidden and letter not in breaks for letter in value):
        errors[field] = _("Hier stehen Zeichen, die sich nicht speichern lassen.")
        return ""
    if len(value) > length:
        errors[field] = _("Das ist zu lang: höchstens %(count)d Zeichen.") % {"count": length}
        return ""
    return value


def _email(data: Mapping[str, str], errors: dict[str, str]) -> str:
    value = _line(data, "email", EMAIL_LENGTH, errors)
    if not value:
        return ""
    try:
        validate_email(value)
    except ValidationError:
        errors["email"] = _("Das ist keine vollständige E-Mail-Adresse, wie name@beispiel.de.")
    return value


def read_contact(data: Mapping[str, str]) -> tuple[str, str]:
    """E-mail address and phone number, at least one of both.

    Raises
    ------
    InvalidPerson
    """
    errors: dict[str, str] = {}
    email, phone = _email(data, errors), _phone(data, errors)
    if not email and not phone and not errors:
        errors["email"] = _("Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an.")
    if errors:
        raise InvalidPerson(errors)
    return email, phone


def _phone(data: Mapping[str, str], errors: dict[str, str]) -> str:
    """In the international form (E.164); numbers without a country code are German."""
    value = _line(data, "phone", 40, errors)
    if not value:
        return ""
    try:
        number = phonenumbers.parse(value, "DE")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        errors["phone"] = _("Das ist keine vollständige Telefonnummer, wie 030 1234567.")
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_birth_date(data: Mapping[str, str], errors: dict[str, str]) -> date | None:
    """A birth date in any usual form (1.2.1980, 01021980, 1980-02-01); wrong ones are put into ``errors``."""
    value = _line(data, "birth_date", 20, errors)
    if not value:
        return None
    found = parse_date(value)
    if found is None:
        errors["birth_date"] = _("Dieses Datum gibt es nicht. Bitte so: 31.12.1980.")
        return None
    today = clock.now().date()
    if found > today or today.year - found.year > OLDEST:
        errors["birth_date"] = _("Dieses Datum kann kein Geburtsdatum sein.")
        return None
    return found


def parse_date(text: str) -> date | None:
    """A date in a usual form, or None."""
    for form in DATE_FORMS:
        if (match := form.fullmatch(text.strip())) and text.isascii():
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
    return None
