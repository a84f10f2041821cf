from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.models import ApiToken, KeyGrant
from sprechzeit.staff.token import make_token, open_token, revoke_token, tokens_of
from tests.factories import Made, make_practice


def make(made: Made, **more: object) -> str:
    values = {"name": "PVS", "scopes": ["calendar.read"], "days": 30, "member": made.member, **more}
    with wearing(Role.DESK):
        return make_token(made.keys, made.actor, **values)


def test_its_secret_opens_the_practices_keys() -> None:
    made = make_practice()

    with wearing(Role.DESK):
        bearer = open_token(make(made))

    assert bearer.practice == made.id
    assert bearer.keys.private == made.keys.private
    assert bearer.scopes == {"calendar.read"}


def test_the_database_knows_only_its_hash() -> None:
    made = make_practice()
    secret = make(made).split("_", 2)[2]

    with wearing(Role.DESK), acting_for(made.id):
        row = ApiToken.objects.get(practice=made.id)
        stored = repr([row.__dict__, list(KeyGrant.objects.filter(practice=made.id).values())])
    assert secret not in stored
    assert len(bytes(row.secret_hash)) == 32


@pytest.mark.parametrize("change", ["secret", "id", "practice", "form"])
def test_a_changed_token_opens_nothing(change: str) -> None:
    made, other = make_practice(), make_practice()
    token = make(made)
    head, number, secret = token.split("_", 2)
    changed = {
        "secret": f"{head}_{number}_{secret[:-2]}{'AA' if secret[-2:] != 'AA' else 'BA'}",
        "id": f"{head}_{made.id}-{'0' * 32}_{secret}",
        "practice": token.replace(f"szp_{made.id}-", f"szp_{other.id}-"),
        "form": token + "x",
    }[change]

    with wearing(Role.DESK), pytest.raises(LoginRefused):
        open_token(changed)


def test_it_ends_with_its_time() -> None:
    token = make(make_practice(), days=1)

    with wearing(Role.DESK), clock.travelled(timedelta(days=1, seconds=1)), pytest.raises(LoginRefused):
        open_token(token)


def test_a_revoked_one_opens_nothing_and_its_grant_is_gone() -> None:
    made = make_practice()
    token = make(made)

    with wearing(Role.DESK):
        revoke_token(made.id, made.actor, tokens_of(made.id)[0].id)
        with pytest.raises(LoginRefused):
            open_token(token)
        with acting_for(made.id):
            assert not KeyGrant.objects.filter(practice=made.id).exists()


def test_its_last_use_is_kept() -> None:
    made = make_practice()
    token = make(made)

    with wearing(Role.DESK):
        assert tokens_of(made.id)[0].last_used_at is None
        open_token(token)
        assert tokens_of(made.id)[0].last_used_at is not None


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 61}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["everything"]}),
        ("days", {"days": 0}),
        ("days", {"days": 367}),
    ],
)
def test_what_cannot_be_made_is_said_at_the_field(field: str, more: dict[str, object]) -> None:
    made = make_practice()

    with pytest.raises(Invalid) as refusal:
        make(made, **more)

    assert refusal.value.field == field
    with wearing(Role.DESK):
        assert tokens_of(made.id) == []
