"""What was once sealed still opens: the formats written down in ``vectors.json`` do not change unnoticed.

A failure here means that data in the field would no longer open. The remedy is a new version byte, not new
vectors. How they were computed, mostly without the vault: ``write_vectors.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sprechzeit.vault import (
    Argon2Parameters,
    Context,
    DataKey,
    GrantContext,
    Keyring,
    PracticeKeys,
    Secret,
    derive,
    fingerprint,
    from_words,
    join,
    kek_from_link,
    kek_from_passphrase_and_device,
    kek_from_prf,
    kek_from_recovery,
    kek_from_token,
    key_id_of,
    link_from_text,
    link_hash,
    link_to_text,
    open_data_key,
    open_keyed,
    open_record,
    open_sealed,
    open_shreddable,
    public_of,
    to_words,
    unwrap,
)

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
PLACE = Context(**VECTORS["place"])
GRANT = GrantContext(VECTORS["grant"]["practice"], VECTORS["grant"]["kind"], VECTORS["grant"]["credential"].encode())


def raw(name: str) -> bytes:
    return bytes.fromhex(VECTORS["hex"][name])


def secret(name: str) -> Secret:
    return Secret(raw(name))


@pytest.fixture
def data_key() -> DataKey:
    return DataKey(VECTORS["data_key_id"], secret("data_key"))


def test_contexts() -> None:
    assert PLACE.encode() == raw("context")
    assert GRANT.encode() == raw("grant_context")


def test_key_pair_and_fingerprint() -> None:
    assert public_of(secret("private")) == raw("public")
    assert fingerprint(raw("public")) == VECTORS["fingerprint"]


def test_sealed_value() -> None:
    assert open_sealed(secret("private"), raw("sealed"), PLACE) == raw("plaintext")


def test_sealed_data_key(data_key: DataKey) -> None:
    assert open_data_key(secret("private"), raw("sealed_data_key"), PLACE.practice) == data_key


def test_record(data_key: DataKey) -> None:
    keyring = Keyring({data_key.id: data_key}, data_key.id)

    assert key_id_of(raw("record")) == data_key.id
    assert open_record(keyring, raw("record"), PLACE) == raw("plaintext")


def test_records_with_their_own_key(data_key: DataKey) -> None:
    keyring = Keyring({data_key.id: data_key}, data_key.id)

    assert key_id_of(raw("keyed")) == data_key.id
    assert open_keyed(keyring, secret("record_key"), raw("keyed"), PLACE) == raw("plaintext")
    assert open_shreddable(secret("private"), secret("record_key"), raw("shreddable"), PLACE) == raw("plaintext")


def test_key_encryption_keys() -> None:
    assert kek_from_prf(secret("secret"), GRANT) == secret("kek_prf")
    assert kek_from_recovery(secret("secret"), GRANT) == secret("kek_recovery")
    assert kek_from_token(secret("secret"), GRANT) == secret("kek_token")
    assert kek_from_link(secret("link"), GRANT) == secret("kek_link")


def test_key_encryption_key_from_passphrase_and_device() -> None:
    parameters = Argon2Parameters(**VECTORS["argon2"])

    kek = kek_from_passphrase_and_device(VECTORS["passphrase"], secret("device"), raw("salt"), parameters, GRANT)

    assert kek == secret("kek_passphrase")


def test_grant() -> None:
    assert unwrap(secret("kek"), raw("wrapped"), GRANT) == secret("private")


def test_session_and_bundle(data_key: DataKey) -> None:
    bundle = join(raw("session_row"), secret("cookie_key"), VECTORS["session"].encode())
    keys = PracticeKeys.from_bytes(bundle)

    assert keys.to_bytes() == bundle == secret("bundle")
    assert keys.practice == PLACE.practice
    assert keys.private == secret("private")
    assert keys.keyring.current_key == data_key


def test_recovery_key() -> None:
    assert "-".join(to_words(secret("secret"))) == VECTORS["recovery"]
    assert from_words(VECTORS["recovery"]) == secret("secret")


def test_link_secret() -> None:
    assert link_to_text(secret("link")) == VECTORS["link_text"]
    assert link_from_text(VECTORS["link_text"]) == secret("link")
    assert link_hash(secret("link"), "manage") == raw("link_hash")
    assert derive(secret("link"), "manage") == secret("link_derived")
