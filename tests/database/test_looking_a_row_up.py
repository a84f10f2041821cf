"""A row that is read or put in by a statement compiled once is what the ORM would have made of it."""

from __future__ import annotations

import pytest
from django.db.models import F

from sprechzeit.booking.hold import BY_SECRET, PURPOSE, hold
from sprechzeit.booking.models import Hold
from sprechzeit.database.lookup import Lookup, put
from sprechzeit.database.tenancy import acting_for
from sprechzeit.messages.models import Message
from sprechzeit.practices.directory import BY_SLUG, IN_USE, practice_by_slug
from sprechzeit.practices.models import Lane, Practice, VisitType
from sprechzeit.vault import link_hash
from tests.factories import in_days, make_bookable, make_practice, type_id


def as_dict(row: object) -> dict[str, object]:
    values = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}


def test_every_column_is_there_as_the_orm_gives_it() -> None:
    made, visit_type = make_bookable()
    secret = hold(made.id, type_id(visit_type), in_days(1, 9)).secret

    with acting_for(made.id):
        found = BY_SECRET.first(practice=made.id, secret=link_hash(secret, PURPOSE))
        assert found is not None
        expected = Hold.objects.select_related("visit_type", "practice").get(id=found.id)

    assert as_dict(found) == as_dict(expected)
    assert as_dict(found.visit_type) == as_dict(expected.visit_type)
    assert as_dict(found.practice) == as_dict(expected.practice)


def test_nothing_is_read_again_for_what_came_with_it() -> None:
    made, visit_type = make_bookable()

    with acting_for(made.id):
        found = IN_USE.first(practice=made.id, id=visit_type.id)

    assert found is not None
    assert found.practice.name  # outside of the transaction a second query would show no row


def test_what_is_not_there_is_nothing() -> None:
    assert BY_SLUG.first(slug="no-such-practice") is None


def test_another_practices_row_is_not_found() -> None:
    _made, visit_type = make_bookable()
    other = make_practice()

    with acting_for(other.id):
        assert IN_USE.first(practice=other.id, id=visit_type.id) is None
        assert Lookup(VisitType, "visit_type.id = %(id)s").first(id=visit_type.id) is None


def test_a_looked_up_row_is_one_that_the_database_has() -> None:
    _made, visit_type = make_bookable()
    slug = visit_type.practice.slug

    row = practice_by_slug(slug)

    assert not row._state.adding
    assert row == Practice.objects.get(slug=slug)


def test_a_table_whose_columns_need_converting_is_refused() -> None:
    with pytest.raises(TypeError, match="facts"):
        Lookup(Message, "true").first()


def test_a_row_put_in_is_stored_with_every_column() -> None:
    made, visit_type = make_bookable()
    row = Hold(
        practice_id=made.id,
        visit_type_id=visit_type.id,
        starts_at=in_days(1, 9),
        resource_ids=[made.clinicians[0].id, 2**40],
        secret_hash=b"s" * 32,
        expires_at=in_days(1, 10),
    )

    with acting_for(made.id):
        put(row)
        stored = Hold.objects.get(id=row.id)

    assert as_dict(stored) == as_dict(row)


def test_a_column_that_the_database_fills_is_refused() -> None:
    with pytest.raises(TypeError, match="number"):
        put(Lane(practice_id=1, resource_id=1, number=F("number")))
