"""What a step tells: what was held, tried, opened, and when it was noticed. A step says itself whether it passed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Opened:
    """How many different patients (records and intakes), appointments with their person, and members' names."""

    patients: int = 0
    appointments: int = 0
    members: int = 0

    def exceeds(self, allowed: Opened) -> bool:
        return (
            self.patients > allowed.patients
            or self.appointments > allowed.appointments
            or self.members > allowed.members
        )


NOTHING = Opened()


@dataclass(frozen=True)
class Tried:
    """One way that was tried.

    ``planted`` and ``seen`` are its control: of so many planted things that it must open or find, so many were. A way
    that misses one of them proves nothing, and its step fails.
    """

    what: str
    times: int
    planted: int
    seen: int
    opened: Opened = NOTHING

    @property
    def is_sound(self) -> bool:
        return self.times > 0 and self.planted > 0 and self.seen == self.planted


@dataclass(frozen=True)
class Noticed:
    """By which rule or check, and how many seconds after the attack began."""

    by: str
    seconds: float


@dataclass(frozen=True)
class Step:
    """One step of the chain. ``allowed`` is the stated limit: what a stolen live session sees before it is stopped."""

    letter: str
    title: str
    has: str
    tried: tuple[Tried, ...]
    noticed: tuple[Noticed, ...] = ()
    to_notice: int = 0  # at least so many of the ways must have been noticed
    allowed: Opened = NOTHING
    seconds: float = 0.0
    wrong: tuple[str, ...] = field(default=())  # what else went through that must not

    @property
    def opened(self) -> Opened:
        """The most that one of its ways opened: they open the same people."""
        return Opened(
            max((one.opened.patients for one in self.tried), default=0),
            max((one.opened.appointments for one in self.tried), default=0),
            max((one.opened.members for one in self.tried), default=0),
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it failed; empty when it passed."""
        found = [
            f"{one.what}: the control saw {one.seen} of {one.planted}, {one.times:,} tries"
            for one in self.tried
            if not one.is_sound
        ]
        if not self.tried:
            found.append("nothing was tried")
        if self.opened.exceeds(self.allowed):
            found.append(
                f"{self.opened.patients} patients, {self.opened.appointments} appointments and "
                f"{self.opened.members} members were opened"
            )
        if len(self.noticed) < self.to_notice:
            found.append(f"{len(self.noticed)} of {self.to_notice} attacks were noticed")
        return (*found, *self.wrong)

    @property
    def passed(self) -> bool:
        return not self.reasons
