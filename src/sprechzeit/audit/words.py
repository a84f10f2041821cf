"""The trail in words: a sentence for every action, and the kinds that a reader may filter by."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Promise | str] = {
    "appointment.book": _("Termin gebucht"),
    "appointment.cancel": _("Termin abgesagt"),
    "appointment.mark": _("Stand eines Termins geändert"),
    "appointment.move": _("Termin verschoben"),
    "appointment.view": _("Termin mit allen Angaben angesehen"),
    "day.view": _("Tag im Kalender mit Namen angesehen"),
    "exception.add": _("Abwesenheit, Schließung oder Zusatzzeit eingetragen"),
    "exception.remove": _("Abwesenheit, Schließung oder Zusatzzeit entfernt"),
    "intake.accept": _("Online-Buchung in die Kartei übernommen"),
    "key.begin": _("Neuer Datenschlüssel: Umschlüsselung begonnen"),
    "key.end": _("Umschlüsselung beendet, alter Datenschlüssel gelöscht"),
    "login.failed": _("Anmeldung abgewiesen"),
    "member.change-role": _("Rolle geändert"),
    "member.invite": _("Einladung erstellt"),
    "member.join": _("Einladung angenommen"),
    "member.remove": _("Aus dem Team entfernt"),
    "member.withdraw-invitation": _("Einladung zurückgezogen"),
    "passkey.add": _("Passkey hinzugefügt"),
    "passkey.remove": _("Passkey entfernt"),
    "patient.create": _("Patient neu in die Kartei aufgenommen"),
    "patient.search": _("Patienten gesucht und angezeigt"),
    "permission.refused": _("Ohne Berechtigung versucht und abgewiesen"),
    "record.damaged": _("Ein Eintrag ließ sich nicht öffnen: beschädigt oder verändert"),
    "rule.add": _("Sprechzeit eingetragen"),
    "rule.end": _("Sprechzeit beendet"),
    "session.begin": _("Angemeldet"),
    "session.end": _("Sitzung beendet"),
    "session.prove": _("Passkey erneut vorgezeigt"),
    "settings.change": _("Einstellungen geändert"),
    "sheet.confirm": _("Notfallblatt bestätigt"),
    "sheet.failed": _("Falscher Notfallschlüssel eingegeben"),
    "sheet.make": _("Notfallblatt erstellt"),
    "sheet.use": _("Mit dem Notfallblatt angemeldet"),
    "token.make": _("Zugang für ein Programm angelegt"),
    "token.revoke": _("Zugang für ein Programm widerrufen"),
    "trail.export": _("Protokoll als Datei ausgegeben"),
    "trail.view": _("Protokoll angesehen"),
}

KINDS: dict[str, tuple[Promise | str, tuple[str, ...]]] = {
    "einsicht": (_("Einsicht in Patientendaten"), ("appointment.view", "day.view", "patient.search", "patient.view")),
    "termine": (_("Termine"), ("appointment.", "day.")),
    "kartei": (_("Kartei"), ("intake.", "patient.", "record.")),
    "anmeldung": (_("Anmeldung"), ("login.", "passkey.", "permission.", "session.")),
    "team": (_("Team"), ("member.",)),
    "schluessel": (_("Schlüssel, Notfallblatt, Programme"), ("key.", "sheet.", "token.")),
    "einstellungen": (_("Sprechzeiten und Einstellungen"), ("exception.", "rule.", "settings.")),
    "protokoll": (_("Protokoll"), ("trail.",)),
}
"""By the word in the page's address: name, and the beginnings of the actions that belong to it."""

VALUES: dict[str, Promise | str] = {
    "front": _("online"),
    "api": _("durch ein Programm"),
    "desk": _("am Empfang"),
    "starts_at": _("Zeit"),
    "resource_ids": _("bei wem und wo"),
    "idle_minutes": _("Sitzung endet ohne Tätigkeit"),
    "session_hours": _("Sitzung endet spätestens"),
    "email": _("E-Mail-Adresse"),
}
"""What stands in the details: names of fields, and where an appointment was booked."""


def sentence(action: str) -> str:
    """What was done; the bare name of an action that has no sentence."""
    return str(ACTIONS.get(action, action))
