"""The other ways to be seen: an open consultation with people waiting, by video, after questions, with a referral.

They come after the calendar is filled, so that its days stay as they are.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sprechzeit.audit.record import SYSTEM
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.open_consultation import draw
from sprechzeit.demo.practice import DemoPractice
from sprechzeit.furnishing.question import Asked, set_questions
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.found import add_visit_type
from sprechzeit.practices.models import Question, VisitType
from sprechzeit.vault import new_link_secret

WAITING = 3
VIDEO: dict[str, Any] = {
    "modality": "video",
    "video_link": "https://video.example/lindenpark",
    "open_to": "known",
    "instructions_de": "Sie brauchen eine Kamera und einen ruhigen Raum. Legen Sie Ihre Versichertenkarte bereit.",
    "instructions_en": "You need a camera and a quiet room. Have your insurance card at hand.",
}
TRAVEL: dict[str, Any] = {
    "instructions_de": "Bitte bringen Sie Ihren Impfpass mit und notieren Sie, wohin und wann Sie reisen.",
    "instructions_en": "Please bring your vaccination record and note where and when you will travel.",
}
TOO_LATE_DE = "Rufen Sie bitte an: Manche Impfungen wirken erst nach zwei Wochen, wir finden dann einen früheren Weg."
TOO_LATE_EN = "Please call us: some vaccines take two weeks to work, we will then find a quicker way."


def add_more_ways(demo: DemoPractice) -> None:
    """Add the visit types, the questions and today's first numbers."""
    vogt, reuter, aydin = (ResourceId(one.id) for one in demo.clinicians)
    _add(demo, ("Kurze Anliegen", "Short matters", 10, 2), [aydin], {"walk_in": True, "online": False})
    _add(demo, ("Videosprechstunde", "Video consultation", 15, 3), [vogt, reuter], VIDEO)
    travel = _add(demo, ("Reiseimpfberatung", "Travel vaccination advice", 20, 7), [vogt, aydin], TRAVEL)
    _add(demo, ("Langzeit-Blutdruckmessung", "Blood pressure monitoring", 15, 5), [reuter], {"access": "referral"})
    urgent = next(one for one in demo.visit_types if one.name_de == "Akutsprechstunde")
    questions = [
        Asked(
            "Haben Sie gerade Fieber oder fühlen Sie sich krank?", "Do you have a fever or feel ill?",
            if_yes=Question.Then.OTHER, other_id=urgent.id,
        ),
        Asked(
            "Reisen Sie in den nächsten zehn Tagen ab?", "Will you leave within the next ten days?",
            if_yes=Question.Then.STOP, stop_de=TOO_LATE_DE, stop_en=TOO_LATE_EN,
        ),
    ]  # fmt: skip  # lines grouped by hand
    set_questions(PracticeId(demo.practice.id), SYSTEM, travel.id, questions)


def _draw_numbers(demo: DemoPractice, walk_in: VisitType) -> None:
    """Some wait already, when the consultation is open at the time of filling."""
    with suppress(NotBookable):
        for _one in range(WAITING):
            draw(demo.practice, walk_in, new_link_secret(), actor=SYSTEM)


def _add(
    demo: DemoPractice, named: tuple[str, str, int, int], clinicians: list[ResourceId], more: dict[str, Any]
) -> VisitType:
    name_de, name_en, minutes, tone = named
    fields = {"name_de": name_de, "name_en": name_en, "duration_minutes": minutes, "tone": tone}
    order = {"position": len(demo.visit_types), "grid_minutes": 15}
    added = add_visit_type(PracticeId(demo.practice.id), [clinicians], {**fields, **order, **more})
    if added.walk_in:
        _draw_numbers(demo, added)
    return added
