"""The one path of the ordinary project."""

from django.urls import path

from bench.ordinary.views import ContactView

urlpatterns = [path("v1/rc_data", ContactView.as_view())]
