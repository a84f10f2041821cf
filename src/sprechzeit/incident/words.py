"""Categories, effects and reasons in words, for the pages and the command line."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sprechzeit.incident.actions import Category, Effect
from sprechzeit.incident.concerned import Why

CATEGORY_NAMES: Mapping[Category, str | Promise] = {
    Category.NAME: _("Name"),
    Category.BIRTH_DATE: _("Geburtsdatum oder Geburtsjahr"),
    Category.CONTACT: _("Telefon und E-Mail-Adresse"),
    Category.INSURANCE: _("Art der Versicherung"),
    Category.APPOINTMENTS: _("Termine: Zeit, Terminart, bei wem"),
    Category.COMMENTS: _("Nachricht bei der Buchung, Notizen und Bemerkungen der Praxis"),
    Category.MESSAGES: _("Nachrichten zwischen Patient und Praxis"),
    Category.CONSENTS: _("Einwilligungen"),
    Category.WAITING: _("Wünsche auf der Warteliste"),
    Category.RECALLS: _("fällige Kontrollen"),
    Category.TRAIL: _("wer wann mit den Daten zu tun hatte"),
}
EFFECT_NAMES: Mapping[Effect, str | Promise] = {
    Effect.SEEN: _("angesehen"),
    Effect.CHANGED: _("geändert"),
    Effect.ERASED: _("gelöscht"),
    Effect.EXPORTED: _("ausgegeben"),
}
REASONS: Mapping[Why, str | Promise] = {
    Why.TRAIL_BROKEN: _("Das Protokoll ist in dieser Zeit verändert oder lückenhaft: Es schließt niemanden aus."),
    Why.TRAIL_CUT: _("Ein Teil des Protokolls aus dieser Zeit ist nach seiner Frist gelöscht."),
    Why.TAKEN_OUT: _("Das Protokoll wurde als Datei ausgegeben: Zeiten und Kennungen, ohne Namen."),
    Why.SEALED_FILE: _("Steht auf einem Tagesblatt, das verschlüsselt herausging: Nur die Passphrase öffnet es."),
    Why.NO_SESSION: _("Das Protokoll nennt zu dem Zugriff keine Sitzung."),
    Why.NO_ADDRESS: _("Das Protokoll nennt zu dem Zugriff keine Netzadresse."),
    Why.UNKNOWN_ACTION: _("Das Protokoll enthält eine Aktion, die diese Version nicht kennt."),
    Why.MERGED: _("War zu dieser Zeit mit einem Patienten zusammengeführt, der angesehen wurde."),
    Why.NOT_NAMED: _(
        "Das Protokoll ist für diese Zeit lückenlos nachgerechnet, und kein Zugriff nennt diese Personen. Ohne "
        "Sitzung eines Mitglieds öffnet sich kein Name."
    ),
    Why.CAME_LATER: _("Ihre Daten kamen erst danach in die Praxis."),
}
