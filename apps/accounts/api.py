"""Signing in through the API, and its greeting. Reference: "Custom Endpoints"."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser

from apps.accounts import selectors
from apps.accounts.lockout import check_credentials, forget_failures
from apps.accounts.models import Token, User
from apps.accounts.services import issue_token
from apps.core.actions import ActionView, Answer, Call, Operation, operation, validated
from apps.core.bodies import json_object, raw_body
from apps.core.errors import Invalid, Unauthenticated
from apps.core.handlers import json_response
from apps.core.levels import Level
from apps.core.serializers import StrictText

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Username(serializers.Serializer):
    """The name of a user."""

    username = StrictText(max_length=254)


class Credentials(Username):
    """A name and the password said to be its user's."""

    password = StrictText(max_length=1024)


class Home(ActionView):
    """Whether the API is up, for anybody who asks."""

    path = "home"

    @operation(level=None, summary=_("Say whether the API is up"))
    def get(self, call: Call) -> HttpResponse:
        now = timezone.now().replace(tzinfo=None).isoformat(timespec="microseconds")
        return HttpResponse(f"Welcome to the SMARTSolar API: {now}", content_type="text/plain")

    @operation(level=None, summary=_("Say whether the API is up"))
    def post(self, call: Call) -> HttpResponse:
        return self.get(call)


class Login(ActionView):
    """A token for a name and a password."""

    path = "auth/login"
    parser_classes = (JSONParser, FormParser, MultiPartParser)

    @operation(level=None, summary=_("Sign in for a token"), body=Credentials)
    def post(self, call: Call) -> HttpResponse:
        user = check_credentials(request=call.request, **call.data)
        if user is None:
            raise Unauthenticated(_("The username or the password is wrong"))
        token, row = issue_token(user=user)
        forget_failures(request=call.request, username=user.email)
        return json_response(
            {
                "status": "success",
                "message": {"login_successful": _signed_in(user, token, row)},
            }
        )

    def parse_body(self, request: HttpRequest, spec: Operation) -> dict[str, Any]:
        return validated(Credentials, form_or_json(request))


class ValidateUser(ActionView):
    """Whether a name is a user's."""

    path = "auth/validate_user"

    @operation(level=Level.SYSTEM, summary=_("Check a username"), query=Username)
    def get(self, call: Call) -> Answer:
        name = call.query["username"]
        return Answer(
            _("Successfully checked the username {name}").format(name=name),
            str(selectors.is_user(name)),
        )


class ValidateUserAndPassword(ActionView):
    """Whether a password is a user's; guesses are counted like those at the sign-in."""

    path = "auth/validate_user_and_password"

    @operation(
        level=Level.SYSTEM, summary=_("Check a username with its password"), query=Credentials
    )
    def get(self, call: Call) -> Answer:
        user = check_credentials(request=call.request, **call.query)
        return Answer(
            _("Successfully checked the username {name} with it's password").format(
                name=call.query["username"]
            ),
            str(user is not None),
        )


ACTIONS = (Home, Login, ValidateUser, ValidateUserAndPassword)


def form_or_json(request: HttpRequest) -> dict[str, Any]:
    """The fields of a body sent as a form or as a JSON object."""
    if request.content_type not in _FORMS:
        return json_object(request)
    raw_body(request)
    try:
        return dict(request.POST.items())
    except (MultiPartParserError, SuspiciousOperation, LookupError) as error:
        raise Invalid(_("The body is not a form that can be read")) from error


def _signed_in(user: User, token: str, row: Token) -> dict[str, Any]:
    return {
        "username": user.email,
        "entity_id": user.entity_id,
        "display_name": user.display_name,
        "name": user.name,
        "user_product_visibility": user.scope,
        "hub_id": user.hub_id,
        "shop_id": user.shop_id,
        "API_token": token,
        "token_expiry": http_date(row.expires_at.timestamp()),
        "permissions": Level(user.level).name,
    }
