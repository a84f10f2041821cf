"""Sealed patient records and sealed intakes. No column here says anything about a person in the clear."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice


class Patient(models.Model):
    """A patient record, AES-256-GCM under the practice's data key.

    ``name_sealed`` holds only what lists and the search need, so that opening a whole practice stays cheap;
    ``record_sealed`` holds everything.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    name_sealed = models.BinaryField()
    record_sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "patient"


class Intake(models.Model):
    """What a patient typed on the booking page, sealed to the practice's public key in that request (HPKE)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "intake"


class PatientMerge(models.Model):
    """Two records that became one, for 30 days: both as they were before, sealed, and which appointments moved.

    ``kept`` and ``absorbed`` are no references: the absorbed record is gone, and the kept one may be absorbed in turn.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    kept = models.UUIDField()
    absorbed = models.UUIDField()
    kept_sealed = models.BinaryField()
    absorbed_sealed = models.BinaryField()
    absorbed_version = models.PositiveIntegerField()
    absorbed_created_at = models.DateTimeField()
    merged_version = models.PositiveIntegerField(help_text="Of the kept record right after the merge")
    appointments = ArrayField(models.UUIDField())
    created_at = models.DateTimeField()

    class Meta:
        db_table = "patient_merge"
        indexes = [models.Index(fields=["practice", "kept"], name="patient_merge_of_kept")]
