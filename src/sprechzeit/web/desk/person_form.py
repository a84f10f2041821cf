"""The fields of a person on the desk's pages: their names, what stands in them, what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from sprechzeit.patients.person import FIELDS, NOTE_LENGTH, Person

FIELD_NAMES = {
    "last_name": gettext_lazy("Nachname"),
    "first_name": gettext_lazy("Vorname"),
    "birth_date": gettext_lazy("Geburtsdatum"),
    "phone": gettext_lazy("Telefon"),
    "email": gettext_lazy("E-Mail"),
    "note": gettext_lazy("Notiz"),
}
EXAMPLE = "31.12.1980"


@dataclass(frozen=True, repr=False)
class FormField:
    """One field. ``was`` is what the record said when the form was opened, ``now`` what it was made since."""

    name: str
    label: str
    value: str
    error: str
    was: str
    now: str | None
    long: bool
    example: str
    longest: int

    def __repr__(self) -> str:
        return "FormField(…)"


def written(person: Person, field: str) -> str:
    """A field's value as it stands in a form."""
    value = getattr(person, field)
    if field == "birth_date":
        return f"{value:%d.%m.%Y}" if value else ""
    return str(value)


def values_of(person: Person) -> dict[str, str]:
    """All fields as they stand in a form."""
    return {field: written(person, field) for field in FIELDS}


def form_fields(
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    recorded: Mapping[str, str] | None = None,
    *,
    meanwhile: bool = False,
) -> list[FormField]:
    """The form's fields with what was typed.

    ``recorded`` is what the record says. After a change made ``meanwhile`` a field that was not touched here takes it;
    where both changed, what was typed stays and the record's value is told beside it.
    """
    fields = []
    for field, label in FIELD_NAMES.items():
        value, now = typed.get(field, ""), None
        current = recorded[field] if recorded else ""
        was = typed.get(f"was_{field}", current if not meanwhile else "").replace("\r\n", "\n")
        if meanwhile and current != was:
            untouched = f"was_{field}" in typed and value.replace("\r\n", "\n") == was
            value = current if untouched else value
            now = current
        fields.append(
            FormField(
                name=field,
                label=str(label),
                value=value,
                error=errors.get(field, ""),
                was=current if meanwhile else was,
                now=now,
                long=field == "note",
                example=EXAMPLE if field == "birth_date" else "",
                longest=NOTE_LENGTH if field == "note" else 0,
            )
        )
    return fields
