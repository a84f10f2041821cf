"""The search against a plain Python of the same: distances, filters, order, pages."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import NextFree, VisitType
from sprechzeit.practices.postcodes import Place, place
from sprechzeit.practices.search import EARTH, FIRST, RADII, Found, Wanted, occurring, search
from tests.factories import Made, make_practice, make_visit_type

CENTRE = Place("hier", 52.52, 13.405)
EVERYTHING = 10_000


def free(made: Made, starts_at: datetime | None, **fields: Any) -> VisitType:
    """A visit type with this next free start, as the keeper writes it."""
    visit_type = make_visit_type(made, **fields)
    with wearing(Role.WORKER), acting_for(made.id):
        NextFree.objects.create(
            practice_id=made.id,
            visit_type=visit_type,
            name_de=visit_type.name_de,
            name_en=visit_type.name_en,
            modality=visit_type.modality,
            open_to=visit_type.open_to,
            insurances=visit_type.insurances,
            starts_at=starts_at,
            checked_at=clock.now(),
        )
    return visit_type


def slugs(wanted: Wanted) -> list[str]:
    return [one.slug for one in search(wanted, count=EVERYTHING).practices]


def found(made: Made, wanted: Wanted | None = None) -> Found | None:
    rows = search(wanted or Wanted(), count=EVERYTHING).practices
    return next((one for one in rows if one.slug == made.practice.slug), None)


def haversine(one: tuple[float, float], other: tuple[float, float]) -> float:
    (north, east), (north_2, east_2) = (tuple(map(math.radians, point)) for point in (one, other))
    chord = (
        math.sin((north_2 - north) / 2) ** 2 + math.cos(north) * math.cos(north_2) * math.sin((east_2 - east) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(chord))


@pytest.fixture(scope="module")
def scattered(database: None) -> dict[str, tuple[float, float]]:
    """Practices all around, with a specialty of their own so that no other test's practice is among them."""
    points = [(47.3 + n * 0.33 % 7.6, 6.0 + n * 0.71 % 8.9) for n in range(40)] + [(52.52, 13.405), (52.56, 13.405)]
    return {
        make_practice(clinicians=0, latitude=north, longitude=east, specialties=["Streuung"]).practice.slug: (
            north,
            east,
        )
        for north, east in points
    }


@settings(max_examples=60)
@given(north=st.floats(47.3, 55.0), east=st.floats(5.9, 15.0), radius=st.sampled_from(RADII) | st.integers(1, 900))
def test_the_statement_finds_what_the_formula_finds(
    scattered: dict[str, tuple[float, float]], north: float, east: float, radius: int
) -> None:
    wanted = Wanted(specialty="Streuung", place=Place("", north, east), radius=radius, by_distance=True)
    distances = {slug: haversine((north, east), point) for slug, point in scattered.items()}
    within = sorted((km, slug) for slug, km in distances.items() if km <= radius)

    result = search(wanted, count=EVERYTHING)

    assert {one.slug for one in result.practices} == {slug for _, slug in within}
    assert [one.km for one in result.practices] == pytest.approx([km for km, _ in within])
    assert result.total in {len(within), 0}


def test_a_known_distance_is_right() -> None:
    berlin, munich = (52.5200, 13.4050), (48.1374, 11.5755)
    made = make_practice(latitude=munich[0], longitude=munich[1])

    seen = found(made, Wanted(place=Place("Berlin", *berlin), radius=600))

    assert seen is not None
    assert seen.km == pytest.approx(504.4, abs=1.0)


def test_who_does_not_want_to_be_found_is_not() -> None:
    made = make_practice(listed=False, postal_code="10115", city="Hierhausen", specialties=["Verborgenes"])
    free(made, clock.now() + timedelta(hours=1))

    assert found(made) is None
    assert found(made, Wanted(place=place("10115"), by_distance=True)) is None
    assert "Verborgenes" not in occurring()[0]


def test_each_filter_leaves_out_who_does_not_have_it() -> None:
    has = make_practice(
        latitude=CENTRE.latitude,
        longitude=CENTRE.longitude,
        specialties=["Filterkunde"],
        languages=["de", "tr"],
        accessibility=["lift", "step-free"],
        insurances=["statutory"],
    )
    lacks = make_practice(accepts_new=False, insurances=["private"])
    free(has, clock.now() + timedelta(days=1), modality="video", video_link="https://video.example")
    free(lacks, clock.now() + timedelta(days=1))
    filters = [
        Wanted(specialty="Filterkunde"),
        Wanted(place=CENTRE, radius=5),
        Wanted(language="tr"),
        Wanted(accessibility=("step-free", "lift")),
        Wanted(insurance="statutory"),
        Wanted(is_new=True),
        Wanted(modality="video"),
    ]

    for wanted in filters:
        seen = slugs(wanted)
        assert has.practice.slug in seen, wanted
        assert lacks.practice.slug not in seen, wanted
    assert found(has, Wanted(accessibility=("lift", "toilet"))) is None


def test_who_treats_all_insurances_is_found_for_each() -> None:
    made = make_practice(insurances=[])

    assert all(found(made, Wanted(insurance=one)) for one in ("statutory", "private", "self"))


def test_the_next_free_start_is_the_earliest_one_that_the_visitor_could_take() -> None:
    made = make_practice()
    at = [clock.now() + timedelta(hours=hours) for hours in range(6)]
    free(made, at[1], open_to="known", name_de="Kontrolle")
    free(made, at[2], insurances=["private"], name_de="Privat")
    free(made, at[3], modality="video", video_link="https://video.example", name_de="Video")
    free(made, at[4], name_de="Sprechstunde")
    free(made, None, name_de="Ausgebucht")

    def start_for(**wanted: Any) -> datetime | None:
        seen = found(made, Wanted(**wanted))
        assert seen is not None
        return seen.starts_at

    assert start_for() == at[1]
    assert start_for(is_new=True) == at[2]
    assert start_for(is_new=True, insurance="statutory") == at[3]
    assert start_for(modality="in-person", is_new=True, insurance="statutory") == at[4]


def test_a_start_that_has_passed_is_not_shown_and_the_practice_stays() -> None:
    made = make_practice()
    free(made, clock.now() - timedelta(seconds=1))

    seen = found(made)

    assert seen is not None
    assert seen.starts_at is None


def test_the_nearest_in_time_come_first_and_who_has_nothing_free_last() -> None:
    names = [make_practice(specialties=["Abfolgenkunde"]) for _ in range(3)]
    free(names[2], clock.now() + timedelta(days=1))
    free(names[0], clock.now() + timedelta(days=2))

    assert slugs(Wanted(specialty="Abfolgenkunde")) == [names[n].practice.slug for n in (2, 0, 1)]


@pytest.mark.parametrize("by_distance", [False, True])
def test_pages_hold_each_practice_once(scattered: dict[str, tuple[float, float]], by_distance: bool) -> None:
    wanted = Wanted(specialty="Streuung", place=CENTRE, radius=2000, by_distance=by_distance)
    seen: list[str] = []
    after = FIRST
    while True:
        page = search(wanted, after=after, count=7)
        seen += [one.slug for one in page.practices]
        assert page.total == len(scattered)
        if page.after is None:
            break
        after = page.after

    assert sorted(seen) == sorted(scattered)


def test_it_runs_with_the_patients_role_and_reads_only_what_is_public() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == (Role.FRONT.value,)
        cursor.execute("select count(*) from visit_type")
        assert cursor.fetchone() == (0,)

    assert search(Wanted()).total > 0


def test_the_front_cannot_write_next_free_starts() -> None:
    from django.db import DatabaseError

    made = make_practice()
    visit_type = free(made, None)

    with pytest.raises(DatabaseError), acting_for(made.id):
        NextFree.objects.filter(visit_type=visit_type).update(starts_at=clock.now())
