"""Searching a table from its list, from a choice of another row, and from the command palette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.utils import quote
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst, smart_split, unescape_string_literal
from unfold.dataclasses import SearchResult

from apps.core.adminpages.filters import visible_rows
from apps.core.resources import Resource

# Rows of another table that one word may stand for. A word that fits more says too little.
_MOST_RELATED = 500
_MOST_WORDS = 8
_NAMES = ("name", "serial_number", "label", "product_imei", "username", "url")
_LOOKUPS = {"^": "istartswith", "=": "iexact", "@": "icontains"}


def search_paths(resource: Resource) -> tuple[str, ...]:
    """The columns a search looks into: as declared, else whatever names a row and its unit."""
    if resource.search:
        return resource.search
    fields = {f.name: f for f in resource.model._meta.concrete_fields}
    own = [n for n in _NAMES if n in fields and fields[n].column not in resource.secret]
    if isinstance(fields.get("product"), models.ForeignKey):
        own += ["=product__product_imei", "product__serial_number"]
    return (*own, "=pk")


def names_itself(paths: Sequence[str]) -> bool:
    """Whether somebody would look for a row of the table by a name or number of its own."""
    return any(path in _NAMES for path in paths)


def find(
    rows: QuerySet[Any], paths: tuple[str, ...], term: str, request: HttpRequest
) -> QuerySet[Any]:
    """The rows in which every word of `term` occurs in at least one of the columns."""
    for word in _words(term):
        rows = rows.filter(_condition(rows.model, paths, word, request))
    return rows


def _words(term: str) -> list[str]:
    words = []
    for part in smart_split(term):
        quoted = part[0] in "\"'" and part[0] == part[-1]
        words.append(unescape_string_literal(part) if quoted else part)
    return [word for word in words if word][:_MOST_WORDS]


def _condition(
    model: type[models.Model], paths: tuple[str, ...], word: str, request: HttpRequest
) -> Q:
    found = Q(pk__in=[])
    elsewhere: dict[str, list[str]] = {}
    for path in paths:
        prefix = path[0] if path[0] in _LOOKUPS else ""
        first, _sep, rest = path.removeprefix(prefix).partition("__")
        field = _field(model, first)
        if rest and isinstance(field, models.ForeignKey):
            elsewhere.setdefault(first, []).append(prefix + rest)
        elif isinstance(field, models.ForeignObjectRel):
            found |= _behind(model, field, prefix + rest, word, request)
        else:
            found |= _own(model, first, rest or _LOOKUPS.get(prefix, "icontains"), word)
    for name, inner in elsewhere.items():
        # Keys first: the other table is small beside this one, and the key is indexed here.
        target = _field(model, name).related_model
        rows = visible_rows(target, request)
        keys = rows.filter(_condition(target, tuple(inner), word, request)).values_list("pk")
        found |= Q(**{f"{name}__in": [key for (key,) in keys[:_MOST_RELATED]]})
    return found


def _behind(
    model: type[models.Model], relation: Any, path: str, word: str, request: HttpRequest
) -> Q:
    """Rows that a row of another table points to, where that row fits."""
    target = relation.related_model
    rows = visible_rows(target, request).filter(_condition(target, (path,), word, request))
    keys = rows.values_list(relation.field.attname, flat=True)[:_MOST_RELATED]
    return Q(**{f"{relation.field.target_field.name}__in": list(keys)})


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _own(model: type[models.Model], name: str, lookup: str, word: str) -> Q:
    field = _field(model, name)
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.IntegerField):
        number = word.removeprefix("#")
        fits = number.isascii() and number.isdigit() and len(number) < 19
        return Q(**{name: int(number)}) if fits else Q(pk__in=[])
    if lookup == "iexact":
        # Exact, so that the column's index serves; identifiers have one casing.
        return Q(**{name: word})
    return Q(**{f"{name}__{lookup}": word})


def palette_results(admins: list[Any], request: HttpRequest, term: str) -> list[SearchResult]:
    """What the command palette offers: the first rows of each table given that fit."""
    results = []
    for model_admin in admins:
        rows = model_admin.get_queryset(request)
        found, _duplicates = model_admin.get_search_results(request, rows, term)
        meta = model_admin.model._meta
        for row in found[:8]:
            name = f"{model_admin.admin_site.name}:{meta.app_label}_{meta.model_name}_change"
            results.append(
                SearchResult(
                    title=str(row),
                    description=capfirst(str(meta.verbose_name)),
                    link=reverse(name, args=(quote(row.pk),)),
                    icon="arrow_forward",
                )
            )
    return results
