from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sprechzeit.timetable.expand import Exceptional, Rule, by_day, expand
from sprechzeit.timetable.spans import Span, merged
from tests.timetable.reference import minutes_of, open_minutes, spans_of

# Havana changes its clocks at midnight, Lord Howe by half an hour.
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe")]
BEGINNINGS = [date(2026, 3, 1), date(2026, 3, 22), date(2026, 10, 18), date(2026, 12, 20), date(2027, 1, 2)]
QUARTERS = [time(minute // 60, minute % 60) for minute in range(0, 24 * 60, 15)]


@st.composite
def rules(draw: st.DrawFn, since: date) -> Rule:
    opens = draw(st.sampled_from(QUARTERS) | st.sampled_from([time(1, 30), time(2), time(2, 30), time(3)]))
    later = [wall for wall in QUARTERS if wall > opens]
    valid_from = since + timedelta(days=draw(st.integers(-40, 10)))
    return Rule(
        weekday=draw(st.integers(0, 6)),
        opens=opens,
        closes=draw(st.sampled_from([*later, time(0), time(0)])),
        valid_from=valid_from,
        valid_until=draw(st.none() | st.integers(0, 60).map(lambda days: valid_from + timedelta(days=days))),
        every_weeks=draw(st.integers(1, 3)),
        on_holidays=draw(st.booleans()),
    )


@st.composite
def exceptionals(draw: st.DrawFn, since: date) -> Exceptional:
    start = datetime.combine(since, time(), tzinfo=UTC) + timedelta(minutes=10 * draw(st.integers(-300, 2300)))
    length = timedelta(minutes=10 * draw(st.integers(1, 60) | st.integers(1, 600)))
    return Exceptional(draw(st.sampled_from(["absence", "extra", "closure"])), Span(start, start + length))


@settings(max_examples=60)
@given(data=st.data(), zone=st.sampled_from(ZONES), since=st.sampled_from(BEGINNINGS))
def test_openings_are_what_the_reference_says(data: st.DataObject, zone: ZoneInfo, since: date) -> None:
    until = since + timedelta(days=data.draw(st.integers(0, 15)))
    given_rules = data.draw(st.lists(rules(since), max_size=6))
    given_exceptions = data.draw(st.lists(exceptionals(since), max_size=4))
    days = st.sets(st.integers(0, 15).map(lambda days: since + timedelta(days=days)), max_size=4)
    frame = {"zone": zone, "since": since, "until": until, "holidays": data.draw(days)}

    openings = expand(given_rules, given_exceptions, **frame)

    expected = open_minutes(given_rules, given_exceptions, **frame)
    assert openings == spans_of(expected)


@settings(max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    day=st.sampled_from(BEGINNINGS),
    start=st.integers(0, 14 * 1440),
    length=st.integers(1, 4 * 1440),
)
@example(zone=ZoneInfo("America/Havana"), day=date(2026, 10, 31), start=0, length=3 * 1440)
def test_cut_at_midnights_no_moment_is_lost_and_none_crosses_a_day(
    zone: ZoneInfo, day: date, start: int, length: int
) -> None:
    begin = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=start)
    span = Span(begin, begin + timedelta(minutes=length))

    pieces = list(by_day([span], zone))

    assert merged(pieces) == [span]
    for piece in pieces:
        minutes = minutes_of(piece.start.astimezone(zone).date(), zone)
        assert minutes[0] <= piece.start < piece.end <= minutes[-1] + timedelta(minutes=1)
        assert piece.end - piece.start <= timedelta(hours=25)
