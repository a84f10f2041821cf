from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "sprechzeit.messages"
