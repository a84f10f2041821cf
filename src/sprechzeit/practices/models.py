"""Practice, location, resource, lane, visit type. Nothing here is personal data of patients."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def two_days_before() -> list[int]:
    """When a visit type reminds unless its practice says otherwise, in hours before the start."""
    return [48]


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


class Insurance(models.TextChoices):
    """How a visit is paid for."""

    STATUTORY = "statutory", _("gesetzlich versichert")
    PRIVATE = "private", _("privat versichert")
    SELF = "self", _("selbst zahlend")


class OpenTo(models.TextChoices):
    """Whom a visit type is for."""

    ALL = "all", _("alle")
    NEW = "new", _("nur neue Patienten")
    KNOWN = "known", _("nur bekannte Patienten")


class Access(models.TextChoices):
    """What it takes to book it online."""

    OPEN = "open", _("nichts weiter")
    REFERRAL = "referral", _("eine Überweisung")
    CODE = "code", _("ein Code der Praxis")


class Modality(models.TextChoices):
    """How one meets."""

    IN_PERSON = "in-person", _("in der Praxis")
    VIDEO = "video", _("per Video")
    PHONE = "phone", _("am Telefon")


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
    open_to = models.CharField(max_length=5, choices=OpenTo.choices, default=OpenTo.ALL, db_default=OpenTo.ALL.value)
    insurances = ArrayField(
        models.CharField(max_length=10), default=list, db_default=[], help_text="Of Insurance; empty: all"
    )
    min_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Completed years on the day")
    max_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Completed years on the day")
    most_a_day = models.PositiveSmallIntegerField(null=True, blank=True)
    most_a_week = models.PositiveSmallIntegerField(null=True, blank=True)
    most_open = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Coming ones of one patient")
    access = models.CharField(max_length=8, choices=Access.choices, default=Access.OPEN, db_default=Access.OPEN.value)
    released_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Offered only from so long before the start"
    )
    reserved_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Until so long before the start only for those with a code"
    )
    needs_confirmation = models.BooleanField(default=False, db_default=False)
    walk_in = models.BooleanField(
        default=False, db_default=False, help_text="Open consultation: patients draw a number for today"
    )
    modality = models.CharField(
        max_length=9, choices=Modality.choices, default=Modality.IN_PERSON, db_default=Modality.IN_PERSON.value
    )
    video_link = models.URLField(max_length=300, blank=True, default="", db_default="")
    instructions_de = models.TextField(max_length=1000, blank=True, default="", db_default="")
    instructions_en = models.TextField(max_length=1000, blank=True, default="", db_default="")
    reminder_hours = ArrayField(
        models.PositiveSmallIntegerField(), default=two_days_before, db_default=[48], help_text="Before the start"
    )
    second_reminder_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Before the start, for those who ask for it; None: not offered"
    )
    follow_up_hours = models.PositiveSmallIntegerField(null=True, blank=True, help_text="After the end; None: none")
    follow_up_de = models.TextField(max_length=1000, blank=True, default="", db_default="")
    follow_up_en = models.TextField(max_length=1000, blank=True, default="", db_default="")
    prepayment_de = models.TextField(max_length=500, blank=True, default="", db_default="")
    prepayment_en = models.TextField(max_length=500, blank=True, default="", db_default="")
    prepayment_by_mail = models.BooleanField(
        default=False, db_default=False, help_text="The confirmation says it too: it may tell what for"
    )
    recall_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Next check-up after so many; None: none"
    )
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "visit_type"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recall_months__isnull=True) | models.Q(recall_months__gte=1, recall_months__lte=120),
                name="visit_type_recall",
            ),
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
            models.CheckConstraint(
                condition=models.Q(min_age__isnull=True)
                | models.Q(max_age__isnull=True)
                | models.Q(min_age__lte=models.F("max_age")),
                name="visit_type_ages",
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

    @property
    def prepayment(self) -> str:
        """What is to be paid beforehand, in the language of the page; nothing is paid here."""
        return in_language(self.prepayment_de, self.prepayment_en)


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


class Question(models.Model):
    """A question before the booking, answered by yes or no. Answers lead on and are stored nowhere."""

    class Then(models.TextChoices):
        GO_ON = "go-on", _("weiter")
        OTHER = "other", _("andere Terminart")
        STOP = "stop", _("nicht online")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="questions", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    text_de = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, blank=True)
    if_yes = models.CharField(max_length=5, choices=Then.choices, default=Then.GO_ON)
    if_no = models.CharField(max_length=5, choices=Then.choices, default=Then.GO_ON)
    other = models.ForeignKey(
        VisitType, on_delete=models.CASCADE, related_name="+", null=True, blank=True, db_constraint=False
    )
    stop_de = models.CharField(max_length=500, blank=True)
    stop_en = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "question"
        constraints = [
            models.UniqueConstraint(fields=["visit_type", "number"], name="question_number"),
            models.CheckConstraint(
                condition=~(models.Q(if_yes="other") | models.Q(if_no="other")) | models.Q(other__isnull=False),
                name="question_other",
            ),
        ]

    @property
    def text(self) -> str:
        """The question in the language of the page."""
        return in_language(self.text_de, self.text_en)

    @property
    def stop(self) -> str:
        """What to do instead, in the language of the page."""
        return in_language(self.stop_de, self.stop_en)


class BookingCode(models.Model):
    """A code that the practice gives to those who may book a visit type. Only its hash is stored."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    code_hash = models.BinaryField(max_length=32)
    label = models.CharField(max_length=60, blank=True)
    uses_left = models.PositiveSmallIntegerField(null=True, blank=True, help_text="None: any number")
    valid_until = models.DateField(null=True, blank=True, help_text="Last day, included")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "booking_code"
        constraints = [models.UniqueConstraint(fields=["practice", "code_hash"], name="booking_code_once")]


class NextFree(models.Model):
    """The next free start of a visit type, for the search over all practices: public, and nothing personal.

    A copy: it is looked at again wherever a time is chosen.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.OneToOneField(
        VisitType, on_delete=models.CASCADE, related_name="+", primary_key=True, db_constraint=False
    )
    name_de = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    modality = models.CharField(max_length=9, choices=Modality.choices)
    open_to = models.CharField(max_length=5, choices=OpenTo.choices, default=OpenTo.ALL, db_default=OpenTo.ALL.value)
    insurances = ArrayField(
        models.CharField(max_length=10), default=list, db_default=[], help_text="Of Insurance; empty: all"
    )
    starts_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "next_free"
        indexes = [models.Index(fields=["practice", "starts_at"], name="next_free_of_practice")]
