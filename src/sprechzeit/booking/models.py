"""Holds, appointments and occupancies. The database refuses a double booking; nothing here checks first."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Value

from sprechzeit.identifiers import new_id
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.practices.models import Lane, Practice, VisitType
from sprechzeit.staff.models import Member


class Hold(models.Model):
    """A slot reserved for minutes while the patient fills in the form. Only the hash of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    starts_at = models.DateTimeField()
    resource_ids = ArrayField(models.BigIntegerField())
    secret_hash = models.BinaryField(unique=True, max_length=32)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "hold"


class Appointment(models.Model):
    """A booked visit. Who comes is in the sealed patient or intake, never here.

    ``starts_at`` and ``ends_at`` are the visit without its buffers. ``resource_ids`` keeps who and what took part:
    occupancies of the past are pruned, and a resource is retired, never deleted.
    """

    class Status(models.TextChoices):
        BOOKED = "booked"
        ARRIVED = "arrived"
        IN_TREATMENT = "in-treatment"
        DONE = "done"
        NO_SHOW = "no-show"
        CANCELLED = "cancelled"

    class Source(models.TextChoices):
        FRONT = "front"
        DESK = "desk"
        API = "api"

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(
        VisitType, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    resource_ids = ArrayField(models.BigIntegerField())
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.BOOKED)
    source = models.CharField(max_length=6, choices=Source.choices)
    patient = models.ForeignKey(Patient, on_delete=models.SET_NULL, related_name="+", null=True, db_constraint=False)
    intake = models.ForeignKey(
        Intake, on_delete=models.SET_NULL, related_name="+", null=True, db_constraint=False, db_index=False
    )
    manage_hash = models.BinaryField(unique=True, null=True, max_length=32)
    # Why an online booking was refused, in the clear: the patient reads it without a key. Nothing personal may be in it
    # (booking/refuse.py).
    refusal = models.CharField(max_length=300, default="", db_default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "appointment"
        indexes = [
            models.Index(fields=["practice", "starts_at"], name="appointment_of_practice"),
            # Small: an appointment leaves it when its intake is accepted or it is cancelled (booking/inbox.py).
            models.Index(
                fields=["practice", "created_at"],
                name="appointment_unread",
                condition=models.Q(patient__isnull=True, intake__isnull=False) & ~models.Q(status="cancelled"),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=F("starts_at")), name="appointment_span"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it is still to come: neither cancelled nor closed."""
        return self.status == self.Status.BOOKED


class LaneKey(Func):
    """``int8range(lane, lane, '[]')``: GiST support for ranges needs no extension, for plain integers it does."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, lane: str) -> None:
        super().__init__(F(lane), F(lane), Value("[]"))


class Bound(Func):
    """``lower`` or ``upper`` of ``during``."""

    output_field = models.DateTimeField()


class Occupancy(models.Model):
    """A span, buffers included, that one lane is taken: by an appointment, a hold or a block.

    Keeps only yesterday and the future (``booking/prune.py``), so the constraint's index stays small.
    """

    id = models.BigAutoField(primary_key=True)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    lane_key = models.GeneratedField(
        expression=LaneKey("lane_id"), output_field=BigIntegerRangeField(), db_persist=True
    )
    during = DateTimeRangeField()
    starts_at = models.GeneratedField(
        expression=Bound("during", function="lower"), output_field=models.DateTimeField(), db_persist=True
    )
    ends_at = models.GeneratedField(
        expression=Bound("during", function="upper"), output_field=models.DateTimeField(), db_persist=True
    )
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+", null=True)
    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="+", null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "occupancy"
        indexes = [models.Index(fields=["lane", "starts_at"], name="occupancy_of_lane")]
        constraints = [
            ExclusionConstraint(name="occupancy_no_overlap", expressions=[("lane_key", "&&"), ("during", "&&")]),
            models.CheckConstraint(
                name="occupancy_one_reason",
                condition=~models.Q(appointment__isnull=False, hold__isnull=False),
            ),
            models.CheckConstraint(
                name="occupancy_hold_expires",
                condition=models.Q(hold__isnull=True) | models.Q(expires_at__isnull=False),
            ),
        ]


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


class UndoStep(models.Model):
    """What an appointment was before a member changed it, for ten minutes. Nothing about the person."""

    class Kind(models.TextChoices):
        MOVE = "move"
        CANCEL = "cancel"
        MARK = "mark"

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    starts_at = models.DateTimeField()
    resource_ids = ArrayField(models.BigIntegerField())
    status = models.CharField(max_length=12, choices=Appointment.Status.choices)
    version = models.PositiveIntegerField(help_text="Of the appointment after the change")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "undo_step"
