"""Guessing passwords ends at the tenth failure, at both doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from apps.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

LOGIN = "/v1/auth/login"
ADMIN = "/admin/login/"


@pytest.fixture(autouse=True)
def clock() -> time_machine.Coordinates:
    with time_machine.travel(datetime(2024, 5, 1, tzinfo=UTC), tick=False) as moving:
        yield moving


def sign_in(name: str, password: str, address: str = "10.0.0.1", agent: str = "erp"):
    return Client(REMOTE_ADDR=address, headers={"User-Agent": agent}).post(
        LOGIN, {"username": name, "password": password}, content_type="application/json"
    )


def fail(name: str, times: int, **more: str) -> list[int]:
    return [sign_in(name, "wrong", **more).status_code for _time in range(times)]


def test_the_tenth_failure_shuts_the_door(technician: User) -> None:
    assert fail(technician.email, 10) == [401] * 9 + [429]
    answer = sign_in(technician.email, PASSWORD)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert answer.json() == {
        "status": "error",
        "message": "Too many attempts. Please try again later",
        "validation_errors": None,
        "data": None,
    }


def test_the_door_opens_again_when_the_answer_said(technician: User, clock) -> None:
    fail(technician.email, 10)
    clock.shift(timedelta(minutes=10))
    answer = sign_in(technician.email, PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    clock.shift(timedelta(minutes=5, seconds=1))
    assert sign_in(technician.email, PASSWORD).status_code == 200


def test_another_casing_or_program_is_the_same_guesser(technician: User) -> None:
    fail(technician.email, 5)
    fail(technician.email.upper(), 4, agent="other")
    assert fail(f" {technician.email}", 1, agent="third") == [429]


def test_another_user_or_address_is_not_shut_out(technician: User, admin: User) -> None:
    fail(technician.email, 10)
    assert sign_in(admin.email, PASSWORD).status_code == 200
    assert sign_in(technician.email, PASSWORD, address="10.0.0.2").status_code == 200


def test_a_success_starts_the_count_anew(technician: User) -> None:
    fail(technician.email, 9)
    assert sign_in(technician.email, PASSWORD).status_code == 200
    assert fail(technician.email, 9) == [401] * 9


def test_an_unknown_name_is_counted_too() -> None:
    assert fail("nobody@example.com", 10)[-1] == 429


def test_guessing_through_the_question_about_passwords_is_counted(
    api: Api, technician: User
) -> None:
    UserFactory.create()
    asked = {"username": technician.email, "password": "wrong"}
    session = api.as_("system")
    answers = [session.get("/v1/auth/validate_user_and_password", asked) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429] * 2
    assert answers[-1]["Retry-After"] == "900"


def test_the_back_office_is_shut_by_the_same_count(technician: User) -> None:
    fail(technician.email, 9, address="127.0.0.1")
    page = Client(REMOTE_ADDR="127.0.0.1").post(
        ADMIN, {"username": technician.email, "password": "wrong"}
    )
    assert page.status_code == 429
    assert page["Retry-After"] == "900"
    assert "Too many attempts" in page.content.decode()
    assert fail(technician.email, 1, address="127.0.0.1") == [429]


def test_the_back_office_counts_guesses(technician: User) -> None:
    client = Client()
    wrong = {"username": technician.email, "password": "wrong"}
    statuses = [client.post(ADMIN, wrong).status_code for _time in range(10)]
    assert statuses == [200] * 9 + [429]
    right = {"username": technician.email, "password": PASSWORD}
    assert client.post(ADMIN, right).status_code == 429
