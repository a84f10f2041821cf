"""Django's settings, made from the validated environment. No value here is secret; secrets come from outside."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from sprechzeit import clock
from sprechzeit.database.connections import databases
from sprechzeit.environment import read_environment

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent

ENVIRONMENT = read_environment(os.environ, ROOT)
if ENVIRONMENT.demo and ENVIRONMENT.demo_clock is not None:
    clock.begin_at(ENVIRONMENT.demo_clock)

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
DEMO = ENVIRONMENT.demo
RATE_LIMITS = ENVIRONMENT.rate_limits
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
PUBLIC_URL = ENVIRONMENT.public_url
HOST_NAME = ENVIRONMENT.host_name  # who runs the server, for imprints and privacy notices
HOST_ADDRESS = ENVIRONMENT.host_address
HOST_CONTACT = ENVIRONMENT.host_contact
HOST_IMPRINT = ENVIRONMENT.host_imprint
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "django_htmx",
    "sprechzeit.database",
    "sprechzeit.practices",
    "sprechzeit.audit",
    "sprechzeit.guard",
    "sprechzeit.messages",
    "sprechzeit.staff",
    "sprechzeit.patients",
    "sprechzeit.timetable",
    "sprechzeit.booking",
    "sprechzeit.waiting",
    "sprechzeit.retention",
    "sprechzeit.recall",
    "sprechzeit.rights",
    "sprechzeit.incident",
    "sprechzeit.support",
    "sprechzeit.web.front",
    "sprechzeit.web.desk",
]

MIDDLEWARE = [
    "sprechzeit.site.middleware.answer_and_log",
    "sprechzeit.site.middleware.security_headers",
    "sprechzeit.site.languages.desk_in_its_languages",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sprechzeit.site.maintenance.maintenance_mode",
    "sprechzeit.site.middleware.role_of_the_door",
    "sprechzeit.site.framing.framing",
    "sprechzeit.site.origin.origin_of_request",
    "django.middleware.locale.LocaleMiddleware",
    "sprechzeit.api.problems.problems_only",
    "sprechzeit.site.middleware.language_of_the_api",
    "sprechzeit.site.read_only.read_only_mode",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "sprechzeit.site.urls"
WSGI_APPLICATION = "sprechzeit.site.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ]
        },
    }
]

DATABASES = databases(ENVIRONMENT)
DATABASE_ROUTERS = ["sprechzeit.database.router.RoleRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English"), ("tr", "Türkçe"), ("ar", "العربية"), ("uk", "Українська")]
WHOLE_LANGUAGES = ("de", "en")  # the desk and the API speak these; the others are for the patients' pages
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = ENVIRONMENT.data_folder / "static" if ENVIRONMENT.production else None  # else straight from the package
WHITENOISE_USE_FINDERS = not ENVIRONMENT.production
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENVIRONMENT.production
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Mails are submitted and never stored; without SMTP_URL none is sent. Django checks the server's certificate.
SMTP = ENVIRONMENT.smtp
SMS = ENVIRONMENT.sms
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SMTP else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = (SMTP.host, SMTP.port) if SMTP else ("", 0)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (SMTP.user, SMTP.password) if SMTP else ("", "")
EMAIL_USE_TLS = bool(SMTP and SMTP.security == "starttls")
EMAIL_USE_SSL = bool(SMTP and SMTP.security == "tls")
EMAIL_TIMEOUT = 10
OPERATOR_EMAIL = ENVIRONMENT.operator_email  # of the host, for alarms
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from or "sprechzeit@localhost"

CSRF_COOKIE_SECURE = ENVIRONMENT.secure_cookies
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if ENVIRONMENT.secure_cookies else "csrf"
CSRF_FAILURE_VIEW = "sprechzeit.web.errors.csrf_failed"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.production else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING_CONFIG = None  # sprechzeit.logs, called by the entry points
SILENCED_SYSTEM_CHECKS: list[str] = []

PROCRASTINATE_DATABASE_ALIAS = "worker"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
