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
        PASSPHRASE_DEVICE = "passphrase-device"  # noqa: S105 - a kind, no passphrase
        INVITATION = "invitation"
        RECOVERY = "recovery"
        TOKEN = "token"  # noqa: S105 - a kind, no token
        DEMO = "demo"

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", null=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    credential = models.BinaryField(max_length=1023)
    wrapped = models.BinaryField()
    stretching = models.JSONField(default=dict, help_text="Argon2id's salt (hex) and cost, for passphrases")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "key_grant"
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind", "credential"], name="key_grant_once"),
        ]


class DeskSession(models.Model):
    """Half of a session: the practice's keys under a key that only the browser's cookie holds.

    A member of several practices has a row in each of them with the same session and cookie, so that changing the
    practice needs no new log-in.
    """

    id_hash = models.BinaryField(primary_key=True, max_length=32)
    login = models.UUIDField(help_text="The same in all rows of one log-in")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    passkey = models.ForeignKey(Passkey, on_delete=models.CASCADE, related_name="+", null=True)
    device = models.CharField(max_length=40, blank=True)
    keys_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    proved_at = models.DateTimeField(help_text="When the passkey was last asked for")
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "desk_session"


class Enrolment(models.Model):
    """A one-time invitation. Only the hash of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Membership.Role.choices)
    invited_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", null=True)
    secret_hash = models.BinaryField(unique=True, max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "enrolment"


class RecoverySheet(models.Model):
    """A printed recovery key. Its grant counts once somebody has typed part of it: then it exists on paper."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    check_hash = models.BinaryField(max_length=32, help_text="Of three of its seventeen words")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "recovery_sheet"


class DaySheetKey(models.Model):
    """The key of the practice's day sheets, wrapped for its recovery sheet or for a passphrase.

    The key itself is stored nowhere: it is derived from the practice's private key. Both wrappings can be undone by a
    browser alone (HKDF, PBKDF2 and AES-GCM of the Web Cryptography API).
    """

    class Kind(models.TextChoices):
        RECOVERY = "recovery"
        PRINTED = "printed"  # a recovery sheet that waits for its confirmation
        PASSPHRASE = "passphrase"  # noqa: S105 - a kind, no passphrase

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    salt = models.BinaryField(max_length=32)
    iterations = models.PositiveIntegerField(default=0, help_text="Of PBKDF2-HMAC-SHA-256; 0: HKDF-SHA-256 alone")
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "day_sheet_key"
        constraints = [models.UniqueConstraint(fields=["practice", "kind"], name="day_sheet_key_once")]


class ApiToken(models.Model):
    """A program's way in. Its secret opens the practice's key by a grant of its own; only a hash is stored."""

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, related_name="+", null=True)
    name = models.CharField(max_length=60)
    scopes = models.JSONField()
    secret_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_token"
