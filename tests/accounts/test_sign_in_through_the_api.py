"""POST /v1/auth/login, the two questions about users, and the greeting."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from apps.accounts.models import Token, User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

LOGIN = "/v1/auth/login"


@pytest.fixture
def right(system: User) -> dict[str, str]:
    return {"username": system.email, "password": PASSWORD}


@time_machine.travel(datetime(2016, 8, 1, 14, 5, 11, tzinfo=UTC), tick=False)
def test_a_login_answers_as_the_reference_shows(api: Api, right, insider: User, entity) -> None:
    answer = api.anonymous().post(LOGIN, json={**right, "username": insider.email})
    assert answer.status_code == 200
    body = answer.json()
    token = body["message"]["login_successful"].pop("API_token")
    assert len(token) == 64
    assert body == {
        "status": "success",
        "message": {
            "login_successful": {
                "username": "insider@example.com",
                "entity_id": entity.pk,
                "display_name": insider.display_name,
                "name": "",
                "user_product_visibility": "ENTITY",
                "hub_id": None,
                "shop_id": None,
                "token_expiry": "Mon, 01 Aug 2016 17:05:11 GMT",
                "permissions": "SYSTEM",
            }
        },
    }
    assert not answer.cookies


@pytest.mark.parametrize("how", ["json", "urlencoded", "multipart"])
def test_a_login_is_taken_as_json_or_as_a_form(right, how: str) -> None:
    client = Client()
    if how == "json":
        answer = client.post(LOGIN, right, content_type="application/json")
    elif how == "urlencoded":
        answer = client.post(
            LOGIN,
            "username=system%40example.com&password=correct+horse+battery+staple",
            content_type="application/x-www-form-urlencoded",
        )
    else:
        answer = client.post(LOGIN, right)
    assert answer.status_code == 200


def test_the_token_of_a_login_opens_the_api(api: Api, right) -> None:
    token = (
        api.anonymous().post(LOGIN, json=right).json()["message"]["login_successful"]["API_token"]
    )
    answer = api.with_token(token).get("/v1/auth/validate_user", {"username": right["username"]})
    assert answer.status_code == 200


def test_the_casing_of_a_username_does_not_matter(api: Api, right) -> None:
    answer = api.anonymous().post(LOGIN, json={**right, "username": "System@Example.COM"})
    assert answer.json()["message"]["login_successful"]["username"] == "system@example.com"


def test_a_login_notes_when(api: Api, right, system: User) -> None:
    api.anonymous().post(LOGIN, json=right)
    system.refresh_from_db()
    assert system.last_login is not None


def test_every_wrong_credential_is_answered_alike(api: Api, right, settings) -> None:
    UserFactory.create(email="gone@example.com", is_active=False)
    wrong = [
        {**right, "password": "wrong"},
        {**right, "password": PASSWORD.upper()},
        {**right, "password": PASSWORD + " "},
        {**right, "username": "nobody@example.com"},
        {**right, "username": "gone@example.com"},
    ]
    answers = [api.anonymous().post(LOGIN, json=body) for body in wrong]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0]["WWW-Authenticate"] == "Token"
    assert answers[0].json() == {
        "status": "error",
        "message": "The username or the password is wrong",
        "validation_errors": None,
        "data": None,
    }
    assert not Token.objects.exists()


def test_an_unknown_user_costs_as_much_hashing_as_a_known_one(api: Api, right, monkeypatch) -> None:
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    counts = []
    for name in (right["username"], "nobody@example.com"):
        hashed.clear()
        api.anonymous().post(LOGIN, json={"username": name, "password": "wrong"})
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {"username", "password"}),
        ({"username": "a@example.com"}, {"password"}),
        ({"password": "x"}, {"username"}),
        ({"username": None, "password": "x"}, {"username"}),
        ({"username": "a" * 255, "password": "x"}, {"username"}),
        ({"username": "a@example.com", "password": "x" * 1025}, {"password"}),
        ({"username": ["a"], "password": {"b": 1}}, {"username", "password"}),
        ({"username": "a@example.com", "password": "x", "colour": "red"}, {"colour"}),
    ],
)
def test_a_login_that_is_incomplete_names_what_is_missing(api: Api, body, named) -> None:
    answer = api.anonymous().post(LOGIN, json=body)
    assert answer.status_code == 400
    assert answer.json()["status"] == "validation-error"
    assert set(answer.json()["validation_errors"]) == named


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"username": "a\\u0000", "password": "x"}', "application/json", 400),
        (b'{"username": "a\\ud800", "password": "x"}', "application/json", 400),
        (b'{"username": "a", "username": "b", "password": "x"}', "application/json", 400),
        (b"username=a%00&password=x", "application/x-www-form-urlencoded", 400),
        (b"username=a&password=%00", "application/x-www-form-urlencoded", 400),
        (b"nothing", "multipart/form-data", 400),
        (b"nothing", "multipart/form-data; boundary=x", 400),
        (b"&".join(b"a%d=1" % n for n in range(2000)), "application/x-www-form-urlencoded", 400),
        (b"<login/>", "application/xml", 415),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    api: Api, data: bytes, content_type: str, status: int
) -> None:
    answer = api.anonymous().post(LOGIN, data=data, content_type=content_type)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert set(answer.json()) == {"status", "message", "validation_errors", "data"}


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE"])
def test_a_login_is_a_post(api: Api, verb: str) -> None:
    answer = api.anonymous().request(verb, LOGIN)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


def test_an_unknown_name_is_false_in_words(api: Api, technician: User) -> None:
    UserFactory.create(email="gone@example.com", is_active=False)
    said = {}
    for name in ("Technician@Example.com", "nobody@example.com", "gone@example.com"):
        answer = api.as_("system").get("/v1/auth/validate_user", {"username": name})
        assert answer.status_code == 200
        assert answer.json()["status"] == "success"
        assert answer.json()["message"] == f"Successfully checked the username {name}"
        said[name] = answer.json()["data"]
    assert list(said.values()) == ["True", "False", "False"]


def test_a_password_is_checked_with_its_name(api: Api, technician: User) -> None:
    path = "/v1/auth/validate_user_and_password"
    said = []
    for password in (PASSWORD, "wrong"):
        answer = api.as_("system").get(path, {"username": technician.email, "password": password})
        assert answer.json() == {
            "status": "success",
            "message": f"Successfully checked the username {technician.email} with it's password",
            "data": answer.json()["data"],
        }
        said.append(answer.json()["data"])
    assert said == ["True", "False"]


@pytest.mark.parametrize("path", ["auth/validate_user", "auth/validate_user_and_password"])
def test_questions_about_users_need_a_name_and_level_system(api: Api, path: str) -> None:
    assert api.anonymous().get(f"/v1/{path}").status_code == 401
    assert api.as_("factory").get(f"/v1/{path}", {"username": "a"}).status_code == 403
    answer = api.as_("system").get(f"/v1/{path}")
    assert answer.status_code == 400
    assert "username" in answer.json()["validation_errors"]


def test_home_greets_anybody_in_plain_text(api: Api) -> None:
    with time_machine.travel(datetime(2016, 8, 9, 10, 14, 48, 318496, tzinfo=UTC), tick=False):
        for answer in (api.anonymous().get("/v1/home"), api.anonymous().post("/v1/home")):
            assert answer.status_code == 200
            assert answer["Content-Type"].startswith("text/plain")
            expected = "Welcome to the SMARTSolar API: 2016-08-09T10:14:48.318496"
            assert answer.content.decode() == expected


def test_no_answer_but_the_login_carries_a_secret(api: Api, right) -> None:
    api.anonymous().post(LOGIN, json={**right, "password": "wrong"})
    answer = api.anonymous().post(LOGIN, json=right)
    assert PASSWORD not in json.dumps(answer.json())
    assert User.objects.get().password not in json.dumps(answer.json())
