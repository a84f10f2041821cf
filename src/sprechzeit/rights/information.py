"""What a patient is told beside the data themselves: GDPR Art. 15(1) and (2), in the words of the privacy notice."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from sprechzeit.practices.legal import AUTHORITIES
from sprechzeit.rights.access import Access


def information(access: Access) -> list[tuple[str, str]]:
    """Title and text of each point; what the practice has not filled in is left out, nothing is made up."""
    practice, rules = access.practice, access.rules
    city = f"{practice.postal_code} {practice.city}".strip()
    who = [practice.name, practice.responsible, practice.street, city, practice.phone]
    keep = rules.keep_patient_days
    periods = [
        _("Angaben bei der Buchung, Nachrichten und Bemerkungen: bis %(days)d Tage nach dem Termin.")
        % {"days": rules.keep_intake_days},
        _("Ihre Daten in der Kartei: bis sie von Hand gelöscht werden.")
        if keep is None
        else _("Ihre Daten in der Kartei, mit Einwilligungen: bis %(days)d Tage nach dem letzten Termin.")
        % {"days": keep},
        _("Die Termine selbst: bis %(days)d Tage nach dem Termin.") % {"days": rules.keep_appointment_days},
        _("Das Protokoll der Zugriffe, ohne Namen: %(days)d Tage.") % {"days": rules.keep_trail_days},
    ]
    found = [
        (_("Verantwortlich"), ", ".join(one for one in who if one)),
        (_("Ansprechpartner für den Datenschutz"), practice.privacy_contact),
        (_("Zweck"), _("Termine vergeben, verwalten und an sie erinnern.")),
        (
            _("Woher die Daten kommen"),
            _("Von Ihnen oder von denen, die für Sie gebucht haben; Bemerkungen und Notizen von der Praxis."),
        ),
        (_("Empfänger"), _recipients()),
        (_("Wie lange"), " ".join(periods)),
        (
            _("Ihre Rechte"),
            _(
                "Sie können Berichtigung, Löschung und Einschränkung der Verarbeitung verlangen, widersprechen und "
                "Einwilligungen jederzeit widerrufen (Artikel 16 bis 18, 21 und 7 DSGVO)."
            ),
        ),
        (_("Beschwerde"), AUTHORITIES.get(practice.subdivision, "")),
        (_("Automatisierte Entscheidungen"), _("Es gibt keine im Sinne von Artikel 22 DSGVO.")),
    ]
    return [(title, text) for title, text in found if text]


def _recipients() -> str:
    host = settings.HOST_NAME
    return (
        _("Der Betreiber des Servers im Auftrag der Praxis: %(host)s.") % {"host": host}
        if host
        else _("Der Betreiber des Servers und des Mailversands im Auftrag der Praxis.")
    )
