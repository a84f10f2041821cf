"""API tokens: ``szp_<id>_<secret>``. The secret opens the practice's key by its own grant; only a hash is stored."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import Invalid
from sprechzeit.guard.alarm import is_canary, raise_alarm
from sprechzeit.guard.models import Canary
from sprechzeit.guard.rules import CANARY
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.keys import grant, grant_context, open_keys
from sprechzeit.staff.models import ApiToken, KeyGrant
from sprechzeit.staff.swapped import telling_of_swaps
from sprechzeit.vault import CannotOpen, PracticeKeys, Secret, kek_from_token

SECRET_LENGTH = 32
LABEL = b"sprechzeit/v1/token\x00"
FORM = re.compile(r"szp_([1-9][0-9]{0,17})-([0-9a-f]{32})_([A-Za-z0-9_-]{43})")
LONGEST = timedelta(days=366)
USED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may do."""

    CALENDAR_READ = "calendar.read"
    PATIENTS_SEARCH = "patients.search"


@dataclass(frozen=True, repr=False)
class Bearer:
    """A program at work in a practice, with the practice's keys open for this request."""

    practice: PracticeId
    token: UUID
    scopes: frozenset[str]
    keys: PracticeKeys

    @property
    def actor(self) -> Actor:
        return Actor("token", str(self.token))


def make_token(keys: PracticeKeys, actor: Actor, *, name: str, scopes: Collection[str], days: int, member: UUID) -> str:
    """Make a token and tell it whole, for this once.

    Raises
    ------
    Invalid
    """
    if not name.strip() or len(name) > 60 or not name.isprintable():
        raise Invalid(_("Bitte geben Sie einen Namen ein, höchstens 60 Zeichen."), field="name")
    if not scopes or not set(scopes) <= {scope.value for scope in Scope}:
        raise Invalid(_("Bitte wählen Sie, was das Programm darf."), field="scopes")
    if not 1 <= days <= LONGEST.days:
        raise Invalid(_("Möglich sind 1 bis 366 Tage."), field="days")
    practice = PracticeId(keys.practice)
    token, secret = new_id(), Secret(os.urandom(SECRET_LENGTH))
    with acting_for(practice):
        ApiToken.objects.create(
            id=token,
            practice_id=practice,
            made_by_id=member,
            name=name.strip(),
            scopes=sorted(scopes),
            secret_hash=_hash(secret),
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=days),
        )
        context = grant_context(practice, KeyGrant.Kind.TOKEN, token.bytes)
        grant(context, kek_from_token(secret, context), keys.private, None)
        record(practice, actor, "token.make", [token], {"scopes": sorted(scopes), "days": days})
    text = urlsafe_b64encode(secret.reveal()).decode().rstrip("=")
    return f"szp_{practice}-{token.hex}_{text}"


def tokens_of(practice: PracticeId) -> list[ApiToken]:
    """The practice's tokens, the newest first, expired ones included; no canaries."""
    with acting_for(practice):
        baits = Canary.objects.filter(practice=practice).values("subject")
        return list(ApiToken.objects.filter(practice=practice).exclude(id__in=baits).order_by("-created_at"))


def revoke_token(practice: PracticeId, actor: Actor, token: UUID) -> None:
    """The token opens nothing any more. No error when it is gone already."""
    with acting_for(practice):
        deleted, _by_table = ApiToken.objects.filter(practice=practice, id=token).delete()
        KeyGrant.objects.filter(practice=practice, kind=KeyGrant.Kind.TOKEN, credential=token.bytes).delete()
        if deleted:
            record(practice, actor, "token.revoke", [token])


@telling_of_swaps("token")
def open_token(text: str) -> Bearer:
    """The practice's keys by a token.

    Raises
    ------
    LoginRefused
        It is malformed, unknown, expired or revoked; which of them is not told.
    """
    match = FORM.fullmatch(text)
    if match is None:
        raise LoginRefused
    practice, token = PracticeId(int(match[1])), UUID(hex=match[2])
    if is_canary(practice, token):
        raise_alarm(CANARY.name, practice, cause=str(token), actor_kind="token", actor=str(token))
        raise LoginRefused
    secret = Secret(urlsafe_b64decode(match[3] + "="))
    now = clock.now()
    with acting_for(practice):
        row = ApiToken.objects.filter(practice=practice, id=token).first()
        if row is None or row.expires_at <= now or not hmac.compare_digest(bytes(row.secret_hash), _hash(secret)):
            raise LoginRefused
        context = grant_context(practice, KeyGrant.Kind.TOKEN, token.bytes)
        try:
            keys = open_keys(context, kek_from_token(secret, context))
        except CannotOpen:
            raise LoginRefused from None
        if keys is None:
            raise LoginRefused
        if row.last_used_at is None or now - row.last_used_at > USED_EVERY:
            ApiToken.objects.filter(practice=practice, id=token).update(last_used_at=now)
    return Bearer(practice, token, frozenset(row.scopes), keys)


def _hash(secret: Secret) -> bytes:
    return hashlib.sha256(LABEL + secret.reveal()).digest()
