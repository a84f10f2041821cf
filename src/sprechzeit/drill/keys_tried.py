"""Try keys on one row of everything that a practice has: one that fits opens all of its rows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sprechzeit.drill.people import PATIENTS
from sprechzeit.vault import (
    CannotOpen,
    Context,
    DataKey,
    GrantContext,
    Keyring,
    PrivateKey,
    Secret,
    kek_from_link,
    kek_from_prf,
    kek_from_recovery,
    kek_from_token,
    key_id_of,
    open_data_key,
    open_keyed,
    open_record,
    unwrap,
)
from sprechzeit.vault.record import BODY_START, HEADER_SIZE, KEYED_VERSION, LABEL

MEMBER = "select member_id::text, name_sealed from membership where practice_id = %s order by member_id limit 1"
GRANTS = "select kind, credential, wrapped from key_grant where practice_id = %s"
DATA_KEY = "select number, sealed from sealed_data_key where practice_id = %s order by number desc limit 1"
HEADER = HEADER_SIZE
BODY = BODY_START


@dataclass(frozen=True, repr=False)
class Target:
    """What a practice's keys can be tried on."""

    practice: int
    patient: tuple[str, bytes, bytes] | None
    member: tuple[str, bytes] | None
    grants: tuple[tuple[str, bytes, bytes], ...]
    data_key: tuple[int, bytes]


def target_of(connection: psycopg.Connection[Any], practice: int) -> Target:
    """One of each of the practice's sealed rows, as they stand in the dump."""
    patient = connection.execute(f"{PATIENTS} limit 1", [practice]).fetchone()
    member = connection.execute(MEMBER, [practice]).fetchone()
    grants = connection.execute(GRANTS, [practice]).fetchall()
    number, sealed = connection.execute(DATA_KEY, [practice]).fetchone() or (0, b"")
    return Target(
        practice,
        (patient[0], bytes(patient[1]), bytes(patient[2])) if patient else None,
        (member[0], bytes(member[1])) if member else None,
        tuple((kind, bytes(credential), bytes(wrapped)) for kind, credential, wrapped in grants),
        (number, bytes(sealed)),
    )


def try_as_data_key(target: Target, keys: Iterable[bytes]) -> tuple[int, bool, bool]:
    """Each as the data key: how many were tried, whether one opens patients, whether one opens members."""
    tried, patients, members = 0, False, False
    for key in keys:
        tried += 1
        patients = patients or (target.patient is not None and _opens_patient(target, key))
        members = members or (target.member is not None and _opens_member(target, key))
    return tried, patients, members


def _opens_patient(target: Target, key: bytes) -> bool:
    row, sealed, own = target.patient or ("", b"", b"")
    keyring = _ring(sealed, key)
    try:
        return bool(open_keyed(keyring, Secret(own), sealed, Context(target.practice, "patient", "name_sealed", row)))
    except CannotOpen:
        return False


def _opens_member(target: Target, key: bytes) -> bool:
    row, sealed = target.member or ("", b"")
    place = Context(target.practice, "membership", "name_sealed", row)
    try:
        return bool(open_record(_ring(sealed, key), sealed, place))
    except CannotOpen:
        return False


def _ring(sealed: bytes, key: bytes) -> Keyring:
    number = key_id_of(sealed)
    return Keyring({number: DataKey(number, Secret(key))}, current=number)


def try_as_grant(target: Target, keys: Sequence[bytes]) -> tuple[int, bool]:
    """Each as what a passkey, a recovery sheet or a token would give, and as the wrapping key itself."""
    tried, opened = 0, False
    for kind, credential, wrapped in target.grants:
        context = GrantContext(target.practice, kind, credential)
        for key in keys:
            secret = Secret(key)
            made = [derive(secret, context) for derive in (kek_from_prf, kek_from_recovery, kek_from_token)]
            for kek in (*made, kek_from_link(Secret(key[:16]), context), secret):
                tried += 1
                try:
                    opened = opened or len(unwrap(kek, wrapped, context)) > 0
                except CannotOpen:
                    continue
    return tried, opened


def try_as_private_key(target: Target, keys: Iterable[bytes]) -> tuple[int, bool]:
    """Each as the practice's private key, on its sealed data key."""
    tried = 0
    _number, sealed = target.data_key
    for key in keys:
        tried += 1
        try:
            open_data_key(PrivateKey(Secret(key)), sealed, target.practice)
        except (CannotOpen, ValueError):
            continue
        return tried, True
    return tried, False


def try_own_keys(rows: Iterable[tuple[str, bytes, bytes]], practice: int) -> tuple[int, int]:
    """Each record's own key, which lies beside it in the dump, without the data key: tried, and opened."""
    tried = opened = 0
    for row, sealed, own in rows:
        place = sealed[:HEADER] + Context(practice, "patient", "name_sealed", row).encode()
        for key in alone(own):
            tried += 1
            try:
                AESGCM(key).decrypt(sealed[HEADER:BODY], sealed[BODY:], place)
            except InvalidTag:
                continue
            opened += 1
            break
    return tried, opened


def alone(own: bytes) -> tuple[bytes, ...]:
    """What a record's own key could be made into without a data key."""
    return own, hashlib.blake2b(own, digest_size=32, person=LABEL).digest()


def plant_under_own_key(practice: int, row: str) -> list[tuple[str, bytes, bytes]]:
    """Two records that their own key opens alone: the control."""
    own, place = os.urandom(32), Context(practice, "patient", "name_sealed", row)
    header = KEYED_VERSION + bytes(HEADER - 1)
    found = []
    for key in alone(own):
        nonce = os.urandom(BODY - HEADER)
        found.append((row, header + nonce + AESGCM(key).encrypt(nonce, b"Anna", header + place.encode()), own))
    return found
