"""The form of the questions before a booking: those that are set and one more."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from sprechzeit.furnishing.question import MOST, Asked, questions_of
from sprechzeit.furnishing.visit_type import all_visit_types
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Question, VisitType
from sprechzeit.web.desk.moment import read_number
from sprechzeit.web.desk.settings.fields import Words
from sprechzeit.web.desk.settings.saving import Refusal
from sprechzeit.web.desk.settings.typed import Typed

TEXTS = {"text_de": 300, "text_en": 300, "stop_de": 500, "stop_en": 500}


@dataclass(frozen=True)
class QuestionFields:
    """One question of the form, numbered from 1."""

    number: int
    values: dict[str, str]
    error: str
    others: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, Words], ...] = tuple(Question.Then.choices)


def question_fields(
    request: HttpRequest, practice: PracticeId, row: VisitType, refusal: Refusal | None
) -> list[QuestionFields]:
    """What was typed, else what is stored."""
    others = tuple(
        (str(one.id), one.name) for one in all_visit_types(practice) if one.id != row.id and not one.retired_at
    )
    stored = questions_of(practice, row.id)
    found = []
    for number in range(1, min(MOST, len(stored) + 1) + 1):
        one = stored[number - 1] if number <= len(stored) else None
        names = (*TEXTS, "if_yes", "if_no", "other")
        if refusal is not None:
            values = {name: request.POST.get(f"{name}-{number}", "") for name in names}
        elif one is not None:
            values = {name: str(getattr(one, name)) for name in (*TEXTS, "if_yes", "if_no")}
            values["other"] = str(one.other_id or "")
        else:
            values = {}
        error = next(
            (text for name, text in (refusal.errors if refusal else {}).items() if name.endswith(f"-{number}")), ""
        )
        found.append(QuestionFields(number, values, error, others))
    return found


def read_questions(typed: Typed) -> list[Asked]:
    """The questions whose text is not empty; what is wrong is noted in ``typed``."""
    numbers = [number for number in range(1, MOST + 1) if typed.given.get(f"text_de-{number}", "").strip()]
    return [_read(typed, number) for number in numbers]


def _read(typed: Typed, number: int) -> Asked:
    texts = {name: typed.line(f"{name}-{number}", longest) for name, longest in TEXTS.items()}
    return Asked(
        **texts,
        if_yes=typed.choice(f"if_yes-{number}", Question.Then.values),
        if_no=typed.choice(f"if_no-{number}", Question.Then.values),
        other_id=read_number(typed.given.get(f"other-{number}", "")),
    )
