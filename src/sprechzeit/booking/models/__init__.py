"""Holds, appointments and occupancies. The database refuses a double booking; nothing here checks first."""

from sprechzeit.booking.models.appointment import Appointment, AppointmentNote, PatientNote
from sprechzeit.booking.models.desk import ClipboardItem, DaySheet, SavedView, UndoStep
from sprechzeit.booking.models.doors import IdempotencyKey, QueueNumber
from sprechzeit.booking.models.occupancy import Block, Bound, Hold, LaneKey, Occupancy

__all__ = [
    "Appointment",
    "AppointmentNote",
    "Block",
    "Bound",
    "ClipboardItem",
    "DaySheet",
    "Hold",
    "IdempotencyKey",
    "LaneKey",
    "Occupancy",
    "PatientNote",
    "QueueNumber",
    "SavedView",
    "UndoStep",
]
