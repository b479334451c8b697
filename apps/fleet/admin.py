"""The pages of commands to many units: choose, ask, preview, watch."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.actions import validated
from apps.core.admin import ResourceAdmin
from apps.core.adminpages.callers import caller_of
from apps.core.errors import DomainError
from apps.core.handlers import as_domain_error
from apps.core.levels import Level
from apps.fleet import forms, tasks
from apps.fleet.command_page import page_of, progress_of, tone_of
from apps.fleet.commands import COMMANDS, Command
from apps.fleet.models import FleetCommand
from apps.fleet.selection import by_rows
from apps.fleet.services import steps
from apps.fleet.services.previews import Wanted, may_give, preview
from apps.fleet.services.work import sentence
from apps.fleet.unit_admin import FleetCommandUnitAdmin
from apps.fleet.unit_lists import list_address, listed_units

__all__ = ["FleetCommandAdmin", "FleetCommandUnitAdmin"]


@admin.register(FleetCommand)
class FleetCommandAdmin(ResourceAdmin):
    """Every command there was; the page of one is its preview, its progress and its result."""

    list_display = ("what", "state", "progress", "failures", "note", "created_by", "created_at")
    extra_listed = ("what", "state", "progress", "failures")
    change_list_template = "fleet/commands.html"

    @admin.display(description=lazy("command"), ordering="command")
    def what(self, row: FleetCommand) -> str:
        return _("{number} · {title}").format(number=row.pk, title=COMMANDS[row.command].title)

    @admin.display(description=lazy("status"), ordering="status")
    def state(self, row: FleetCommand) -> Any:
        badge = '<span class="so-badge so-badge-{}">{}</span>'
        return format_html(badge, tone_of(row), row.get_status_display())

    @admin.display(description=lazy("settled"))
    def progress(self, row: FleetCommand) -> Any:
        return progress_of(row)["settled"]

    @admin.display(description=lazy("failed"), ordering="units_failed")
    def failures(self, row: FleetCommand) -> Any:
        if not row.units_failed:
            return "–"
        return format_html('<span class="so-badge so-badge-bad">{}</span>', row.units_failed)

    def get_urls(self) -> list[Any]:
        pages = {
            "new": ("new/", self.new_view),
            "step": ("<int:number>/step/<str:verb>/", self.step_view),
            "progress": ("<int:number>/progress/", self.progress_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"fleet_fleetcommand_{name}")
            for name, (route, view) in pages.items()
        ]
        return [*own, *super().get_urls()]

    # --- a new command ---------------------------------------------------------------------------

    def new_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a command for the units of a list, then say the rest; a preview comes of it."""
        if caller_of(request).level < Level.TECHNICAL:
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        query = request.GET.get("units", "")
        count = listed_units(request, query).count()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Command to many units"),
            "subtitle": None,
            "opts": self.opts,
            "count": count,
            "query": query,
            "list_url": list_address(query),
        }
        name = request.GET.get("command", "")
        if not name or not count:
            context["offered"] = [
                c for c in COMMANDS.values() if may_give(caller_of(request), c.name)
            ]
            return TemplateResponse(request, "fleet/choose.html", context)
        if name not in COMMANDS:
            raise Http404
        if not may_give(caller_of(request), name):
            raise PermissionDenied
        return self._ask(request, COMMANDS[name], query, context)

    def _ask(
        self, request: HttpRequest, command: Command, query: str, context: dict[str, Any]
    ) -> HttpResponse:
        posted = request.method == "POST"
        form = forms.form_for(command.name)(request, request.POST if posted else None)
        if posted and form.is_valid():
            row = self._preview(request, command, query, form)
            if row is not None:
                return HttpResponseRedirect(command_url(row.pk))
        context |= {"title": command.title, "command": command, "form": form}
        status = 400 if form.errors else 200
        return TemplateResponse(request, "fleet/ask.html", context, status=status)

    def _preview(
        self, request: HttpRequest, command: Command, query: str, form: forms.AskForm
    ) -> FleetCommand | None:
        """The preview, or None with the errors put to the fields that they are about."""
        caller = caller_of(request)
        said = form.cleaned_data
        try:
            wanted = Wanted(
                command=command,
                selection=by_rows(listed_units(request, query), caller, text=f"?{query}"),
                parameters=validated(command.body, form.parameters()),
                note=said["note"] or None,
                reference=said["reference"],
                per_minute=said["per_minute"],
            )
            return preview(wanted=wanted, caller=caller)[0]
        except Exception as error:
            known = as_domain_error(error)
            if known is None or known.status >= 500:
                raise
            for name, text in (known.errors or {"": known.message}).items():
                field = forms.FIELDS.get(name)
                form.add_error(field if field in form.fields else None, str(text))
            return None

    # --- one command -----------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The preview of a command, its progress, or what came of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "subtitle": None,
            "original": row,
            "tone": tone_of(row),
            "may_step": may_give(caller_of(request), row.command),
            **page_of(row),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "fleet/command.html", context)

    def step_view(self, request: HttpRequest, number: int, verb: str) -> HttpResponse:
        """Confirm, cancel or retry, then show the command again."""
        if self.get_object(request, str(number)) is None or verb not in _STEPS:
            raise Http404
        if request.method == "POST":
            try:
                messages.success(request, _STEPS[verb](number, caller_of(request)))
            except DomainError as error:
                if error.status == 403:
                    raise PermissionDenied from error
                messages.error(request, sentence(error))
        # Somebody signed in again after pressing a button: show the command, press nothing.
        return HttpResponseRedirect(command_url(number))

    def progress_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """How far the command is, for the script of its page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(number))
        if row is None:
            raise Http404
        return JsonResponse(progress_of(row), headers={"Cache-Control": "no-store"})


def command_url(number: int) -> str:
    """The page of a command."""
    return reverse("admin:fleet_fleetcommand_change", args=(number,))


def _confirm(number: int, caller: Any) -> str:
    _row, begins = steps.confirm(command_id=number, caller=caller)
    if begins:
        tasks.start(number)
    return _("The command has begun.") if begins else _("The command had begun before.")


def _cancel(number: int, caller: Any) -> str:
    row, _is_new = steps.cancel(command_id=number, caller=caller)
    if not row.confirmed_at:
        return _("Discarded: nothing was done.")
    text = _("Cancelled: {done} units were done before, {cancelled} had not begun.")
    return text.format(done=row.units_done, cancelled=row.units_cancelled)


def _retry(number: int, caller: Any) -> str:
    _row, count = steps.retry(command_id=number, caller=caller)
    tasks.start(number)
    return _("{count} units are tried again.").format(count=count)


_STEPS = {"confirm": _confirm, "cancel": _cancel, "retry": _retry}
