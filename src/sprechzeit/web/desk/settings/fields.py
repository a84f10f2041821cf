"""The fields of a form as its template draws them: what was typed, else what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sprechzeit.web.desk.settings.saving import Refusal
from sprechzeit.web.desk.settings.typed import MINUTES

Words = str | Promise
UNITS: tuple[tuple[str, Words], ...] = (("minutes", _("Minuten")), ("hours", _("Stunden")), ("days", _("Tage")))


@dataclass(frozen=True)
class Field:
    """``kind``: text, area (several lines), number, date, time, select, check,

    checks (several boxes) or span (a number with its unit).
    """

    name: str
    label: Words
    kind: str = "text"
    hint: Words = ""
    choices: tuple[tuple[str, Words], ...] = ()
    unit: Words = ""
    needed: bool = False
    value: str = ""
    values: tuple[str, ...] = ()
    unit_value: str = ""
    error: str = ""


def fields(
    specs: Iterable[Field], request: HttpRequest, refusal: Refusal | None, stored: Mapping[str, str]
) -> dict[str, Field]:
    """The fields by name, with values and errors."""
    typed = request.POST if refusal is not None else stored
    errors = refusal.errors if refusal is not None else {}
    return {
        one.name: replace(
            one,
            choices=UNITS if one.kind == "span" else one.choices,
            value=typed.get(one.name, ""),
            values=_several(one.name, typed) if one.kind == "checks" else (),
            unit_value=typed.get(f"{one.name}_unit", ""),
            error=errors.get(one.name, ""),
        )
        for one in specs
    }


def _several(name: str, typed: Mapping[str, str]) -> tuple[str, ...]:
    """What is checked: a list of the form, or what is stored, parted by commas."""
    if isinstance(typed, QueryDict):
        return tuple(typed.getlist(name))
    return tuple(typed.get(name, "").split(","))


def span_of_minutes(name: str, minutes: int) -> dict[str, str]:
    """A number of minutes in the largest unit that shows it whole."""
    unit = next(unit for unit in ("days", "hours", "minutes") if minutes % MINUTES[unit] == 0)
    if minutes == 0:
        unit = "hours"
    return {name: str(minutes // MINUTES[unit]), f"{name}_unit": unit}
