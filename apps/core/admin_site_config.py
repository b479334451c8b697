"""Puts the back office in the place of Django's admin site."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    """`django.contrib.admin` with our site, and a page for every table that has none of its own."""

    default_site = "apps.core.admin_site.BackOffice"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin

        from apps.core.admin import register_resources
        from apps.core.adminpages.system import register_system

        # After autodiscovery: an app's own page for a table comes before the generated one.
        register_resources(admin.site)
        register_system(admin.site)
