"""A member's views: a choice of columns and zoom kept under a name."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import SavedView
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Resource
from sprechzeit.staff.models import Membership

LONGEST_NAME = 40
MOST_VIEWS = 20
MOST_COLUMNS = 40
ZOOMS = (5, 10, 15, 30)


def views_of(practice: PracticeId, actor: Actor) -> list[SavedView]:
    """The member's views in this practice, by name; a program has none."""
    if actor.kind != "member":
        return []
    with acting_for(practice):
        return list(SavedView.objects.filter(practice=practice, member=UUID(actor.id)).order_by("name", "id"))


@retrying
def save_view(
    practice: PracticeId, actor: Actor, *, name: str, shape: str, resources: Sequence[int], zoom: int
) -> SavedView:
    """Keep the choice under ``name``; a view of the member with this name is replaced.

    Raises
    ------
    Invalid
        The name is empty or too long, there are too many views or columns, or a column is not the practice's.
    """
    name = _read_name(name)
    chosen = list(dict.fromkeys(resources))
    if shape not in SavedView.Shape.values or zoom not in ZOOMS:
        raise Invalid(_("Die Anfrage war unvollständig."))
    if not 1 <= len(chosen) <= MOST_COLUMNS:
        raise Invalid(_("Eine Ansicht hat 1 bis 40 Spalten."), field="name")
    with acting_for(practice):
        member = _alone(practice, actor)
        if Resource.objects.filter(practice=practice, id__in=chosen, retired_at=None).count() != len(chosen):
            raise Invalid(_("Eine dieser Spalten gibt es nicht mehr."), field="name")
        others = SavedView.objects.filter(practice=practice, member=member).exclude(name=name)
        if others.count() >= MOST_VIEWS:
            raise Invalid(_("Mehr als 20 Ansichten werden unübersichtlich. Bitte löschen Sie eine."), field="name")
        view, _is_new = SavedView.objects.update_or_create(
            practice_id=practice,
            member_id=member,
            name=name,
            defaults={"shape": shape, "resource_ids": chosen, "zoom": zoom},
        )
        record(practice, actor, "view.save", details={"view": view.id})
        return view


@retrying
def rename_view(practice: PracticeId, actor: Actor, view: int, name: str) -> SavedView:
    """Give the member's view another name.

    Raises
    ------
    Invalid
        The name is empty, too long or the name of another view.
    NotFound
    """
    name = _read_name(name)
    with acting_for(practice):
        member = _alone(practice, actor)
        found = _own(practice, member, view)
        if SavedView.objects.filter(practice=practice, member=member, name=name).exclude(id=view).exists():
            raise Invalid(_("So heißt schon eine andere Ansicht."), field="name")
        found.name = name
        found.save(update_fields=["name"])
        record(practice, actor, "view.save", details={"view": view})
        return found


@retrying
def delete_view(practice: PracticeId, actor: Actor, view: int) -> SavedView:
    """Delete the member's view; it is returned as it was.

    Raises
    ------
    NotFound
    """
    with acting_for(practice):
        found = _own(practice, _alone(practice, actor), view)
        SavedView.objects.filter(practice=practice, id=view).delete()
        record(practice, actor, "view.delete", details={"view": view})
        return found


def _read_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid(_("Ein Name hat 1 bis 40 Zeichen."), field="name")
    return name


def _alone(practice: PracticeId, actor: Actor) -> UUID:
    """The member, whose changes of views come one after the other."""
    if actor.kind == "member":
        rows = Membership.objects.select_for_update().filter(practice=practice, member=UUID(actor.id))
        member = rows.values_list("member_id", flat=True).first()
        if member is not None:
            return member
    raise NotFound(_("Diese Ansicht gibt es nicht."))


def _own(practice: PracticeId, member: UUID, view: int) -> SavedView:
    found = SavedView.objects.filter(practice=practice, member=member, id=view).first()
    if found is None:
        raise NotFound(_("Diese Ansicht gibt es nicht."))
    return found
