"""Keys and places for the vault's tests. Neither Django nor a database is needed here."""

from __future__ import annotations

import pytest

from sprechzeit.vault import Context, GrantContext, KeyPair, Keyring, generate_key_pair, new_data_key


@pytest.fixture(scope="session")
def key_pair() -> KeyPair:
    return generate_key_pair()


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """Two data keys, of which the second is current."""
    return Keyring(keys={1: new_data_key(1), 2: new_data_key(2)}, current=2)


@pytest.fixture(scope="session")
def context() -> Context:
    return Context(practice=7, table="patients_patient", column="identity", row="42")


@pytest.fixture(scope="session")
def grant() -> GrantContext:
    return GrantContext(practice=7, kind="passkey", credential=b"credential-id")
