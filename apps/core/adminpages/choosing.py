"""Choosing a row of another table in a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError


class RowSelect(AutocompleteSelect):
    """Django's, which looks up whatever was sent to show it again: here only what can be a key.

    What cannot is left to the field, which refuses it in words.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        sent = super().value_from_datadict(data, files, name)
        # PostgreSQL does not take it even to compare; with this in its place nothing is found.
        return sent.replace("\x00", "\ufffd") if isinstance(sent, str) else sent

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [one for one in value if self._is_key(one)], attr)

    def _is_key(self, sent: Any) -> bool:
        key = self.field.target_field
        try:
            # Its validators know how large a number the database takes.
            key.run_validators(key.to_python(sent))
        except ValidationError:
            return False
        return True
