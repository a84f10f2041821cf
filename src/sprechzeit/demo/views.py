"""The views that the demo's member has kept under a name."""

from __future__ import annotations

from sprechzeit.audit.record import Actor
from sprechzeit.booking.models import SavedView
from sprechzeit.booking.saved_view import save_view
from sprechzeit.demo.practice import DemoPractice
from sprechzeit.identifiers import PracticeId


def keep_views(demo: DemoPractice, actor: Actor) -> None:
    """One for reception, one for the laboratory, and a week of both physicians."""
    doctors, rooms = [one.id for one in demo.clinicians], [one.id for one in demo.others]
    for name, shape, resources, zoom in (
        ("Empfang", SavedView.Shape.DAY, doctors, 15),
        ("Labor und Räume", SavedView.Shape.DAY, rooms, 10),
        ("Vogt und Reuter", SavedView.Shape.WEEK, doctors[:2], 15),
    ):
        save_view(PracticeId(demo.practice.id), actor, name=name, shape=shape, resources=resources, zoom=zoom)
