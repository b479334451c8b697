"""A list of units in the back office, as somebody sees it: with filters, search and scope."""

from __future__ import annotations

import copy

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from apps.products.models import Product

_LONGEST = 8_000


def listed_units(request: HttpRequest, query: str) -> QuerySet[Product]:
    """All units of the list whose address ends in `query`; Http404 for one that is no list."""
    if "\x00" in query or len(query) > _LONGEST:
        raise Http404
    page = admin.site.get_model_admin(Product)
    asked = copy.copy(request)
    asked.GET = QueryDict(query)
    asked.method = "GET"
    try:
        rows = page.get_changelist_instance(asked).get_queryset(asked)
    except (IncorrectLookupParameters, SuspiciousOperation) as error:
        raise Http404 from error
    return rows.select_related(None).order_by()


def list_address(query: str) -> str:
    """Where that list is."""
    page = reverse("admin:products_product_changelist")
    return f"{page}?{query}" if query else page
