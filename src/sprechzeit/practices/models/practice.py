"""The practice and its locations."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language


def in_language(german: str, english: str) -> str:
    """German on German pages; elsewhere English, which more people read, unless the practice wrote none."""
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
    latitude = models.FloatField(null=True, blank=True, help_text="WGS 84, of the postal code")
    longitude = models.FloatField(null=True, blank=True)
    specialties = ArrayField(
        models.CharField(max_length=120), default=list, db_default=[], help_text="Of its clinicians, for the search"
    )
    languages = ArrayField(models.CharField(max_length=2), default=list, db_default=[], help_text="ISO 639-1")
    accessibility = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    insurances = ArrayField(
        models.CharField(max_length=10), default=list, db_default=[], help_text="Of Insurance; empty: all"
    )
    accepts_new = models.BooleanField(default=True, db_default=True, help_text="Takes new patients")
    website = models.URLField(max_length=200, blank=True, default="", db_default="")
    directions_de = models.TextField(max_length=1000, blank=True, default="", db_default="")
    directions_en = models.TextField(max_length=1000, blank=True, default="", db_default="")
    responsible = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Who answers for the practice (DDG section 5)"
    )
    imprint = models.TextField(max_length=2000, blank=True, default="", db_default="")
    privacy_contact = models.CharField(max_length=300, blank=True, default="", db_default="")
    phone_purpose = models.CharField(max_length=200, blank=True, default="", db_default="")
    insurance_purpose = models.CharField(max_length=200, blank=True, default="", db_default="")
    note_purpose = models.CharField(max_length=200, blank=True, default="", db_default="")
    confirm_email = models.BooleanField(
        default=True, db_default=True, help_text="An online booking becomes firm with the code that is mailed"
    )
    widget_origins = ArrayField(
        models.CharField(max_length=200), default=list, db_default=[], help_text="Sites that may frame the booking page"
    )
    day_sheet_by_mail = models.BooleanField(
        default=False, db_default=False, help_text="Send the encrypted day sheet to ``email``, evening and morning"
    )
    quiet_from = models.TimeField(default=time(21), db_default=time(21), help_text="Local; from then on no reminders")
    quiet_until = models.TimeField(default=time(7), db_default=time(7), help_text="Local; the same as from: none")
    waiting_at_once = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="To so many who wait a freed time is offered at once, first come"
    )
    frozen_at = models.DateTimeField(null=True, blank=True, help_text="Since when exports and mass changes are stopped")
    support_must_ask = models.BooleanField(
        default=False, db_default=False, help_text="Whether the host's technician waits for an owner's yes"
    )
    key_doubted_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the public key is not believed: nothing is sealed to it"
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
            ),
            models.CheckConstraint(
                condition=models.Q(waiting_at_once__gte=1, waiting_at_once__lte=5), name="practice_waiting_at_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["latitude", "longitude"], name="practice_place", condition=models.Q(listed=True)
            )  # search.sql
        ]

    @property
    def directions(self) -> str:
        """How to get there, in the language of the page."""
        return in_language(self.directions_de, self.directions_en)

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
