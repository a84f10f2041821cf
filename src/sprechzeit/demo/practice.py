"""The demo's practice: three clinicians, two rooms, a device, eight visit types, a week's hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sprechzeit.audit.record import SYSTEM
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.found import add_location, add_resource, add_visit_type, found_practice
from sprechzeit.practices.models import Practice, Resource, VisitType
from sprechzeit.staff.day_sheet_key import set_day_sheet_passphrase
from sprechzeit.staff.demo import DAY_SHEET_PASSPHRASE
from sprechzeit.staff.keys import furnish_keys, tell_pair
from sprechzeit.timetable.holidays import public_holidays
from sprechzeit.timetable.materialise import rewrite_openings
from sprechzeit.timetable.models import ScheduleException, WeeklyRule
from sprechzeit.vault import PracticeKeys, generate_key_pair

SLUG = "lindenpark"
PAST = timedelta(weeks=5)
COMING = timedelta(weeks=8)
ZONE = ZoneInfo("Europe/Berlin")
Hours = dict[int, list[tuple[str, str]]]
PROFILE: dict[str, Any] = {
    "languages": ["de", "en", "tr"],
    "accessibility": ["step-free", "lift", "toilet", "guide-dog"],
    "directions_de": "U-Bahn Lindenpark, Ausgang Nord, zwei Minuten zu Fuß. Der Eingang liegt im Hof, "
    "der Aufzug links hinter der Tür. Zwei Behindertenparkplätze vor dem Haus.",
    "directions_en": "Underground station Lindenpark, exit north, two minutes on foot. The entrance is in the "
    "courtyard, the lift on the left behind the door. Two parking bays for disabled people in front of the house.",
    "responsible": "Dr. med. Miriam Vogt und Dr. med. Jonas Reuter",
    "imprint": "E-Mail: praxis@lindenpark.example\n\nBerufsbezeichnung: Ärztin, Arzt (verliehen in Deutschland). "
    "Die Praxis, ihre Kammer und ihre Berufsordnung sind erfunden wie alles in dieser Demo.",
    "privacy_contact": "Dr. med. Miriam Vogt, Lindenallee 12, 10115 Berlin, datenschutz@lindenpark.example",
}

VOGT: Hours = {
    0: [("08:00", "12:00"), ("14:00", "17:00")],
    1: [("08:00", "12:00"), ("15:00", "18:30")],
    2: [("08:00", "12:30")],
    3: [("08:00", "12:00"), ("14:00", "17:00")],
    4: [("08:00", "13:00")],
}
REUTER: Hours = {
    0: [("08:30", "12:30"), ("14:30", "18:00")],
    1: [("08:30", "12:30")],
    2: [("08:30", "12:30"), ("13:30", "16:00")],
    3: [("08:30", "12:30"), ("15:00", "19:00")],
    4: [("08:30", "12:30")],
}
AYDIN: Hours = {
    0: [("09:00", "13:00")],
    1: [("09:00", "13:00"), ("14:00", "18:00")],
    3: [("09:00", "13:00")],
    4: [("08:00", "12:00")],
}
LAB: Hours = {day: [("07:30", "18:30")] for day in range(5)}


@dataclass(frozen=True, repr=False)
class DemoPractice:
    """The furnished practice; ``keys`` live only while it is being made."""

    practice: Practice
    keys: PracticeKeys
    clinicians: tuple[Resource, ...]
    others: tuple[Resource, ...]
    visit_types: tuple[VisitType, ...]


def furnish(today: date) -> DemoPractice:
    """Make the practice with its rules, an absence, a closed bridge day, and its openings."""
    pair = generate_key_pair()
    practice = found_practice(
        slug=SLUG,
        name="Praxis am Lindenpark",
        kind=Practice.Kind.DEMO,
        public_key=pair.public,
        street="Lindenallee 12",
        postal_code="10115",
        city="Berlin",
        phone="+49 30 23125 000",
        phone_purpose="Falls sich am Termin etwas ändert.",
        confirm_email=False,  # whoever tries the demo has no mailbox; it can be switched on in the settings
        welcome_de="Akute Beschwerden? Die Akutsprechstunde wird jeden Tag neu freigegeben. Für Rezepte und "
        "Überweisungen brauchen Sie keinen Termin.",
        welcome_en="Acute complaints? Urgent consultations are released day by day. For prescriptions and "
        "referrals you need no appointment.",
        birth_date_purpose="Damit wir Sie nicht mit jemandem gleichen Namens verwechseln.",
        **PROFILE,
    )
    number = PracticeId(practice.id)
    keys = furnish_keys(number, pair)
    tell_pair(number, pair)
    with acting_for(number):
        location = add_location(number, name="Lindenallee", street="Lindenallee 12", postal_code="10115", city="Berlin")

        def resource(position: int, kind: str, name: str, capacity: int = 1, specialty: str = "") -> Resource:
            return add_resource(
                number, location, kind=kind, name=name, capacity=capacity, position=position, specialty=specialty
            )

        vogt = resource(1, "clinician", "Dr. med. Miriam Vogt", specialty="Allgemeinmedizin")
        reuter = resource(2, "clinician", "Dr. med. Jonas Reuter", specialty="Innere Medizin")
        aydin = resource(3, "clinician", "Leyla Aydın", specialty="Allgemeinmedizin")
        lab = resource(4, "room", "Labor", capacity=2)
        room = resource(5, "room", "Raum 2")
        ecg = resource(6, "device", "EKG-Gerät")
        for one, hours in ((vogt, VOGT), (reuter, REUTER), (aydin, AYDIN), (lab, LAB), (room, LAB), (ecg, LAB)):
            _rules(number, one, hours, today - PAST - timedelta(days=7))
        _exceptions(number, aydin, today)
        visit_types = _visit_types(number, [vogt, reuter, aydin], lab, room, ecg)
    rewrite_openings(number, today=today - PAST)
    set_day_sheet_passphrase(keys, SYSTEM, DAY_SHEET_PASSPHRASE)
    return DemoPractice(practice, keys, (vogt, reuter, aydin), (lab, room, ecg), visit_types)


def _rules(practice: PracticeId, resource: Resource, hours: Hours, since: date) -> None:
    WeeklyRule.objects.bulk_create(
        WeeklyRule(
            practice_id=practice,
            resource=resource,
            weekday=weekday,
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
            valid_from=since,
        )
        for weekday, spans in hours.items()
        for opens, closes in spans
    )


def absence_of(today: date) -> list[date]:
    """The days on which Leyla Aydın is away: Monday to Friday of the week after next."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=2)
    return [monday + timedelta(days=offset) for offset in range(5)]


def _exceptions(practice: PracticeId, absent: Resource, today: date) -> None:
    away = absence_of(today)
    bridge = bridge_day(today)
    rows = [
        (absent, ScheduleException.Kind.ABSENCE, away[0], away[-1] + timedelta(days=1), "Fortbildung"),
        (None, ScheduleException.Kind.CLOSURE, bridge, bridge + timedelta(days=1), "Brückentag"),
    ]
    ScheduleException.objects.bulk_create(
        ScheduleException(
            practice_id=practice,
            resource=resource,
            kind=kind,
            during=(_midnight(first), _midnight(until)),
            label=label,
        )
        for resource, kind, first, until, label in rows
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE)


def bridge_day(today: date) -> date:
    """The next working day between a public holiday and a weekend; the Friday in four weeks where there is none."""
    days = [today + timedelta(days=offset) for offset in range(7, COMING.days)]
    holidays = set(public_holidays("BE", {day.year for day in (*days, today)}))
    for day in days:
        beside = {0: day + timedelta(days=1), 3: day + timedelta(days=1), 4: day - timedelta(days=1)}.get(day.weekday())
        if beside in holidays and day not in holidays:
            return day
    return today + timedelta(days=28 + (4 - today.weekday()) % 7)


def _visit_types(
    practice: PracticeId, clinicians: list[Resource], lab: Resource, room: Resource, ecg: Resource
) -> tuple[VisitType, ...]:
    everybody = [ResourceId(one.id) for one in clinicians]
    physicians = everybody[:2]
    place = ResourceId(room.id)
    rows: list[tuple[str, str, int, int, list[list[ResourceId]], dict[str, Any]]] = [
        ("Sprechstunde", "Consultation", 15, 1, [everybody], {}),
        (
            "Akutsprechstunde",
            "Urgent consultation",
            10,
            2,
            [everybody],
            {"grid_minutes": 10, "horizon_days": 3, "lead_minutes": 30},
        ),
        ("Erstgespräch", "First visit", 30, 3, [everybody], {"grid_minutes": 15, "buffer_after_minutes": 5}),
        (
            "Gesundheits-Check-up mit EKG",
            "Health check with ECG",
            45,
            4,
            [physicians, [place], [ResourceId(ecg.id)]],
            {},
        ),
        ("EKG", "ECG", 20, 5, [[place], [ResourceId(ecg.id)]], {"grid_minutes": 10}),
        (
            "Blutentnahme",
            "Blood test",
            10,
            6,
            [[ResourceId(lab.id)]],
            {
                "grid_minutes": 10,
                "instructions_de": "Bitte kommen Sie nüchtern: zwölf Stunden vorher nichts essen, Wasser ist erlaubt.",
                "instructions_en": "Please come fasting: eat nothing for twelve hours before, water is fine.",
            },
        ),
        ("Impfung", "Vaccination", 10, 7, [[ResourceId(lab.id)], everybody], {"grid_minutes": 10}),
        ("Befundbesprechung", "Discussion of results", 20, 8, [everybody], {"online": False, "grid_minutes": 10}),
    ]
    return tuple(
        add_visit_type(
            practice,
            needs,
            {
                "name_de": name_de,
                "name_en": name_en,
                "duration_minutes": minutes,
                "tone": tone,
                "position": position,
                "grid_minutes": 15,
                **more,
            },
        )
        for position, (name_de, name_en, minutes, tone, needs, more) in enumerate(rows)
    )
