-- From each patient's last visit of a type with a recall. One that ended stays ended until the next visit. Whoever was
-- due more than a year ago is not called back by switching recalls on.
with last as (
    select distinct on (a.patient_id, a.visit_type_id) a.patient_id, a.visit_type_id, a.ends_at,
           ((a.ends_at at time zone p.time_zone)::date + make_interval(months => t.recall_months))::date as due_on,
           (%(now)s at time zone p.time_zone)::date as today
    from appointment a
    join visit_type t on t.practice_id = a.practice_id and t.id = a.visit_type_id
    join practice p on p.id = a.practice_id
    where a.practice_id = %(practice)s and a.patient_id is not null and a.status = 'done'
      and t.recall_months is not null and t.retired_at is null
    order by a.patient_id, a.visit_type_id, a.ends_at desc
)
insert into recall (id, practice_id, patient_id, visit_type_id, due_on, state, invitations, created_at, changed_at)
select gen_random_uuid(), %(practice)s, patient_id, visit_type_id, due_on, 'due', 0, %(now)s, %(now)s
from last
where due_on > today - 365
  and exists (select from consent c where c.practice_id = %(practice)s and c.patient_id = last.patient_id
                and c.purpose = 'recall' and c.withdrawn_at is null)
  and not exists (select from appointment a where a.practice_id = %(practice)s and a.patient_id = last.patient_id
                    and a.visit_type_id = last.visit_type_id and a.status = 'booked' and a.starts_at > %(now)s)
  and not exists (select from recall r where r.practice_id = %(practice)s and r.patient_id = last.patient_id
                    and r.visit_type_id = last.visit_type_id and r.created_at >= last.ends_at)
on conflict do nothing
