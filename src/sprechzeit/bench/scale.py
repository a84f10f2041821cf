"""How much is loaded: the scales, and how they spread over practices as in life."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SEED = 1324
PATIENTS_OF_A_CLINICIAN = 900


@dataclass(frozen=True)
class Scale:
    """Totals over all practices; ``largest`` are the numbers of patients of the first ones."""

    name: str
    patients: int
    appointments: int
    practices: int
    largest: tuple[int, ...]
    members: int


SMALL = Scale("small", patients=10_000, appointments=30_000, practices=12, largest=(3_000,), members=18)
SEED_SCALE = Scale(
    "seed",
    patients=960_000,
    appointments=3_000_000,
    practices=1_000,
    largest=(100_000, 20_000, 3_000),
    members=1_324,
)
SCALES = {scale.name: scale for scale in (SMALL, SEED_SCALE)}


@dataclass(frozen=True)
class Plan:
    """One practice's share. Identifiers are fixed here, so that practices can be loaded side by side.

    Resources are numbered from ``first_resource``: clinicians, then a room for each of them, then one device.
    """

    practice: int
    patients: int
    appointments: int
    members: int
    clinicians: int
    first_resource: int

    @property
    def slug(self) -> str:
        return f"bench-{self.practice}"

    @property
    def resources(self) -> int:
        return 2 * self.clinicians + 1

    def clinician(self, index: int) -> int:
        """Identifier of a clinician, from 0."""
        return self.first_resource + index

    def room(self, index: int) -> int:
        """Identifier of the clinician's room."""
        return self.first_resource + self.clinicians + index

    @property
    def device(self) -> int:
        return self.first_resource + 2 * self.clinicians


def plans(scale: Scale) -> list[Plan]:
    """One plan for each practice, the largest first; the sums are the scale's to the last one."""
    sizes = _sizes(scale)
    appointments = spread(scale.appointments, sizes)
    members = [1 + more for more in spread(scale.members - scale.practices, sizes)]
    found: list[Plan] = []
    resource = 1
    for index, patients in enumerate(sizes):
        plan = Plan(
            practice=index + 1,
            patients=patients,
            appointments=appointments[index],
            members=members[index],
            clinicians=max(1, round(patients / PATIENTS_OF_A_CLINICIAN)),
            first_resource=resource,
        )
        found.append(plan)
        resource += plan.resources
    return found


def spread(total: int, weights: list[int]) -> list[int]:
    """Whole shares in proportion to the weights that sum to ``total`` exactly."""
    whole = sum(weights)
    shares: list[int] = []
    seen = given = 0
    for weight in weights:
        seen += weight
        due = total * seen // whole
        shares.append(due - given)
        given = due
    return shares


def _sizes(scale: Scale) -> list[int]:
    """Patients of each practice: the largest ones, the others log-normal, most between 200 and 3,000."""
    random = Random(f"{SEED}/sizes/{scale.name}")  # noqa: S311 - invented data, the same every time
    weights = [min(max(random.lognormvariate(0, 0.55), 0.3), 3.4) for _ in range(scale.practices - len(scale.largest))]
    return [
        *scale.largest,
        *spread(scale.patients - sum(scale.largest), [round(weight * 1000) for weight in weights]),
    ]
