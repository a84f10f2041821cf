"""Search a practice's patients after opening them: there is no index of names anywhere."""

from __future__ import annotations

import re
import unicodedata

from django.db import connections

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.person import parse_date
from sprechzeit.patients.sealed import Listed, open_listed
from sprechzeit.vault import PracticeKeys

FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "ł": "l", "đ": "d"})
SHOWN = 20
SPACED_DATE = re.compile(r"\b(\d{1,2})\.\s+(\d{1,2})\.\s+(\d{4})\b")


def fold(text: str) -> str:
    """Lower case, umlauts written out, accents dropped: Müller, Mueller and MÜLLER are the same."""
    lowered = unicodedata.normalize("NFC", text.casefold()).translate(FOLDS)
    return "".join(letter for letter in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(letter))


def digits(text: str) -> str:
    """A phone number as typed, ready to compare with the end of an international one."""
    return re.sub(r"\D", "", text).removeprefix("00").lstrip("0")


def matches(patient: Listed, words: list[str], birth_date: str, number: str) -> bool:
    """Whether the patient has all of what was typed."""
    if birth_date and patient.birth_date != birth_date:
        return False
    if number and number not in patient.phone:
        return False
    name = fold(patient.last_name + " " + patient.first_name)
    return all(word in name for word in words)


def understand(text: str) -> tuple[list[str], str, str]:
    """Split what was typed into words of a name, a birth date (ISO 8601) and digits of a phone number."""
    words: list[str] = []
    birth_date = ""
    number = ""
    for part in SPACED_DATE.sub(r"\1.\2.\3", text).replace(",", " ").split():
        if not any(letter.isdigit() for letter in part):
            words.append(fold(part))
        elif found := parse_date(part):
            birth_date = found.isoformat()
        else:
            number += part
    return words, birth_date, digits(number)


def search(keys: PracticeKeys, actor: Actor, text: str) -> list[Listed]:
    """Patients by any part of the name, by birth date or phone; at most 20, by name. Which were shown is recorded."""
    practice = PracticeId(keys.practice)
    words, birth_date, number = understand(text[:100])
    if not words and not birth_date and len(number) < 3:
        return []
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        cursor.execute("select id, name_sealed from patient where practice_id = %s", [practice])
        everybody = open_listed(keys, cursor.fetchall())
        found = [patient for patient in everybody if matches(patient, words, birth_date, number)]
        shown = sorted(found, key=lambda patient: (fold(patient.name), patient.birth_date))[:SHOWN]
        if shown:
            record(practice, actor, "patient.search", [patient.id for patient in shown], {"count": len(shown)})
    return shown
