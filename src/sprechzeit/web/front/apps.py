from django.apps import AppConfig


class Config(AppConfig):
    name = "sprechzeit.web.front"
    label = "front"
