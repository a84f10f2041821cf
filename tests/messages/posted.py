"""Practices with messages, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.messages.courier import channel_of
from sprechzeit.messages.deliver import Notifier, Outcome, deliver_due
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.notifier_key import private_key
from sprechzeit.messages.post import post
from tests.audit.mail_server import PASSWORD, USER, mailing_by
from tests.factories import Made, in_days

LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"


def facts(days: int = 1, hour: int = 9, **more: int) -> dict[str, Any]:
    begins = in_days(days, hour)
    return {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(minutes=30)).isoformat(),
        "sequence": 0,
        **more,
    }


def put_in(made: Made, to: str, kind: str = Message.Kind.CODE, *, about: UUID | None = None, **fields: Any) -> UUID:
    """One message, as a page of patients puts it in; tells what it is about."""
    about = about or new_id()
    letter = Letter(to=to, code="123456", link="https://termine.example.org/praxis/x/mein-termin/geheim/")
    fields.setdefault("once", "test")
    fields.setdefault("facts", {"minutes": 30} if kind == Message.Kind.CODE else facts())
    with acting_for(made.id):
        assert post(made.id, kind, letter, about=about, **fields)
    return about


def messages(made: Made, **wanted: Any) -> list[Message]:
    with wearing(Role.WORKER), acting_for(made.id):
        return list(Message.objects.filter(practice=made.id, **wanted).order_by("created_at", "id"))


def states(made: Made) -> list[tuple[str, str, int]]:
    return [(one.state, one.reason, one.attempts) for one in messages(made)]


def settle_others() -> None:
    """Messages that other tests left waiting would go out too."""
    from sprechzeit.practices.models import Practice

    with wearing(Role.WORKER):
        for practice in Practice.objects.values_list("id", flat=True):
            with acting_for(practice):
                waiting = Message.objects.filter(practice=practice, state=Message.State.WAITING)
                waiting.update(state=Message.State.STOPPED, sealed=None, done_at=clock.now())


def notifier() -> Notifier:
    from functools import cache

    return Notifier(private_key(settings.ENVIRONMENT.key_folder), cache(channel_of))


def deliver_all(by: Notifier | None = None) -> dict[Outcome, int]:
    """As the worker does it, once through."""
    by = by or notifier()
    with wearing(Role.WORKER):
        try:
            return deliver_due(by)
        finally:
            by.channels("smtp").close()


@contextmanager
def mailing_to(port: int, patience: float = 2) -> Iterator[None]:
    with mailing_by(f"smtp+starttls://{LOGIN}@localhost:{port}", patience=patience):
        yield
