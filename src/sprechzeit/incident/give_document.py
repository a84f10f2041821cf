"""Hand a document out; that it was made is recorded, in which language and which one."""

from __future__ import annotations

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.documents import Document, Kind, document
from sprechzeit.incident.read import Shown
from sprechzeit.practices.models import Practice


def give_document(practice: Practice, actor: Actor, shown: Shown, kind: Kind, language: str) -> Document:
    """One of the documents, without any patient's name."""
    with acting_for(PracticeId(practice.id)):
        made = document(kind, language, practice, shown.row, shown.texts, shown.extent)
        details = {"document": kind.value, "language": language}
        record(PracticeId(practice.id), actor, "incident.document", [shown.row.id], details)
    return made
