"""What the demo would have mailed. The page exists while the demo runs, and shows mails of demo practices alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sprechzeit.messages.channels import mails_folder
from sprechzeit.practices.models import Practice
from sprechzeit.web.front.problems import front_page

MOST = 50


@dataclass(frozen=True)
class Sent:
    """A mail as its reader would see it."""

    subject: str
    sender: str
    to: str
    at: datetime
    text: str
    files: tuple[str, ...]


@front_page("GET")
def demo_mails(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    practices = Practice.objects.filter(kind=Practice.Kind.DEMO).values_list("id", flat=True)
    files = [file for practice in practices for file in (mails_folder() / str(practice)).glob("*.eml")]
    mails = list(_read(sorted(files, reverse=True)[:MOST]))  # names begin with the time
    return render(request, "front/demo_mails.html", {"mails": mails})


def _read(files: list[Path]) -> Iterator[Sent]:
    for file in files:
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        yield Sent(
            subject=str(mail["Subject"]),
            sender=str(mail["From"]),
            to=str(mail["To"]),
            at=mail["Date"].datetime,
            text=body.get_content() if body else "",
            files=tuple(part.get_filename() or "" for part in mail.iter_attachments()),
        )
