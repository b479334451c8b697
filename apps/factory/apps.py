from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactoryConfig(AppConfig):
    name = "apps.factory"
    verbose_name = _("Factory")
