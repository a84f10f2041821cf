from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.models import Appointment, Block
from sprechzeit.booking.month import Load, closures_between, load_between
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Resource, VisitType
from sprechzeit.timetable.models import Opening
from tests.factories import (
    BERLIN,
    Made,
    at,
    book,
    in_days,
    make_bookable,
    make_practice,
    make_resource,
    make_visit_type,
    open_up,
)
from tests.timetable.calendar import except_in

MINUTE = timedelta(minutes=1)
CLOCKS_CHANGE = date(2030, 3, 31)
FIRST = CLOCKS_CHANGE - timedelta(days=1)
DAYS = 3


def load(made: Made, first: date, last: date, resources: Sequence[Resource] | None = None) -> list[Load]:
    with wearing(Role.DESK):
        return load_between(made.practice, first, last, [one.id for one in resources or made.clinicians])


def tomorrow(made: Made, resources: Sequence[Resource] | None = None) -> Load:
    day = in_days(1).astimezone(BERLIN).date()
    (found,) = load(made, day, day, resources)
    return found


def test_a_day_counts_what_is_opened_booked_and_still_free() -> None:
    made, visit_type = make_bookable(clinicians=2, hours=(9, 12))
    book(made, visit_type, in_days(1, 9))

    found = tomorrow(made)

    assert (found.opened, found.booked, found.free, found.appointments) == (360, 30, 330, 1)
    assert found.percent == 8


def test_cancelled_appointments_and_those_of_others_do_not_count() -> None:
    made, visit_type = make_bookable(clinicians=2, hours=(9, 12))
    cancelled = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, cancelled.manage_secret)
    book(made, make_visit_type(made, [made.clinicians[1]]), in_days(1, 10))

    found = tomorrow(made, made.clinicians[:1])

    assert (found.opened, found.booked, found.free, found.appointments) == (180, 0, 180, 0)


def test_a_block_takes_every_place_and_is_not_booked() -> None:
    made = make_practice(clinicians=0)
    team = make_resource(made, name="Team", capacity=2)
    open_up(made, team, in_days(1, 9), in_days(1, 12))
    with wearing(Role.DESK), acting_for(made.id):
        Block.objects.create(practice_id=made.id, resource=team, starts_at=in_days(1, 11), ends_at=in_days(1, 13))

    found = tomorrow(made, [team])

    assert (found.opened, found.booked, found.free) == (360, 0, 240)


def test_who_is_squeezed_in_takes_no_place_away() -> None:
    made, visit_type = make_bookable(hours=(9, 10))
    book(made, visit_type, in_days(1, 9))
    add(made, visit_type, Visit(in_days(1, 9), in_days(1, 9, 30), made.clinicians[:1], overbooked=True))

    found = tomorrow(made)

    assert (found.booked, found.free, found.appointments) == (60, 30, 2)


def test_a_closed_day_with_appointments_is_full_and_an_empty_one_is_not() -> None:
    assert Load(FIRST, 0, 30, 0, 1).percent == 100
    assert Load(FIRST, 0, 0, 0, 0).percent == 0
    assert Load(FIRST, 60, 90, 0, 1).percent == 100


def test_every_day_asked_for_is_there_and_nothing_of_another_practice() -> None:
    made, _ = make_bookable(days=0)
    other, of_other = make_bookable()
    book(other, of_other, in_days(1, 9))
    first = in_days(0).astimezone(BERLIN).date()

    found = load(made, first, first + timedelta(days=30), other.clinicians)

    assert [one.day for one in found] == [first + timedelta(days=one) for one in range(31)]
    assert sum(one.opened + one.booked + one.appointments for one in found) == 0


def test_closures_are_named_on_each_day_that_they_touch() -> None:
    made, _ = make_bookable(days=0)
    except_in(made, "closure", at(FIRST, 12), at(FIRST + timedelta(days=1), 12), label="Umbau")
    except_in(made, "closure", at(FIRST + timedelta(days=2), 0), at(FIRST + timedelta(days=3), 0))
    except_in(made, "absence", at(FIRST, 0), at(FIRST, 9), made.clinicians[0], label="Urlaub")

    with wearing(Role.DESK):
        found = closures_between(made.practice, FIRST, FIRST + timedelta(days=3))

    assert found == {FIRST: "Umbau", FIRST + timedelta(days=1): "Umbau", FIRST + timedelta(days=2): ""}


class Visit(NamedTuple):
    """An appointment as a test writes it into the table."""

    start: datetime
    end: datetime
    resources: Sequence[Resource]
    status: str = "booked"
    overbooked: bool = False


def add(made: Made, visit_type: VisitType, visit: Visit) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.create(
            id=new_id(),
            practice_id=made.id,
            visit_type=visit_type,
            starts_at=visit.start,
            ends_at=visit.end,
            resource_ids=[one.id for one in visit.resources],
            status=visit.status,
            overbooked=visit.overbooked,
            source="desk",
        )


class Drawn(NamedTuple):
    """A span on the grid of five minutes, from the first midnight; ``kind`` is what it is of."""

    kind: str
    who: int
    start: int
    length: int


QUARTERS = DAYS * 24 * 12 + 24
spans = st.builds(
    Drawn,
    st.sampled_from(["opening", "visit", "visit", "both", "squeezed", "cancelled", "block"]),
    st.integers(0, 1),
    st.integers(-24, QUARTERS),
    st.integers(1, 100),
)


@settings(max_examples=60)
@given(st.lists(spans, max_size=14))
def test_the_load_is_what_counting_minute_by_minute_gives(drawn: list[Drawn]) -> None:
    made = make_practice(clinicians=1)
    team = make_resource(made, name="Team", capacity=3)
    who = [made.clinicians[0], team]
    visit_type = make_visit_type(made, who)
    since = at(FIRST, 0)

    def moments(one: Drawn) -> tuple[datetime, datetime]:
        start = since + one.start * 5 * MINUTE
        return start, start + one.length * 5 * MINUTE

    kept: list[Drawn] = []
    for one in drawn:
        start, end = moments(one)
        apart = all(
            end <= other_start or other_end <= start
            for other in kept
            if other.kind == one.kind == "opening" and other.who == one.who
            for other_start, other_end in [moments(other)]
        )
        if one.kind != "opening" or apart:  # openings of one resource never overlap
            kept.append(one)
    for one in kept:
        start, end = moments(one)
        if one.kind == "opening":
            open_up(made, who[one.who], start, end)
        elif one.kind == "block":
            with wearing(Role.DESK), acting_for(made.id):
                Block.objects.create(practice_id=made.id, resource=who[one.who], starts_at=start, ends_at=end)
        else:
            status = "cancelled" if one.kind == "cancelled" else "booked"
            resources = who if one.kind == "both" else [who[one.who]]
            add(made, visit_type, Visit(start, end, resources, status, one.kind == "squeezed"))

    found = load(made, FIRST, FIRST + timedelta(days=DAYS - 1), who)

    assert found == [counted(made, who, FIRST + timedelta(days=one)) for one in range(DAYS)]


def counted(made: Made, who: Sequence[Resource], day: date) -> Load:
    """The same by counting: five minutes are taken for as many places as lie over them."""
    since, until = at(day, 0), at(day + timedelta(days=1), 0)
    step = 5 * MINUTE
    steps = [since + one * step for one in range((until - since) // step)]
    with wearing(Role.DESK), acting_for(made.id):
        openings = list(Opening.objects.filter(practice=made.id))
        visits = list(Appointment.objects.filter(practice=made.id).exclude(status="cancelled"))
        blocks = list(Block.objects.filter(practice=made.id))
    opened = free = 0
    for resource in who:
        offered = taken = 0
        for moment in steps:
            if not any(one.resource_id == resource.id and one.starts_at <= moment < one.ends_at for one in openings):
                continue
            offered += resource.capacity
            taken += sum(
                resource.id in one.resource_ids and not one.overbooked and one.starts_at <= moment < one.ends_at
                for one in visits
            )
            taken += resource.capacity * sum(
                one.resource_id == resource.id and one.starts_at <= moment < one.ends_at for one in blocks
            )
        opened += offered * 5
        free += max(0, offered - taken) * 5
    begun = [one for one in visits if since <= one.starts_at < until]
    booked = sum((one.ends_at - one.starts_at) // MINUTE * len(one.resource_ids) for one in begun)
    return Load(day, opened, booked, free, len(begun))
