"""Messages on their way. To whom is sealed to the notifier's key: web processes put it in and can never read it."""

from __future__ import annotations

from django.db import models

from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice


class Message(models.Model):
    """One message to one address.

    ``sealed`` holds the address and whatever only its reader may see (a code, a link); of one to a ``kept`` address
    the ``NotifierAddress`` holds it, and ``sealed`` at most a code. ``facts`` is what the text is made of and names
    nobody. ``sealed`` goes with the message, or when it is stopped.
    """

    class Kind(models.TextChoices):
        CODE = "code"
        CONFIRMATION = "confirmation"
        CHANGE = "change"
        CANCELLATION = "cancellation"
        REMINDER = "reminder"
        NOTE = "note"
        FOLLOW_UP = "follow-up"
        ADDRESS = "address"
        OFFER = "offer"
        RECALL = "recall"
        WAITING_LIST = "waiting-list"
        NEW_ADDRESS = "new-address"

    class Channel(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    about = models.UUIDField(help_text="The appointment or hold; no reference, a message may outlive it")
    language = models.CharField(max_length=5, default="de")
    facts = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    kept = models.BooleanField(default=False, db_default=False, help_text="Goes to the address kept for ``about``")
    stop_hash = models.BinaryField(null=True, help_text="Of the secret in its own link that stops messages")
    dedupe_key = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True, help_text="When somebody at the desk had seen that it failed")

    class Meta:
        db_table = "message"
        constraints = [models.UniqueConstraint(fields=["practice", "dedupe_key"], name="message_once")]
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=models.Q(state="waiting")),
            models.Index(  # a code does not wait behind a morning's reminders
                fields=["due_at"], name="message_due_code", condition=models.Q(state="waiting", kind="code")
            ),
            models.Index(fields=["practice", "about"], name="message_about"),
            models.Index(fields=["stop_hash"], name="message_stop", condition=models.Q(stop_hash__isnull=False)),
            models.Index(  # the desk's list, and its count on every page
                fields=["practice", "done_at"],
                name="message_failed",
                condition=models.Q(state="failed", settled_at__isnull=True),
            ),
            models.Index(fields=["practice", "done_at"], name="message_sent", condition=models.Q(state="sent")),
            models.Index(fields=["practice"], name="message_waiting", condition=models.Q(state="waiting")),
        ]


class NotifierAddress(models.Model):
    """Where to write about one appointment, as long as something may have to be written.

    ``sealed`` holds the address, the manage link and the secret of the link that stops messages. Once its owner has
    said that it is not for them, ``sealed`` is gone and ``refused_at`` set: nothing is kept or sent there again.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    about = models.UUIDField(help_text="The appointment; of a refused one also the hold")
    channel = models.CharField(max_length=5, choices=Message.Channel.choices)
    language = models.CharField(max_length=5, default="de")
    sealed = models.BinaryField(null=True)
    stop_hash = models.BinaryField(null=True)
    refused_at = models.DateTimeField(null=True)
    unconfirmed = models.BooleanField(
        default=False, db_default=False, help_text="Its owner has not said yet that it is theirs; only that is asked"
    )
    # One that the patient sent by the manage link: ``about`` is a number of its own until its owner confirms it.
    instead_of = models.UUIDField(null=True, help_text="The appointment whose address it then replaces")
    confirm_hash = models.BinaryField(null=True, max_length=32, help_text="Of the secret in the link that confirms it")
    created_at = models.DateTimeField()
    delete_after = models.DateTimeField()

    class Meta:
        db_table = "notifier_address"
        constraints = [
            models.UniqueConstraint(fields=["practice", "about", "channel"], name="notifier_address_once"),
            models.CheckConstraint(
                condition=models.Q(refused_at__isnull=True) | models.Q(sealed__isnull=True),
                name="notifier_address_refused_is_gone",
            ),
        ]
        indexes = [
            models.Index(fields=["stop_hash"], name="notifier_address_stop"),
            models.Index(
                fields=["instead_of"], name="notifier_address_instead", condition=models.Q(instead_of__isnull=False)
            ),
            models.Index(
                fields=["confirm_hash"], name="notifier_address_confirm", condition=models.Q(confirm_hash__isnull=False)
            ),
        ]


class MessageTemplate(models.Model):
    """What a practice writes instead of the text that we bring. ``text`` is one of ``messages/texts.py``."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    text = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=2000)
    names_visit_type = models.BooleanField(default=False, help_text="It tells what for: the message must know it then")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "message_template"
        constraints = [models.UniqueConstraint(fields=["practice", "text", "language"], name="message_template_once")]
