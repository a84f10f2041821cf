"""The head of every calendar page: shapes, days before and after, columns, views, zoom, the small month, next free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sprechzeit.booking.models import SavedView
from sprechzeit.booking.saved_view import views_of
from sprechzeit.practices.directory import visit_types
from sprechzeit.practices.models import Resource
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.columns import ALL, Choice, by_kind, clinicians
from sprechzeit.web.desk.grid import ZOOMS
from sprechzeit.web.desk.mini_month import mini_month
from sprechzeit.web.desk.moment import read_number

Shape = SavedView.Shape
KEYS = {"day": "d", "week": "w", "month": "m", "agenda": "l"}  # web/desk/keys.py


class Step(NamedTuple):
    """A link to what comes before or after: sign, words, address, and its key where it has one."""

    sign: str
    words: str
    href: str
    key: str = ""


def calendar_head(
    request: HttpRequest,
    session: Session,
    *,
    shape: str,
    choice: Choice,
    resources: Sequence[Resource],
    shown: date,
    chosen: set[date],
    today: date,
    steps: Sequence[Step],
) -> dict[str, Any]:
    """What ``desk/calendar_head.html`` needs. ``steps`` lead to what comes before and after."""
    page = reverse(f"desk:{shape}")
    month = request.GET.get("monat")

    def link(day: date, other_month: str) -> str:
        return page + choice.query(day, monat=other_month)

    return {
        "shape": shape,
        "page": page,
        "day": shown,
        "shapes": _shapes(shape, choice, shown),
        "steps": steps,
        "middle": len(steps) // 2,
        "today": page + choice.query(),
        "is_today": today in chosen,
        "month": mini_month(month, chosen, today, link, shown=shown),
        "kept": choice.parameters(),
        "kept_but_columns": Choice(choice.name, (), "", choice.zoom).parameters(),
        "choice": choice,
        "groups": by_kind(resources, choice),
        "only_clinicians": page + _same(choice, "", shown),
        "all_columns": page + _same(choice, ALL, shown),
        "zooms": [(minutes, minutes == choice.zoom) for minutes in ZOOMS] if shape in Shape.values else [],
        "views": _views(session, shape, choice, resources, shown),
        "visit_types": visit_types(session.practice),
        "clinicians": clinicians(resources),
        "art": read_number(request.GET.get("art")),
        "wer": read_number(request.GET.get("wer")),
    }


def _shapes(shape: str, choice: Choice, shown: date) -> list[dict[str, object]]:
    """Day, week, month, list: the same columns in each, as far as it takes them."""
    names = {"day": _("Tag"), "week": _("Woche"), "month": _("Monat"), "agenda": _("Liste")}
    found = []
    for one, name in names.items():
        asked = choice.asked if choice.asked != ALL or one == "day" else ""
        same = Choice("spalten" if one == "day" else "bei", (), asked, choice.zoom)
        href = reverse(f"desk:{one}") + same.query(shown)
        found.append({"name": name, "href": href, "current": one == shape, "key": KEYS[one]})
    return found


def _same(choice: Choice, asked: str, shown: date) -> str:
    return Choice(choice.name, (), asked, choice.zoom).query(shown)


def _views(
    session: Session, shape: str, choice: Choice, resources: Sequence[Resource], shown: date
) -> list[dict[str, object]]:
    """The member's saved views; each opens on the day that is shown."""
    known = {one.id for one in resources}
    found: list[dict[str, object]] = []
    for view in views_of(session.practice, session.actor):
        asked = ",".join(str(one) for one in view.resource_ids if one in known)
        name = "spalten" if view.shape == Shape.DAY else "bei"
        same = Choice(name, (), asked, view.zoom)
        href = reverse(f"desk:{view.shape}") + same.query(shown)
        current = view.shape == shape and set(view.resource_ids) & known == set(choice.ids) and view.zoom == choice.zoom
        found.append({"id": view.id, "name": view.name, "href": href, "current": current})
    return found
