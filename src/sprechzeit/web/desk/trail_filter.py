"""The trail's filter as it stands in the page's address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sprechzeit.audit.read import Wanted
from sprechzeit.audit.words import KINDS
from sprechzeit.errors import Invalid

FIELDS = ("wer", "patient", "von", "bis", "art")


@dataclass(frozen=True)
class Filter:
    """What was asked for, as text; unreadable values are told when ``wanted`` is asked for."""

    wer: str = ""
    patient: str = ""
    von: str = ""
    bis: str = ""
    art: str = ""

    NOBODY_OF_THE_TEAM: ClassVar[dict[str, tuple[Promise | str, tuple[str, ...]]]] = {
        "programme": (gettext_lazy("Programme"), ("token",)),
        "patienten": (gettext_lazy("Patienten, online"), ("patient", "visitor")),
        "system": (gettext_lazy("Sprechzeit selbst"), ("system",)),
    }

    @classmethod
    def read(cls, query: QueryDict) -> Filter:
        return cls(**{name: query.get(name, "").strip() for name in FIELDS})

    @property
    def is_set(self) -> bool:
        return any(getattr(self, name) for name in FIELDS)

    def query(self, **more: str) -> str:
        """The same filter as part of an address, with some values changed or added."""
        values = {**{name: getattr(self, name) for name in FIELDS}, **more}
        return urlencode({name: value for name, value in values.items() if value})

    def wanted(self) -> Wanted:
        """For the trail.

        Raises
        ------
        Invalid
        """
        since, until = _day(self.von, "von"), _day(self.bis, "bis")
        if since and until and until < since:
            raise Invalid(_("Das Ende liegt vor dem Anfang."), field="bis")
        if self.art and self.art not in KINDS:
            raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="art")
        by_group = self.wer in self.NOBODY_OF_THE_TEAM
        return Wanted(
            actor="" if by_group or not self.wer else str(_id(self.wer, "wer")),
            actor_kinds=self.NOBODY_OF_THE_TEAM[self.wer][1] if by_group else (),
            subjects=frozenset([_id(self.patient, "patient")] if self.patient else []),
            since=since,
            until=until,
            actions=KINDS[self.art][1] if self.art else (),
        )


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if not 2000 <= day.year <= 2100:
            raise ValueError
    except ValueError:
        raise Invalid(_("Diesen Tag gibt es nicht. Bitte so: 2026-12-31."), field=field) from None
    return day


def _id(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field=field) from None
