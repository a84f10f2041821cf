"""The stream of changes for an open desk: server-sent events (HTML Standard, 9.2), and a poll to fall back to."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.live import give_connection_back, hub, stand_of
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import for_members
from sprechzeit.web.desk.moment import read_day

LIFETIME = 50.0  # seconds; then the browser comes again, and an ended session is noticed
HEARTBEAT = 4.0  # seconds; a stream whose desk went away is noticed by then, and counts no longer
MOST = 24  # streams of one process, so that threads are left for pages; more desks poll
LISTENS_WITHIN = 1.5  # seconds
FARTHEST = timedelta(days=45)


@require_GET
@for_members(Permission.CALENDAR, passive=True)
def live(request: HttpRequest, session: Session, practice: Practice) -> HttpResponseBase:
    """Days that changed, as they change; 503 where this process cannot stream: the desk polls then."""
    if hub.count() >= MOST:
        return HttpResponse(status=503)
    give_connection_back()
    stream = _events(session.practice, practice.zone)
    response = StreamingHttpResponse(stream, content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"  # nginx hands it on at once
    return response


def _events(practice: PracticeId, zone: ZoneInfo) -> Iterator[str]:
    end = time.monotonic() + LIFETIME
    with hub.subscribed(practice) as waiting:
        if not hub.is_listening.wait(LISTENS_WITHIN):
            yield "event: poll\ndata: \n\n"
            return
        yield "retry: 1000\nevent: ready\ndata: \n\n"
        while (left := end - time.monotonic()) > 0:
            try:
                change = waiting.get(timeout=min(left, HEARTBEAT))
            except queue.Empty:
                yield ": \n\n"
                continue
            day = change.day(zone)
            yield f"event: change\ndata: {day.isoformat() if day else ''}\n\n"


@require_GET
@for_members(Permission.CALENDAR, passive=True)
def stand(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """What the shown days stand at; asked every two seconds by a desk without a stream."""
    today = clock.now().astimezone(practice.zone).date()
    since = read_day(request.GET.get("von"), today)
    until = min(read_day(request.GET.get("bis"), since + timedelta(days=1)), since + FARTHEST)
    days: tuple[date, date] = (since, until)
    return JsonResponse({"stand": stand_of(session.practice, practice.zone, days)})
