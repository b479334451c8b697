"""A page in the back office for every table, built from its resource.

An app writes a page of its own (a subclass of ResourceAdmin) only for what cannot be read off the
resource. Levels and scope hold here as in the API: a row out of scope is a row that is not there.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import AdminSite, ShowFacets
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from apps.core.adminpages import searching
from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.choosing import RowSelect
from apps.core.adminpages.columns import (
    bytes_shown,
    hidden_from,
    is_fixed,
    linked,
    listed_names,
    meta_shown,
)
from apps.core.adminpages.export import csv_response
from apps.core.adminpages.filters import filter_for, visible_rows
from apps.core.adminpages.history import history_page
from apps.core.adminpages.importing import ImportingMixin
from apps.core.adminpages.paging import BoundedPaginator
from apps.core.adminpages.writing import WritingMixin
from apps.core.columns import Column, Kind
from apps.core.resources import Resource, registry
from apps.core.scope import restrict
from apps.core.tables import Table, table_for

# What a form offers that has nothing to save.
_SAVING = ("show_save", "show_save_and_continue", "show_save_and_add_another")
# Lines of a text box as it opens; it grows by its corner.
_ROWS = 4


class ResourceAdmin(WritingMixin, ModelAdmin):
    """The page of one table of the registry."""

    resource: Resource
    table: Table
    paginator: type[Paginator[Any]] = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    # A count for each choice of each filter reads the table as often.
    show_facets = ShowFacets.NEVER
    list_filter_submit = True
    compressed_fields = True
    warn_unsaved_form = True
    search_help_text = _("Type to search")
    change_list_template = "admin/resource_list.html"
    object_history_template = "admin/resource_history.html"
    # Columns of the list that an app's own page computes, by name.
    extra_listed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, model: type[models.Model], admin_site: AdminSite) -> None:
        resource = registry.of(model)  # type: ignore[arg-type]
        if resource is None:
            raise LookupError(f"{model.__name__} has no resource")
        self.resource = resource
        self.table = table_for(resource)
        # What a page declares for itself comes first.
        declared: Any = type(self)
        self.search_fields = declared.search_fields or searching.search_paths(resource)
        self.in_palette = searching.names_itself(self.search_fields)
        self.list_filter = declared.list_filter or tuple(
            filter_for(model, name) for name in resource.filters
        )
        super().__init__(model, admin_site)

    # --- rows ------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return restrict(rows, caller_of(request), self.resource.scope)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        return None if "\x00" in object_id else super().get_object(request, object_id, from_field)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, *rest: Any) -> HttpResponse:
        """A row out of scope and a row that never was: the same answer."""
        raise Http404

    def get_ordering(self, request: HttpRequest) -> Any:
        return self.ordering or ("-pk",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if "\x00" in search_term:
            return queryset.none(), False
        paths = tuple(self.get_search_fields(request))
        return searching.find(queryset, paths, search_term, request), False

    # --- list ------------------------------------------------------------------------------------

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        hidden = hidden_from(self.resource, caller_of(request).level)
        names = self.list_display if self.extra_listed else listed_names(self.table)
        shown: list[Any] = []
        for name in names:
            if name in hidden:
                continue
            shown.append(self._list_column(name))
        return shown

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> list[Any]:
        """The row opens from its first column that does not lead elsewhere, else from the first."""
        own = [name for name in list_display if not getattr(name, "leads_elsewhere", False)]
        return own[:1]

    def _list_column(self, name: str) -> Any:
        column = self._by_field(name)
        if column is not None and isinstance(column.field, models.ForeignKey):
            return linked(column.field, self.admin_site.name)
        return meta_shown(column.field) if column is not None and column.is_meta else name

    def _by_field(self, name: str) -> Column | None:
        return next((c for c in self.table.columns if c.field.name == name), None)

    def get_list_select_related(self, request: HttpRequest) -> Any:
        names = [c.field.name for c in self.table.columns if isinstance(c.field, models.ForeignKey)]
        wanted = {getattr(n, "__name__", n) for n in self.get_list_display(request)}
        return [n for n in names if n in wanted] or False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only columns the caller sees may be asked about in a URL, and no other table."""
        if request is None:
            return False
        first, _sep, rest = lookup.partition("__")
        column = self._by_field(first)
        if column is None:
            # A filter's own parameter, which only that filter reads; else a way out of the table.
            return not rest and first not in self._relations()
        if first in hidden_from(self.resource, caller_of(request).level):
            return False
        offered = [f[0] if isinstance(f, tuple) else f for f in self.get_list_filter(request)]
        if any(isinstance(f, str) and f"{lookup}__".startswith(f"{f}__") for f in offered):
            return True
        if not isinstance(column.field, models.ForeignKey):
            return True
        step = rest.partition("__")[0]
        return step in ("", "exact", "in", "isnull", column.field.target_field.name)

    def _relations(self) -> set[str]:
        """Names of relations and of columns that are not served: no part of any URL."""
        served = {c.field.name for c in self.table.columns}
        return {f.name for f in self.opts.get_fields(include_hidden=True)} - served

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            return HttpResponseRedirect(request.path)
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    # --- form ------------------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        fixed = [c for c in self.table.columns if is_fixed(c, self.resource)]
        if obj is not None:
            once = (*self.resource.write_once, self.table.key.column)
            fixed += [c for c in self.table.columns if c.column in once and c not in fixed]
        names = [c.field.name for c in fixed if c.kind is not Kind.BYTES]
        return tuple(dict.fromkeys((*self.readonly_fields, *names, *map(self._form_row, fixed))))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        hidden = hidden_from(self.resource, caller_of(request).level)
        columns = [c for c in self.table.columns if c.field.name not in hidden]
        main = [c for c in columns if not c.is_meta]
        if obj is None:
            return [(None, {"fields": [c.field.name for c in main if self._asked_for(c)]})]
        changed = [c for c in main if self._changes(c)]
        kept = [c for c in main if c not in changed]
        asked = [c.field.name for c in changed]
        record = [self._form_row(c) for c in (*kept, *(c for c in columns if c.is_meta))]
        if not asked or not self.has_change_permission(request, obj):
            return self._read_sets(main, [c for c in columns if c.is_meta])
        return [(None, {"fields": asked}), _kept(record)]

    def _read_sets(self, main: list[Column], meta: list[Column]) -> Any:
        return [
            (None, {"fields": [self._form_row(c) for c in main]}),
            _kept([self._form_row(c) for c in meta]),
        ]

    def _asked_for(self, column: Column) -> bool:
        automatic = isinstance(column.field, models.AutoField)
        return not is_fixed(column, self.resource) and not automatic

    def _changes(self, column: Column) -> bool:
        """Whether the form of a row that is there asks for the column."""
        return self._asked_for(column) and column.column not in self.resource.write_once

    def _form_row(self, column: Column) -> Any:
        if column.is_meta:
            return meta_shown(column.field)
        return bytes_shown(column.field) if column.kind is Kind.BYTES else column.field.name

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return [
            c.field.name
            for c in self.table.columns
            if isinstance(c.field, models.ForeignKey) and self._asked_for(c)
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = visible_rows(db_field.related_model, request)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RowSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(db_field, models.JSONField | models.TextField):
            field.widget.attrs["rows"] = _ROWS
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # A table that is not logged has nothing to show there.
        context["show_history"] = self.resource.audited
        if context.get("original") and not any(map(self._changes, self.table.columns)):
            context |= dict.fromkeys(_SAVING, False)
        return super().render_change_form(request, context, *args, **kwargs)

    # --- beyond the five verbs -------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        meta = self.opts
        export = path(
            "export/",
            self.admin_site.admin_view(self.export_view),
            name=f"{meta.app_label}_{meta.model_name}_export",
        )
        return [export, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse | Any:
        """The rows of the list, with its filters and search, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        changelist = self.get_changelist_instance(request)
        rows = changelist.get_queryset(request).select_related(None)
        return csv_response(self.table, rows, caller_of(request).level)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        page = history_page(row, request, caller_of(request).level)
        return TemplateResponse(
            request,
            self.object_history_template,
            {
                **self.admin_site.each_context(request),
                "title": _("History: %s") % row,
                "subtitle": None,
                "opts": self.opts,
                "object": row,
                "page": page,
                **(extra_context or {}),
            },
        )


def _kept(rows: list[Any]) -> tuple[Any, dict[str, Any]]:
    """The part of a form that nobody fills in, folded away."""
    return _("Kept by the system"), {"fields": rows, "classes": ("collapse",)}


class ImportableResourceAdmin(ImportingMixin, ResourceAdmin):
    """The page of a type table: rows may come from a file."""

    import_export_change_list_template = "admin/resource_list.html"


def register_resources(site: AdminSite) -> None:
    """Give every table of the registry that has no page yet a generated one."""
    for resource in registry:
        if registry.of(resource.model) is resource and not site.is_registered(resource.model):
            page = ImportableResourceAdmin if resource.importable else ResourceAdmin
            site.register(resource.model, page)
