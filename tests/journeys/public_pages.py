"""The addresses of all pages that patients see, each in every state that an address alone can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import override_settings

from sprechzeit import clock
from sprechzeit.audit.record import VISITOR
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.claims import NOTHING_SAID
from sprechzeit.booking.code_by_mail import ask_for_code
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.hold import hold
from sprechzeit.booking.open_consultation import draw
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.furnishing.question import Asked, set_questions
from sprechzeit.practices.models import Practice, Question, VisitType
from sprechzeit.rights.delete_own import delete_own
from sprechzeit.vault import Secret, link_to_text, new_link_secret
from tests.factories import Made, in_days, make_bookable, make_person, make_resource, make_visit_type, open_up, type_id
from tests.waiting.waits import joins, offer_secrets, waits, worker_looks


@dataclass(frozen=True)
class PublicPages:
    """``found`` answer by 200, ``refused`` by 4xx; names say what the page shows, addresses begin with ``/``."""

    made: Made
    visit_type: VisitType
    times: str
    asked_first: str
    code: str
    found: dict[str, str]
    refused: dict[str, str]

    @property
    def all(self) -> dict[str, str]:
        return {**self.found, **self.refused}


def make_public_pages() -> PublicPages:
    """A practice with something of everything. Its site's clock must say what ``clock.now()`` says here."""
    made, visit_type = make_bookable(
        clinicians=2, hours=(8, 12), days=5, kind="demo", change_until_minutes=60,
        birth_date_purpose="Damit wir Sie nicht mit jemandem gleichen Namens verwechseln.",
        instructions_de="Bitte kommen Sie nüchtern und bringen Sie Ihre Versichertenkarte mit.",
    )  # fmt: skip  # lines grouped by hand
    asking = make_visit_type(made, name_de="Impfung mit Fragen", access="referral", open_to="new")
    full = make_visit_type(made, name_de="Gerade nichts frei", lead_minutes=60 * 24 * 90, horizon_days=90)
    booked_up = make_resource(made, name="Dr. Ausgebucht")
    either = make_visit_type(made, [made.clinicians[0], booked_up], name_de="Bei beiden")
    by_video = make_visit_type(made, modality="video", video_link="https://video.example.org/", needs_confirmation=True)
    strict = make_visit_type(made, name_de="Früh absagen", change_until_minutes=60 * 24 * 30)
    walk_in = make_visit_type(made, name_de="Akutsprechstunde", walk_in=True, online=False, duration_minutes=10)
    open_up(made, made.clinicians[0], clock.now() - timedelta(minutes=5), clock.now() + timedelta(hours=3))
    with wearing(Role.DESK):
        no_fever = Asked("Haben Sie gerade Fieber?", if_yes=Question.Then.STOP, stop_de="Bitte rufen Sie an.")
        set_questions(made.id, made.actor, asking.id, [no_fever])

    def booked(of: VisitType, day: int, hour: int) -> Secret:
        held = hold(made.id, type_id(of), in_days(day, hour))
        return confirm(made.id, held.secret, make_person(email="", phone="+49301234567")).manage_secret

    secret, too_late, request = (
        link_to_text(booked(*one)) for one in ((visit_type, 1, 9), (strict, 1, 10), (by_video, 2, 9))
    )
    cancelled, deleted = booked(visit_type, 2, 10), booked(visit_type, 2, 11)
    cancel_managed(made.id, cancelled)
    delete_own(made.id, deleted)
    form, waiting = (
        hold(made.id, type_id(visit_type), in_days(3, 9)),
        hold(made.id, type_id(visit_type), in_days(3, 10)),
    )
    with override_settings(DEMO=True):  # as it is on the site
        ask_for_code(made.id, waiting.secret, make_person(), claims=NOTHING_SAID)
        with wearing(Role.DESK), acting_for(made.id):
            Practice.objects.filter(id=made.id).update(confirm_email=False)
        waits(made, visit_type, in_days(4, 11))
        place = link_to_text(joins(made, full))
        worker_looks(made)
        [offer] = offer_secrets(made)
        with wearing(Role.DESK), acting_for(made.id):
            Practice.objects.filter(id=made.id).update(confirm_email=True)
        unconfirmed = link_to_text(joins(made, full))
    number = new_link_secret()
    draw(made.practice, walk_in, number, actor=VISITOR)

    home = f"/praxis/{made.practice.slug}/"
    mine, times = f"{home}mein-termin/{secret}/", f"{home}termin/{visit_type.id}/"
    code, asked_first = f"{home}code/{link_to_text(waiting.secret)}/", f"{home}termin/{asking.id}/vorab/"
    found = {
        "start": "/",
        "search": "/suche/?kasse=private&neu=1",
        "nothing found": "/suche/?fach=Nirgendskunde",
        "host's imprint": "/impressum/",
        "host's privacy notice": "/datenschutz/",
        "practice": home,
        "imprint": f"{home}impressum/",
        "privacy notice": f"{home}datenschutz/",
        "questions": asked_first,
        "times": times,
        "nothing free": f"{home}termin/{full.id}/",
        "nothing free with one": f"{home}termin/{either.id}/?bei={booked_up.id}",
        "nothing free in the afternoon": f"{times}?tageszeit=nachmittag",
        "second visit": f"{times}?nach=20991125T0800Z/20991125T0830Z",
        "details": f"{home}angaben/{link_to_text(form.secret)}/",
        "code": code,
        "booked": f"{mine}?neu",
        "managed": mine,
        "move": f"{mine}verschieben/",
        "cancel": f"{mine}absagen/",
        "wish for an earlier time": f"{mine}frueher/",
        "offer": f"/angebot/{made.practice.slug}/{link_to_text(offer)}/",
        "ask to wait": f"{home}termin/{full.id}/warteliste/",
        "place on the list": f"{home}warteliste/{place}/",
        "place to confirm": f"{home}warteliste/{unconfirmed}/",
        "place to confirm by mail": f"{home}warteliste/{unconfirmed}/?bestaetigen=x",
        "left the list": f"{home}warteliste/AAAAAAAAAAAAAAAAAAAAAA/?weg=1",
        "new contact data": f"{mine}kontakt/",
        "write to the practice": f"{mine}schreiben/",
        "delete my data": f"{mine}loeschen/",
        "my rights": f"{mine}rechte/",
        "taken back": f"{mine}?zurueck",
        "sent": f"{mine}?geschrieben",
        "request": f"{home}mein-termin/{request}/?neu",
        "too late": f"{home}mein-termin/{too_late}/",
        "cancelled": f"{home}mein-termin/{link_to_text(cancelled)}/",
        "deleted": f"{home}mein-termin/{link_to_text(deleted)}/loeschen/",
        "tells nothing more": f"{home}mein-termin/{link_to_text(deleted)}/",
        "open consultation": f"{home}offene-sprechstunde/{walk_in.id}/",
        "number": f"{home}nummer/{link_to_text(number)}/",
        "not for me": f"/nicht-fuer-mich/{made.id}/{secret}/",
        "widget": f"/widget/{made.practice.slug}/",
        "booked in the widget": f"/widget/{made.practice.slug}{mine}?neu",
    }
    refused = {
        "no such place": "/suche/?ort=Nirgendwo",
        "no such practice": "/praxis/no-such-practice/",
        "no such visit type": f"{home}termin/999999/",
        "no such appointment": f"{home}mein-termin/AAAAAAAAAAAAAAAAAAAAAA/",
        "no such place on the list": f"{home}warteliste/AAAAAAAAAAAAAAAAAAAAAA/",
        "no such form": f"{home}angaben/AAAAAAAAAAAAAAAAAAAAAA/",
    }
    return PublicPages(made, visit_type, times, asked_first, code, found, refused)
