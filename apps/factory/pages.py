"""Where the tables of factory stand in the menu."""

from django.utils.translation import gettext_lazy as _

from apps.core.menu import place, section

section("factory", _("Factory"), icon="precision_manufacturing", order=170)
place(
    "factory",
    "serial",
    "factory_log",
    "test_jig_test_result",
    "battery_test_result",
    "home2_stock_preparation_tracking",
)
