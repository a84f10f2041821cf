"""What the desk keeps for its members: undoing, clipboard, views, the day sheet."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sprechzeit.booking.models.appointment import Appointment
from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice
from sprechzeit.staff.models import Member


class UndoStep(models.Model):
    """What an appointment was before a member changed it, for ten minutes. Nothing about the person."""

    class Kind(models.TextChoices):
        MOVE = "move"
        CANCEL = "cancel"
        MARK = "mark"
        RESIZE = "resize"
        BOOK = "book"

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    batch = models.UUIDField(null=True, help_text="Steps of one change of many are undone together")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    resource_ids = ArrayField(models.BigIntegerField())
    status = models.CharField(max_length=12, choices=Appointment.Status.choices)
    overbooked = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(null=True)
    treated_in = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(help_text="Of the appointment after the change")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "undo_step"


class ClipboardItem(models.Model):
    """An appointment that a member has cut or copied, to be put elsewhere. Cut ones stay where they are until then."""

    class Mode(models.TextChoices):
        CUT = "cut"
        COPY = "copy"

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    mode = models.CharField(max_length=4, choices=Mode.choices)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "clipboard_item"
        constraints = [
            models.UniqueConstraint(fields=["practice", "member", "appointment"], name="clipboard_item_once")
        ]


class SavedView(models.Model):
    """A choice of columns that a member keeps under a name."""

    class Shape(models.TextChoices):
        DAY = "day", _("Tag")
        WEEK = "week", _("Woche")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    shape = models.CharField(max_length=4, choices=Shape.choices)
    resource_ids = ArrayField(models.BigIntegerField())
    zoom = models.PositiveSmallIntegerField(default=15, help_text="Minutes of one line: 5, 10, 15 or 30")

    class Meta:
        db_table = "saved_view"
        constraints = [
            models.UniqueConstraint(fields=["practice", "member", "name"], name="saved_view_name"),
            models.CheckConstraint(condition=models.Q(zoom__in=[5, 10, 15, 30]), name="saved_view_zoom"),
        ]


class DaySheet(models.Model):
    """The newest encrypted day sheet of a practice: a page that opens itself with a passphrase or the recovery key.

    Made in a member's session (nobody else can read the names); the worker only hands the closed file on.
    """

    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="+", primary_key=True)
    first_day = models.DateField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "day_sheet"
