"""What a visit type needs, as groups of checkboxes: one of these, and at once one of those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sprechzeit.furnishing.visit_type import MOST_NEEDS, Needs
from sprechzeit.practices.models import Resource
from sprechzeit.web.desk.moment import read_number

K = Resource.Kind
TITLES: dict[str, str | Promise] = {
    K.CLINICIAN: _("Eine dieser Personen"),
    K.ROOM: _("Einer dieser Räume"),
    K.DEVICE: _("Eines dieser Geräte"),
}
MIXED = _("Eines hiervon")


@dataclass(frozen=True)
class NeedGroup:
    """Checkboxes that are alternatives; ``choices`` are (resource, whether it is checked). ``more`` starts empty."""

    name: str
    title: str | Promise
    choices: tuple[tuple[Resource, bool], ...]
    more: bool = False


def groups_of(resources: Sequence[Resource], needs: Needs) -> list[NeedGroup]:
    """The needs as they are, an empty group for each kind that none asks for, and one for anything else."""
    by_id = {one.id: one for one in resources}
    groups: list[tuple[str | Promise, list[Resource], set[int], bool]] = []
    asked: set[str] = set()
    for need in needs:
        known = [by_id[one] for one in need if one in by_id]
        kinds = {one.kind for one in known}
        if not known:
            continue
        asked |= kinds
        offered = [one for one in resources if one.kind in kinds or len(kinds) > 1]
        groups.append((TITLES[kinds.pop()] if len(kinds) == 1 else MIXED, offered, set(need), False))
    for kind in K:
        of_kind = [one for one in resources if one.kind == kind]
        if kind not in asked and any(one.retired_at is None for one in of_kind):
            groups.append((TITLES[kind], of_kind, set(), False))
    groups.sort(key=lambda group: list(TITLES.values()).index(group[0]) if group[0] in TITLES.values() else len(TITLES))
    if len(groups) < MOST_NEEDS:
        groups.append((MIXED, list(resources), set(), True))
    return [
        NeedGroup(
            f"need-{number}",
            title,
            tuple((one, one.id in checked) for one in offered if one.retired_at is None or one.id in checked),
            more,
        )
        for number, (title, offered, checked, more) in enumerate(groups[:MOST_NEEDS], start=1)
    ]


def read_needs(form: QueryDict, *, keep_empty: bool = False) -> Needs:
    """The groups in which something is checked."""
    found = [
        tuple(sorted({read_number(one) or 0 for one in form.getlist(f"need-{number}")}))
        for number in range(1, MOST_NEEDS + 1)
    ]
    return tuple(need for need in found if need or keep_empty)
