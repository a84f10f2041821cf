"""The patients' addresses."""

from __future__ import annotations

from django.urls import path

from sprechzeit.web.front import calendar_file, cancel, consents, details, manage, move, practice, start, times

app_name = "front"
urlpatterns = [
    path("", start.start, name="start"),
    path("praxis/<slug:slug>/", practice.practice, name="practice"),
    path("praxis/<slug:slug>/termin/<int:visit_type>/", times.times, name="times"),
    path("praxis/<slug:slug>/halten/", times.hold_time, name="hold"),
    path("praxis/<slug:slug>/angaben/<str:secret>/", details.details, name="details"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/", manage.manage, name="manage"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/einwilligung/", consents.change_consent, name="consent"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/termin.ics", calendar_file.calendar_file, name="ics"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/verschieben/", move.move, name="move"),
    path("praxis/<slug:slug>/mein-termin/<str:secret>/absagen/", cancel.cancel, name="cancel"),
]
