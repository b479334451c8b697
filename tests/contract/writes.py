"""Every endpoint that writes a row of a table, and how to show that it wrote nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from apps.core.resources import Resource, registry
from apps.core.tables import Table, table_for
from tests.contract.rows import make, new_body, stored
from tests.personas import Api

ENVELOPE = {"status", "message", "validation_errors", "data"}


@dataclass(frozen=True)
class Endpoint:
    """POST to a table, or PUT to a row of it."""

    verb: str
    resource: Resource

    def __str__(self) -> str:
        return f"{self.verb}-{self.resource.path}"


ENDPOINTS = [
    Endpoint(verb, resource)
    for resource in registry
    for verb in ("POST", "PUT")
    if verb in resource.levels
]
each_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)


class Writer:
    """Sends bodies to one endpoint as somebody who may write there."""

    def __init__(self, endpoint: Endpoint, api: Api) -> None:
        self.endpoint, self.resource = endpoint, endpoint.resource
        self.table: Table = table_for(self.resource)
        self.session = api.as_("system")
        self.path = f"/v1/{self.resource.path}"
        if endpoint.verb == "PUT":
            self.path += f"/{make(self.resource.model).pk}"

    def body(self) -> dict[str, Any]:
        """A body that would be taken."""
        return new_body(self.resource, key=self.endpoint.verb == "POST")

    def send(self, json: Any = None, **more: Any) -> Any:
        return self.session.request(self.endpoint.verb, self.path, json=json, **more)

    @contextmanager
    def nothing_written(self) -> Iterator[None]:
        """Shows that the table is afterwards as it was."""
        before = stored(self.table)
        yield
        assert stored(self.table) == before, f"{self.endpoint.verb} {self.path} changed a row"

    def refused(self, status: int, why: Any, json: Any = None, **more: Any) -> dict[str, Any]:
        """Send what must be refused with `status`, in the envelope of all errors."""
        answer = self.send(json, **more)
        where = f"{self.endpoint.verb} {self.path} with {str(why)[:200]}"
        assert answer.status_code == status, f"{where}: {answer.status_code} {answer.content!r}"
        content = answer.json()
        assert set(content) == ENVELOPE, where
        assert content["message"], where
        wrong = content["validation_errors"]
        assert content["status"] == ("validation-error" if wrong else "error"), where
        return content
