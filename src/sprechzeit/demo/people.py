"""Six hundred invented people, the same every time. Phone numbers come from the range kept free for fiction."""

from __future__ import annotations

import random
from datetime import date, timedelta

from faker import Faker

from sprechzeit.patients.person import Person

SEED = 20240611
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def invented_people(count: int, today: date) -> list[Person]:
    """``count`` people, from infants to the very old; e-mail addresses end in example.org (RFC 2606)."""
    faker = Faker("de_DE")
    faker.seed_instance(SEED)
    chance = random.Random(SEED)  # noqa: S311 - invented data, the same every time
    people = []
    for number in range(count):
        first = faker.first_name_female() if chance.random() < 0.56 else faker.first_name_male()
        last = faker.last_name().removeprefix("auch ")  # Faker lists a few as "also ..."
        age_days = int(min(97, max(0.4, chance.triangular(0, 95, 58))) * 365.25)
        address = f"{first}.{last}{number}".lower().translate(UMLAUTS)
        ascii_address = "".join(
            letter for letter in address if letter.isascii() and (letter.isalnum() or letter == ".")
        )
        people.append(
            Person(
                first_name=first,
                last_name=last,
                email=f"{ascii_address}@example.org" if chance.random() < 0.7 else "",
                phone=f"+493023125{chance.randrange(1000):03d}",  # Bundesnetzagentur: (0)30 23125 000 to 999
                birth_date=today.replace(day=1) - timedelta(days=age_days),
            )
        )
    return people
