"""The map of the whole site."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from smartsolar import health

urlpatterns = [
    # The admin sends whoever has not signed in to its sign-in page.
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
