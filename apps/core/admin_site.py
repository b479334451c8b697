"""The back office as a whole: sign-in, home page, search over all tables, language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language
from unfold.sites import UnfoldAdminSite

from apps.core.adminpages.navigation import placed
from apps.core.adminpages.searching import palette_results

_MOST_TYPED = 100


class BackOffice(UnfoldAdminSite):
    """The one admin site. Everybody with an active account may enter; levels decide the rest."""

    index_template = "admin/home.html"
    enable_nav_sidebar = True

    def extra_urls(self) -> list[URLPattern]:
        return [path("language/", self.set_language, name="set_language")]

    def set_language(self, request: HttpRequest) -> HttpResponse:
        """Switch to another language: in the browser, and for a user for good."""
        code = request.POST.get("language", "")
        known = dict(settings.LANGUAGES)
        if request.user.is_authenticated and code in known and check_for_language(code):
            user: Any = request.user
            user.language = code
            user.save(update_fields=["language"])
        return require_POST(set_language)(request)

    def search(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The sidebar's search and the command palette.

        Replaces unfold's, which reads whole tables and keeps results for five minutes: long enough
        to show a row that has gone out of the caller's scope.
        """
        term = request.GET.get("s", "").strip()[:_MOST_TYPED]
        if not term or "\x00" in term:
            return HttpResponse()
        extended = "extended" in request.GET
        results = self._search_apps(self.get_app_list(request), term.lower())[:10]
        if extended:
            results = palette_results(self._searched(request), request, term) + results
        pages = Paginator(results, max(len(results), 1))
        return TemplateResponse(
            request,
            "unfold/helpers/command_results.html"
            if extended
            else "unfold/helpers/search_results.html",
            {
                "page_obj": pages,
                "results": pages.page(1),
                "page_counter": 0,
                "execution_time": 0,
                "command_show_history": False,
            },
            headers={"HX-Trigger": "search"},
        )

    def _searched(self, request: HttpRequest) -> list[Any]:
        """The pages whose rows the palette finds, in the menu's order."""
        admins = [self._registry[model] for _section, models in placed() for model in models]
        return [
            page
            for page in admins
            if getattr(page, "in_palette", False) and page.has_view_permission(request)
        ]
