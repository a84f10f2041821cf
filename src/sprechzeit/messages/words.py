"""Why a message did not go out, in words for the desk."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "sender-refused": _("Der Mailserver nimmt unsere Absenderadresse nicht an."),
    "too-late": _("Der Termin war vorbei, bevor die Nachricht hinausgehen konnte."),
    "unwanted": _("Wer sie bekam, hat gesagt, dass sie nicht für ihn oder sie bestimmt ist."),
}


def reason_in_words(reason: str) -> str:
    """The sentence for a code; empty when there is none to tell."""
    return str(REASONS.get(reason, ""))
