from __future__ import annotations

from datetime import date

import pytest

from sprechzeit.timetable.holidays import holiday_name, public_holidays

STATES = ["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_the_nine_holidays_of_the_whole_country(state: str) -> None:
    nationwide = {
        date(2027, 1, 1),
        date(2027, 3, 26),  # Good Friday
        date(2027, 3, 29),  # Easter Monday
        date(2027, 5, 1),
        date(2027, 5, 6),  # Ascension
        date(2027, 5, 17),  # Whit Monday
        date(2027, 10, 3),
        date(2027, 12, 25),
        date(2027, 12, 26),
    }

    found = public_holidays(state, [2027])

    assert nationwide <= found.keys()
    assert len(found) <= 14


def test_states_differ() -> None:
    womens_day, epiphany, reformation = date(2027, 3, 8), date(2027, 1, 6), date(2027, 10, 31)

    assert [womens_day in public_holidays(state, [2027]) for state in ("BE", "BY", "NW")] == [True, False, False]
    assert [epiphany in public_holidays(state, [2027]) for state in ("BE", "BY", "BW")] == [False, True, True]
    assert [reformation in public_holidays(state, [2027]) for state in ("BE", "SN", "HH")] == [False, True, True]


def test_names_are_german_and_empty_on_other_days() -> None:
    assert holiday_name("BE", date(2027, 3, 26)) == "Karfreitag"
    assert holiday_name("BE", date(2027, 3, 25)) == ""


def test_several_years_are_given_at_once_and_none_gives_nothing() -> None:
    found = public_holidays("BE", [2028, 2027, 2027])

    assert {day.year for day in found} == {2027, 2028}
    assert public_holidays("BE", []) == {}


@pytest.mark.parametrize("code", ["XX", "", "DE-BE", "be"])
def test_a_state_that_does_not_exist_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no federal state"):
        public_holidays(code, [2027])
