from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = _("System")

    def ready(self) -> None:
        from apps.core import audit, checks  # noqa: F401  checks registers the system checks

        audit.watch()
