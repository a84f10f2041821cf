"""What a message is, why it did not go out, and why it cannot be tried again, in words for the desk."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sprechzeit.messages.models import Message

KINDS: dict[str, Promise | str] = {
    Message.Kind.CODE: _("Code zur Buchung"),
    Message.Kind.CONFIRMATION: _("Bestätigung"),
    Message.Kind.CHANGE: _("Termin verschoben"),
    Message.Kind.CANCELLATION: _("Absage"),
    Message.Kind.REMINDER: _("Erinnerung"),
    Message.Kind.NOTE: _("Nachricht der Praxis"),
    Message.Kind.OFFER: _("Angebot von der Warteliste"),
    Message.Kind.WAITING_LIST: _("Platz auf der Warteliste"),
    Message.Kind.RECALL: _("Einladung zur Kontrolle"),
    Message.Kind.FOLLOW_UP: _("Nach dem Termin"),
    Message.Kind.ADDRESS: _("Frage, ob die Adresse stimmt"),
    Message.Kind.NEW_ADDRESS: _("Hinweis auf neue Kontaktdaten"),
}

REASONS: dict[str, Promise | str] = {
    "address-busy": _("Das Postfach nimmt zurzeit nichts an. Es wird noch einmal versucht."),
    "address-gone": _("Es gibt keine Adresse mehr, an die geschrieben werden darf."),
    "address-impossible": _("An diese Adresse lässt sich keine E-Mail schicken."),
    "address-refused": _("Die Adresse gibt es nicht, oder das Postfach nimmt nichts an."),
    "cannot-open": _("Die Adresse ließ sich nicht öffnen: Sie wurde für einen anderen Schlüssel verschlossen."),
    "content-refused": _("Der Mailserver hat den Inhalt abgelehnt. Bitte sagen Sie es dem Betreiber des Servers."),
    "internal": _("Beim Verschicken ist ein Fehler aufgetreten. Es wird noch einmal versucht."),
    "login-refused": _("Der Mailserver lässt uns nicht hinein. Bitte sagen Sie es dem Betreiber des Servers."),
    "mail-server-away": _("Der Mailserver war nicht zu erreichen."),
    "mail-server-busy": _("Der Mailserver hat um Geduld gebeten."),
    "no-mail-server": _("Es ist kein Mailserver eingerichtet. Bitte sagen Sie es dem Betreiber des Servers."),
    "no-sms-provider": _("Es ist kein Anbieter für SMS eingerichtet."),
    "number-refused": _("An diese Nummer lässt sich keine SMS schicken."),
    "sms-account": _("Das Guthaben für SMS ist verbraucht. Bitte sagen Sie es dem Betreiber des Servers."),
    "sms-away": _("Der Anbieter für SMS war nicht zu erreichen."),
    "sms-busy": _("Der Anbieter für SMS hat um Geduld gebeten."),
    "sms-login-refused": _("Der Anbieter für SMS weist uns ab. Bitte sagen Sie es dem Betreiber des Servers."),
    "sms-refused": _("Der Anbieter für SMS hat den Text oder den Absender abgelehnt."),
    "bounced": _("Sie kam zurück: Das Postfach gibt es nicht, oder es nimmt nichts an."),
    "offer-over": _("Das Angebot war vorbei, bevor die Nachricht hinausgehen konnte."),
    "sender-refused": _("Der Mailserver nimmt unsere Absenderadresse nicht an."),
    "too-late": _("Der Termin war vorbei, bevor die Nachricht hinausgehen konnte."),
    "unwanted": _("Wer sie bekam, hat gesagt, dass sie nicht für ihn oder sie bestimmt ist."),
}

OBSTACLES: dict[str, Promise | str] = {
    "address-gone": _("Die Adresse oder Nummer ist nicht mehr aufbewahrt. Bitte rufen Sie an."),
    "code-gone": _("Der Code ist gelöscht. Wer bucht, kann sich auf der Seite einen neuen schicken lassen."),
    "outdated": _("Der Termin hat sich seither geändert."),
    "text-gone": _("Ihr Text ist gelöscht. Bitte schreiben Sie ihn neu."),
    "too-late": _("Der Termin ist vorbei."),
}
"""Why a message that failed cannot be tried again."""


def kind_in_words(kind: str) -> str:
    """What sort of message it is."""
    return str(KINDS.get(kind, kind))


def obstacle_in_words(obstacle: str) -> str:
    """The sentence for a code; empty when nothing is in the way."""
    return str(OBSTACLES.get(obstacle, ""))


def reason_in_words(reason: str) -> str:
    """The sentence for a code; empty when there is none to tell."""
    return str(REASONS.get(reason, ""))
