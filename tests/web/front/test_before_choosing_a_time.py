from __future__ import annotations

import pytest

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Question, VisitType
from tests.booking.test_whom_a_visit_type_is_for import give_code
from tests.factories import Made, in_days, make_bookable, make_visit_type, visitor
from tests.web.front.walk import hold, times_url
from tests.web.page import Page


def ask(made: Made, visit_type: VisitType, **fields: object) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Question.objects.create(
            practice_id=made.id,
            visit_type=visit_type,
            **{
                "number": 1,
                "text_de": "Brauchen Sie nur ein Rezept?",
                "if_yes": "stop",
                "stop_de": "Bitte anrufen.",
                **fields,
            },
        )


def before_url(made: Made, visit_type: VisitType) -> str:
    return f"{times_url(made, visit_type)}vorab/"


def test_whoever_a_visit_type_asks_nothing_of_sees_the_times_at_once() -> None:
    made, visit_type = make_bookable()

    assert visitor().get(times_url(made, visit_type)).status_code == 200


@pytest.mark.parametrize(
    ("fields", "typed"),
    [
        ({"open_to": "new"}, {"wer": "neu"}),
        ({"insurances": ["private"]}, {"kasse": "private"}),
        ({"access": "referral"}, {"ueberweisung": "1"}),
    ],
)
def test_what_is_asked_comes_first_and_the_answer_leads_to_the_times_and_to_a_hold(
    fields: dict[str, object], typed: dict[str, str]
) -> None:
    made, visit_type = make_bookable(**fields)
    client = visitor()

    sent_away = client.get(times_url(made, visit_type))
    unanswered = client.post(before_url(made, visit_type), {})
    answered = client.post(before_url(made, visit_type), typed)
    times = client.get(answered.headers["Location"])
    held = hold(client, made, visit_type, in_days(1, 9), **typed)

    assert sent_away.headers["Location"] == before_url(made, visit_type)
    assert unanswered.status_code == 422
    assert set(Page(unanswered).errors) | {*typed} == {*typed} or "field__error" in unanswered.content.decode()
    assert times.status_code == 200
    assert all(f'name="{name}" value="{value}"' in times.content.decode() for name, value in typed.items())
    assert "/angaben/" in held.headers["Location"]


def test_a_hold_without_what_was_asked_is_refused_in_words() -> None:
    made, visit_type = make_bookable(open_to="known")

    answer = hold(visitor(), made, visit_type, in_days(1, 9))

    assert answer.status_code == 422
    assert "schon in dieser Praxis" in answer.content.decode()


def test_a_wrong_code_is_told_and_a_right_one_shows_what_is_reserved() -> None:
    made, visit_type = make_bookable(reserved_hours=1)
    code = give_code(made, visit_type)
    client = visitor()

    wrong = client.post(before_url(made, visit_type), {"code": "ABCD2345"})
    without = client.get(client.post(before_url(made, visit_type), {}).headers["Location"])
    right = client.get(client.post(before_url(made, visit_type), {"code": code}).headers["Location"])

    assert (wrong.status_code, set(Page(wrong).errors)) == (422, {"code"})
    assert b'class="slot"' not in without.content
    assert b'class="slot"' in right.content


def test_an_answer_may_end_online_booking_with_what_to_do_instead() -> None:
    made, visit_type = make_bookable()
    ask(made, visit_type)
    client = visitor()

    nothing = client.post(before_url(made, visit_type), {})
    yes = client.post(before_url(made, visit_type), {"frage-1": "ja"})
    no = client.post(before_url(made, visit_type), {"frage-1": "nein"})

    assert client.get(times_url(made, visit_type)).status_code == 303
    assert nothing.status_code == 422
    assert "Bitte anrufen." in yes.content.decode()
    assert client.get(no.headers["Location"]).status_code == 200


def test_an_answer_may_lead_to_another_visit_type() -> None:
    made, visit_type = make_bookable()
    other = make_visit_type(made, name_de="Akutsprechstunde")
    ask(made, visit_type, if_yes="other", other=other)

    answer = visitor().post(before_url(made, visit_type), {"frage-1": "ja"})

    assert "Akutsprechstunde" in answer.content.decode()
    assert before_url(made, other) in answer.content.decode()


def test_what_was_said_goes_along_to_more_days_and_other_clinicians() -> None:
    made, visit_type = make_bookable(open_to="new", clinicians=2, days=12)
    client = visitor()

    page = client.get(f"{times_url(made, visit_type)}?vorab=1&wer=neu").content.decode()

    assert "wer=neu&amp;ab=" in page or "wer=neu&ab=" in page
    assert page.count('name="wer" value="neu"') == 2


def test_mornings_or_afternoons_only_and_from_a_day_on() -> None:
    made, visit_type = make_bookable(hours=(10, 14), days=9)
    url = times_url(made, visit_type)

    mornings = visitor().get(f"{url}?tageszeit=vormittag").content.decode()
    afternoons = visitor().get(f"{url}?tageszeit=nachmittag&ab={in_days(3).date()}").content.decode()

    assert "Nachmittag</p>" not in mornings
    assert in_days(1, 10).isoformat() in mornings
    assert "Vormittag</p>" not in afternoons
    assert in_days(2, 12).isoformat() not in afternoons
    assert in_days(3, 12).isoformat() in afternoons
    assert "tageszeit=nachmittag" in afternoons
