"""What messages to patients say: which texts there are, write one anew with a preview, go back to ours."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from sprechzeit.furnishing.message_text import (
    LONGEST,
    LONGEST_SUBJECT,
    change_message_text,
    own_texts,
    require_sound,
    reset_message_text,
    text_asked,
)
from sprechzeit.messages.channels import can_sms
from sprechzeit.messages.own_text import OwnText
from sprechzeit.messages.preview import example_message, preview_of, sms_preview_of
from sprechzeit.messages.render import built_in
from sprechzeit.messages.texts import IN_SUBJECT, MEANINGS, NAMES, VISIT_TYPE, Text, in_body
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import Refusal, attempt
from sprechzeit.web.desk.settings.typed import Typed


@require_GET
@for_members(Permission.SETTINGS)
def message_texts(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    own = own_texts(session.practice)
    context = {
        "languages": settings.LANGUAGES,
        "rows": [
            {
                "name": name,
                "cells": [
                    {"href": _address(text, code), "language": language, "own": (text.value, code) in own}
                    for code, language in settings.LANGUAGES
                ],
            }
            for text, name in NAMES.items()
        ],
    }
    return desk_page(request, "desk/settings/message_texts.html", context, practice=practice)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def message_text(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Sent with "vorschau" it is shown and not saved, with "zurueck" ours counts again, otherwise it is saved."""
    language = request.GET.get("sprache", "")
    text = text_asked(request.GET.get("text", ""), language)
    if "zurueck" in request.POST:
        reset_message_text(session.practice, session.actor, text, language)
        return redirect(f"{_address(text, language)}&gespeichert=1")
    typed: OwnText | None = None
    refusal: Refusal | None = None
    if request.method == "POST":
        typed = _read(Typed(request.POST))
        refusal = attempt(request, session, lambda given, _agreed: _save(request, session, text, language, given))
        if refusal is None and "vorschau" not in request.POST:
            return redirect(f"{_address(text, language)}&gespeichert=1")
    own = own_texts(session.practice).get((text.value, language))
    ours = built_in(example_message(text, language), language)
    shown = typed or own or ours
    context = {
        "name": NAMES[text],
        "language": dict(settings.LANGUAGES)[language],
        "code": language,
        "address": _address(text, language),
        "fields": _fields(request, refusal, shown),
        "refusal": refusal,
        "saved": "gespeichert" in request.GET and request.method == "GET",
        "is_own": own is not None,
        "is_typed": typed is not None and refusal is None,
        "words": [(f"{{{word}}}", MEANINGS[word]) for word in in_body(text)],
        "in_subject": " ".join(f"{{{word}}}" for word in IN_SUBJECT),
        "preview": None if refusal else preview_of(practice, text, language, typed or own),
        "sms": sms_preview_of(practice, text, language) if can_sms(practice) else "",
        "tells_what_for": f"{{{VISIT_TYPE}}}" in shown.body,
    }
    status = refusal.status if refusal else 200
    return desk_page(request, "desk/settings/message_text.html", context, practice=practice, status=status)


def _save(request: HttpRequest, session: Session, text: Text, language: str, typed: Typed) -> None:
    """A preview is only looked at."""
    own = _read(typed)
    typed.require_sound()
    if "vorschau" in request.POST:
        require_sound(text, own)
    else:
        change_message_text(session.practice, session.actor, text, language, own)


def _read(typed: Typed) -> OwnText:
    return OwnText(typed.line("subject", LONGEST_SUBJECT, needed=True), typed.text("body", LONGEST))


def _fields(request: HttpRequest, refusal: Refusal | None, shown: OwnText) -> dict[str, Field]:
    specs = [
        Field("subject", _("Betreff"), needed=True, hint=_("Er steht auch auf gesperrten Bildschirmen.")),
        Field("body", _("Text"), kind="area"),
    ]
    return fields(specs, request, refusal, {"subject": shown.subject, "body": shown.body})


def _address(text: Text, language: str) -> str:
    return f"{reverse('desk:message-text')}?{urlencode({'text': text.value, 'sprache': language})}"
