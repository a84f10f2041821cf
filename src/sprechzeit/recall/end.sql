-- A recall that is booked has served; without a consent nobody is invited (GDPR Art. 7(3)), nor who
-- has said that the invitation was not for them: that is remembered no longer than its address.
with found as (
    select r.id,
           (select a.id from appointment a
            where a.practice_id = r.practice_id and a.patient_id = r.patient_id and a.visit_type_id = r.visit_type_id
              and a.status not in ('cancelled', 'no-show') and a.starts_at > r.created_at
            order by a.starts_at limit 1) as appointment,
           exists (select from consent c
                   where c.practice_id = r.practice_id and c.patient_id = r.patient_id
                     and c.purpose = 'recall' and c.withdrawn_at is null)
             and not exists (select from notifier_address n
                             where n.practice_id = r.practice_id and n.about = r.id and n.refused_at is not null)
             as agreed
    from recall r where r.practice_id = %(practice)s and r.state in ('due', 'invited')
)
update recall r
set state = case when found.appointment is null then 'stopped' else 'booked' end,
    appointment_id = found.appointment, secret_hash = null, changed_at = %(now)s
from found
where r.id = found.id and r.practice_id = %(practice)s and (found.appointment is not null or not found.agreed)
