"""Holds, appointments and occupancies. The database refuses a double booking; nothing here checks first."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from sprechzeit.identifiers import new_id
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.practices.models import Lane, Practice, Resource, VisitType
from sprechzeit.staff.models import Member


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


class Appointment(models.Model):
    """A booked visit. Who comes is in the sealed patient or intake, never here.

    ``starts_at`` and ``ends_at`` are the visit without its buffers. ``resource_ids`` keeps who and what took part:
    occupancies of the past are pruned, and a resource is retired, never deleted.
    """

    class Status(models.TextChoices):
        BOOKED = "booked"
        ARRIVED = "arrived"
        IN_TREATMENT = "in-treatment"
        DONE = "done"
        NO_SHOW = "no-show"
        CANCELLED = "cancelled"

    class Source(models.TextChoices):
        FRONT = "front"
        DESK = "desk"
        API = "api"

    class Type(models.TextChoices):
        """How it came about, after FHIR's Appointment.appointmentType (HL7 table 0276)."""

        ROUTINE = "routine", _("geplant")
        WALK_IN = "walk-in", _("ohne Termin gekommen")
        EMERGENCY = "emergency", _("Notfall")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(
        VisitType, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    resource_ids = ArrayField(models.BigIntegerField())
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.BOOKED)
    source = models.CharField(max_length=6, choices=Source.choices)
    appointment_type = models.CharField(
        max_length=9, choices=Type.choices, default=Type.ROUTINE, db_default=Type.ROUTINE.value
    )
    # Squeezed in: it stands in lanes for overbooking.
    overbooked = models.BooleanField(default=False, db_default=False)
    # Where the visit type asks for the practice's yes: no until ``confirmed_at``.
    needs_confirmation = models.BooleanField(default=False, db_default=False)
    confirmed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    treated_in = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    patient = models.ForeignKey(Patient, on_delete=models.SET_NULL, related_name="+", null=True, db_constraint=False)
    intake = models.ForeignKey(
        Intake, on_delete=models.SET_NULL, related_name="+", null=True, db_constraint=False, db_index=False
    )
    manage_hash = models.BinaryField(unique=True, null=True, max_length=32)
    # Why an online booking was refused, in the clear: the patient reads it without a key. Nothing personal may be in it
    # (booking/refuse.py).
    refusal = models.CharField(max_length=300, default="", db_default="", blank=True)
    # When the patient cancelled it, who may take that back for ten minutes (booking/undo_managed.py).
    given_up_at = models.DateTimeField(null=True)
    # The patient has said "I am coming" to this time (booking/coming.py).
    patient_confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "appointment"
        indexes = [
            models.Index(fields=["practice", "starts_at"], name="appointment_of_practice"),
            # Small: an appointment leaves it when its intake is accepted or it is cancelled (booking/inbox.py).
            models.Index(
                fields=["practice", "created_at"],
                name="appointment_unread",
                condition=models.Q(patient__isnull=True, intake__isnull=False) & ~models.Q(status="cancelled"),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=F("starts_at")), name="appointment_span"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it is still to come: neither cancelled nor closed."""
        return self.status == self.Status.BOOKED


class AppointmentNote(models.Model):
    """The practice's comment on an appointment, AES-256-GCM under the data key. The patients' side cannot read it."""

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, related_name="+", primary_key=True, db_constraint=False
    )
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    note_sealed = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "appointment_note"


class PatientNote(models.Model):
    """What a patient sent by the manage link of an appointment, sealed to the practice's public key.

    The patients' side puts it in and cannot read it. It is unread until the desk settles it.
    """

    class Kind(models.TextChoices):
        CONTACT = "contact", _("neue Kontaktdaten")
        ANSWER = "answer", _("Nachricht")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "patient_note"
        indexes = [
            models.Index(
                fields=["practice", "created_at"],
                name="patient_note_unread",
                condition=models.Q(settled_at__isnull=True),
            ),
        ]


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


class IdempotencyKey(models.Model):
    """A state-changing call that was carried out, so that its repetition answers the same and does nothing.

    Keys are stored hashed. ``fingerprint`` covers what is not personal only; ``result`` holds identifiers.
    """

    id = models.BigAutoField(primary_key=True)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    key_hash = models.BinaryField(max_length=32)
    fingerprint = models.BinaryField(max_length=32)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_key"
        constraints = [models.UniqueConstraint(fields=["practice", "key_hash"], name="idempotency_key_once")]


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


class QueueNumber(models.Model):
    """A number of an open consultation on one local day. Nobody knows whose; only its secret's hash is kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        CALLED = "called", _("aufgerufen")
        DONE = "done", _("fertig")
        LEFT = "left", _("gegangen")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    secret_hash = models.BinaryField(unique=True, max_length=32)
    taken_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "queue_number"
        constraints = [
            models.UniqueConstraint(fields=["practice", "visit_type", "day", "number"], name="queue_number_once")
        ]
