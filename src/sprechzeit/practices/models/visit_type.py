"""What is booked, and which resources it needs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sprechzeit.practices.models.practice import Practice, in_language
from sprechzeit.practices.models.resource import Resource


def two_days_before() -> list[int]:
    """When a visit type reminds unless its practice says otherwise, in hours before the start."""
    return [48]


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
