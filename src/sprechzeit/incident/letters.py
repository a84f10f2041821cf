"""Letters and mails to those concerned (Art. 34 GDPR), made in a member's session: the host can read no address.

Who has an appointment to come and a confirmed address for it gets a mail, by the same way as messages written by hand;
everybody gets a letter, where no mail is wanted. In a letter stand the categories of that one person's data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.tell import tell_by_hand
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.guard.freeze import require_not_frozen
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.incident.concerned import Concerned, Extent
from sprechzeit.incident.documents import Document, Kind, document
from sprechzeit.incident.look import names_of_concerned
from sprechzeit.incident.models import Incident
from sprechzeit.incident.read import Shown
from sprechzeit.incident.texts import Texts
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.practices.models import Practice
from sprechzeit.vault import PracticeKeys

MOST_LETTERS = 500  # in one file


@dataclass(frozen=True, repr=False)
class PatientLetter:
    """One letter and whose it is."""

    name: str
    letter: Document

    def __repr__(self) -> str:
        return "PatientLetter(…)"


@dataclass(frozen=True)
class Written:
    """How many got a mail, and how many have none to which one can be sent."""

    mailed: int
    left: int


def missing_for_patients(practice: Practice, texts: Texts, language: str = "de") -> Iterator[str]:
    """What must be filled in before anything goes to patients (Art. 34(2) with 33(3)(b) and (d))."""
    if not practice.privacy_contact:
        yield _("Es fehlt die Anlaufstelle für den Datenschutz: Einstellungen, Praxis.")
    if not texts.of("measures", language):
        yield _("Es fehlt, was Sie gegen den Vorfall getan haben (in der Sprache des Briefs).")


@retrying
def letters_for(
    keys: PracticeKeys, actor: Actor, shown: Shown, group: str, language: str, *, part: int = 1
) -> list[PatientLetter]:
    """The letters to the certain ones, or to the possible ones, 500 in each ``part``, the first is 1.

    Who has no name any more gets none.

    Raises
    ------
    Invalid
        Something that must stand in them is not filled in, or there is nobody to write to.
    Frozen
        The practice has stopped exports.
    CannotOpen
    """
    practice = PracticeId(keys.practice)
    people = _people(shown.extent, group)[(part - 1) * MOST_LETTERS : part * MOST_LETTERS]
    with acting_for(practice):
        require_not_frozen(practice)
        home = _ready(practice, shown.texts, language)
        names = names_of_concerned(keys, [one.id for one in people])
        if not names:
            raise Invalid(_("Es gibt niemanden, dem geschrieben werden kann."), field="letters")
        record(practice, actor, "incident.letters", sorted(names), {"count": len(names), "part": part})
        return [
            PatientLetter(
                _first_name_first(names[one.id]),
                document(
                    Kind.PATIENT,
                    language,
                    home,
                    shown.row,
                    shown.texts,
                    shown.extent,
                    categories=one.categories or None,
                ),
            )
            for one in people
            if one.id in names
        ]


@retrying
def write_to_concerned(keys: PracticeKeys, actor: Actor, shown: Shown, group: str, *, key: str = "") -> Written:
    """Put a mail in for each of them who can be reached; asked again with the same ``key`` it goes out once.

    In the language that the patient booked in, English only where the practice has written its measures in English.

    Raises
    ------
    Invalid
    KeyReused
    """
    practice = PracticeId(keys.practice)
    people = {one.id for one in _people(shown.extent, group)}
    with acting_for(practice):
        home = _ready(practice, shown.texts, "de")

        def write() -> Result:
            reached = _reached(practice, people)
            bodies = {language: _body(language, home, shown.row, shown) for language in _languages(shown.texts)}
            batch = new_id()
            for appointment, language in reached.values():
                tell_by_hand(appointment, bodies.get(language, bodies["de"]), batch=batch)
            details = {"count": len(reached), "without": len(people) - len(reached)}
            record(practice, actor, "incident.write", sorted(reached), details)
            return {"mailed": len(reached), "left": len(people) - len(reached)}

        result = once(practice, key, ("incident-write", shown.row.id, group), write)
    return Written(result["mailed"], result["left"])


def reachable(practice: PracticeId, extent: Extent | None, group: str) -> int:
    """How many of them a mail would reach."""
    people = {one.id for one in _people(extent, group)}
    with acting_for(practice):
        return len(_reached(practice, people))


def _people(extent: Extent | None, group: str) -> tuple[Concerned, ...]:
    if extent is None:
        return ()
    return extent.possible if group == "possible" else extent.certain


def _ready(practice: PracticeId, texts: Texts, language: str) -> Practice:
    home = Practice.objects.get(id=practice)
    for sentence in missing_for_patients(home, texts, language):
        raise Invalid(sentence, field="letters")
    return home


def _reached(practice: PracticeId, people: Collection[UUID]) -> dict[UUID, tuple[Appointment, str]]:
    """By person the next appointment with a confirmed mail address for it, and the address's language."""
    coming: QuerySet[Appointment] = Appointment.objects.filter(
        practice=practice, status=Appointment.Status.BOOKED, starts_at__gt=clock.now()
    )
    found: dict[UUID, tuple[Appointment, str]] = {}
    appointments = [
        *coming.filter(patient__in=people).order_by("starts_at", "id"),
        *coming.filter(patient__isnull=True, intake__in=people).order_by("starts_at", "id"),
    ]
    kept = NotifierAddress.objects.filter(
        practice=practice,
        about__in=[one.id for one in appointments],
        channel=Message.Channel.EMAIL,
        refused_at__isnull=True,
        unconfirmed=False,
    )
    languages = dict(kept.values_list("about", "language"))
    for one in appointments:
        person = one.patient_id or one.intake_id
        if person and one.id in languages:
            found.setdefault(person, (one, languages[one.id][:2]))
    return found


def _languages(texts: Texts) -> tuple[str, ...]:
    return ("de", "en") if texts.measures_en else ("de",)


def _body(language: str, practice: Practice, row: Incident, shown: Shown) -> str:
    return document(Kind.PATIENT, language, practice, row, shown.texts, shown.extent).text


def _first_name_first(listed: str) -> str:
    last, _comma, first = listed.partition(", ")
    return f"{first} {last}".strip()
