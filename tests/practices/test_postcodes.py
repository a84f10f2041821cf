from __future__ import annotations

import pytest

from sprechzeit.errors import Invalid
from sprechzeit.practices.postcodes import coordinates_of, place
from tests.factories import make_practice


def test_a_postal_code_has_the_place_of_its_area() -> None:
    found = place("10115")

    assert (found.latitude, found.longitude) == pytest.approx((52.53, 13.38), abs=0.03)
    assert found.name == "10115"


@pytest.mark.parametrize("text", ["10115 Berlin", " 10115 ", "D-10115 Berlin", "d10115"])
def test_what_stands_around_the_postal_code_does_not_matter(text: str) -> None:
    assert place(text).latitude == place("10115").latitude


def test_the_first_digits_stand_for_the_middle_of_all_that_begin_so() -> None:
    found = place("804")

    assert (found.latitude, found.longitude) == pytest.approx((48.15, 11.5), abs=0.2)  # Munich


def test_a_code_without_an_area_of_its_own_takes_its_neighbours() -> None:
    known, of_a_post_box = coordinates_of("10115"), coordinates_of("10999")

    assert known is not None
    assert of_a_post_box is not None
    assert of_a_post_box == pytest.approx(known, abs=0.3)


def test_a_town_is_where_its_listed_practices_are() -> None:
    make_practice(city="Musterstadt an der Aller", postal_code="27283")
    make_practice(city="Musterstadt an der Aller", postal_code="27299")
    make_practice(city="Musterstadt an der Aller", postal_code="01067", listed=False)

    whole, beginning = place("musterstadt an der aller"), place("Musterstadt")

    first, second = coordinates_of("27283"), coordinates_of("27299")
    assert first is not None
    assert second is not None
    assert whole.latitude == pytest.approx((first[0] + second[0]) / 2)
    assert (beginning.latitude, beginning.longitude) == (whole.latitude, whole.longitude)


@pytest.mark.parametrize(
    "text", ["", "  ", "Nirgendwo", "1", "00000", "005", "nul\0", "%", "10115x", "١٠١١٥", "x" * 5000]
)
def test_an_unknown_place_asks_for_the_postal_code(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        place(text)

    assert refused.value.field == "ort"
    assert "Postleitzahl" in refused.value.message


@pytest.mark.parametrize("code", ["", "1011", "101155", "ABCDE", "00000", "١٠١١٥"])
def test_what_is_no_postal_code_has_no_place(code: str) -> None:
    assert coordinates_of(code) is None
