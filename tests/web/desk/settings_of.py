"""Settings forms as the owner's browser sends them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.web.page import Form, Page

BASE = "/desk/einstellungen/"


def form_of(client: Client, path: str, with_field: str) -> Form:
    return Page(client.get(BASE + path)).form(with_field=with_field)


def send(client: Client, path: str, with_field: str, **typed: Any) -> HttpResponse:
    """Open the page, type into its form and send it; a list checks several boxes of one name, None unchecks one."""
    form = form_of(client, path, with_field)
    boxes = {name for name in form.fields if name.startswith("need-")} | {"weekdays"}
    values = {**{name: value for name, value in form.fields.items() if name not in boxes}, **typed}
    for box in ("listed", "online", "on_holidays"):
        if values.get(box) is None or (box not in typed and not _is_checked(client, path, box)):
            values.pop(box, None)
    return client.post(form.action, {name: value for name, value in values.items() if value is not None})


def agreement(response: HttpResponse) -> str:
    """What the button that saves all the same sends."""
    buttons = {value for form in Page(response).forms for name, value in form.buttons if name == "agreed"}
    (one,) = buttons
    return one


def _is_checked(client: Client, path: str, name: str) -> bool:
    html = client.get(BASE + path).content.decode()
    return f'name="{name}" value="1" checked' in html
