"""Search a practice's patients after opening them: there is no index of names anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.person import parse_date
from sprechzeit.patients.restricted import restricted_among
from sprechzeit.patients.sealed import Listed, read_likely, read_listed
from sprechzeit.vault import PracticeKeys

FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "ł": "l", "đ": "d"})
BARE = str.maketrans({"æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
SHOWN = 20
SPACED_DATE = re.compile(r"\b(\d{1,2})\.\s+(\d{1,2})\.\s*(\d{4}|\d{2})\b")
SHORT_YEAR = re.compile(r"(\d{1,2}[.\-/]\d{1,2}[.\-/])(\d{2})", re.ASCII)
YEAR = re.compile(r"(19|20)\d\d", re.ASCII)


def fold(text: str) -> str:
    """Lower case, umlauts written out, accents dropped: Müller, Mueller and MÜLLER are the same."""
    if text.isascii():  # most names, and much faster
        return text.lower()
    quick = text.casefold().translate(FOLDED)
    return quick if quick.isascii() else _folded(text, FOLDS)


def bare(text: str) -> str:
    """Lower case without any accent or dots: whoever types Muller finds Müller too."""
    return text.lower() if text.isascii() else _folded(text, BARE)


def _folded(text: str, letters: dict[int, str]) -> str:
    lowered = unicodedata.normalize("NFC", text.casefold()).translate(letters)
    return "".join(letter for letter in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(letter))


FOLDED = {number: _folded(chr(number), FOLDS) for number in range(0xC0, 0x250)}  # Latin letters, done once


def digits(text: str) -> str:
    """A phone number as typed, ready to compare with the end of an international one."""
    return re.sub(r"\D", "", text).removeprefix("00").lstrip("0")


@dataclass(frozen=True, repr=False)
class Asked:
    """What was typed, by its kind: words of a name, a birth date, digits of a phone number, an e-mail.

    A birth date is ISO 8601; with a year of two digits it may be of either century. Four digits may be a birth year.
    """

    words: tuple[str, ...]
    bare_words: tuple[str, ...]
    birth_dates: tuple[str, ...]
    number: str
    email: str

    def __bool__(self) -> bool:
        return bool(self.words or self.birth_dates or len(self.number) >= 3 or len(self.email) >= 3)


def matches(patient: Listed, asked: Asked) -> bool:
    """Whether the patient has all of what was typed."""
    if asked.birth_dates and patient.birth_date not in asked.birth_dates:
        return False
    if asked.number and asked.number not in patient.phone:
        is_year = YEAR.fullmatch(asked.number) and patient.birth_date.startswith(asked.number)
        if not is_year:
            return False
    if asked.email and asked.email not in patient.email.casefold():
        return False
    name = f"{patient.last_name} {patient.first_name}"
    folded = fold(name)
    if all(word in folded for word in asked.words):
        return True
    if name.isascii() and asked.words == asked.bare_words:
        return False
    stripped = bare(name)
    return all(word in stripped for word in asked.bare_words)


def could_match(asked: Asked) -> Callable[[str], bool]:
    """The same question to a whole line, quicker and less exact: whoever ``matches`` says yes to, it says yes to."""
    words, bare_words, dates, number, email = (
        asked.words, asked.bare_words, asked.birth_dates, asked.number, asked.email
    )  # fmt: skip  # lines grouped by hand

    def could(line: str) -> bool:
        lowered = line.lower() if line.isascii() else fold(line)
        for word in words:
            if word not in lowered:
                break
        else:
            return _has_numbers(line)
        stripped = lowered if line.isascii() else bare(line)
        return all(word in stripped for word in bare_words) and _has_numbers(line)

    def _has_numbers(line: str) -> bool:
        if dates and not any(one in line for one in dates):
            return False
        return number in line and (not email or email in line.casefold())

    return could


def understand(text: str) -> Asked:
    """Split what was typed; what has an ``@`` is a part of an e-mail address."""
    words: list[str] = []
    birth_dates: tuple[str, ...] = ()
    number = ""
    email = ""
    for part in SPACED_DATE.sub(r"\1.\2.\3", text).replace(",", " ").split():
        if "@" in part:
            email = part.casefold()
        elif not any(letter.isdigit() for letter in part):
            words.append(part)
        elif found := dates_of(part):
            birth_dates = found
        else:
            number += part
    return Asked(tuple(map(fold, words)), tuple(map(bare, words)), birth_dates, digits(number), email)


def dates_of(text: str) -> tuple[str, ...]:
    """What birth date this may be, ISO 8601; with a short year there may be two, one of them in the future."""
    short = SHORT_YEAR.fullmatch(text)
    forms = [short[1] + century + short[2] for century in ("19", "20")] if short else [text]
    return tuple(found.isoformat() for form in forms if (found := parse_date(form)))


def search(keys: PracticeKeys, actor: Actor, text: str) -> list[Listed]:
    """Patients by any part of name, phone, e-mail, or by birth date; at most 20, by name. Who was shown is recorded."""
    practice = PracticeId(keys.practice)
    asked = understand(text[:100])
    if not asked:
        return []
    with acting_for(practice):
        found = [patient for patient in read_likely(keys, could_match(asked)) if matches(patient, asked)]
        shown = sorted(found, key=lambda patient: (fold(patient.name), patient.birth_date))[:SHOWN]
        if shown:
            record(practice, actor, "patient.search", [patient.id for patient in shown], {"count": len(shown)})
        return _marked(practice, shown)


def one_listed(keys: PracticeKeys, actor: Actor, patient: UUID) -> list[Listed]:
    """This one patient as the search would show them, or nobody; recorded like a search."""
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        found = read_listed(keys, [patient])
        if found:
            record(practice, actor, "patient.search", [patient], {"count": 1})
        return _marked(practice, found)


def _marked(practice: PracticeId, shown: list[Listed]) -> list[Listed]:
    """With the mark of those of whom processing is restricted."""
    marked = restricted_among(practice, [one.id for one in shown])
    return [replace(one, is_restricted=True) if one.id in marked else one for one in shown]
