"""What can be occupied, and its lanes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sprechzeit.practices.models.practice import Location, Practice


class Resource(models.Model):
    """What can be occupied. ``capacity`` n means n lanes. Never deleted, only retired: history points at it."""

    class Kind(models.TextChoices):
        CLINICIAN = "clinician", _("Behandelnde")
        ROOM = "room", _("Raum")
        DEVICE = "device", _("Gerät")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="resources")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=20, blank=True)
    specialty = models.CharField(max_length=120, blank=True)
    capacity = models.PositiveSmallIntegerField(default=1)
    overbooking = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="How many may be squeezed in at once, besides; each has a lane of its own"
    )
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "resource"
        constraints = [
            models.CheckConstraint(condition=models.Q(capacity__gte=1, capacity__lte=99), name="resource_capacity"),
            models.CheckConstraint(condition=models.Q(overbooking__lte=9), name="resource_overbooking"),
        ]


class Lane(models.Model):
    """One of the ``capacity`` places of a resource; an occupancy takes one lane.

    Lanes for ``overbooking`` are never offered: only who squeezes somebody in deliberately takes one.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="lanes", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    overbooking = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "lane"
        constraints = [models.UniqueConstraint(fields=["resource", "overbooking", "number"], name="lane_number")]
