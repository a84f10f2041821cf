"""Practice, location, resource, lane, visit type. Nothing here is personal data of patients."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(german: str, english: str) -> str:
    """The text in the language of the page; German where the practice wrote no other."""
    return german if not english or (get_language() or "de").startswith("de") else english


class Practice(models.Model):
    """The tenant: data controller and owner of one key pair. Its row is the public directory."""

    class Kind(models.TextChoices):
        REAL = "real"
        DEMO = "demo"

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.REAL)
    time_zone = models.CharField(max_length=40, default="Europe/Berlin")
    subdivision = models.CharField(max_length=4, default="BE", help_text="Federal state, for public holidays")
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    listed = models.BooleanField(default=True)
    public_key = models.BinaryField()
    current_data_key = models.PositiveIntegerField(default=1)
    birth_date_purpose = models.CharField(
        max_length=200, blank=True, help_text="Why patients are asked for their birth date; empty: not asked"
    )
    email = models.EmailField(blank=True, max_length=200, help_text="Of the owner, for the trail's daily head")
    idle_minutes = models.PositiveSmallIntegerField(
        default=60, help_text="A session ends when nothing was done for so long"
    )
    session_hours = models.PositiveSmallIntegerField(default=12, help_text="A session ends after so long at the latest")
    set_up_at = models.DateTimeField(null=True, blank=True, help_text="When the recovery sheet was first confirmed")
    welcome_de = models.TextField(max_length=1000, blank=True, default="", db_default="")
    welcome_en = models.TextField(max_length=1000, blank=True, default="", db_default="")
    day_sheet_by_mail = models.BooleanField(
        default=False, db_default=False, help_text="Send the encrypted day sheet to ``email``, evening and morning"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "practice"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    idle_minutes__gte=5, idle_minutes__lte=480, session_hours__gte=1, session_hours__lte=24
                ),
                name="practice_session_limits",
            )
        ]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def welcome(self) -> str:
        """What patients read first, in the language of the page."""
        return in_language(self.welcome_de, self.welcome_en)


class Location(models.Model):
    """A place of a practice."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="locations")
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "location"


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


class VisitType(models.Model):
    """What is booked. All spans are minutes; ``grid_minutes`` divides an hour and is counted from local midnight."""

    GRIDS = (5, 10, 15, 20, 30, 60)

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="visit_types")
    name_de = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    tone = models.PositiveSmallIntegerField(default=1, help_text="Number of the colour token, 1 to 8")
    duration_minutes = models.PositiveSmallIntegerField()
    buffer_before_minutes = models.PositiveSmallIntegerField(default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(default=0)
    grid_minutes = models.PositiveSmallIntegerField(default=15)
    online = models.BooleanField(default=True)
    lead_minutes = models.PositiveIntegerField(default=120)
    horizon_days = models.PositiveSmallIntegerField(default=90)
    change_until_minutes = models.PositiveIntegerField(default=24 * 60)
    instructions_de = models.TextField(max_length=1000, blank=True, default="", db_default="")
    instructions_en = models.TextField(max_length=1000, blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "visit_type"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=5, duration_minutes__lte=720), name="visit_type_duration"
            ),
            models.CheckConstraint(  # availability.sql relies on it: an occupancy lasts a day at most
                condition=models.Q(buffer_before_minutes__lte=240, buffer_after_minutes__lte=240),
                name="visit_type_buffers",
            ),
            models.CheckConstraint(condition=models.Q(tone__gte=1, tone__lte=8), name="visit_type_tone"),
            models.CheckConstraint(
                condition=models.Q(grid_minutes__in=[5, 10, 15, 20, 30, 60]), name="visit_type_grid"
            ),
        ]

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name_de, self.name_en)

    @property
    def instructions(self) -> str:
        """What to bring and to know, in the language of the page."""
        return in_language(self.instructions_de, self.instructions_en)


class VisitTypeNeed(models.Model):
    """One resource that can serve one need of a visit type.

    Rows of the same ``number`` are alternatives ("any of these clinicians"), different numbers are all needed at
    once ("and a room"). A resource serves at most one need of a visit type, which keeps availability exact.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="needs", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        db_table = "visit_type_need"
        constraints = [models.UniqueConstraint(fields=["visit_type", "resource"], name="visit_type_need_once")]
