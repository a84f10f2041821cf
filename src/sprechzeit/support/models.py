"""A host's technician looks at a practice for some minutes: why, allowed by whom, until when."""

from __future__ import annotations

from django.db import models

from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice


class SupportSession(models.Model):
    """One look. The database shows the role ``support`` nothing of a practice without a running one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    technician = models.CharField(max_length=60, help_text="The user of the host's system")
    reason = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    allowed_at = models.DateTimeField(null=True, help_text="Empty while an owner's yes is waited for")
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "support_session"
        indexes = [models.Index(fields=["practice", "asked_at"], name="support_session_of_practice")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice"], condition=models.Q(ended_at=None), name="support_session_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=5, minutes__lte=240), name="support_session_minutes"
            ),
            models.CheckConstraint(
                condition=models.Q(allowed_at=None, until=None)
                | models.Q(allowed_at__isnull=False, until__isnull=False),
                name="support_session_until",
            ),
        ]
