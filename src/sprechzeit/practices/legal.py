"""What the law wants said on a practice's pages: its imprint, and which authority watches over its data protection."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sprechzeit.practices.models import Practice

# For bodies that are not public, by federal state (Art. 51 and 77 GDPR, section 40 BDSG). Proper names: not translated.
AUTHORITIES: Mapping[str, str] = {
    "BW": "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Baden-Württemberg",
    "BY": "Bayerisches Landesamt für Datenschutzaufsicht",
    "BE": "Berliner Beauftragte für Datenschutz und Informationsfreiheit",
    "BB": "Landesbeauftragte für den Datenschutz und für das Recht auf Akteneinsicht Brandenburg",
    "HB": "Landesbeauftragte für Datenschutz und Informationsfreiheit der Freien Hansestadt Bremen",
    "HH": "Hamburgischer Beauftragter für Datenschutz und Informationsfreiheit",
    "HE": "Hessischer Beauftragter für Datenschutz und Informationsfreiheit",
    "MV": "Landesbeauftragter für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern",
    "NI": "Landesbeauftragter für den Datenschutz Niedersachsen",
    "NW": "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
    "RP": "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Rheinland-Pfalz",
    "SL": "Unabhängiges Datenschutzzentrum Saarland",
    "SN": "Sächsische Datenschutz- und Transparenzbeauftragte",
    "ST": "Landesbeauftragte für den Datenschutz Sachsen-Anhalt",
    "SH": "Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein",
    "TH": "Thüringer Landesbeauftragter für den Datenschutz und die Informationsfreiheit",
}


def missing_in_imprint(practice: Practice) -> list[str | Promise]:
    """What section 5 DDG asks for and the practice has not filled in; nothing is made up for it."""
    wanted: tuple[tuple[str, str | Promise], ...] = (
        (practice.responsible, _("Name des Inhabers oder der Vertretungsberechtigten")),
        (practice.street and practice.postal_code and practice.city, _("Anschrift")),
        (practice.phone, _("Telefon")),
        (practice.imprint, _("E-Mail-Adresse, Kammer, Berufsbezeichnung und Berufsordnung")),
    )
    return [what for value, what in wanted if not value]


def missing_in_privacy_notice(practice: Practice) -> list[str | Promise]:
    """What Art. 13 GDPR asks for and the practice has not filled in."""
    wanted: tuple[tuple[str, str | Promise], ...] = (
        (practice.street and practice.postal_code and practice.city, _("Anschrift")),
        (practice.privacy_contact, _("Ansprechpartner oder Datenschutzbeauftragte")),
    )
    return [what for value, what in wanted if not value]
