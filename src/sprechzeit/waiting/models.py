"""Who waits for an earlier time, and what was offered to them. Who they are is in the appointment, record or intake."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sprechzeit.booking.models import Appointment, Hold
from sprechzeit.identifiers import new_id
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.staff.models import Member

ENTRY_LIVE = ("waiting", "offered")


def _one_of(*names: str) -> Q:
    """Exactly one of these columns is filled."""
    found = Q()
    for one in names:
        found |= Q(**{f"{other}__isnull": other != one for other in names})
    return found


class WaitingEntry(models.Model):
    """A wish for a time: earlier than ``appointment``, or at all, of an ``intake`` or of a ``patient`` in the records.

    What may be said of the person beside that is what a booking is refused by (``booking/claims.py``), and only where
    the visit type has such a rule. ``weekdays`` are ISO (1 is Monday), ``since_time`` to ``until_time`` and
    ``earliest`` to ``latest`` are local and both included; an empty list and null mean any.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("noch nicht bestätigt")
        WAITING = "waiting", _("wartet")
        OFFERED = "offered", _("hat ein Angebot")
        BOOKED = "booked", _("hat eine Zeit bekommen")
        WITHDRAWN = "withdrawn", _("möchte nicht mehr")
        EXPIRED = "expired", _("abgelaufen")

    class Source(models.TextChoices):
        FRONT = "front", _("online")
        DESK = "desk", _("am Empfang")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    # The database deletes the entry with these (migration 0002); roles that delete them need not see it.
    appointment = models.ForeignKey(
        Appointment, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False
    )
    patient = models.ForeignKey(Patient, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False)
    intake = models.ForeignKey(Intake, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False)
    clinician_ids = ArrayField(models.BigIntegerField(), default=list)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list)
    since_time = models.TimeField(null=True)
    until_time = models.TimeField(null=True)
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)
    notice_hours = models.PositiveSmallIntegerField(default=2)
    is_new = models.BooleanField(null=True)
    insurance = models.CharField(max_length=10, blank=True, default="")
    has_referral = models.BooleanField(default=False)
    source = models.CharField(max_length=5, choices=Source.choices)
    state = models.CharField(max_length=11, choices=State.choices, default=State.WAITING)
    # Of the link by which it is seen and withdrawn, and that manages the appointment once it is booked.
    secret_hash = models.BinaryField(unique=True, null=True, max_length=32)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "waiting_entry"
        indexes = [
            models.Index(
                fields=["practice", "created_at"],
                name="waiting_entry_live",
                condition=Q(state__in=("unconfirmed", *ENTRY_LIVE)),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"], name="waiting_entry_once", condition=Q(state__in=ENTRY_LIVE)
            ),
            models.CheckConstraint(
                condition=_one_of("appointment", "patient", "intake"), name="waiting_entry_one_person"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]), name="waiting_entry_weekdays"
            ),
            models.CheckConstraint(
                condition=Q(since_time__isnull=True)
                | Q(until_time__isnull=True)
                | Q(since_time__lt=models.F("until_time")),
                name="waiting_entry_times",
            ),
            models.CheckConstraint(
                condition=Q(earliest__isnull=True) | Q(latest__isnull=True) | Q(earliest__lte=models.F("latest")),
                name="waiting_entry_days",
            ),
        ]

    @property
    def is_live(self) -> bool:
        """Whether it can still be offered something."""
        return self.state in ENTRY_LIVE


class WaitingOffer(models.Model):
    """A free time offered to somebody who waits, held for them until ``expires_at``.

    Open offers with one ``hold`` were made to several at once, and whoever accepts first has it (``waiting/group.py``).
    One that is over has none. Only the hash of the secret in its link is stored.
    """

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        ACCEPTED = "accepted", _("angenommen")
        DECLINED = "declined", _("abgelehnt")
        EXPIRED = "expired", _("abgelaufen")
        TAKEN_BACK = "taken-back", _("zurückgenommen")
        MISSED = "missed", _("jemand war schneller")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers", db_constraint=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    resource_ids = ArrayField(models.BigIntegerField())
    hold = models.ForeignKey(Hold, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    secret_hash = models.BinaryField(unique=True, max_length=32)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    by_member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)

    class Meta:
        db_table = "waiting_offer"
        indexes = [
            models.Index(fields=["practice", "expires_at"], name="waiting_offer_open", condition=Q(state="open"))
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry"], name="waiting_offer_one_open", condition=Q(state="open"))
        ]
