"""Where the owner finds every setting."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members


@require_GET
@for_members(Permission.SETTINGS)
def overview(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return desk_page(request, "desk/settings/overview.html", {}, practice=practice)
