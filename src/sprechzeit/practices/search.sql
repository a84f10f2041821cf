-- Practices that want to be found, by what is asked for; the next free start of each, then one page in order.
--
-- Read by the role of the patients' pages: ``practice`` and ``next_free`` are public (policy "directory"), no other
-- table is touched. Plan at 1,000 practices: the box over latitude and longitude by index practice_place (or one scan
-- where no place is given), then for each practice that is left the first fitting row of index next_free_of_practice.
-- Only keys and ranks are kept until the page is known; names and lists are read for its rows alone.
-- Distances are great circles on a sphere of 6371.0088 km (IUGG mean radius), by the haversine formula.
with near as (
    select
        id,
        case when %(latitude)s::float8 is not null then
            2 * 6371.0088 * asin(least(1, sqrt(
                sin(radians(latitude - %(latitude)s::float8) / 2) ^ 2
                + cos(radians(%(latitude)s::float8)) * cos(radians(latitude))
                * sin(radians(longitude - %(longitude)s::float8) / 2) ^ 2
            )))
        end as km
    from practice
    where listed
        and (
            %(latitude)s::float8 is null
            or latitude between %(south)s::float8 and %(north)s::float8
            and longitude between %(west)s::float8 and %(east)s::float8
        )
        and (%(specialty)s::text = '' or %(specialty)s::text = any (specialties))
        and (%(language)s::text = '' or %(language)s::text = any (languages))
        and accessibility @> %(accessibility)s::varchar[]
        and (%(insurance)s::text = '' or insurances = '{}' or %(insurance)s::text = any (insurances))
        and (not %(is_new)s::bool or accepts_new)
),
found as materialized (
    select
        id, km, starts_at,
        case when %(by_distance)s::bool then km else coalesce(extract(epoch from starts_at), 'infinity') end
            ::float8 as rank
    from near
    left join lateral (
        select starts_at
        from next_free
        where next_free.practice_id = near.id
            and starts_at > %(now)s::timestamptz
            and (%(modality)s::text = '' or modality = %(modality)s::text)
            and (%(insurance)s::text = '' or insurances = '{}' or %(insurance)s::text = any (insurances))
            and (not %(is_new)s::bool or open_to <> 'known')
        order by starts_at
        limit 1
    ) as free on true
    where (km is null or km <= %(radius)s::float8)
        and (
            %(modality)s::text = ''
            or exists (
                select from next_free where next_free.practice_id = near.id and modality = %(modality)s::text
            )
        )
),
page as (
    select *
    from found
    where (rank, id) > (%(after_rank)s::float8, %(after_id)s::int8)
    order by rank, id
    limit %(count)s::int4
)
select
    page.id, slug, name, kind, postal_code, city, time_zone, specialties, languages, accessibility,
    practice.insurances, accepts_new,
    exists (select from next_free where next_free.practice_id = page.id and modality = 'video') as by_video,
    km, page.starts_at, first.visit_type_id, first.name_de, first.name_en, rank, (select count(*) from found) as total
from page
join practice on practice.id = page.id
left join lateral (
    select visit_type_id, name_de, name_en
    from next_free
    where next_free.practice_id = page.id
        and starts_at = page.starts_at
        and (%(modality)s::text = '' or modality = %(modality)s::text)
        and (%(insurance)s::text = '' or insurances = '{}' or %(insurance)s::text = any (insurances))
        and (not %(is_new)s::bool or open_to <> 'known')
    order by visit_type_id
    limit 1
) as first on true
order by rank, page.id
