from django.apps import AppConfig


class Config(AppConfig):
    name = "sprechzeit.recall"

    def ready(self) -> None:
        from sprechzeit.booking.goes_along import recalls_go_along
        from sprechzeit.messages.holds import ask_before
        from sprechzeit.messages.models import Message
        from sprechzeit.recall.hand_over import hand_back, hand_over
        from sprechzeit.recall.still_wanted import is_still_wanted

        recalls_go_along(hand_over, hand_back)
        ask_before(Message.Kind.RECALL, is_still_wanted)
