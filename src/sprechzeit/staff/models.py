"""Members, passkeys, grants of the practice's key, and split sessions. There is no password column."""

from __future__ import annotations

from django.db import models

from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice


class Member(models.Model):
    """A person of some practice's staff, known here by an identifier only; names are sealed per practice."""

    id = models.UUIDField(primary_key=True, default=new_id)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "member"


class Passkey(models.Model):
    """A WebAuthn credential. ``user_handle`` of WebAuthn is the member's identifier."""

    id = models.UUIDField(primary_key=True, default=new_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True, max_length=1023)
    public_key = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "passkey"


class Challenge(models.Model):
    """A WebAuthn challenge: single use, short-lived. Deleting it is what uses it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    value = models.BinaryField()
    purpose = models.CharField(max_length=16)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "challenge"


class Membership(models.Model):
    """A member's place in a practice."""

    class Role(models.TextChoices):
        OWNER = "owner"
        PHYSICIAN = "physician"
        ASSISTANT = "assistant"
        RECEPTION = "reception"
        READ_ONLY = "read-only"
        REFERRER = "referrer"

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    name_sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "membership"
        constraints = [models.UniqueConstraint(fields=["practice", "member"], name="membership_once")]


class SealedDataKey(models.Model):
    """A data key of a practice, sealed to its public key. ``number`` is the key id in every sealed record."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "sealed_data_key"
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="sealed_data_key_number")]


class KeyGrant(models.Model):
    """The practice's private key, wrapped for one credential of one member."""

    class Kind(models.TextChoices):
        PASSKEY_PRF = "passkey-prf"
        INVITATION = "invitation"
        RECOVERY = "recovery"
        DEMO = "demo"

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", null=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    credential = models.BinaryField(max_length=1023)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "key_grant"
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind", "credential"], name="key_grant_once"),
        ]


class DeskSession(models.Model):
    """Half of a session: the practice's keys under a key that only the browser's cookie holds."""

    id_hash = models.BinaryField(primary_key=True, max_length=32)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    passkey = models.ForeignKey(Passkey, on_delete=models.CASCADE, related_name="+", null=True)
    keys_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "desk_session"


class Enrolment(models.Model):
    """A one-time link by which the first owner of a new practice registers a passkey. Only its hash is stored."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.BinaryField(unique=True, max_length=32)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "enrolment"
