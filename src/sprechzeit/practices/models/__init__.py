"""Practice, location, resource, lane, visit type. Nothing here is personal data of patients."""

from sprechzeit.practices.models.online import BookingCode, NextFree, Question
from sprechzeit.practices.models.practice import Location, Practice, in_language
from sprechzeit.practices.models.resource import Lane, Resource
from sprechzeit.practices.models.visit_type import (
    Access,
    Insurance,
    Modality,
    OpenTo,
    VisitType,
    VisitTypeNeed,
    two_days_before,
)

__all__ = [
    "Access",
    "BookingCode",
    "Insurance",
    "Lane",
    "Location",
    "Modality",
    "NextFree",
    "OpenTo",
    "Practice",
    "Question",
    "Resource",
    "VisitType",
    "VisitTypeNeed",
    "in_language",
    "two_days_before",
]
