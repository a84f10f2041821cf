"""What goes in and out of the API. Times are RFC 3339 with an offset; answers are in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
ConsentPurpose = Literal["reminder-email", "reminder-sms", "reminder-again", "recall"]
AppointmentStatus = Literal["booked", "arrived", "in-treatment", "done", "no-show", "cancelled"]
# 16 bytes in base64url: the last character carries two bits only
SecretText = Annotated[str, Field(min_length=22, max_length=22, pattern=r"^[A-Za-z0-9_-]{21}[AQgw]$")]


class In(Schema):
    """Input: unknown fields are refused, so that a typing error does not pass unseen."""

    model_config = ConfigDict(extra="forbid")


class PracticeOut(Schema):
    slug: str
    name: str
    street: str
    postal_code: str
    city: str
    phone: str
    time_zone: str
    birth_date_purpose: str = Field(description="Why the birth date is needed; empty: it must not be sent")


class VisitTypeOut(Schema):
    id: int
    name_de: str
    name_en: str
    duration_minutes: int
    clinicians: list[ClinicianOut]


class ClinicianOut(Schema):
    id: int
    name: str
    specialty: str


class SlotOut(Schema):
    start: datetime
    end: datetime
    resources: list[int] = Field(description="Clinicians who are free then")


class SlotsOut(Schema):
    slots: list[SlotOut]
    more_from: date | None = Field(description="Ask again with this as ``since``; null: nothing further is offered")


class ClaimsIn(In):
    """What the patient says of themselves, where the visit type asks for it."""

    is_new: bool | None = Field(default=None, description="Never been in this practice; null: not said")
    insurance: Literal["", "statutory", "private", "self"] = ""
    has_referral: bool = False
    code: str = Field(default="", max_length=40, description="What the practice gave out")


class HoldIn(In):
    visit_type: Key
    start: AwareDatetime
    resource: Key | None = None
    claims: ClaimsIn = ClaimsIn()


class HoldOut(Schema):
    hold: SecretText = Field(description="The hold's secret: keep it, it is needed to book")
    start: datetime
    end: datetime
    expires_at: datetime


class ReleaseIn(In):
    hold: SecretText


class BookIn(In):
    hold: SecretText
    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    birth_date: str = ""
    insurance: str = ""
    message: str = Field(default="", description="To the practice; kept only where the practice asks for it")
    booker: str = Field(default="", description="Who books, where that is not the patient")
    claims: ClaimsIn = ClaimsIn()
    consents: list[ConsentPurpose] = Field(
        default=[], description="What the person has agreed to of their own accord, after being asked; may be empty"
    )


class CodeSentOut(Schema):
    code_sent: Literal[True] = Field(description="Six digits were mailed; send them to ``appointments/code``")


class CodeIn(In):
    hold: SecretText
    code: str = Field(min_length=1, max_length=12)
    claims: ClaimsIn = ClaimsIn()


class BookedOut(Schema):
    id: UUID
    manage_secret: SecretText = Field(description="Opens this one appointment; send it as ``Authorization: Bearer``")


class MoveIn(In):
    start: AwareDatetime
    resource: Key | None = None


class AppointmentOut(Schema):
    id: UUID
    visit_type: int
    start: datetime
    end: datetime
    status: AppointmentStatus
    resources: list[int]
    changeable: bool
    change_until: datetime
    version: int


VisitTypeOut.model_rebuild()
