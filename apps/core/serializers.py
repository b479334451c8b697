"""Serializers built from resources: strict input for writes, and the shape of a record for the
docs.

The stock fields of the framework are lenient: they read true as 1, 12 as "12" and "12" as 12.
What a row holds should be what the client meant, so each kind of column takes one JSON type.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from functools import cache
from typing import Any, cast

from django.db import models
from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.core.columns import Column, Kind, render_bytes, render_length, render_time
from apps.core.errors import Invalid
from apps.core.operands import Unfit, parse_day, parse_length, parse_time
from apps.core.scope import restrict
from apps.core.tables import Table, table_of

_SMALL, _BIG = 2**31, 2**63
_RANGES = {
    "IntegerField": (-_SMALL, _SMALL - 1),
    "SmallIntegerField": (-(2**15), 2**15 - 1),
    "PositiveIntegerField": (0, _SMALL - 1),
    "PositiveSmallIntegerField": (0, 2**15 - 1),
    "AutoField": (1, _SMALL - 1),
    "BigIntegerField": (-_BIG, _BIG - 1),
    "BigAutoField": (1, _BIG - 1),
}


class StrictInteger(serializers.IntegerField):
    """A JSON integer; not true, not 1.0, not "1"."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class StrictNumber(serializers.FloatField):
    """A JSON number."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        try:
            return float(data)
        except OverflowError:
            self.fail("invalid")


class StrictBoolean(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictText(serializers.CharField):
    """A JSON string, kept as it is sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class StrictKey(StrictText):
    """A key that clients choose: text that can stand in a path."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not text.isprintable() or "/" in text or text in (".", ".."):
            raise serializers.ValidationError(_("A key is printable text without slashes"))
        return text


class StrictChoice(serializers.ChoiceField):
    """One of the options, as a string."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class _Parsed(serializers.Field):
    """A field whose text form is read by one of the operand parsers."""

    def parse(self, data: Any) -> Any:
        raise NotImplementedError

    def to_internal_value(self, data: Any) -> Any:
        try:
            return self.parse(data)
        except Unfit as error:
            raise serializers.ValidationError(str(error)) from error


class TimeField(_Parsed):
    """An ISO 8601 time, UTC where it names no offset; rendered with microseconds and no offset."""

    def parse(self, data: Any) -> dt.datetime:
        if not isinstance(data, str):
            raise Unfit(_("a time such as 2016-08-08T16:34:56 is expected"))
        return parse_time(data)

    def to_representation(self, value: dt.datetime) -> str | None:
        return render_time(value)


class DayField(_Parsed):
    """A date, YYYY-MM-DD."""

    def parse(self, data: Any) -> dt.date:
        if not isinstance(data, str):
            raise Unfit(_("a date such as 2016-08-08 is expected"))
        return parse_day(data)

    def to_representation(self, value: dt.date) -> str:
        return value.isoformat()


class LengthField(_Parsed):
    """A length of time: seconds as a number out; a number or HH:MM:SS in."""

    def parse(self, data: Any) -> dt.timedelta:
        return parse_length(data)

    def to_representation(self, value: dt.timedelta) -> float | None:
        return render_length(value)


class AnyJson(serializers.Field):
    """Any JSON value whose whole numbers fit in 64 bits, as answers can carry no others."""

    def to_internal_value(self, data: Any) -> Any:
        if not _numbers_fit(data):
            raise serializers.ValidationError(_("a whole number in it is too large"))
        return data

    def to_representation(self, value: Any) -> Any:
        return value


def _numbers_fit(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_numbers_fit, value.values()))
    if isinstance(value, list):
        return all(map(_numbers_fit, value))
    return not isinstance(value, int) or -_BIG <= value < _BIG


class BytesField(serializers.Field):
    """Bytes as base64 text."""

    def to_internal_value(self, data: Any) -> bytes:
        try:
            return base64.b64decode(data, validate=True)
        except (TypeError, ValueError, binascii.Error) as error:
            raise serializers.ValidationError(_("base64 text is expected")) from error

    def to_representation(self, value: Any) -> str | None:
        return render_bytes(value)


class KeyField(serializers.Field):
    """A foreign key: the key of a row that exists and that the caller may know of."""

    def __init__(self, column: Column, **options: Any) -> None:
        self.column = column
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        textual = self.column.kind is Kind.TEXT
        if not isinstance(data, str if textual else int) or isinstance(data, bool):
            raise serializers.ValidationError(_("a key is expected"))
        target = table_of(cast(type[models.Model], self.column.field.related_model))
        key = target.parse_key(str(data))
        rows = restrict(
            target.model._base_manager.all(), self.context["caller"], target.resource.scope
        )
        if key is None or not rows.filter(pk=key).exists():
            raise serializers.ValidationError(_("No row with this key exists"))
        return key

    def to_representation(self, value: Any) -> Any:
        return value


class RecordSerializer(serializers.Serializer):
    """Base of the generated serializers: values by column, in and out."""

    table: Table

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return super().to_internal_value(self.writable(data))

    def writable(self, data: dict[str, Any]) -> dict[str, Any]:
        """The body without meta columns; Invalid for what may not be sent or is not known."""
        wrong = {}
        kept = {}
        for name, value in data.items():
            column = self.table.by_name.get(name)
            if column is None:
                wrong[name] = _("This table has no such column")
            elif column.column in self.table.resource.read_only:
                wrong[name] = _("This column is set by the system and cannot be written here")
            elif not self.fields[name].read_only:
                kept[name] = value
        if wrong:
            raise Invalid(wrong)
        return kept


def _input_options(column: Column) -> dict[str, Any]:
    model_field = column.field
    options: dict[str, Any] = {"allow_null": model_field.null}
    optional = model_field.null or model_field.has_default() or model_field.blank
    options["required"] = not optional
    return options


def _field_for(column: Column) -> serializers.Field:
    model_field = column.field
    generated = column.is_key and isinstance(model_field, models.AutoField)
    if column.is_meta or generated:
        renamed = {"source": model_field.attname} if column.name != model_field.attname else {}
        return _plain_field(column, read_only=True, allow_null=model_field.null, **renamed)
    options = _input_options(column)
    if column.name != model_field.attname:
        options["source"] = model_field.attname
    if isinstance(model_field, models.ForeignKey):
        return KeyField(column, **options)
    return _plain_field(column, **options)


def _plain_field(column: Column, **options: Any) -> serializers.Field:
    model_field = column.field
    if model_field.choices:
        return StrictChoice(choices=list(model_field.choices), **options)
    if column.kind is Kind.INTEGER:
        if not options.get("read_only"):
            low, high = _RANGES[model_field.get_internal_type()]
            options |= {"min_value": 0 if column.is_key else low, "max_value": high}
        return StrictInteger(**options)
    if column.kind is Kind.TEXT:
        if not options.get("read_only"):
            options["max_length"] = getattr(model_field, "max_length", None)
            options["allow_blank"] = model_field.blank or model_field.null
        return StrictKey(**options) if column.is_key else StrictText(**options)
    return _BY_KIND[column.kind](**options)


_BY_KIND: dict[Kind, type[serializers.Field]] = {
    Kind.NUMBER: StrictNumber,
    Kind.BOOLEAN: StrictBoolean,
    Kind.TIME: TimeField,
    Kind.DATE: DayField,
    Kind.LENGTH: LengthField,
    Kind.JSON: AnyJson,
    Kind.BYTES: BytesField,
}


@cache
def serializer_for(table: Table) -> type[RecordSerializer]:
    """The serializer class of a table: one field for each served column, in order."""
    name = "".join(part.title() for part in table.resource.path.split("_"))
    body: dict[str, Any] = {column.name: _field_for(column) for column in table.columns}
    doc = (table.model.__doc__ or "").strip()
    return type(f"{name}Serializer", (RecordSerializer,), {**body, "table": table, "__doc__": doc})


def cleaned(table: Table, data: dict[str, Any], caller: Any, *, partial: bool) -> dict[str, Any]:
    """Validated values by database column; Invalid names everything that is wrong."""
    serializer = serializer_for(table)(data=data, partial=partial, context={"caller": caller})
    serializer.is_valid(raise_exception=True)
    by_attribute = {column.field.attname: column.column for column in table.columns}
    return {by_attribute[name]: value for name, value in serializer.validated_data.items()}
