"""Read the fields of a form; all that is wrong with them is told at once, each at its field."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time

from django.http import QueryDict
from django.utils.translation import gettext as _

from sprechzeit.errors import Invalid
from sprechzeit.web.desk.moment import read_number

MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}


class Unsound(Invalid):
    """Several fields are wrong; ``errors`` has a sentence for each."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Bitte prüfen Sie Ihre Angaben."))
        self.errors = errors


class Typed:
    """A form as it was sent. Each method reads a field and notes what is wrong with it; ``require_sound`` tells it."""

    def __init__(self, given: QueryDict) -> None:
        self.given = given
        self.errors: dict[str, str] = {}

    def require_sound(self) -> None:
        """Raise ``Unsound`` when something was wrong."""
        if self.errors:
            raise Unsound(self.errors)

    def line(self, name: str, longest: int, *, needed: bool = False) -> str:
        """One line of text without blanks around it."""
        text = self.given.get(name, "").strip()
        if needed and not text:
            self.errors[name] = _("Bitte füllen Sie dieses Feld aus.")
        elif len(text) > longest or not text.isprintable():
            self.errors[name] = _("Bitte höchstens %(count)d Zeichen ohne Zeilenumbruch.") % {"count": longest}
        return text

    def text(self, name: str, longest: int) -> str:
        """Several lines of text without blanks around them."""
        text = self.given.get(name, "").replace("\r\n", "\n").strip()
        if len(text) > longest or not text.replace("\n", "").isprintable():
            self.errors[name] = _("Bitte höchstens %(count)d Zeichen.") % {"count": longest}
        return text

    def number(self, name: str, least: int, most: int) -> int:
        number = read_number(self.given.get(name, "").strip())
        if number is None or not least <= number <= most:
            self.errors[name] = _("Möglich sind %(least)d bis %(most)d.") % {"least": least, "most": most}
            return least
        return number

    def optional_number(self, name: str, least: int, most: int) -> int | None:
        """A number, or None where the field is empty."""
        return self.number(name, least, most) if self.given.get(name, "").strip() else None

    def choices(self, name: str, choices: Collection[str]) -> list[str]:
        """The boxes that are checked, in the order of the choices."""
        given = set(self.given.getlist(name))
        if given - set(choices):
            self.errors[name] = _("Bitte treffen Sie eine Auswahl.")
        return [one for one in choices if one in given]

    def minutes(self, name: str, most: int) -> int:
        """A number with its unit beside it, in minutes."""
        number = read_number(self.given.get(name, "").strip())
        factor = MINUTES.get(self.given.get(f"{name}_unit", "minutes"))
        if number is None or factor is None or number * factor > most:
            days = most // MINUTES["days"]
            self.errors[name] = _("Bitte eine ganze Zahl, höchstens %(count)d Tage.") % {"count": days}
            return 0
        return number * factor

    def choice(self, name: str, choices: Collection[str]) -> str:
        chosen = self.given.get(name, "")
        if chosen not in choices:
            self.errors[name] = _("Bitte treffen Sie eine Auswahl.")
        return chosen

    def checked(self, name: str) -> bool:
        return bool(self.given.get(name))

    def day(self, name: str) -> date | None:
        """A date; None when the field is empty or wrong."""
        text = self.given.get(name, "").strip()
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or not 2000 <= day.year <= 2100:
            self.errors[name] = _("Bitte geben Sie ein Datum an.")
            return None
        return day

    def day_needed(self, name: str, default: date) -> date:
        """A date; the default stands in for a wrong one, which is noted."""
        day = self.day(name)
        if day is None:
            self.errors.setdefault(name, _("Bitte geben Sie ein Datum an."))
        return day or default

    def time(self, name: str) -> time:
        """A time of day to the minute; ``24:00`` is the end of the day, 00:00."""
        text = self.given.get(name, "").strip()
        try:
            wall = time.fromisoformat("00:00" if text == "24:00" else text)
            if wall.tzinfo is not None:
                raise ValueError
        except ValueError:
            self.errors[name] = _("Bitte geben Sie eine Uhrzeit an, wie 08:30.")
            return time()
        return wall.replace(second=0, microsecond=0)
