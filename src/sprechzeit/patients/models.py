"""Sealed patient records and sealed intakes. No column here says anything about a person in the clear."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice


class RecordKey(models.Model):
    """The own key of one sealed record, 32 random bytes: without it the record does not open, in no backup either.

    ``record`` is the id of what it belongs to: a patient, an intake, what a patient sent (``patient_note``), or an
    appointment with a comment. No reference: a merged patient's goes with what is remembered of the merge.
    """

    pk = models.CompositePrimaryKey("practice_id", "record")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.UUIDField()
    key = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "record_key"


class Patient(models.Model):
    """A patient record, AES-256-GCM under the practice's data key and the record's own.

    ``name_sealed`` holds only what lists and the search need, so that opening a whole practice stays cheap;
    ``record_sealed`` holds everything.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    name_sealed = models.BinaryField()
    record_sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    restricted_at = models.DateTimeField(null=True, help_text="Since when processing is restricted (GDPR Art. 18)")

    class Meta:
        db_table = "patient"


class Intake(models.Model):
    """What a patient typed on the booking page, sealed to the practice's public key in that request (HPKE).

    Under the record's own key besides.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    unreadable_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was found not to open with the practice's key"
    )

    class Meta:
        db_table = "intake"


class Consent(models.Model):
    """A patient's consent to one purpose, with the wording that was agreed to; GDPR Art. 7(1) asks for the proof.

    It stands beside the intake until that is taken over, then beside the record. Withdrawn ones stay as long as the
    record does.
    """

    class Purpose(models.TextChoices):
        REMINDER_EMAIL = "reminder-email", _("Erinnerungen per E-Mail")
        REMINDER_SMS = "reminder-sms", _("Erinnerungen per SMS")
        REMINDER_AGAIN = "reminder-again", _("Zweite Erinnerung am Tag selbst")
        RECALL = "recall", _("Einladungen zu Kontrollen")

    class Source(models.TextChoices):
        FRONT = "front", _("online")
        DESK = "desk", _("in der Praxis")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+", null=True, db_constraint=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="+", null=True, db_constraint=False)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    wording = models.CharField(max_length=500)
    source = models.CharField(max_length=6, choices=Source.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "consent"
        constraints = [
            models.CheckConstraint(
                name="consent_of_one",
                condition=models.Q(patient__isnull=False, intake__isnull=True)
                | models.Q(patient__isnull=True, intake__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["patient", "purpose"], condition=models.Q(withdrawn_at__isnull=True), name="consent_standing"
            ),
        ]


class AddressConfirmation(models.Model):
    """Whether the owner of the address in a record has said that it is theirs. Which address, only the record knows.

    It goes when that address changes. ``secret_hash`` is of the link in the last request.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    channel = models.CharField(max_length=5)
    secret_hash = models.BinaryField(null=True, max_length=32)
    times = models.PositiveSmallIntegerField(default=0, help_text="How often it was asked")
    asked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "address_confirmation"
        constraints = [
            models.UniqueConstraint(fields=["practice", "patient", "channel"], name="address_confirmation_once")
        ]
        indexes = [models.Index(fields=["secret_hash"], name="address_confirmation_link")]


class PatientMerge(models.Model):
    """Two records that became one, for 30 days: both as they were before, sealed, and which appointments moved.

    ``appointments`` also names what else followed the patient (``patients/followers.py``).
    ``kept`` and ``absorbed`` are no references: the absorbed record is gone, and the kept one may be absorbed in turn.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    kept = models.UUIDField()
    absorbed = models.UUIDField()
    kept_sealed = models.BinaryField()
    absorbed_sealed = models.BinaryField()
    absorbed_version = models.PositiveIntegerField()
    absorbed_created_at = models.DateTimeField()
    merged_version = models.PositiveIntegerField(help_text="Of the kept record right after the merge")
    kept_restricted_at = models.DateTimeField(null=True)
    absorbed_restricted_at = models.DateTimeField(null=True)
    appointments = ArrayField(models.UUIDField())
    consents = ArrayField(models.UUIDField(), default=list, db_default=[])
    recalls = ArrayField(models.UUIDField(), default=list, db_default=[])
    created_at = models.DateTimeField()

    class Meta:
        db_table = "patient_merge"
        indexes = [models.Index(fields=["practice", "kept"], name="patient_merge_of_kept")]
