"""Who was put in, to count exactly what came out, and how to see them in anything that was found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import psycopg

from sprechzeit.bench.people import FIRST, LAST
from sprechzeit.drill.scene import Scene
from sprechzeit.patients.person import Person
from sprechzeit.vault import Context, Secret, open_many, open_shreddable

# Not within a longer run of letters and digits: identifiers and hashes in hexadecimal would look like numbers.
PHONE = re.compile(rb"(?<![0-9A-Za-z-])(?:\+?49|0)[ /-]?30[ /-]?(\d{8})(?![0-9A-Za-z])")
MAIL = re.compile(rb"[A-Za-z0-9.+-]{2,60}@example\.org")
BETWEEN = r"[^\w@]{1,12}"
PATIENTS = """
    select patient.id::text, patient.name_sealed, record_key.key from patient
    join record_key on record_key.practice_id = patient.practice_id and record_key.record = patient.id
    where patient.practice_id = %s
"""
INTAKES = """
    select intake.id::text, intake.sealed, record_key.key from intake
    join record_key on record_key.practice_id = intake.practice_id and record_key.record = intake.id
    where intake.practice_id = %s
"""
OWN_INTAKES = 25  # of a practice are opened as a control; HPKE opens some thousand a second


def _pairs() -> re.Pattern[bytes]:
    first, last = "|".join(map(re.escape, FIRST)), "|".join(map(re.escape, LAST))
    return re.compile(f"(?:(?:{first}){BETWEEN}(?:{last})|(?:{last}){BETWEEN}(?:{first}))".encode())


NAMES = _pairs()


@dataclass(repr=False)
class People:
    """Everybody's telephone number (eight digits) and mail address. Names repeat, so they are counted by place."""

    records: int = 0
    phones: set[bytes] = field(default_factory=set)
    mails: set[bytes] = field(default_factory=set)
    named: set[tuple[str, str, str]] = field(default_factory=set)  # last name, first name, birth date

    def add(self, last: str, first: str, born: str, phone: str, mail: str) -> None:
        self.records += 1
        self.phones.add(phone[-8:].encode())
        self.mails.add(mail.lower().encode())
        self.named.add((last, first, born))

    def add_person(self, person: Person) -> None:
        born = person.birth_date.isoformat() if person.birth_date else ""
        self.add(person.last_name, person.first_name, born, person.phone, person.email)

    def seen_in(self, content: bytes, *, names: bool) -> set[bytes]:
        """Who can be read in it, by number or address; ``names``: look for first and last names side by side too."""
        found = {one for one in PHONE.findall(content) if one in self.phones}
        found |= {one for one in map(bytes.lower, MAIL.findall(content)) if one in self.mails}
        return found | set(NAMES.findall(content)) if names else found


def people_of(scene: Scene) -> People:
    """All that were loaded, opened with the practices' own keys: what is in the database can be opened by its owner.

    Raises
    ------
    CannotOpen
        A record does not open with its practice's keys.
    """
    people = People()
    with psycopg.connect(scene.url()) as connection:
        for plan in scene.plans:
            keys = scene.keys(plan.practice)
            rows = [(row, bytes(line), bytes(key)) for row, line, key in connection.execute(PATIENTS, [plan.practice])]
            for opened in open_many(keys.keyring, rows, plan.practice, "patient", "name_sealed"):
                people.add(*opened.decode().split("\x1f"))
            for number, (row, sealed, key) in enumerate(connection.execute(INTAKES, [plan.practice])):
                if number >= OWN_INTAKES:
                    people.records += 1
                    continue
                context = Context(plan.practice, "intake", "sealed", row)
                opened = open_shreddable(keys.private_key, Secret(bytes(key)), bytes(sealed), context)
                people.add_person(Person.from_bytes(opened))
    return people
