"""What was put in to be mailed, opened with the worker's key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import override_settings

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.environment import Smtp
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.notifier_key import make_notifier_key, private_key
from sprechzeit.messages.post import Letter, open_letter
from tests.factories import Made


@contextmanager
def mail_server_set() -> Iterator[None]:
    """As if mails could be sent: the server is only asked when the worker runs."""
    make_notifier_key(settings.ENVIRONMENT.key_folder)
    with override_settings(SMTP=Smtp("localhost", 25, "", "", "none")):
        yield


def letters(made: Made, kind: str) -> list[Letter]:
    """Those that still wait, in the order in which they were put in."""
    with wearing(Role.WORKER), acting_for(made.id):
        found = list(Message.objects.filter(practice=made.id, kind=kind, state="waiting").order_by("created_at", "id"))
    key = private_key(settings.ENVIRONMENT.key_folder)
    return [open_letter(key, one) for one in found]


def number_put_in(made: Made, kind: str) -> int:
    """Those too that were stopped by a later one."""
    with wearing(Role.WORKER), acting_for(made.id):
        return Message.objects.filter(practice=made.id, kind=kind).count()


def codes_mailed(made: Made) -> list[str]:
    """The six digits of each mail that is on its way: a new code stops the one before."""
    return [one.code for one in letters(made, Message.Kind.CODE)]


def to_whom(made: Made) -> list[Letter]:
    """What is kept to write to, opened with the worker's key."""
    with wearing(Role.WORKER), acting_for(made.id):
        found = list(NotifierAddress.objects.filter(practice=made.id, refused_at__isnull=True))
    key = private_key(settings.ENVIRONMENT.key_folder)
    return [open_letter(key, one) for one in found]
