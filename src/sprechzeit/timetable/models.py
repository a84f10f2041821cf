"""Weekly rules and exceptions in the practice's local time, and the openings made of them."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

from sprechzeit.practices.models import Practice, Resource


class RangeLower(models.Func):
    function = "lower"
    output_field = models.DateTimeField()


class RangeUpper(models.Func):
    function = "upper"
    output_field = models.DateTimeField()


class WeeklyRule(models.Model):
    """A resource is open on this weekday from ``opens`` to ``closes``, wall-clock time of the practice.

    ``weekday`` counts from 0, Monday (ISO 8601 minus one). With ``every_weeks`` n > 1 the weeks are counted from the
    ISO week of ``valid_from``. ``closes`` of 00:00 means the end of the day.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="rules", db_constraint=False)
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last day, included")
    every_weeks = models.PositiveSmallIntegerField(default=1)
    on_holidays = models.BooleanField(default=False)

    class Meta:
        db_table = "weekly_rule"
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekly_rule_weekday"),
            models.CheckConstraint(condition=models.Q(every_weeks__gte=1), name="weekly_rule_every_weeks"),
        ]


class ScheduleException(models.Model):
    """A span in which the rules do not hold: absence or extra hours of a resource, closure of the practice."""

    class Kind(models.TextChoices):
        ABSENCE = "absence"
        EXTRA = "extra"
        CLOSURE = "closure"

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="exceptions", null=True, blank=True, db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    during = DateTimeRangeField()
    label = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "schedule_exception"
        constraints = [
            models.CheckConstraint(
                name="schedule_exception_resource",
                condition=models.Q(kind="closure", resource__isnull=True)
                | (~models.Q(kind="closure") & models.Q(resource__isnull=False)),
            )
        ]


class Opening(models.Model):
    """One concrete bookable span of one resource, materialised 400 days ahead.

    ``starts_at`` and ``ends_at`` repeat the bounds because row-level security lets only leak-proof operators into an
    index scan: comparing times is one, overlap of ranges is not.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="openings", db_constraint=False, db_index=False
    )
    during = DateTimeRangeField()
    starts_at = models.GeneratedField(
        expression=RangeLower("during"), output_field=models.DateTimeField(), db_persist=True
    )
    ends_at = models.GeneratedField(
        expression=RangeUpper("during"), output_field=models.DateTimeField(), db_persist=True
    )

    class Meta:
        db_table = "opening"
        indexes = [models.Index(fields=["resource", "starts_at"], name="opening_of_resource")]
