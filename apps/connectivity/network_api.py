"""Diagnosis of how a unit connects: how reliably, and to which networks it could."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.connectivity.networks import available_networks
from apps.connectivity.reliability import reliability_rate
from apps.core.actions import Answer, Call, ProductAction, operation
from apps.core.errors import DomainError, Invalid
from apps.core.handlers import as_domain_error
from apps.core.levels import Level
from apps.core.serializers import TimeField


class Diagnosis(ProductAction):
    """An action whose message says what is wrong in a request, as well as the field does."""

    def respond(self, request: HttpRequest, path: dict[str, str]) -> HttpResponseBase:
        try:
            return super().respond(request, path)
        except (Invalid, serializers.ValidationError) as error:
            known = as_domain_error(error)
            if known is None or not known.errors:
                raise
            told = "; ".join(f"{name}: {text}" for name, text in known.errors.items())
            raise DomainError(told, errors=known.errors, data=known.data) from error


class Period(serializers.Serializer):
    """From when to when: ISO 8601, or `yyyy-mm-dd HH:MM:SS`; UTC where no offset is named."""

    start = TimeField(required=False)
    end = TimeField(required=False)


class ConnectivityReliabilityRate(Diagnosis):
    """The share of the expected connections that a unit made, 1.0 at most.

    One connection is expected for each four hours that are over. The period stands in the query or,
    as the reference has it, in a body of JSON; by default it is the last seven days. Where it is
    too short for one connection, none was missed and the rate is 1.0.
    """

    path = "products/<imei>/connectivity_reliability_rate"

    @operation(
        level=Level.OVERVIEW,
        summary=gettext_lazy("How reliably a unit connects"),
        body=Period,
        query=Period,
    )
    def get(self, call: Call) -> Answer:
        rate = reliability_rate(call.imei, **(call.query | call.data))
        return Answer(
            _("Successfully computed product connectivity reliability rate"),
            {"connectivity_reliability_rate": rate},
        )


class Country(serializers.Serializer):
    """A mobile country code; by default that of the country the unit was last heard from."""

    mcc = serializers.RegexField(
        r"\A[0-9]{3}\Z",
        required=False,
        error_messages={"invalid": gettext_lazy("Give a mobile country code of three digits")},
    )


class AvailableNetworks(Diagnosis):
    """The networks that the SIM in a unit gives access to in one country."""

    path = "products/<imei>/available_networks"

    @operation(
        level=Level.OVERVIEW,
        summary=gettext_lazy("Networks a unit could connect to"),
        query=Country,
    )
    def get(self, call: Call) -> Answer:
        """None for a unit whose type of SIM is not known."""
        mcc: Any = call.query.get("mcc")
        found = available_networks(call.imei, mcc=None if mcc is None else int(mcc))
        text = (
            _("{count} networks are available to Product #{imei}")
            if found.sim_known
            else _("The SIM type of Product #{imei} is not known")
        )
        return Answer(
            text.format(count=len(found.networks), imei=call.imei),
            {"networks": found.networks},
        )


ACTIONS = (ConnectivityReliabilityRate, AvailableNetworks)
