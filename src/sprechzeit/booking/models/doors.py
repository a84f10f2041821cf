"""What patients bring to the doors: keys of repeated calls, numbers of open consultations."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice, VisitType


class IdempotencyKey(models.Model):
    """A state-changing call that was carried out, so that its repetition answers the same and does nothing.

    Keys are stored hashed. ``fingerprint`` covers what is not personal only; ``result`` holds identifiers.
    """

    id = models.BigAutoField(primary_key=True)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    key_hash = models.BinaryField(max_length=32)
    fingerprint = models.BinaryField(max_length=32)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_key"
        constraints = [models.UniqueConstraint(fields=["practice", "key_hash"], name="idempotency_key_once")]


class QueueNumber(models.Model):
    """A number of an open consultation on one local day. Nobody knows whose; only its secret's hash is kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        CALLED = "called", _("aufgerufen")
        DONE = "done", _("fertig")
        LEFT = "left", _("gegangen")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    secret_hash = models.BinaryField(unique=True, max_length=32)
    taken_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "queue_number"
        constraints = [
            models.UniqueConstraint(fields=["practice", "visit_type", "day", "number"], name="queue_number_once")
        ]
