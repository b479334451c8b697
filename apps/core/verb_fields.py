"""Fields for the forms of verbs: plain inputs that work on a phone and with the keyboard alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

INPUT = {"class": "so-input"}
# Beyond this a list of suggestions helps nobody; what is typed is found all the same.
_MOST_SUGGESTED = 500


class Suggestions(forms.TextInput):
    """A text input with a list of what may be typed."""

    def __init__(self) -> None:
        super().__init__({**INPUT, "autocomplete": "off", "placeholder": lazy("Type a name")})
        self.names: list[str] = []

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        key = f"{(attrs or {}).get('id', name)}-list"
        shown = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((n,) for n in self.names))
        return format_html('{}<datalist id="{}">{}</datalist>', shown, key, options)


class NamedRow(forms.CharField):
    """One row of a table by its name, among `rows`; the cleaned value is its key.

    The form sets `offer` to the rows that the caller may know of: any other name is unknown.
    """

    widget = Suggestions

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=255, **options)
        self.rows: QuerySet[Any] | None = None
        self.column = "name"

    def offer(self, rows: QuerySet[Any], column: str = "name") -> None:
        """Take names from these rows, and suggest the first of them."""
        self.rows, self.column = rows, column
        names = rows.order_by(column).values_list(column, flat=True)
        self.widget.names = [name for name in names[:_MOST_SUGGESTED] if name]

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if not name:
            return None
        key = self._key_of(name)
        if key is None:
            raise forms.ValidationError(_("There is no “{name}” to choose.").format(name=name))
        return key

    def _key_of(self, name: str) -> Any:
        """The key of the row of that name; small and capital letters matter only between two."""
        if self.rows is None:
            return None
        found = dict(
            self.rows.filter(**{f"{self.column}__iexact": name}).values_list(self.column, "pk")[:9]
        )
        only = next(iter(found.values())) if len(found) == 1 else None
        return found.get(name, only)


def choice(label: Any, **options: Any) -> forms.ChoiceField:
    """A choice from a list, which the form fills."""
    return forms.ChoiceField(label=label, widget=forms.Select(attrs=INPUT), **options)


def tick(label: Any, **options: Any) -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(
        label=label, widget=forms.CheckboxInput(attrs={"class": "so-tick"}), **options
    )
