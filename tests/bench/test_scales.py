"""How totals are spread over practices."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import pytest

from sprechzeit.bench.scale import SCALES, SEED_SCALE, Scale, plans, spread


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda scale: scale.name)
def test_the_shares_sum_to_the_totals(scale: Scale) -> None:
    planned = plans(scale)

    assert len(planned) == scale.practices
    assert sum(plan.patients for plan in planned) == scale.patients
    assert sum(plan.appointments for plan in planned) == scale.appointments
    assert sum(plan.members for plan in planned) == scale.members
    assert tuple(plan.patients for plan in planned[: len(scale.largest)]) == scale.largest


def test_most_practices_of_the_seed_scale_have_200_to_3000_patients() -> None:
    sizes = [plan.patients for plan in plans(SEED_SCALE)[len(SEED_SCALE.largest) :]]

    assert sum(200 <= size <= 3000 for size in sizes) > 0.98 * len(sizes)
    assert 500 < median(sizes) < 1000


def test_no_two_practices_share_a_resource() -> None:
    planned = plans(SEED_SCALE)

    for before, after in pairwise(planned):
        assert before.device + 1 == after.first_resource


def test_it_is_the_same_every_time() -> None:
    assert plans(SEED_SCALE) == plans(SEED_SCALE)


def test_spreading_loses_nothing() -> None:
    assert spread(10, [1, 1, 1]) == [3, 3, 4]
    assert spread(0, [5, 7]) == [0, 0]
