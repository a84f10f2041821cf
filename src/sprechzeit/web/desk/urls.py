"""The desk's addresses."""

from __future__ import annotations

from django.urls import path

from sprechzeit.web.desk import appointment, day, invitation, login, new

app_name = "desk"
urlpatterns = [
    path("", day.day, name="day"),
    path("anmelden/", login.login, name="login"),
    path("anmelden/beginn/", login.login_begin, name="login-begin"),
    path("anmelden/abschluss/", login.login_finish, name="login-finish"),
    path("anmelden/demo/", login.login_demo, name="login-demo"),
    path("abmelden/", login.logout, name="logout"),
    path("einladung/", invitation.invitation, name="invitation"),
    path("einladung/beginn/", invitation.invitation_begin, name="invitation-begin"),
    path("einladung/abschluss/", invitation.invitation_finish, name="invitation-finish"),
    path("neu/", new.new, name="new"),
    path("neu/zeiten/", new.free_times, name="free-times"),
    path("patienten/", new.find_patient, name="patients"),
    path("termin/<uuid:appointment>/", appointment.show, name="appointment"),
    path("termin/<uuid:appointment>/stand/", appointment.set_mark, name="mark"),
    path("termin/<uuid:appointment>/absagen/", appointment.cancel, name="cancel"),
    path("termin/<uuid:appointment>/uebernehmen/", appointment.take_over, name="accept"),
    path("termin/<uuid:appointment>/verschieben/", appointment.move, name="move"),
]
