"""Random clinicians, the same ones every time, each as likely as any other."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from sprechzeit.bench.furniture import visit_type_id
from sprechzeit.bench.scale import SEED, Plan, Scale, plans
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId

CONSULTATION = 0  # needs a clinician only


class Sample(NamedTuple):
    """A clinician and a visit type that needs nobody else."""

    practice: PracticeId
    slug: str
    visit_type: VisitTypeId
    resource: ResourceId


def samples(scale: Scale, count: int) -> list[Sample]:
    """``count`` clinicians, with repetition."""
    random = Random(f"{SEED}/samples/{scale.name}")  # noqa: S311 - the same every time
    planned = plans(scale)
    chosen = random.choices(planned, weights=[plan.clinicians for plan in planned], k=count)
    return [_sample(plan, random.randrange(plan.clinicians)) for plan in chosen]


def _sample(plan: Plan, clinician: int) -> Sample:
    return Sample(
        PracticeId(plan.practice),
        plan.slug,
        VisitTypeId(visit_type_id(plan.practice, CONSULTATION)),
        ResourceId(plan.clinician(clinician)),
    )
