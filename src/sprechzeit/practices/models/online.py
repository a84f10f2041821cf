"""What stands before booking online: questions, codes, the next free starts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sprechzeit.practices.models.practice import Practice, in_language
from sprechzeit.practices.models.visit_type import Modality, OpenTo, VisitType


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
