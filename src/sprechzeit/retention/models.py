"""How long a practice keeps what, and what of its forgetting the owner has been told."""

from __future__ import annotations

from django.db import models

from sprechzeit.practices.models import Practice


class RetentionRules(models.Model):
    """Days after which things go. A practice without a row has the defaults (``rules.py``)."""

    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="+", primary_key=True)
    keep_intake_days = models.PositiveSmallIntegerField()
    keep_patient_days = models.PositiveSmallIntegerField(null=True, help_text="None: until deleted by hand")
    keep_appointment_days = models.PositiveSmallIntegerField()
    keep_trail_days = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "retention_rules"
        constraints = [
            models.CheckConstraint(
                name="retention_limits",
                condition=models.Q(keep_intake_days__gte=1, keep_appointment_days__gte=30, keep_trail_days__gte=365)
                & (models.Q(keep_patient_days__isnull=True) | models.Q(keep_patient_days__gte=1)),
            )
        ]


class RetentionReport(models.Model):
    """What went since the owner was last told, by kind: numbers only."""

    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="+", primary_key=True)
    pending = models.JSONField(default=dict)
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "retention_report"
