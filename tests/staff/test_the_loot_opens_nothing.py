"""The leak, played against ourselves: a full dump, all settings, the source, and every value that a member ever typed.

Every way that the product has to derive a key is tried with every value that the loot holds, on every grant, session
and record. Only the authenticator, the printed sheet, the token's own text and the cookie are missing, and nothing
opens. The same attack with one authenticator in hand does open everything: so it can succeed.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

import sprechzeit
from sprechzeit.booking.day_sheet import make_day_sheet
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.create import create_patient
from sprechzeit.staff.day_sheet_key import set_day_sheet_passphrase
from sprechzeit.staff.grants import grant_to
from sprechzeit.staff.invite import invite
from sprechzeit.staff.keys import grant_context
from sprechzeit.staff.models import KeyGrant, Passkey
from sprechzeit.staff.opener import COST, Opener
from sprechzeit.staff.session import begin
from sprechzeit.staff.sheet import confirm_sheet, make_sheet, words_asked
from sprechzeit.staff.token import make_token
from sprechzeit.vault import (
    CannotOpen,
    GrantContext,
    PrivateKey,
    Secret,
    VaultError,
    from_words,
    join,
    kek_from_link,
    kek_from_passphrase_and_device,
    kek_from_prf,
    kek_from_recovery,
    kek_from_token,
    open_data_key,
    unwrap,
)
from tests.conftest import FOLDER
from tests.factories import Made, book, in_days, make_bookable, make_person
from tests.vault.day_sheet_reader import SheetFile

PASSPHRASE = "kamel geige nordwind lampe"
ON_PAPER = "sperling gurke leuchtturm amboss"  # of the day sheets; not among what was stolen
TABLES = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"


@dataclass
class Loot:
    """What the thief carries away: rows by table, and every value that could be a secret."""

    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    values: set[bytes] = field(default_factory=set)


@dataclass
class Victim:
    """A practice that has every kind of credential, and what stays with its people."""

    made: Made
    prf: Secret
    device: Secret
    typed: list[str]
    words: str


@pytest.fixture(scope="module")
def victim(database: None) -> Victim:
    made, visit_type = make_bookable()
    prf, device = Secret(b"\x07" * 16 + b"\x09" * 16), Secret(b"\x05" * 8 + b"\x06" * 8)
    book(made, visit_type, in_days(1, 9), last_name="Sealed-Intake")
    with wearing(Role.DESK):
        create_patient(made.keys, made.actor, make_person(last_name="Sealed-Record"))
        with acting_for(made.id):
            for credential, opener in ((b"with-prf", Opener(prf=prf)), (b"without", Opener(None, PASSPHRASE, device))):
                name = credential + made.practice.slug.encode()
                Passkey.objects.create(member_id=made.member, credential_id=name, public_key=b"public")
                grant_to(made.keys, made.member, name, opener)
        sheet = make_sheet(made.keys, made.actor)
        typed_words = [sheet.words[place - 1] for place in words_asked(sheet.id)]
        confirm_sheet(made.id, made.actor, sheet.id, typed_words)
        make_token(made.keys, made.actor, name="PVS", scopes=["calendar.read"], days=9, member=made.member)
        invite(made.keys, made.actor)
        set_day_sheet_passphrase(made.keys, made.actor, ON_PAPER)
        make_day_sheet(made.keys, made.actor, made.practice)
        begin(made.id, made.member, made.keys, passkey=None)
    return Victim(made, prf, device, ["Test", PASSPHRASE, *typed_words], " ".join(sheet.words))


@pytest.fixture(scope="module")
def loot(victim: Victim) -> Loot:
    """A full dump read as superuser, the settings, the source's constants and what was typed."""
    taken = Loot()
    server = EmbeddedServer(FOLDER / "postgres")
    with psycopg.connect(server.url("postgres", EMBEDDED_DATABASE), row_factory=psycopg.rows.dict_row) as superuser:
        for table in [row["table_name"] for row in superuser.execute(TABLES).fetchall()]:
            query = f'select * from "{table}"'
            if "practice_id" in {one.name for one in superuser.execute(query + " limit 0").description or ()}:
                query += f" where practice_id = {victim.made.id}"
            taken.rows[table] = [dict(row) for row in superuser.execute(query).fetchall()]
    texts = [*victim.typed, " ".join(victim.typed), settings.SECRET_KEY, settings.PUBLIC_URL, victim.made.practice.slug]
    texts += [name for path in Path(sprechzeit.__file__).parent.rglob("*.py") for name in _strings(path)]
    taken.values |= {text.encode(errors="surrogatepass") for text in texts}
    for rows in taken.rows.values():
        for row in rows:
            taken.values |= {bytes(one) for one in row.values() if isinstance(one, bytes | memoryview)}
            taken.values |= {str(one).encode() for one in row.values() if isinstance(one, str | int)}
    return taken


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 80:
            yield node.value


def of_length(values: set[bytes], length: int) -> Iterator[Secret]:
    """Each value as a secret of this length: as it is, cut, padded, and hashed."""
    seen: set[bytes] = set()
    for value in values:
        for made in (value[:length], value[-length:], value.ljust(length, b"\0")[:length], _hash(value)[:length]):
            if len(made) == length and made not in seen:
                seen.add(made)
                yield Secret(made)


def _hash(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()


def keks(context: GrantContext, values: set[bytes], row: dict[str, object]) -> Iterator[Secret]:
    """Every key-encryption key that the product could derive from what the thief has."""
    for secret in of_length(values, 32):
        yield secret
        yield kek_from_prf(secret, context)
        yield kek_from_recovery(secret, context)
        yield kek_from_token(secret, context)
    for secret in of_length(values, 16):
        yield kek_from_link(secret, context)
    stretching = row["stretching"]
    if isinstance(stretching, dict) and stretching:  # the passphrase is known: every device secret that might be there
        salt = bytes.fromhex(stretching["salt"])
        devices = [Secret(bytes(16)), Secret(salt), *list(of_length({b"sprechzeit", PASSPHRASE.encode()}, 16))]
        for device in devices:
            yield kek_from_passphrase_and_device(PASSPHRASE, device, salt, COST, context)


def opened_grants(loot: Loot, values: set[bytes]) -> list[Secret]:
    found = []
    for row in loot.rows["key_grant"]:
        kind, credential = KeyGrant.Kind(str(row["kind"])), bytes(row["credential"])
        context = grant_context(PracticeId(int(str(row["practice_id"]))), kind, credential)
        for kek in keks(context, values, row):
            try:
                found.append(unwrap(kek, bytes(row["wrapped"]), context))
            except CannotOpen:
                continue
    return found


def test_the_loot_has_every_kind_of_grant_and_something_to_read(loot: Loot) -> None:
    kinds = {row["kind"] for row in loot.rows["key_grant"]}

    assert kinds == {"passkey-prf", "passphrase-device", "recovery", "token", "invitation"}
    assert loot.rows["patient"]
    assert loot.rows["intake"]
    assert loot.rows["desk_session"]
    assert len(loot.values) > 2000


def test_no_grant_opens_with_anything_that_was_stolen(loot: Loot) -> None:
    assert opened_grants(loot, loot.values) == []


def test_no_session_opens_without_its_cookie(loot: Loot) -> None:
    opened = 0
    for row in loot.rows["desk_session"]:
        for cookie_key in of_length(loot.values, 32):
            for session in (bytes(row["id_hash"])[:16], bytes(row["id_hash"])):
                try:
                    join(bytes(row["keys_sealed"]), cookie_key, session)
                except VaultError:
                    continue
                opened += 1

    assert opened == 0


def test_no_record_opens_with_a_stolen_value_as_its_key(loot: Loot) -> None:
    opened = 0
    for row in loot.rows["patient"]:
        sealed = bytes(row["record_sealed"])
        for key in of_length(loot.values, 32):
            for context in (b"", sealed[:5]):
                try:
                    AESGCM(key.reveal()).decrypt(sealed[5:17], sealed[17:], context)
                except InvalidTag:
                    continue
                opened += 1

    assert opened == 0


def test_no_name_stands_in_the_dump(loot: Loot) -> None:
    text = repr(loot.rows).lower()

    assert "sealed-intake" not in text
    assert "sealed-record" not in text


def test_the_words_that_were_typed_are_not_the_key(victim: Victim) -> None:
    with pytest.raises(VaultError):
        from_words(" ".join(victim.typed[2:] * 6)[:101])


def test_the_same_attack_with_the_authenticator_opens_everything(loot: Loot, victim: Victim) -> None:
    [private] = opened_grants(loot, {victim.prf.reveal()})

    [sealed] = [row["sealed"] for row in loot.rows["sealed_data_key"]]
    assert open_data_key(PrivateKey(private), bytes(sealed), victim.made.id)


def day_sheet(loot: Loot) -> SheetFile:
    [row] = loot.rows["day_sheet"]
    return SheetFile.read(bytes(row["sealed"]))


def test_no_day_sheet_opens_with_anything_that_was_stolen(loot: Loot) -> None:
    """PBKDF2 is left out of the guessing: each value is tried as what it would have given."""
    sheet, opened = day_sheet(loot), 0
    assert set(sheet.ways) == {"recovery", "passphrase"}

    for secret in of_length(loot.values, 32):
        for kind in sheet.ways:
            for opening in (sheet.open_with_secret, sheet.open_with_key):
                try:
                    opening(kind, secret.reveal())
                except InvalidTag:
                    continue
                opened += 1

    assert opened == 0
    for typed in (PASSPHRASE, settings.SECRET_KEY):
        with pytest.raises(InvalidTag):
            sheet.open_with_passphrase(typed)


def test_the_same_sheet_opens_with_the_passphrase_and_with_the_printed_words(loot: Loot, victim: Victim) -> None:
    sheet = day_sheet(loot)

    for days in (
        sheet.open_with_passphrase(ON_PAPER),
        sheet.open_with_secret("recovery", from_words(victim.words).reveal()),
    ):
        assert "Sealed-Intake" in repr(days)
