"""Pages of the packages we build on: schedules, the audit log, failed sign-ins.

They show what happens in the whole system, so they are for SYSTEM with GLOBAL scope.
"""

from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin import AdminSite, display
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import PeriodicTaskAdmin, PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.filters import DayRangeFilter
from apps.core.adminpages.json_fields import STRICT_JSON, clean_json
from apps.core.adminpages.paging import BoundedPaginator
from apps.core.levels import Level

# Nothing here asks for these: levels take the place of groups, beat is driven by time of day alone.
_UNUSED = (Group, ClockedSchedule, SolarSchedule, AccessLog, AccessFailureLog)


class SystemMixin:
    """Only those who answer for the whole system."""

    # The packages' admins declare their own types for these.
    formfield_overrides: Any = STRICT_JSON
    search_help_text: Any = _("Type to search")

    def _allowed(self, request: HttpRequest) -> bool:
        if not request.user.is_authenticated:
            # The sign-in page asks too.
            return False
        caller = caller_of(request)
        return caller.is_global and caller.level >= Level.SYSTEM

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)


class ReadOnlyMixin(SystemMixin):
    """Looked at, never written."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):
    """The choice of tasks, in the look of the other choices."""


class TaskForm(PeriodicTaskForm):
    """The package's form in the look of the other forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regtask"].widget = _TaskSelect()
        self.fields["task"].widget = UnfoldAdminTextInputWidget()

    def clean(self) -> dict[str, Any]:
        if "task" in self.errors:
            # The package looks for what is not there when the text was refused.
            return self.cleaned_data
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def clean_args(self) -> str:
        return self._arguments("args", list, _("A list is expected, such as [1, 2]."))

    def clean_kwargs(self) -> str:
        return self._arguments("kwargs", dict, _('Names with values are expected: {"name": 1}.'))

    def _arguments(self, name: str, kind: type, expected: Any) -> str:
        """The text of a field, whose value beat can hand to a task."""
        text: str = self.cleaned_data[name]
        if not isinstance(clean_json(text), kind):
            raise ValidationError(expected)
        return text


class TaskPage(SystemMixin, PeriodicTaskAdmin, ModelAdmin):
    """What runs by the clock, and how often."""

    form = TaskForm
    date_hierarchy = None
    list_display = ("name", "enabled", "scheduler", "last_run_at")
    list_filter = ("enabled",)
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "description")}),
        (_("Schedule"), {"fields": ("interval", "crontab", "one_off", "last_run_at")}),
        (_("Arguments"), {"fields": ("args", "kwargs"), "classes": ("collapse",)}),
    )
    readonly_fields = ("last_run_at",)


class IntervalPage(SystemMixin, ModelAdmin):
    """Every so many seconds, minutes, hours or days."""

    menu_title = _("Intervals of tasks")
    list_display = ("__str__", "every", "period")


class CrontabPage(SystemMixin, ModelAdmin):
    """At certain minutes, hours and days."""

    menu_title = _("Times of tasks")
    list_display = ("__str__", "minute", "hour", "day_of_week", "day_of_month", "month_of_year")
    fields = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year", "timezone")


class LogPage(ReadOnlyMixin, ModelAdmin):
    """Who changed what, over all tables."""

    menu_title = _("Audit log")
    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("timestamp", "actor_email", "action", "table", "object_repr", "summary")
    list_filter = (("action", ChoicesDropdownFilter), ("timestamp", DayRangeFilter))
    list_filter_submit = True
    list_select_related = ("content_type",)
    search_fields = ("object_repr", "=object_pk", "actor_email")
    ordering = ("-pk",)
    fields = (
        "timestamp",
        "actor_email",
        "remote_addr",
        "action",
        "table",
        "object_repr",
        "changes",
    )

    @display(description=_("table"))
    def table(self, entry: LogEntry) -> str:
        return capfirst(str(entry.content_type))

    @display(description=_("changes"))
    def summary(self, entry: LogEntry) -> str:
        parts = (
            f"{name}: {before or '–'} → {after or '–'}"
            for name, (before, after) in (entry.changes or {}).items()
        )
        return Truncator("; ".join(parts)).chars(120)


class AttemptPage(ReadOnlyMixin, ModelAdmin):
    """Failed sign-ins; deleting one lets the person try again."""

    menu_title = _("Failed sign-ins")
    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)
    fields = ("attempt_time", "username", "ip_address", "user_agent", "failures_since_start")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)


def register_system(site: AdminSite) -> None:
    """Put our pages in the place of the packages' own, and take away what nobody needs."""
    for model in _UNUSED:
        if site.is_registered(model):
            site.unregister(model)
    for model, page in (
        (PeriodicTask, TaskPage),
        (IntervalSchedule, IntervalPage),
        (CrontabSchedule, CrontabPage),
        (LogEntry, LogPage),
        (AccessAttempt, AttemptPage),
    ):
        if site.is_registered(model):
            site.unregister(model)
        site.register(model, page)
