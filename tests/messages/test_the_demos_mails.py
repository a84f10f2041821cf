"""The demo mails nobody: what it would have sent lies in files, and on a page that exists in the demo alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.test import RequestFactory, override_settings

from sprechzeit.messages.channels import mails_folder, way_of
from sprechzeit.messages.models import Message
from sprechzeit.practices.models import Practice
from sprechzeit.web.front.demo_mails import demo_mails
from tests.conftest import FOLDER
from tests.factories import Made, make_practice, visitor
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, put_in, states


def demo_practice() -> Made:
    return make_practice(kind=Practice.Kind.DEMO)


def page() -> str:
    return demo_mails(RequestFactory().get("/demo/mails/")).content.decode()


def test_a_demo_practices_mail_becomes_a_file_that_only_its_user_reads(box: PostBox) -> None:
    made = demo_practice()
    put_in(made, "erika@example.org")

    with override_settings(DEMO=True):
        deliver_all()

    (file,) = (mails_folder() / str(made.id)).iterdir()
    assert (file.suffix, file.stat().st_mode & 0o777) == (".eml", 0o600)
    assert (box.mails, states(made)) == ([], [("sent", "", 1)])


def test_the_page_shows_mails_of_demo_practices_only(box: PostBox) -> None:
    demo, real = demo_practice(), make_practice()
    put_in(demo, "demo-patient@example.org")
    put_in(real, "echte-patientin@example.org")

    with override_settings(DEMO=True):
        deliver_all()
        left = mails_folder() / str(real.id)
        left.mkdir()
        (left / "x.eml").write_bytes((next((mails_folder() / str(demo.id)).iterdir())).read_bytes())
        shown = page()

    assert "demo-patient@example.org" in shown
    assert shown.count("demo-patient@example.org") == 1
    assert [str(one["To"]) for one in box.mails] == ["echte-patientin@example.org"]


def test_outside_the_demo_there_is_no_such_page_and_a_demo_practice_mails_nobody(box: PostBox) -> None:
    made = demo_practice()
    put_in(made, "erika@example.org")

    deliver_all()

    assert visitor().get("/demo/mails/").status_code == 404
    assert box.mails == []
    assert states(made) == [("failed", "no-mail-server", 1)]


RESOLVE = """
import django
django.setup()
from django.urls import Resolver404, resolve
try:
    print(resolve("/demo/mails/").url_name)
except Resolver404:
    print("none")
"""


@pytest.mark.parametrize(("demo", "expected"), [("0", "none"), ("1", "demo-mails")])
def test_the_address_exists_while_the_demo_runs_only(demo: str, expected: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RESOLVE],
        env={**os.environ, "SPRECHZEIT_DATA": str(FOLDER), "SPRECHZEIT_DEMO": demo},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == expected


def test_sms_has_no_provider_yet() -> None:
    assert way_of(make_practice().practice, Message.Channel.SMS) == "no-sms-provider"
