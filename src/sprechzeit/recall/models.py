"""Check-ups that fall due. Who is meant is a reference to the sealed record; nothing here names anybody."""

from __future__ import annotations

from django.db import models

from sprechzeit.booking.models import Appointment
from sprechzeit.identifiers import new_id
from sprechzeit.patients.models import Patient
from sprechzeit.practices.models import Practice, VisitType


class Recall(models.Model):
    """A patient's next visit of one type; ``due_on`` is a local date of the practice. One is live at a time."""

    class State(models.TextChoices):
        DUE = "due"
        INVITED = "invited"
        BOOKED = "booked"
        DECLINED = "declined"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )  # fmt: skip  # lines grouped by hand
    visit_type = models.ForeignKey(
        VisitType, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    invitations = models.PositiveSmallIntegerField(default=0)
    invited_at = models.DateTimeField(null=True)
    secret_hash = models.BinaryField(null=True, unique=True, max_length=32)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.SET_NULL, related_name="+", null=True, db_constraint=False
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "recall"
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "visit_type"],
                condition=models.Q(state__in=["due", "invited"]),
                name="recall_live_once",
            ),
            models.CheckConstraint(condition=models.Q(invitations__lte=2), name="recall_invitations"),
        ]
        indexes = [models.Index(fields=["practice", "state", "due_on"], name="recall_due")]
