"""OpenAPI: every operation described from the declaration it is built from."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from apps.core.actions import ActionView, Operation
from apps.core.columns import Kind
from apps.core.levels import Level, Verb
from apps.core.reader import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from apps.core.serializers import (
    AnyJson,
    BytesField,
    DayField,
    KeyField,
    LengthField,
    TimeField,
    serializer_for,
)
from apps.core.tables import Table
from apps.core.viewsets import HANDLERS, ResourceViewSet

_TYPES = {
    Kind.INTEGER: OpenApiTypes.INT64,
    Kind.NUMBER: OpenApiTypes.DOUBLE,
    Kind.BOOLEAN: OpenApiTypes.BOOL,
    Kind.TEXT: OpenApiTypes.STR,
    Kind.TIME: OpenApiTypes.STR,
    Kind.DATE: OpenApiTypes.DATE,
    Kind.LENGTH: OpenApiTypes.DOUBLE,
}

_SUMMARIES = {
    "list": _("List {table} records"),
    "create": _("Create one {table}"),
    "retrieve": _("Get one {table}"),
    "update": _("Change columns of one {table}"),
    "destroy": _("Delete one {table}"),
}


# The one shape of every error, and of every success of an action. `data` is a name that a
# serializer class keeps for itself, so these are made from their fields.
_ERROR = inline_serializer(
    name="Error",
    fields={
        "status": serializers.ChoiceField(choices=["error", "validation-error"]),
        "message": serializers.CharField(),
        "validation_errors": serializers.DictField(allow_null=True),
        "data": AnyJson(allow_null=True),
    },
)
_SUCCESS = inline_serializer(
    name="Success",
    fields={
        "status": serializers.ChoiceField(choices=["success"]),
        "message": AnyJson(),
        "data": AnyJson(allow_null=True),
    },
)


_ERRORS = {
    400: _("Something in the request is wrong; the message and validation_errors say what"),
    401: _("The token is invalid, expired or not present"),
    403: _("The caller's level is too low"),
    404: _("No such row, or none the caller may know of"),
    405: _("The table or action does not take this verb"),
    413: _("The body is too large"),
    415: _("The body is not JSON, or is encoded"),
    429: _("Too many attempts; Retry-After says when to try again"),
    503: _("The database is away; nothing was written"),
}


def level_line(level: Level | None) -> str:
    """How the documentation states the level an operation asks for."""
    return f"**Level:** {level.name}" if level is not None else "**Level:** none, no token needed"


class _ParsedFields(OpenApiSerializerFieldExtension):
    """The JSON types of the engine's own fields."""

    target_class = "rest_framework.serializers.Field"
    match_subclasses = True
    priority = -1

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return isinstance(target, (TimeField, DayField, LengthField, BytesField, AnyJson, KeyField))

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        field = self.target
        if isinstance(field, KeyField):
            return dict(build_basic_type(_TYPES[field.column.kind]) or {})
        if isinstance(field, AnyJson):
            return {}
        if isinstance(field, LengthField):
            seconds = {"type": "number", "description": "seconds"}
            clock = {"type": "string", "description": "HH:MM:SS"}
            return seconds if direction == "response" else {"oneOf": [seconds, clock]}
        if isinstance(field, DayField):
            return {"type": "string", "format": "date"}
        if isinstance(field, BytesField):
            return {"type": "string", "format": "byte"}
        # No offset is written, so the format is not RFC 3339's date-time.
        return {"type": "string", "example": "2016-08-08T16:34:56.860081"}


class ResourceSchema(AutoSchema):
    """Describes the generated viewsets and the action views of the engine."""

    # --- which of the two this is --------------------------------------------------------------

    @property
    def table(self) -> Table | None:
        return self.view.table if isinstance(self.view, ResourceViewSet) else None

    @property
    def operation(self) -> Operation | None:
        return (
            self.view.operations().get(self.method) if isinstance(self.view, ActionView) else None
        )

    @property
    def verb(self) -> Verb:
        return cast(Verb, self.method)

    @property
    def handler(self) -> str:
        """The framework's name for what the operation does to a table."""
        return HANDLERS[self.verb, "{key}" in self.path]

    # --- documentation -------------------------------------------------------------------------

    def is_excluded(self) -> bool:
        if self.table is not None:
            return self.method not in self.table.resource.levels
        return isinstance(self.view, ActionView) and self.operation is None

    def get_operation_id(self) -> str:
        path = self.path.removeprefix("/v1/").replace("{", "").replace("}", "")
        return f"{self.method.lower()}_{path.replace('/', '_').replace('-', '_')}"

    def get_tags(self) -> list[str]:
        label = self.table.resource.domain if self.table else self._domain()
        return [str(apps.get_app_config(label).verbose_name)]

    def _domain(self) -> str:
        named = getattr(self.view, "domain", "")
        return named or type(self.view).__module__.split(".")[1]

    def get_summary(self) -> str:
        """What the operation does, and the level it asks for, in the line that is seen folded."""
        if self.table is not None:
            text = str(_SUMMARIES[self.handler]).format(table=self.table.name)
            return f"{text} [{self.table.resource.levels[self.verb].name}]"
        if self.operation is None:
            return ""
        level = self.operation.level
        return f"{self.operation.summary} [{level.name}]" if level else str(self.operation.summary)

    # The generator calls it without the arguments of the framework's own inspector.
    def get_description(self) -> str:  # type: ignore[override]
        if self.table is not None:
            about = (self.table.model.__doc__ or "").strip()
            return f"{about}\n\n{level_line(self.table.resource.levels[self.verb])}"
        about = (type(self.view).__doc__ or "").strip()
        return f"{about}\n\n{level_line(self.operation.level)}" if self.operation else about

    def get_auth(self) -> list[dict[str, Any]]:
        open_to_all = self.operation is not None and self.operation.level is None
        return [] if open_to_all else [{"token": []}]

    # --- parameters ----------------------------------------------------------------------------

    def get_override_parameters(self) -> list[Any]:
        found = [
            OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.PATH)
            for name in _placeholders(self.path)
        ]
        if self.table is not None:
            return [*found, *self._list_parameters()] if self.handler == "list" else found
        query = self.operation.query if self.operation else None
        return [*found, query] if query else found

    def _list_parameters(self) -> list[OpenApiParameter]:
        assert self.table is not None
        return [
            OpenApiParameter("q", OpenApiTypes.STR, description="filters, order, groups, as JSON"),
            OpenApiParameter("page", OpenApiTypes.INT, default=1),
            OpenApiParameter(
                "results_per_page",
                OpenApiTypes.INT,
                default=DEFAULT_PAGE_SIZE,
                description=f"at most {MAX_PAGE_SIZE}; more is cut to it",
            ),
            *(
                OpenApiParameter(c.name, _TYPES[c.kind], description="equals")
                for c in self.table.columns
                if c.kind in _TYPES
            ),
        ]

    def get_filter_backends(self) -> list[Any]:
        return []

    # --- bodies --------------------------------------------------------------------------------

    def get_request_serializer(self) -> Any:
        if self.table is not None:
            return serializer_for(self.table) if self.method in ("POST", "PUT") else None
        return self.operation.body if self.operation else None

    def get_response_serializers(self) -> Any:
        responses: dict[int, Any] = {}
        if self.table is not None:
            responses |= self._table_responses()
        elif self.operation is not None:
            responses |= self._action_responses(self.operation)
        for status, text in _ERRORS.items():
            responses[status] = OpenApiResponse(_ERROR, description=str(text))
        return responses

    def _table_responses(self) -> dict[int, Any]:
        assert self.table is not None
        record = serializer_for(self.table)
        if self.handler == "list":
            return {200: _page_of(self.table)}
        if self.handler == "destroy":
            return {204: OpenApiResponse(description="Deleted; the body is empty")}
        return {201 if self.handler == "create" else 200: record}

    def _action_responses(self, operation: Operation) -> dict[int, Any]:
        if operation.response is not None:
            return {operation.status: operation.response}
        return {operation.status: OpenApiResponse(_SUCCESS, description=str(operation.summary))}

    def _is_list_view(self, serializer: Any = None) -> bool:
        # The page envelope is described by a serializer of its own.
        return False


@cache
def _page_of(table: Table) -> Any:
    name = "".join(part.title() for part in table.resource.path.split("_"))
    return inline_serializer(
        name=f"{name}Page",
        fields={
            "num_results": serializers.IntegerField(),
            "objects": serializer_for(table)(many=True),
            "page": serializers.IntegerField(),
            "total_pages": serializers.IntegerField(),
        },
    )


def _placeholders(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def share_errors(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Post-processing: state each error once and refer to it, or the document triples in size."""
    shared = result["components"].setdefault("responses", {})
    for operations in result["paths"].values():
        for operation in operations.values():
            for status in operation["responses"]:
                if int(status) in _ERRORS:
                    name = f"Error{status}"
                    shared[name] = operation["responses"][status]
                    operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return result
