"""The map of the whole site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from apps.core import documentation
from apps.core.urls import api_urlpatterns
from smartsolar import health

urlpatterns = [
    # First, because it is the busiest by far.
    path("v1/schema", documentation.schema, name="schema"),
    path("v1/", include(api_urlpatterns())),
    # The admin sends whoever has not signed in to its sign-in page.
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("docs/", documentation.docs, name="docs"),
    path("admin/products/product/<str:imei>/charts/", include("apps.telemetry.chart_pages")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler500 = "apps.core.middleware.server_fault"
