from django.apps import AppConfig


class Config(AppConfig):
    name = "sprechzeit.booking"

    def ready(self) -> None:
        from sprechzeit.booking.plan_reminders import is_still_wanted
        from sprechzeit.messages.holds import ask_before
        from sprechzeit.messages.models import Message

        for kind in (Message.Kind.REMINDER, Message.Kind.FOLLOW_UP):
            ask_before(kind, is_still_wanted)
