"""The patients' addresses."""

from __future__ import annotations

from django.urls import path

from sprechzeit.web.front import (
    answer,
    before,
    calendar_file,
    cancel,
    code,
    coming,
    confirm_address,
    consents,
    contact,
    delete_data,
    details,
    earlier,
    host,
    imprint,
    manage,
    move,
    not_for_me,
    offer,
    open_consultation,
    practice,
    privacy,
    search,
    start,
    times,
    undo_cancel,
)

app_name = "front"
urlpatterns = [
    path("", start.start, name="start"),
    path("impressum/", host.host_imprint, name="host-imprint"),
    path("datenschutz/", host.host_privacy, name="host-privacy"),
    path("suche/", search.results, name="search"),
    path("praxis/<slug:slug>/", practice.practice, name="practice"),
    path("bestaetigen/<int:practice>/<str:secret>/", confirm_address.confirm_address, name="confirm-address"),
    path("nicht-fuer-mich/<int:practice>/<str:secret>/", not_for_me.not_for_me, name="not-for-me"),
    path("angebot/<slug:slug>/<str:secret>/", offer.offer, name="offer"),
    path("praxis/<slug:slug>/impressum/", imprint.imprint, name="imprint"),
    path("praxis/<slug:slug>/datenschutz/", privacy.privacy, name="privacy"),
    path("praxis/<slug:slug>/termin/<int:visit_type>/", times.times, name="times"),
    path("praxis/<slug:slug>/termin/<int:visit_type>/vorab/", before.before, name="before"),
    path(
        "praxis/<slug:slug>/offene-sprechstunde/<int:visit_type>/",
        open_consultation.open_consultation,
        name="open-consultation",
    ),
    path("praxis/<slug:slug>/nummer/<str:secret>/", open_consultation.number, name="number"),
    path("praxis/<slug:slug>/halten/", times.hold_time, name="hold"),
    path("praxis/<slug:slug>/angaben/<str:secret>/", details.details, name="details"),
    path("praxis/<slug:slug>/code/<str:secret>/", code.code, name="code"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/", manage.manage, name="manage"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/einwilligung/", consents.change_consent, name="consent"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/termin.ics", calendar_file.calendar_file, name="ics"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/verschieben/", move.move, name="move"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/absagen/", cancel.cancel, name="cancel"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/ich-komme/", coming.coming, name="coming"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/frueher/", earlier.earlier, name="earlier"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/zurueck/", undo_cancel.undo_cancel, name="undo-cancel"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/kontakt/", contact.contact, name="contact"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/schreiben/", answer.answer, name="answer"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/loeschen/", delete_data.delete_data, name="delete-data"),
]
