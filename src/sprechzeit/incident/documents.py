"""The documents that the law asks for, from templates in German and English (``templates/incident``).

They are not translated sentence by sentence: each language has a file of its own, which a lawyer can read in one
piece. What nobody has filled in stands there as a gap in square brackets; nothing is made up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.dateformat import format as formatted
from django.utils.translation import override

from sprechzeit import clock
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.actions import Category, Effect
from sprechzeit.incident.concerned import Extent
from sprechzeit.incident.deadline import deadline_of
from sprechzeit.incident.measures import measures_since
from sprechzeit.incident.models import Incident
from sprechzeit.incident.texts import Texts
from sprechzeit.practices.legal import AUTHORITIES
from sprechzeit.practices.models import Practice

LANGUAGES = ("de", "en")


class Kind(StrEnum):
    """Which document."""

    AUTHORITY = "authority"  # the practice's notification, Art. 33(1) and (3)
    PATIENT = "patient"  # to those concerned, Art. 34(1) and (2)
    HOST = "host"  # the host's notice to the practice, Art. 33(2)


@dataclass(frozen=True)
class Block:
    """A heading (``head``), a paragraph (``text``) or an item of a list (``item``)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Document:
    """Nothing in it names a patient."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """As plain text, for mails and files."""
        return "\n".join([self.title, *_lines(self.blocks)]) + "\n"


def document(
    kind: Kind,
    language: str,
    practice: Practice,
    row: Incident,
    texts: Texts,
    extent: Extent | None,
    *,
    categories: Collection[Category] | None = None,
) -> Document:
    """Write one of them. ``categories`` are those of one person; without them they are those of all.

    Parameters
    ----------
    language
        ``de`` or ``en``.
    """
    known = list(categories) if categories is not None else (extent.categories if extent else [])
    with override(language):
        context = _context(language, practice, row, texts, extent, known)
        source = render_to_string(f"incident/{kind.value}.{language}.txt", context)
    title, *lines = [line.strip() for line in source.strip().splitlines()]
    return Document(title, tuple(_blocks(lines)))


def _context(
    language: str, practice: Practice, row: Incident, texts: Texts, extent: Extent | None, known: list[Category]
) -> dict[str, Any]:
    now = clock.now()
    deadline = deadline_of(row.aware_at, now, row.authority_at)

    def moment(value: datetime) -> str:
        local = value.astimezone(practice.zone)
        return formatted(local, "j. F Y, H:i" if language == "de" else "j F Y, H:i")

    town = f"{practice.postal_code} {practice.city}".strip()
    effects = extent.effects if extent else {}
    return {
        "practice": practice,
        "address": ", ".join(one for one in (practice.street, town) if one),
        "authority": AUTHORITIES.get(practice.subdivision, ""),
        "host": settings.HOST_NAME,
        "operator_email": settings.OPERATOR_EMAIL,
        "register": f"{settings.PUBLIC_URL}/desk/vorfaelle/{row.id}/",
        "reference": str(row.reference or row.id),
        "today": moment(now),
        "since": moment(row.happened_from),
        "until": moment(row.happened_until),
        "aware": moment(row.aware_at),
        "deadline": moment(deadline.ends_at),
        "is_late": deadline.was_late,
        "facts": texts.of("facts", language),
        "consequences": texts.of("effects", language),
        "measures": texts.of("measures", language),
        "delay": texts.delay,
        "no_patients": texts.no_patients,
        "risk": row.risk,
        "authority_told": moment(row.authority_at) if row.authority_at else "",
        "patients_told": moment(row.patients_at) if row.patients_at else "",
        "told": {name: row.told.get(f"{name}_{language}", "") for name in ("facts", "effects", "measures")},
        "contact": row.told.get("contact", ""),
        "is_dump": bool(row.told.get("dump")),
        "is_host": row.source == Incident.Source.HOST,
        "has_extent": extent is not None,
        "certain": len(extent.certain) if extent else 0,
        "possible": len(extent.possible) if extent else 0,
        "records": extent.records if extent else 0,
        "is_whole": extent.proof.holds and extent.proof.begins_at is None if extent else False,
        "categories": {one.value.replace("-", "_"): True for one in known},
        "has_categories": bool(known),
        "is_changed": Effect.CHANGED in effects,
        "is_erased": Effect.ERASED in effects,
        "taken": [
            {"action": one.action.replace(".", "_").replace("-", "_"), "at": moment(one.at)}
            for one in measures_since(PracticeId(practice.id), row.happened_from)
        ],
    }


def _blocks(lines: list[str]) -> Iterator[Block]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        kind = {"# ": "head", "- ": "item"}.get(line[:2])
        if line and kind is None:
            paragraph.append(line)
            continue
        if paragraph:
            yield Block("text", "\n".join(paragraph))
            paragraph = []
        if kind:
            yield Block(kind, line[2:])


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    before = ""
    for one in blocks:
        if before != "head" and not before == one.kind == "item":
            yield ""
        yield f"- {one.text}" if one.kind == "item" else one.text
        before = one.kind
