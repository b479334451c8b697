"""Asking the lists of the API, for tests that are about what comes back."""

from __future__ import annotations

from typing import Any

from tests.personas import ApiSession


class Lists:
    """One caller asking one list; rows are told by `label`, a column that names them."""

    def __init__(self, session: ApiSession, path: str, label: str) -> None:
        self.session, self.path, self.label = session, f"/v1/{path}", label

    def page(self, q: Any = None, **params: Any) -> dict[str, Any]:
        """The list envelope."""
        answer = self.ask(q, **params)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def ask(self, q: Any = None, **params: Any) -> Any:
        return self.session.get(self.path, params if q is None else {"q": q, **params})

    def names(self, *filters: Any, **q: Any) -> list[Any]:
        """The labels of the rows found, in the order they came."""
        page = self.page({"filters": list(filters), **q})
        return [row[self.label] for row in page["objects"]]

    def refusal(self, *filters: Any, **q: Any) -> str:
        """What the 400 says."""
        return refusal(self.ask({"filters": list(filters), **q}))


def refusal(answer: Any) -> str:
    """What a 400 says, with the field it names where it names one."""
    assert answer.status_code == 400, answer.content
    content = answer.json()
    assert set(content) == {"status", "message", "validation_errors", "data"}
    fields = content["validation_errors"]
    assert content["status"] == ("validation-error" if fields else "error")
    return content["message"] if fields is None else f"{content['message']} {fields}"


def where(name: str, op: str, *val: Any, **more: Any) -> dict[str, Any]:
    """A filter: where("gps_lat", ">", 1), where("hub", "is_null"), where("a", "==", field="b")."""
    return {"name": name, "op": op, **({"val": val[0]} if val else {}), **more}
