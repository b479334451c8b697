"""JSON in the forms of the back office, held to what the API takes."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.fields import InvalidJSONInput, JSONString
from rest_framework import serializers

from apps.core.bodies import decode_json
from apps.core.errors import Invalid
from apps.core.serializers import AnyJson


def clean_json(text: str) -> Any:
    """The value of a JSON text; ValidationError says why it cannot be stored and served."""
    try:
        return AnyJson().to_internal_value(decode_json(text))
    except Invalid as error:
        raise ValidationError(str(error.message), code="invalid") from error
    except serializers.ValidationError as error:
        raise ValidationError(
            [str(reason) for reason in cast(list[Any], error.detail)], code="invalid"
        ) from error


class StrictJSONField(forms.JSONField):
    """Refuses what Python's parser lets through or fails at, and shows it again as it was typed."""

    def to_python(self, value: Any) -> Any:
        if self.disabled or value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        found = value if isinstance(value, JSONString) else clean_json(value)
        return JSONString(found) if isinstance(found, str) else found

    def bound_data(self, data: Any, initial: Any) -> Any:
        if self.disabled or data is None:
            return super().bound_data(data, initial)
        try:
            return clean_json(data)
        except ValidationError:
            return InvalidJSONInput(data)


# What a page's `formfield_overrides` need.
STRICT_JSON = {models.JSONField: {"form_class": StrictJSONField}}
