"""The WSGI application: `gunicorn smartsolar.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from smartsolar.footprint import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartsolar.settings")

application = get_wsgi_application()
settle()
