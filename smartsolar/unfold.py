"""How the back office looks: names, colours, menu, search."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

# A night sky, and the sun for what can be pressed.
_PRIMARY = {
    "50": "oklch(98.7% .022 95.277)",
    "100": "oklch(96.2% .059 95.617)",
    "200": "oklch(92.4% .12 95.746)",
    "300": "oklch(87.9% .169 91.605)",
    "400": "oklch(76.9% .188 70.08)",
    "500": "oklch(66.6% .179 58.318)",
    "600": "oklch(55.5% .163 48.998)",
    "700": "oklch(47.3% .137 46.201)",
    "800": "oklch(41.4% .112 45.904)",
    "900": "oklch(35% .09 45.6)",
    "950": "oklch(27.9% .077 45.635)",
}


def _style(_request: HttpRequest) -> str:
    return static("backoffice/backoffice.css")


def _script(_request: HttpRequest) -> str:
    return static("backoffice/backoffice.js")


def _icon(_request: HttpRequest) -> str:
    return static("backoffice/sun.svg")


def _home(_request: HttpRequest) -> str:
    return reverse("admin:index")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "SMARTSolar",
    "SITE_HEADER": "SMARTSolar",
    "SITE_SUBHEADER": _("Back office"),
    "SITE_URL": None,
    "SITE_ICON": _icon,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _icon}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": reverse_lazy("admin:set_language")},
    "SHOW_BACK_BUTTON": False,
    "COLORS": {"primary": _PRIMARY},
    "BORDER_RADIUS": "8px",
    "DASHBOARD_CALLBACK": "apps.core.adminpages.home.dashboard",
    "STYLES": [_style],
    "SCRIPTS": [_script],
    "LOGIN": {"form": "apps.accounts.forms.SignInForm"},
    "COMMAND": {"search_models": True, "show_history": False},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "apps.core.adminpages.navigation.sidebar",
    },
}
