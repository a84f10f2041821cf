"""What comes of a form: saved, or the same page again with what is wrong, or with the appointments it would touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

from sprechzeit.booking.affected import Affects, who_comes
from sprechzeit.booking.day import Entry
from sprechzeit.errors import DomainError, NotFound
from sprechzeit.furnishing.lanes import LanesTaken
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.settings.typed import Typed, Unsound


@dataclass(frozen=True, repr=False)
class Listed:
    """Appointments to look at before one agrees; ``agreement`` is empty where one cannot."""

    entries: list[Entry]
    agreement: str = ""


@dataclass(frozen=True, repr=False)
class Refusal:
    """Why it was not saved."""

    status: int
    errors: dict[str, str] = field(default_factory=dict)
    listed: Listed | None = None


def attempt(request: HttpRequest, session: Session, save: Callable[[Typed, str], object]) -> Refusal | None:
    """Call ``save`` with the form and the agreement given; None when it was saved.

    Raises
    ------
    NotFound
        What should be changed does not exist.
    """
    try:
        save(Typed(request.POST), request.POST.get("agreed", ""))
    except Unsound as error:
        return Refusal(error.status, error.errors)
    except Affects as error:
        return Refusal(error.status, listed=_listed(session, error, error.agreement))
    except LanesTaken as error:
        return Refusal(error.status, {error.field: error.message}, _listed(session, error))
    except NotFound:
        raise
    except DomainError as error:
        return Refusal(error.status, {error.field: error.message})
    return None


def _listed(session: Session, error: Affects | LanesTaken, agreement: str = "") -> Listed:
    return Listed(who_comes(session.keys, session.actor, error.appointments), agreement)
