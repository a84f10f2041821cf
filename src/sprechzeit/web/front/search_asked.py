"""What a visitor looks for, as the address of the results carries it: nothing that names a person.

``fach``, ``ort``, ``umkreis``, ``sprache``, ``zugang`` (several), ``kasse``, ``neu``, ``video``, ``reihenfolge`` and,
for the pages after the first, ``nach``.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Insurance, Modality
from sprechzeit.practices.offers import ACCESSIBILITY, LANGUAGES
from sprechzeit.practices.postcodes import place
from sprechzeit.practices.search import FIRST, RADII, After, Wanted
from sprechzeit.web.front.asked import text_asked

NEAREST = "naehe"
USUAL_RADIUS = 10
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Chosen:
    """A filter that is set, in words, and the search without it."""

    name: str
    query: str


@dataclass(frozen=True)
class Asked:
    """The search, the text of the place as it was typed, and what is wrong with it."""

    wanted: Wanted
    place_typed: str = ""
    place_error: str = ""

    def query(self, **changed: str | list[str]) -> str:
        """The address' query for this search, with something changed; empty leaves it out."""
        one = self.wanted
        said: dict[str, str | list[str]] = {
            "fach": one.specialty,
            "ort": self.place_typed,
            "umkreis": str(one.radius) if self.place_typed else "",
            "sprache": one.language,
            "zugang": list(one.accessibility),
            "kasse": one.insurance,
            "neu": "1" if one.is_new else "",
            "video": "1" if one.modality else "",
            "reihenfolge": NEAREST if one.by_distance else "",
            **changed,
        }
        return urlencode({name: value for name, value in said.items() if value}, doseq=True)

    @property
    def chosen(self) -> list[Chosen]:
        """The filters behind "more" that are set, each with the query that leaves it out."""
        one = self.wanted
        found = [Chosen(str(Insurance(one.insurance).label), self.query(kasse=""))] if one.insurance else []
        if one.language:
            found.append(Chosen(str(LANGUAGES[one.language]), self.query(sprache="")))
        if one.is_new:
            found.append(Chosen(_("Für neue Patienten"), self.query(neu="")))
        if one.modality:
            found.append(Chosen(_("Per Video"), self.query(video="")))
        for code in one.accessibility:
            others = [other for other in one.accessibility if other != code]
            found.append(Chosen(str(ACCESSIBILITY[code]), self.query(zugang=others)))
        return found

    @property
    def said_for_times(self) -> str:
        """What need not be asked again before the times (``said.py``)."""
        known = {"wer": "neu" if self.wanted.is_new else "", "kasse": self.wanted.insurance}
        return urlencode({name: value for name, value in known.items() if value})


def search_asked(given: QueryDict) -> Asked:
    """Read it; what is none of the choices was not asked for. An unknown place is told, not raised.

    Raises
    ------
    Invalid
        A text is longer or stranger than any that our pages send.
    """
    typed = text_asked(" ".join(given.get("ort", "").split()), 80)
    where, error = None, ""
    if typed:
        try:
            where = place(typed)
        except Invalid as unknown:
            error = unknown.message
    radius = given.get("umkreis", "")
    insurance = given.get("kasse", "")
    wanted = Wanted(
        specialty=text_asked(given.get("fach", "").strip(), 120),
        place=where,
        radius=int(radius) if radius in map(str, RADII) else USUAL_RADIUS,
        language=given.get("sprache", "") if given.get("sprache", "") in LANGUAGES else "",
        accessibility=tuple(code for code in ACCESSIBILITY if code in given.getlist("zugang")),
        insurance=insurance if insurance in Insurance.values else "",
        is_new=given.get("neu") == "1",
        modality=Modality.VIDEO.value if given.get("video") == "1" else "",
        by_distance=given.get("reihenfolge") == NEAREST and where is not None,
    )
    return Asked(wanted, typed, error)


def after_asked(text: str) -> After:
    """Where the page before ended; whatever is none begins with the first page."""
    rank, _tilde, practice = text.partition("~")
    try:
        after = After(float(rank), int(practice))
    except ValueError:
        return FIRST
    return after if 0 <= after.practice <= LARGEST_ID and after.rank == after.rank else FIRST


def after_as_text(after: After | None) -> str:
    return f"{after.rank!r}~{after.practice}" if after else ""
