"""Counters of the rate limits and of members' work, alarms, what is usual of whom, canaries, the server's brake."""

from __future__ import annotations

from typing import Any

from django.db import models

from sprechzeit.guard.sketch import SIZE
from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice


class RateCounter(models.Model):
    """Hits of one bucket until ``ends_at``. Unlogged: a crash of the database forgets it, which does no harm.

    What is counted is known by a keyed hash only: no address stands in the table.
    """

    bucket = models.BinaryField(primary_key=True, max_length=32)
    hits = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "rate_counter"


class SketchField(models.Field):  # type: ignore[type-arg]  # read and written by statements of our own only
    """A fixed number of bits; which of them stand for whom tells ``guard/sketch.py``."""

    def db_type(self, connection: Any) -> str:
        return f"bit({SIZE})"


class WorkCount(models.Model):
    """What one member or program did in a quarter of an hour. Unlogged, like ``rate_counter``."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    reader = models.CharField(max_length=40, help_text="Identifier of a member or token; visitor")
    since = models.DateTimeField()
    opened = SketchField(help_text="Different patients whose data were opened one by one or found")
    named = SketchField(help_text="Different patients whose names stood in the calendar")
    changes = models.PositiveIntegerField()
    exports = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    asks = models.PositiveIntegerField(default=0, db_default=0, help_text="How often the passkey was asked for in vain")
    lifted = models.BooleanField(default=False, db_default=False, help_text="It was shown: the first limit is off")

    class Meta:
        db_table = "work_count"
        constraints = [models.UniqueConstraint(fields=["practice", "reader", "since"], name="work_count_once")]


class WorkLimit(models.Model):
    """A practice's limits, learnt from its calendar each night; without a row the floor of ``rules.py`` counts."""

    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="+", primary_key=True)
    opened_first = models.PositiveIntegerField()
    opened_second = models.PositiveIntegerField()
    named_first = models.PositiveIntegerField()
    named_second = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    learnt_at = models.DateTimeField()

    class Meta:
        db_table = "work_limit"


class Habit(models.Model):
    """What is usual of a member: hours of the day, devices, networks. ``days`` on which it was seen, the last one."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    reader = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=60)
    days = models.PositiveIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        db_table = "habit"
        constraints = [models.UniqueConstraint(fields=["practice", "reader", "kind", "value"], name="habit_once")]


class Alarm(models.Model):
    """One cause for alarm. Without a practice it is the host's. Nothing personal: codes, counts, identifiers."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    rule = models.CharField(max_length=30)
    severity = models.CharField(max_length=10)
    cause = models.CharField(max_length=80, blank=True, help_text="Of one cause there is one open alarm")
    actor_kind = models.CharField(max_length=10, blank=True)
    actor = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    details = models.JSONField(default=dict)
    mailed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, blank=True, default="", db_default="")
    note_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "alarm"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "rule", "cause"],
                condition=models.Q(settled_at=None),
                nulls_distinct=False,
                name="alarm_open_once",
            )
        ]


class Canary(models.Model):
    """Something that no real work touches: the id of a token, a member or an appointment."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = models.UUIDField()
    kind = models.CharField(max_length=12)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "canary"
        constraints = [models.UniqueConstraint(fields=["practice", "subject"], name="canary_once")]


class ServerBrake(models.Model):
    """The one row of the whole server: whether it only reads."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    read_only_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "server_brake"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="server_brake_one")]
