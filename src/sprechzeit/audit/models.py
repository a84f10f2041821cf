"""The trail: append-only, per practice, each event carrying the hash of the one before."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sprechzeit.practices.models import Practice


class Checkpoint(models.Model):
    """Where a chain begins whose oldest events were cut off: number and hash of the last one that went."""

    practice = models.OneToOneField(Practice, on_delete=models.DO_NOTHING, related_name="+", primary_key=True)
    number = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_checkpoint"


class Event(models.Model):
    """One event. Written by the database function ``append_event`` alone; no role may insert, change or delete."""

    id = models.BigAutoField(primary_key=True)
    practice = models.ForeignKey(Practice, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    number = models.BigIntegerField(help_text="Counts from 1 in each practice")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True, help_text="Network address, of members and programs only")
    action = models.CharField(max_length=40)
    subjects = ArrayField(models.UUIDField())
    details = models.JSONField(help_text="Nothing personal: identifiers, counts, names of fields")
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_event"
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="audit_event_number")]
        indexes = [
            models.Index(
                fields=["practice", "number"],
                name="audit_event_pair",
                condition=models.Q(action__in=["pair.make", "pair.carry"]),
            )  # pair.py
        ]
