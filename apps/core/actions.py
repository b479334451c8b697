"""Action endpoints: parse, call one service, answer.

A subclass names its path and writes one method for each verb, marked with `operation`; the method
gets a `Call` and returns an `Answer`. Authentication, level, scope, parsing and rendering happen
here, once. An app lists its actions in `ACTIONS` of its `api.py`.

    class Enable(ProductAction):
        path = "products/<imei>/enable"

        @operation(level=Level.TECHNICAL, summary=_("Switch a unit on"))
        def put(self, call: Call) -> Answer:
            enable_product(product_imei=call.imei, by=call.caller.username)
            return Answer(_("Product enabled"))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from apps.core.authentication import authenticate
from apps.core.bodies import json_object
from apps.core.callers import Caller
from apps.core.errors import Forbidden, Invalid, NotAllowed, NotFound
from apps.core.handlers import as_domain_error, in_language_of, json_response, render_error
from apps.core.levels import VERBS, Level
from apps.core.resources import registry
from apps.core.scope import scope_sql
from apps.core.tables import table_for


@dataclass(frozen=True)
class Answer:
    """What an action says: `message` and `data` in the success envelope."""

    message: Any
    data: Any = None
    status: int = 200


@dataclass(frozen=True)
class Operation:
    """What the engine and the documentation know of one verb of an action.

    level is None where no token is asked for (the view authenticates in its own way or not at all).
    body and query are serializers that validate; an unknown key in either is 400.
    response describes the answer in the documentation where it is not the success envelope.
    """

    level: Level | None
    summary: Any
    body: type[Serializer] | None = None
    query: type[Serializer] | None = None
    status: int = 200
    response: Any = None


@dataclass
class Call:
    """One request to an action, already authenticated and validated."""

    request: HttpRequest
    caller: Caller
    path: dict[str, str]
    data: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def imei(self) -> str:
        """The unit's IMEI, known to exist and to be visible to the caller."""
        return self.path["imei"]


def operation(
    *,
    level: Level | None,
    summary: Any,
    body: type[Serializer] | None = None,
    query: type[Serializer] | None = None,
    status: int = 200,
    response: Any = None,
) -> Callable[[Any], Any]:
    """Mark a method as the handler of its verb."""

    def mark(method: Any) -> Any:
        method.operation = Operation(level, summary, body, query, status, response)
        return method

    return mark


class ActionView(APIView):
    """Base of all action endpoints. DRF's own request cycle is bypassed: it costs more than the
    work.
    """

    path: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    # For the description alone: bodies are read by `parse_body`.
    parser_classes: Sequence[type[BaseParser]] = (JSONParser,)
    # The domain the documentation groups the action under; the app's name by default.
    domain: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return self.respond(request, kwargs)
        except Exception as error:
            known = as_domain_error(error)
            if known is None:
                raise
            return render_error(request, known)

    def respond(self, request: HttpRequest, path: dict[str, str]) -> HttpResponseBase:
        method = self.operation_for(request.method or "GET")
        spec: Operation = method.operation
        call = self.open_call(request, path, spec)
        with in_language_of(request):
            answer = method(call)
            if isinstance(answer, HttpResponseBase):
                return answer
            return json_response(
                {"status": "success", "message": answer.message, "data": answer.data},
                spec.status if answer.status == 200 else answer.status,
            )

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """The verbs this action takes, each with what is known of it."""
        found = {
            verb: getattr(getattr(cls, verb.lower(), None), "operation", None) for verb in VERBS
        }
        return {verb: spec for verb, spec in found.items() if spec is not None}

    def operation_for(self, verb: str) -> Any:
        name = "GET" if verb == "HEAD" else verb
        if name not in self.operations():
            raise NotAllowed(list(self.operations()))
        return getattr(self, name.lower())

    def open_call(self, request: HttpRequest, path: dict[str, str], spec: Operation) -> Call:
        """Who asks, may they, to what, and with what: in this order."""
        caller = authenticate(request) if spec.level is not None else ANONYMOUS
        if spec.level is not None and caller.level < spec.level:
            raise Forbidden
        call = Call(request=request, caller=caller, path=path)
        self.find(call)
        call.query = validated(spec.query, dict(request.GET.items())) if spec.query else {}
        call.data = self.parse_body(request, spec)
        return call

    def parse_body(self, request: HttpRequest, spec: Operation) -> dict[str, Any]:
        if spec.body is None:
            return {}
        return validated(spec.body, json_object(request, required=False))

    def find(self, call: Call) -> None:
        """Resolve what the path names, within scope; the base has nothing to resolve."""


class ProductAction(ActionView):
    """An action on one unit, `<imei>` in its path; a unit out of scope is not there."""

    def find(self, call: Call) -> None:
        require_visible("product", call.path["imei"], call.caller)


# Stands for whoever calls an endpoint that asks for no token.
ANONYMOUS = Caller(user_id=0, username="", level=Level.OVERVIEW, entity_id=0)


def require_visible(table_name: str, key: str, caller: Caller) -> None:
    """Raise NotFound unless the row exists and is in the caller's scope."""
    resource = registry.named(table_name)
    table = table_for(resource)
    parsed = table.parse_key(key)
    if parsed is None:
        raise NotFound
    scoped, params = scope_sql(table.model, resource.scope, caller)
    sql = f"SELECT 1 FROM {table.name} t WHERE t.{table.key.column} = %s"
    if scoped:
        sql += f" AND {scoped}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [parsed, *params])
        if cursor.fetchone() is None:
            raise NotFound


def validated(serializer: type[Serializer], data: dict[str, Any]) -> dict[str, Any]:
    """Clean data, or Invalid naming every field that is wrong or unknown."""
    bound = serializer(data=data)
    unknown = sorted(set(data) - set(bound.fields))
    if unknown:
        raise Invalid({name: _unknown() for name in unknown})
    bound.is_valid(raise_exception=True)
    return dict(bound.validated_data)


def _unknown() -> str:
    return translation.gettext("This field is not known here")
