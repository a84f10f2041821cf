"""Which sites may show the booking page in a frame: origins as browsers compare them (RFC 6454)."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from sprechzeit.errors import Invalid

MOST = 10
LONGEST = 200
HOST = re.compile(r"(?=.{1,190}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[^/:?#@\s]+)(?P<port>:[0-9]{1,5})?/?", re.IGNORECASE)
LOCAL = {"localhost", "127.0.0.1"}


def read_origins(text: str, local_too: bool) -> list[str]:
    """One a line, each once, in the form in which browsers send them; empty lines do not count.

    ``local_too`` allows one's own computer without encryption.

    Raises
    ------
    Invalid
        With the line that is wrong.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise Invalid(_("Höchstens %(count)d Adressen.") % {"count": MOST}, field="widget_origins")
    return list(dict.fromkeys(_origin(line, local_too) for line in lines))


def _origin(line: str, local_too: bool) -> str:
    text = _("„%(line)s“ ist keine Adresse wie https://www.praxis-beispiel.de, ohne Seite dahinter.")
    wrong = Invalid(text % {"line": line[:80]}, field="widget_origins")
    found = ORIGIN.fullmatch(line) if len(line) <= LONGEST else None
    if found is None:
        raise wrong
    scheme, port = found["scheme"].lower(), found["port"] or ""
    try:
        host = found["host"].encode("idna").decode().lower()
    except UnicodeError:
        raise wrong from None
    if port and not 1 <= int(port[1:]) <= 65535:
        raise wrong
    is_local = local_too and host in LOCAL
    if not is_local and HOST.fullmatch(host) is None:
        raise wrong
    if scheme != "https" and not is_local:
        raise Invalid(_("Bitte mit https:// davor: nur verschlüsselte Seiten."), field="widget_origins")
    default = ":443" if scheme == "https" else ":80"
    return f"{scheme}://{host}{'' if port == default else port}"
