"""What the server runs: ``granian --interface wsgi sprechzeit.site.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from sprechzeit.logs import configure_logs
from sprechzeit.site.collector import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sprechzeit.site.settings")
configure_logs()
application = get_wsgi_application()
settle()
