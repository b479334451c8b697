"""Type tables from a CSV file or a spreadsheet, with a preview before anything is written."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from django.http import HttpRequest
from import_export.admin import ImportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource, modelresource_factory
from import_export.tmp_storages import MediaStorage
from unfold.contrib.import_export.forms import ImportForm

from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.columns import is_fixed
from apps.core.adminpages.export import harmless
from apps.core.audit import acting
from apps.core.levels import Level
from apps.core.tables import Table
from apps.core.writing import stamp


class TableImport(ModelResource):
    """Rows as the export writes them: columns named as in the API, a row without a key is new."""

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        for name, value in row.items():
            if isinstance(value, str) and value[:1] == "'" and harmless(value[1:]) == value:
                row[name] = value[1:]

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        stamp(instance, kwargs["user"].get_username(), created=instance._state.adding)


@cache
def import_for(table: Table) -> type[TableImport]:
    """The import of one table: its editable columns and its key."""
    columns = [c for c in table.columns if c.is_key or not is_fixed(c, table.resource)]
    built = modelresource_factory(
        table.model,
        resource_class=TableImport,
        meta_options={
            "fields": [c.field.name for c in columns],
            "import_id_fields": [table.key.field.name],
            "clean_model_instances": True,
            "skip_unchanged": True,
            "report_skipped": True,
            "use_transactions": True,
        },
    )
    for column in columns:
        built.fields[column.field.name].column_name = column.column
    return built


class ImportingMixin(ImportMixin):
    """The import pages, for SYSTEM alone, on tables that are `importable`."""

    import_form_class = ImportForm
    # Any web process may answer the confirmation; they share the media directory.
    tmp_storage_class = MediaStorage
    skip_admin_log = True
    table: Table
    import_formats: ClassVar[list[Any]] = [CSV, XLSX]

    def has_import_permission(self, request: HttpRequest) -> bool:
        allowed = caller_of(request).level >= Level.SYSTEM
        return allowed and self.has_add_permission(request)

    def get_import_resource_classes(self, request: HttpRequest) -> list[type[TableImport]]:
        return [import_for(self.table)]

    def process_dataset(self, dataset: Any, form: Any, request: HttpRequest, **kw: Any) -> Any:
        with acting(caller_of(request)):
            return super().process_dataset(dataset, form, request, **kw)
