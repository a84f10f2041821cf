"""What the calendar shows, as it stands in the page's address: columns and zoom. Every link of the page keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from sprechzeit.practices.models import Resource
from sprechzeit.web.desk.grid import USUAL_ZOOM, ZOOMS
from sprechzeit.web.desk.moment import read_number

Kind = Resource.Kind
ALL = "alle"
MOST = 40  # columns of a page


@dataclass(frozen=True)
class Choice:
    """The chosen columns. ``asked`` is how they stand in the address: empty for the usual ones."""

    name: str
    resources: tuple[Resource, ...]
    asked: str = ""
    zoom: int = USUAL_ZOOM

    @property
    def ids(self) -> list[int]:
        return [one.id for one in self.resources]

    def parameters(self, day: date | None = None, **more: str) -> dict[str, str]:
        """What an address says to show this; the usual is left out."""
        wanted = {
            "tag": day.isoformat() if day else "",
            self.name: self.asked,
            "raster": str(self.zoom) if self.zoom != USUAL_ZOOM else "",
            **more,
        }
        return {name: value for name, value in wanted.items() if value}

    def query(self, day: date | None = None, **more: str) -> str:
        """The end of a link that shows this choice."""
        found = self.parameters(day, **more)
        return f"?{urlencode(found, safe=',')}" if found else "?"


def read_choice(
    given: QueryDict, name: str, resources: Sequence[Resource], usual: Sequence[Resource], most: int = MOST
) -> Choice:
    """The choice that an address makes among the practice's resources; what it does not know is left out."""
    texts = given.getlist(name)
    zoom = read_number(given.get("raster"))
    zoom = zoom if zoom in ZOOMS else USUAL_ZOOM
    if ALL in texts:
        return Choice(name, tuple(resources[:most]), ALL, zoom)
    wanted = {read_number(one.strip()) for text in texts for one in text.split(",")[:MOST]}
    chosen = tuple(one for one in resources if one.id in wanted)[:most]
    if not chosen or chosen == tuple(usual):
        return Choice(name, tuple(usual[:most]), "", zoom)
    return Choice(name, chosen, ",".join(str(one.id) for one in chosen), zoom)


def clinicians(resources: Sequence[Resource]) -> list[Resource]:
    """Those who treat; where nobody does, everything there is."""
    return [one for one in resources if one.kind == Kind.CLINICIAN] or list(resources)


def by_kind(resources: Sequence[Resource], choice: Choice) -> list[dict[str, object]]:
    """The resources to choose from, a group for each kind that there is."""
    chosen = set(choice.ids)
    names = {Kind.CLINICIAN: Kind.CLINICIAN.label, Kind.ROOM: _("Räume"), Kind.DEVICE: _("Geräte")}
    groups = []
    for kind in Kind:
        ones = [{"id": one.id, "name": one.name, "chosen": one.id in chosen} for one in resources if one.kind == kind]
        if ones:
            groups.append({"name": names[kind], "resources": ones})
    return groups
