"""A booked visit, and what is written about it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from sprechzeit.identifiers import new_id
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.practices.models import Practice, Resource, VisitType


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
