from django.apps import AppConfig


class Config(AppConfig):
    name = "sprechzeit.recall"

    def ready(self) -> None:
        from sprechzeit.messages.holds import ask_before
        from sprechzeit.messages.models import Message
        from sprechzeit.recall.still_wanted import is_still_wanted

        ask_before(Message.Kind.RECALL, is_still_wanted)
