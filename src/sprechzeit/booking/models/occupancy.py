"""What takes the lanes of resources: holds, blocks, appointments. The database refuses two at once."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Value

from sprechzeit.booking.models.appointment import Appointment
from sprechzeit.identifiers import new_id
from sprechzeit.patients.models import Intake
from sprechzeit.practices.models import Lane, Practice, Resource, VisitType


class Hold(models.Model):
    """A slot reserved for minutes while the patient fills in the form. Only the hash of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    starts_at = models.DateTimeField()
    resource_ids = ArrayField(models.BigIntegerField())
    secret_hash = models.BinaryField(unique=True, max_length=32)
    expires_at = models.DateTimeField(db_index=True)
    # From here on: what was typed is sealed and waits for the code that was mailed.
    intake = models.ForeignKey(Intake, on_delete=models.SET_NULL, related_name="+", null=True, db_constraint=False)
    code_mac = models.BinaryField(null=True, max_length=32)
    code_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    code_mails = models.PositiveSmallIntegerField(default=0, db_default=0)
    code_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "hold"


class Block(models.Model):
    """Time of one resource that the desk keeps free of appointments. What for is sealed: it may name somebody."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note_sealed = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "block"
        indexes = [models.Index(fields=["practice", "starts_at"], name="block_of_practice")]
        constraints = [
            # A day at most, as every occupancy (availability.sql relies on it).
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + timedelta(hours=24)),
                name="block_span",
            ),
        ]


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
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="+", null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "occupancy"
        indexes = [models.Index(fields=["lane", "starts_at"], name="occupancy_of_lane")]
        constraints = [
            ExclusionConstraint(name="occupancy_no_overlap", expressions=[("lane_key", "&&"), ("during", "&&")]),
            models.CheckConstraint(
                name="occupancy_one_reason",
                condition=~models.Q(appointment__isnull=False, hold__isnull=False)
                & ~models.Q(appointment__isnull=False, block__isnull=False)
                & ~models.Q(hold__isnull=False, block__isnull=False),
            ),
            models.CheckConstraint(
                name="occupancy_hold_expires",
                condition=models.Q(hold__isnull=True) | models.Q(expires_at__isnull=False),
            ),
        ]
