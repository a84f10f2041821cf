from django.apps import AppConfig


class Config(AppConfig):
    name = "sprechzeit.waiting"

    def ready(self) -> None:
        from sprechzeit.messages.holds import ask_before
        from sprechzeit.messages.models import Message
        from sprechzeit.patients.followers import Follower, follow
        from sprechzeit.waiting import of_patient
        from sprechzeit.waiting.group import is_still_open

        follow(Follower(of_patient.move, of_patient.move_back, of_patient.forget))
        ask_before(Message.Kind.OFFER, is_still_open)
