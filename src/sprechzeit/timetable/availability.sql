-- The starts at which a visit type fits, and for each of its needs the resources that are free then.
--
-- It fits into one lane at a time: (openings of the resource) - (occupancies of the lane) is a multirange, and
-- one of its ranges must hold the visit with both buffers. Only the starts are united over alternatives. Uniting
-- the multiranges before would offer a visit that begins with one clinician and ends with another.
--
-- Row-level security lets only leak-proof operators into an index condition: = and < on bigint and timestamptz
-- are, && and @> on ranges are not. So both tables are bounded by starts_at from both sides; the lower bounds hold
-- because an opening lasts one local day at most (25 hours) and an occupancy 24 hours at most. The plan, for
-- role sprechzeit_front, with 1,000 resources and 1.2 million occupancies (one clinician, 31 days: 1.1 ms):
--
--   Sort  Sort Key: start.start, wanted.number, wanted.resource_id
--     Nested Loop
--       Nested Loop
--         CTE Scan on wanted
--         Aggregate
--           Bitmap Heap Scan on opening
--             Bitmap Index Scan on opening_of_resource
--               Index Cond: resource_id = wanted.resource_id and starts_at > … and starts_at < …
--         Index Scan using lane_resource_id_… on lane
--         Aggregate
--           Index Scan using occupancy_of_lane on occupancy
--             Index Cond: lane_id = lane.id and starts_at > … and starts_at < …
--         Function Scan on unnest span
--       Function Scan on generate_series start
--
-- PostgreSQL guesses 100 ranges for unnest and 1,000 starts for generate_series. The comparison of a range's length
-- spares the series for gaps that are too short, and it keeps the guessed cost of some ten lanes below
-- jit_above_cost; "offset 0" keeps the lanes of other resources out.
--
-- One origin serves all days of the span: grids divide an hour, and clocks change by whole hours.
with visit as materialized (
    select
        make_interval(mins => visit_type.duration_minutes) as duration,
        make_interval(mins => visit_type.buffer_before_minutes) as before,
        make_interval(mins => visit_type.duration_minutes + visit_type.buffer_after_minutes) as after,
        make_interval(mins => visit_type.grid_minutes) as grid,
        coalesce(
            %(origin)s::timestamptz, date_trunc('day', %(since)s::timestamptz, practice.time_zone)
        ) as origin,
        %(since)s::timestamptz - make_interval(mins => visit_type.buffer_before_minutes) as since,
        %(until)s::timestamptz
            + make_interval(mins => visit_type.duration_minutes + visit_type.buffer_after_minutes) as until
    from visit_type
    join practice on practice.id = visit_type.practice_id
    where visit_type.id = %(visit_type)s::int8
),
need as materialized (
    select number, resource_id from visit_type_need where visit_type_id = %(visit_type)s::int8
),
-- A resource that is asked for stands alone for the need that it serves; null (none of them) leaves no row at all.
wanted as materialized (
    select need.number, need.resource_id
    from need
    join resource on resource.id = need.resource_id and resource.retired_at is null
    where %(asked)s::int8 is null
        or need.resource_id = %(asked)s::int8
        or need.number <> (select number from need where resource_id = %(asked)s::int8)
),
free as (
    select wanted.number, wanted.resource_id, opened.during - coalesce(taken.during, '{}') as during
    from visit
    cross join wanted
    cross join lateral (
        select range_agg(opening.during) as during
        from opening
        where opening.resource_id = wanted.resource_id
            and opening.starts_at > visit.since - interval '25 hours'
            and opening.starts_at < visit.until
            and opening.ends_at > visit.since
    ) as opened
    cross join lateral (select id from lane where resource_id = wanted.resource_id and not overbooking offset 0) as lane
    cross join lateral (
        select range_agg(occupancy.during) as during
        from occupancy
        where occupancy.lane_id = lane.id
            and occupancy.starts_at > visit.since - interval '24 hours'
            and occupancy.starts_at < visit.until
            and occupancy.ends_at > visit.since
            and (occupancy.expires_at is null or occupancy.expires_at > %(now)s::timestamptz)
            and (%(ignoring)s::uuid is null or occupancy.appointment_id is distinct from %(ignoring)s::uuid)
    ) as taken
),
fitting as (
    select start, free.number, array_agg(distinct free.resource_id order by free.resource_id) as resources
    from visit
    cross join free
    cross join lateral unnest(free.during) as span
    cross join lateral generate_series(
        date_bin(
            visit.grid,
            greatest(lower(span) + visit.before, %(since)s::timestamptz) + visit.grid - interval '1 microsecond',
            visit.origin
        ),
        least(upper(span) - visit.after, %(until)s::timestamptz - interval '1 microsecond'),
        visit.grid
    ) as start
    where upper(span) - lower(span) >= visit.before + visit.after
    group by start, free.number
)
select start, start + (select duration from visit), json_agg(resources order by number)::text
from fitting
group by start
having count(*) = (select count(distinct number) from need)
order by start
limit %(limit)s::int8
