"""The settings' addresses, below ``einstellungen/``."""

from __future__ import annotations

from django.urls import path

from sprechzeit.web.desk.settings import (
    booking_page,
    exceptions,
    locations,
    message_texts,
    overview,
    practice,
    public_profile,
    resources,
    retention,
    visit_type_messages,
    visit_type_rules,
    visit_types,
    weekly_hours,
)

urlpatterns = [
    path("", overview.overview, name="settings"),
    path("praxis/", practice.practice_profile, name="settings-practice"),
    path("profil/", public_profile.public_profile, name="settings-public-profile"),
    path("buchungsseite/", booking_page.booking_page, name="settings-booking-page"),
    path("buchungsseite/code/", booking_page.booking_code, name="booking-code"),
    path("nachrichten/", message_texts.message_texts, name="message-texts"),
    path("nachrichten/text/", message_texts.message_text, name="message-text"),
    path("aufbewahrung/", retention.retention, name="settings-retention"),
    path("standorte/", locations.locations, name="locations"),
    path("standorte/neu/", locations.location_new, name="location-new"),
    path("standorte/<int:location>/", locations.location_change, name="location"),
    path("kalender/", resources.resources, name="resources"),
    path("kalender/neu/", resources.resource_new, name="resource-new"),
    path("kalender/<int:resource>/", resources.resource_change, name="resource"),
    path("kalender/<int:resource>/reihenfolge/", resources.resource_order, name="resource-order"),
    path("kalender/<int:resource>/stilllegen/", resources.resource_retire, name="resource-retire"),
    path("kalender/<int:resource>/zurueckholen/", resources.resource_return, name="resource-return"),
    path("kalender/<int:resource>/sprechzeiten/", weekly_hours.weekly_hours, name="weekly-hours"),
    path("sprechzeiten/<int:rule>/", weekly_hours.weekly_rule, name="weekly-rule"),
    path("sprechzeiten/<int:rule>/beenden/", weekly_hours.weekly_rule_end, name="weekly-rule-end"),
    path("terminarten/", visit_types.visit_types, name="visit-types"),
    path("terminarten/neu/", visit_types.visit_type_new, name="visit-type-new"),
    path("terminarten/<int:visit_type>/", visit_types.visit_type_change, name="visit-type"),
    path("terminarten/<int:visit_type>/regeln/", visit_type_rules.visit_type_rules, name="visit-type-rules"),
    path(
        "terminarten/<int:visit_type>/nachrichten/", visit_type_messages.visit_type_messages, name="visit-type-messages"
    ),
    path("terminarten/<int:visit_type>/fragen/", visit_type_rules.questions_save, name="questions"),
    path("terminarten/<int:visit_type>/codes/", visit_type_rules.code_new, name="code-new"),
    path("terminarten/<int:visit_type>/codes/<int:code>/", visit_type_rules.code_withdraw, name="code-withdraw"),
    path("terminarten/<int:visit_type>/reihenfolge/", visit_types.visit_type_order, name="visit-type-order"),
    path("terminarten/<int:visit_type>/stilllegen/", visit_types.visit_type_retire, name="visit-type-retire"),
    path("terminarten/<int:visit_type>/zurueckholen/", visit_types.visit_type_return, name="visit-type-return"),
    path("abwesenheiten/", exceptions.exceptions, name="exceptions"),
    path("abwesenheiten/neu/", exceptions.exception_new, name="exception-new"),
    path("abwesenheiten/<int:exception>/entfernen/", exceptions.exception_remove, name="exception-remove"),
]
