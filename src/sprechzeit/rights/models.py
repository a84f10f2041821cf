"""What patients ask for. Nothing here says who they are; what they wrote is sealed in a table of its own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sprechzeit.booking.models import Appointment
from sprechzeit.identifiers import new_id
from sprechzeit.patients.models import Patient
from sprechzeit.practices.models import Practice


class RightsRequest(models.Model):
    """One request: by the manage link of ``appointment``, or recorded at the desk for ``patient``.

    ``received_on`` and ``due_on`` are local dates of the practice. Both references are empty once what they pointed to
    is forgotten. ``merged_from`` are the records that it came from by merges, the latest last (migration 0002 keeps
    it). ``identity`` is how it was made sure that the patient asks, and is empty until then. The ``_by`` are members.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("Auskunft")
        CORRECTION = "correction", _("Berichtigung")
        ERASURE = "erasure", _("Löschung")
        RESTRICTION = "restriction", _("Einschränkung der Verarbeitung")
        OBJECTION = "objection", _("Widerspruch")

    class Source(models.TextChoices):
        LINK = "link", _("über den Link zum Termin")
        PHONE = "phone", _("am Telefon")
        IN_PERSON = "in-person", _("in der Praxis")
        LETTER = "letter", _("schriftlich")

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        DONE = "done", _("erledigt")
        REFUSED = "refused", _("abgelehnt")

    class Delay(models.TextChoices):
        """Why it takes longer; the law knows just these reasons (GDPR Art. 12(3))."""

        COMPLEX = "complex", _("Die Bearbeitung ist aufwendig.")
        MANY = "many", _("Es liegen gerade viele Anträge vor.")

    class Refusal(models.TextChoices):
        """Why nothing or not all of it is done (GDPR Art. 12(4)), as the patient reads it."""

        IDENTITY = "identity", _("Wir konnten nicht sicherstellen, dass der Antrag von Ihnen kommt.")
        MUST_KEEP = "must-keep", _("Wir müssen diese Daten aufbewahren (§ 630f BGB, Art. 17 Abs. 3 DSGVO).")
        IS_CORRECT = "is-correct", _("Die Daten sind nach unserer Prüfung richtig.")
        NO_GROUND = "no-ground", _("Die Voraussetzungen dafür liegen nach unserer Prüfung nicht vor.")
        EXCESSIVE = "excessive", _("Der Antrag ist offenkundig unbegründet oder exzessiv (Art. 12 Abs. 5 DSGVO).")
        WITHDRAWN = "withdrawn", _("Sie haben den Antrag zurückgenommen.")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    # The database empties these (migration 0002); roles that delete what they point to need not see this table.
    patient = models.ForeignKey(Patient, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False
    )
    merged_from = ArrayField(models.UUIDField(), default=list)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    source = models.CharField(max_length=9, choices=Source.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    received_on = models.DateField()
    due_on = models.DateField()
    delay = models.CharField(max_length=7, choices=Delay.choices, blank=True, default="")
    identity = models.CharField(max_length=9, blank=True, default="")
    identity_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True, default="")
    entered_by = models.UUIDField(null=True)
    identity_by = models.UUIDField(null=True)
    closed_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_request"
        indexes = [
            models.Index(fields=["practice", "due_on"], name="rights_request_open", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "kind"], name="rights_request_once", condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="rights_request_one_person", condition=Q(patient__isnull=True) | Q(appointment__isnull=True)
            ),
            models.CheckConstraint(
                name="rights_request_done_after_check", condition=~Q(state="done") | ~Q(identity="")
            ),
            models.CheckConstraint(
                name="rights_request_refused_with_reason",
                condition=Q(state="refused") & ~Q(refusal="") | ~Q(state="refused") & Q(refusal=""),
            ),
            models.CheckConstraint(
                name="rights_request_closed",
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
            ),
        ]

    @property
    def in_trail(self) -> str:
        """The kind, as the trail names it."""
        return f"right-{self.kind}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class RightsText(models.Model):
    """What was written with a request, sealed to the practice's public key and under its own key (HPKE)."""

    request = models.OneToOneField(
        RightsRequest, on_delete=models.DO_NOTHING, related_name="text", primary_key=True, db_constraint=False
    )
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    text_sealed = models.BinaryField()

    class Meta:
        db_table = "rights_text"
