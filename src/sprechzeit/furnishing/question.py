"""Questions before a booking: yes or no, and where each answer leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.visit_type import any_visit_type
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Question, VisitType

MOST = 5
Then = Question.Then


@dataclass(frozen=True)
class Asked:
    """A question as it is set. ``other_id`` is the visit type that "other" leads to."""

    text_de: str
    text_en: str = ""
    if_yes: str = Then.GO_ON
    if_no: str = Then.GO_ON
    other_id: int | None = None
    stop_de: str = ""
    stop_en: str = ""


def questions_of(practice: PracticeId, visit_type: int) -> list[Question]:
    """In their order."""
    with acting_for(practice):
        return list(Question.objects.filter(practice=practice, visit_type=visit_type).order_by("number"))


@retrying
def set_questions(practice: PracticeId, actor: Actor, visit_type: int, questions: Sequence[Asked]) -> None:
    """Replace all questions of the visit type.

    Raises
    ------
    Invalid
        ``field`` ends with the number of the question, from 1.
    NotFound
    """
    with acting_for(practice):
        row = any_visit_type(practice, visit_type)
        types = set(VisitType.objects.filter(practice=practice, retired_at=None).values_list("id", flat=True))
        if len(questions) > MOST:
            raise Invalid(_("Möglich sind höchstens %(count)d Fragen.") % {"count": MOST}, field="text_de-1")
        for number, one in enumerate(questions, start=1):
            _require_sound(one, number, types - {visit_type})
        Question.objects.filter(practice=practice, visit_type=visit_type).delete()
        Question.objects.bulk_create(
            Question(practice_id=practice, visit_type=row, number=number, **asdict(one))
            for number, one in enumerate(questions, start=1)
        )
        record(practice, actor, "visit-type.change", details={"visit_type": visit_type, "fields": ["questions"]})


def _require_sound(one: Asked, number: int, others: set[int]) -> None:
    if not one.text_de or len(one.text_de) > 300 or len(one.text_en) > 300:
        raise Invalid(_("Bitte geben Sie eine Frage mit höchstens 300 Zeichen ein."), field=f"text_de-{number}")
    if {one.if_yes, one.if_no} - set(Then.values):
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field=f"if_yes-{number}")
    if Then.OTHER in {one.if_yes, one.if_no} and one.other_id not in others:
        raise Invalid(_("Bitte wählen Sie die andere Terminart."), field=f"other-{number}")
    if Then.STOP in {one.if_yes, one.if_no} and not one.stop_de:
        raise Invalid(_("Bitte schreiben Sie, was Patienten stattdessen tun sollen."), field=f"stop_de-{number}")
    if len(one.stop_de) > 500 or len(one.stop_en) > 500:
        raise Invalid(_("Bitte höchstens %(count)d Zeichen.") % {"count": 500}, field=f"stop_de-{number}")
