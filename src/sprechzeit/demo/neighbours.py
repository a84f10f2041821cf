"""Small invented practices around the demo's own, so that the search has something to find. Each can be booked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.found import add_location, add_resource, add_visit_type, found_practice
from sprechzeit.practices.models import Practice
from sprechzeit.staff.keys import furnish_keys, tell_pair
from sprechzeit.timetable.materialise import rewrite_openings
from sprechzeit.timetable.models import WeeklyRule
from sprechzeit.vault import generate_key_pair

WELCOME_DE = "Diese Praxis ist erfunden. Ein Termin hier dient nur zum Ausprobieren: Niemand liest ihn."
WELCOME_EN = "This practice is invented. An appointment here is only for trying things out: nobody reads it."
MORNING, AFTERNOON = ("08:30", "12:00"), ("14:00", "17:30")
Hours = dict[int, list[tuple[str, str]]]


@dataclass(frozen=True)
class Neighbour:
    """A practice with one clinician, its hours and two visit types: German name, English name, minutes."""

    slug: str
    name: str
    place: tuple[str, str, str]  # street, postal code, town
    clinician: str
    specialty: str
    hours: Hours
    visit_types: tuple[tuple[str, str, int, dict[str, Any]], ...]
    profile: dict[str, Any] = field(default_factory=dict)


def _days(*weekdays: int) -> Hours:
    return {day: [MORNING, AFTERNOON] if day % 2 == 0 else [MORNING] for day in weekdays}


VIDEO = {"modality": "video", "video_link": "https://video.example/praxis-seerose"}
NEIGHBOURS = (
    Neighbour(
        "kinderpraxis-am-buergerpark",
        "Kinderpraxis am Bürgerpark",
        ("Parkstraße 3", "13187", "Berlin"),
        "Dr. med. Katharina Sommer",
        "Kinder- und Jugendmedizin",
        _days(0, 1, 2, 3, 4),
        (("Kindersprechstunde", "Children's consultation", 15, {}), ("Vorsorge U1 bis J1", "Check-up", 30, {})),
        {"languages": ["de", "en", "uk"], "accessibility": ["step-free", "parking"], "insurances": ["statutory"]},
    ),
    Neighbour(
        "hautpraxis-bergmann",
        "Hautpraxis Bergmann",
        ("Marheinekestraße 41", "10961", "Berlin"),
        "Dr. med. Tilo Bergmann",
        "Haut- und Geschlechtskrankheiten",
        _days(1, 3),
        (("Hautsprechstunde", "Skin consultation", 15, {}), ("Hautkrebsvorsorge", "Skin cancer screening", 20, {})),
        {"languages": ["de", "en", "ar"], "accessibility": ["lift"], "accepts_new": False},
    ),
    Neighbour(
        "augenpraxis-havelblick",
        "Augenpraxis Havelblick",
        ("Am Alten Hafen 7", "14467", "Potsdam"),
        "Dr. med. Ingrid Halvorsen",
        "Augenheilkunde",
        _days(0, 2, 4),
        (("Augensprechstunde", "Eye consultation", 20, {}), ("Sehtest", "Eye test", 10, {"grid_minutes": 10})),
        {"languages": ["de", "en", "ru"], "accessibility": ["step-free", "lift", "toilet", "guide-dog"]},
    ),
    Neighbour(
        "frauenpraxis-am-stadtpark",
        "Frauenärztliche Praxis am Stadtpark",
        ("Mühlenweg 18", "16321", "Bernau bei Berlin"),
        "Dr. med. Nilgün Şahin",
        "Frauenheilkunde und Geburtshilfe",
        _days(0, 1, 3, 4),
        (("Sprechstunde", "Consultation", 20, {}), ("Vorsorge", "Check-up", 20, {"open_to": "known"})),
        {"languages": ["de", "tr", "en"], "accessibility": ["step-free", "toilet"]},
    ),
    Neighbour(
        "orthopaedie-schlossblick",
        "Orthopädie am Schlossblick",
        ("Breite Gasse 9", "16515", "Oranienburg"),
        "Dr. med. Frank Ostermann",
        "Orthopädie und Unfallchirurgie",
        _days(2, 3),
        (("Sprechstunde", "Consultation", 15, {}), ("Stoßwellentherapie", "Shock wave therapy", 30, {})),
        {"languages": ["de", "pl"], "accessibility": ["lift", "parking"], "insurances": ["private", "self"]},
    ),
    Neighbour(
        "praxis-seerose",
        "Psychotherapeutische Praxis Seerose",
        ("Uferpromenade 2", "15711", "Königs Wusterhausen"),
        "Dipl.-Psych. Marlene Aue",
        "Psychotherapie",
        _days(0, 1, 2, 3),
        (("Erstgespräch", "First conversation", 50, {"grid_minutes": 60}), ("Videogespräch", "Video call", 50, VIDEO)),
        {"languages": ["de", "en", "fa"], "accessibility": []},
    ),
)


def furnish_neighbours(today: date) -> None:
    """Make them all, with their openings; their private keys are thrown away."""
    for one in NEIGHBOURS:
        _furnish(one, today)


def _furnish(one: Neighbour, today: date) -> None:
    pair = generate_key_pair()
    street, postal_code, city = one.place
    state = "BE" if city == "Berlin" else "BB"
    practice = found_practice(
        slug=one.slug,
        name=one.name,
        kind=Practice.Kind.DEMO,
        public_key=pair.public,
        street=street,
        postal_code=postal_code,
        city=city,
        subdivision=state,
        phone="+49 30 23125 099",
        welcome_de=WELCOME_DE,
        welcome_en=WELCOME_EN,
        responsible=one.clinician,
        imprint="Diese Praxis gibt es nicht. Sie steht in der Demo, damit die Suche etwas findet.",
        privacy_contact=one.clinician,
        **one.profile,
    )
    number = PracticeId(practice.id)
    furnish_keys(number, pair)
    tell_pair(number, pair)
    with acting_for(number):
        location = add_location(number, name=city, street=street, postal_code=postal_code, city=city)
        clinician = add_resource(number, location, kind="clinician", name=one.clinician, specialty=one.specialty)
        WeeklyRule.objects.bulk_create(
            WeeklyRule(
                practice_id=number,
                resource=clinician,
                weekday=weekday,
                opens=time.fromisoformat(opens),
                closes=time.fromisoformat(closes),
                valid_from=today,
            )
            for weekday, spans in one.hours.items()
            for opens, closes in spans
        )
        for position, (german, english, minutes, more) in enumerate(one.visit_types):
            fields = {"name_de": german, "name_en": english, "duration_minutes": minutes, "grid_minutes": 15}
            order = {"tone": position + 1, "position": position}
            add_visit_type(number, [[ResourceId(clinician.id)]], {**fields, **order, **more})
    rewrite_openings(number, today=today)
