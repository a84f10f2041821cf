"""The register of incidents (Art. 33(5) GDPR). Nothing personal in the clear: moments, identifiers, states."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice


class Incident(models.Model):
    """One personal data breach of a practice, noticed by itself or told by the host. It is never deleted.

    ``actors``, ``sessions`` and ``networks`` are what the extent was computed for (``extent.Wanted``). What the
    practice writes is sealed under its data key; what the host tells (``told``) names nobody.
    """

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        CLOSED = "closed", _("abgeschlossen")

    class Source(models.TextChoices):
        PRACTICE = "practice", _("selbst bemerkt")
        HOST = "host", _("vom Betreiber gemeldet")

    class Risk(models.TextChoices):
        """For the rights and freedoms of natural persons (Art. 33(1) and 34(1))."""

        OPEN = "", _("noch nicht bewertet")
        NONE = "none", _("voraussichtlich kein Risiko")
        SOME = "some", _("Risiko")
        HIGH = "high", _("hohes Risiko")

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.PRACTICE)
    reference = models.UUIDField(null=True, help_text="The host's: the same in every practice that was told")
    happened_from = models.DateTimeField()
    happened_until = models.DateTimeField()
    aware_at = models.DateTimeField(help_text="When the practice became aware: the 72 hours begin (Art. 33(1))")
    actors = ArrayField(models.CharField(max_length=40), default=list)
    sessions = ArrayField(models.CharField(max_length=40), default=list)
    networks = ArrayField(models.CharField(max_length=50), default=list)
    alarm = models.UUIDField(null=True)
    risk = models.CharField(max_length=4, choices=Risk.choices, default=Risk.OPEN, blank=True)
    authority_at = models.DateTimeField(null=True, help_text="When the authority was notified")
    patients_at = models.DateTimeField(null=True, help_text="When the patients were told (Art. 34)")
    extent = models.JSONField(null=True)
    told = models.JSONField(default=dict, help_text="What the host tells (Art. 33(2)); nothing personal")
    texts_sealed = models.BinaryField(null=True)
    notice_mailed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "incident"
        constraints = [
            models.CheckConstraint(condition=Q(happened_until__gt=F("happened_from")), name="incident_span"),
            models.CheckConstraint(condition=Q(aware_at__gte=F("happened_from")), name="incident_aware"),
            models.UniqueConstraint(
                fields=["practice", "reference"], condition=Q(reference__isnull=False), name="incident_told_once"
            ),
        ]
        indexes = [models.Index(fields=["practice", "-aware_at"], name="incident_of_practice")]
