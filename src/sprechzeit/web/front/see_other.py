"""After a POST on to a page that can be reloaded (RFC 9110, section 15.4.4)."""

from __future__ import annotations

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303: the browser goes there with GET, whatever it came with."""

    status_code = 303
