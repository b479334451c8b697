"""One DRF viewset for each resource, built from its declaration.

The framework's request cycle costs more than a whole list does here, so `dispatch` answers by
itself: token, level, then the reader or the serializer. What the viewset class still carries is
what makes it one: a queryset, a serializer class and a filterset, for the schema and for whoever
builds on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from rest_framework.parsers import JSONParser
from rest_framework.viewsets import GenericViewSet

from apps.core.authentication import authenticate
from apps.core.bodies import json_object
from apps.core.callers import Caller
from apps.core.errors import Forbidden, Invalid, NotAllowed, NotFound
from apps.core.filtersets import filterset_for, plain_filters
from apps.core.handlers import as_domain_error, in_language_of, render_error
from apps.core.levels import Verb
from apps.core.reader import list_bytes, row_bytes
from apps.core.resources import Resource
from apps.core.serializers import cleaned, serializer_for
from apps.core.tables import Table, table_for
from apps.core.writing import create_row, delete_row, one_write, update_row

COLLECTION_VERBS: tuple[Verb, ...] = ("GET", "POST")
ROW_VERBS: tuple[Verb, ...] = ("GET", "PUT", "DELETE")
# (verb, on one row) -> the method that answers it, by the framework's names.
HANDLERS = {
    ("GET", False): "list",
    ("POST", False): "create",
    ("GET", True): "retrieve",
    ("PUT", True): "update",
    ("DELETE", True): "destroy",
}


def json_bytes(body: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(
        body,
        status=status,
        content_type="application/json",
        headers={"Content-Length": str(len(body))},
    )


class _Built:
    """A class attribute made when first asked for: most tables are only ever read."""

    def __init__(self, build: Callable[[Table], type]) -> None:
        self.build = build

    def __get__(self, instance: Any, owner: type[ResourceViewSet]) -> type:
        return self.build(owner.table)


class ResourceViewSet(GenericViewSet):
    """The five verbs of one table."""

    table: ClassVar[Table]
    lookup_field = "key"
    # For the documentation: bodies are read by `apps.core.bodies`, which takes JSON alone.
    parser_classes = [JSONParser]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            caller = authenticate(request)
            verb = self.allowed_verb(request.method or "GET", "key" in kwargs)
            if caller.level < self.table.resource.levels[verb]:
                raise Forbidden
            handler = getattr(self, HANDLERS[verb, "key" in kwargs])
            with in_language_of(request):
                return handler(request, caller, **kwargs)
        except Exception as error:
            known = as_domain_error(error)
            if known is None:
                raise
            return render_error(request, known)

    def allowed_verb(self, method: str, on_row: bool) -> Verb:
        """The verb, if the table takes it here; NotAllowed names the ones it does."""
        verbs = [
            verb
            for verb in (ROW_VERBS if on_row else COLLECTION_VERBS)
            if verb in self.table.resource.levels
        ]
        wanted = "GET" if method == "HEAD" else method
        if wanted not in verbs:
            raise NotAllowed(list(verbs))
        return wanted

    def list(self, request: HttpRequest, caller: Caller) -> HttpResponse:
        params = plain_filters(self.table, request.GET.dict())
        return json_bytes(list_bytes(self.table, caller, params))

    def retrieve(self, request: HttpRequest, caller: Caller, key: str) -> HttpResponse:
        return json_bytes(row_bytes(self.table, caller, key))

    def create(self, request: HttpRequest, caller: Caller) -> HttpResponse:
        values = cleaned(self.table, json_object(request), caller, partial=False)
        with one_write():
            record = create_row(self.table, values, caller)
            answer = self.written(caller, str(record.pk))
        return json_bytes(answer, 201)

    def update(self, request: HttpRequest, caller: Caller, key: str) -> HttpResponse:
        # A row out of scope is not there, whatever the body says: look before judging the body.
        row_bytes(self.table, caller, key)
        parsed = self.table.parse_key(key)
        changes = self.changes(request, parsed, caller)
        with one_write():
            update_row(self.table, parsed, changes, caller)
            answer = self.written(caller, key)
        return json_bytes(answer)

    def destroy(self, request: HttpRequest, caller: Caller, key: str) -> HttpResponse:
        parsed = self.table.parse_key(key)
        if parsed is None:
            raise NotFound
        with one_write():
            delete_row(self.table, parsed, caller)
        return HttpResponse(status=204)

    def written(self, caller: Caller, key: str) -> bytes:
        """The row just written; nobody may write a row that they could not see afterwards."""
        try:
            return row_bytes(self.table, caller, key)
        except NotFound as error:
            raise Invalid(
                translation.gettext("This would put the row outside what you may see")
            ) from error

    def changes(self, request: HttpRequest, key: Any, caller: Caller) -> dict[str, Any]:
        """The columns a PUT changes; a key in the body must be the row's own."""
        values = cleaned(self.table, json_object(request), caller, partial=True)
        own = values.pop(self.table.key.column, key)
        if own != key:
            raise Invalid({self.table.key.name: translation.gettext("A key cannot be changed")})
        return values


def viewset_for(resource: Resource) -> type[ResourceViewSet]:
    """The viewset class of a resource."""
    table = table_for(resource)
    name = "".join(part.title() for part in resource.path.split("_"))
    return type(
        f"{name}ViewSet",
        (ResourceViewSet,),
        {
            "__doc__": (resource.model.__doc__ or "").strip(),
            "table": table,
            "queryset": resource.model._default_manager.all(),
            "serializer_class": _Built(serializer_for),
            "filterset_class": _Built(filterset_for),
        },
    )
