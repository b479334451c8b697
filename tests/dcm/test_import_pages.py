"""The pages of payments from a file, and the tasks that work on them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.core.levels import Level
from apps.dcm import tasks
from apps.dcm.import_files import read_lines, read_text
from apps.dcm.models import CreditImport
from apps.dcm.services.imports import confirm, judge, preview
from apps.products.models import Product
from tests.dcm.files import sheet
from tests.dcm.ledger import Ledger
from tests.personas import make_user

pytestmark = pytest.mark.django_db

DAY = 86_400


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, raw: bytes) -> Any:
    file = SimpleUploadedFile("payments.csv", raw, content_type="text/csv")
    return client.post(reverse("admin:dcm_paymentcommand_import"), {"file": file})


def test_from_file_to_ledger_through_the_pages(
    product: Product, ledger: Ledger, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(tasks.work_off_credit_import, "delay", started.append)
    client = as_(admin)
    looked = send(client, sheet(f"a,{product.serial_number},30,=x".replace("=", "+")))
    page = client.get(looked.url).content.decode()
    assert "Book 1 payment" in page
    assert "30 days" in page
    assert ledger.rows() == []
    (row,) = CreditImport.objects.all()
    for _press in range(2):
        client.post(reverse("admin:dcm_paymentcommand_import_confirm", args=(row.pk,)))
    assert started == [row.pk]
    tasks.work_off_credit_import(row.pk)
    assert ledger.rows() == [("payment", 30 * DAY, "pending", False)]
    assert "What came of it" in client.get(looked.url).content.decode()
    answer: Any = client.get(reverse("admin:dcm_paymentcommand_import_result", args=(row.pk,)))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["result"], line["seconds"], line["reference"]) == ("booked", "2592000", "'+x")


def test_a_file_that_cannot_be_read_is_told_beside_the_field(admin: User) -> None:
    answer = send(as_(admin), b"\xff\xfe")
    assert answer.status_code == 400
    assert "not in UTF-8" in answer.content.decode()


def test_a_file_with_a_wrong_line_has_no_button(product: Product, admin: User) -> None:
    client = as_(admin)
    page = client.get(send(client, sheet("a,nobody,30,")).url).content.decode()
    assert "Nothing can be booked while a line is refused" in page
    assert "/confirm/" not in page


def test_the_pages_ask_for_the_level_of_the_api(product: Product, admin: User) -> None:
    raw = sheet(f"a,{product.serial_number},1,")
    row = preview(raw=raw, file_name="f", caller=session_caller(admin))
    client = as_(make_user("below", Level.TECHNICAL))
    for name, args in (
        ("import", ()),
        ("import_look", (row.pk,)),
        ("import_confirm", (row.pk,)),
        ("import_result", (row.pk,)),
    ):
        url = reverse(f"admin:dcm_paymentcommand_{name}", args=args)
        assert client.get(url).status_code == client.post(url).status_code == 403
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert send(client, raw).status_code == 403


def test_files_left_lying_are_taken_up_and_previews_forgotten(
    product: Product, admin: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = session_caller(admin)
    raw = sheet(f"a,{product.serial_number},1,")
    kept, forgotten = (preview(raw=raw, file_name="f", caller=caller) for _ in range(2))
    confirm(import_id=kept.pk, caller=caller)
    started: list[int] = []
    monkeypatch.setattr(tasks.work_off_credit_import, "delay", started.append)
    tasks.resume_credit_imports()
    assert started == []
    clock.shift(61)
    tasks.resume_credit_imports()
    assert started == [kept.pk]
    clock.shift(DAY)
    assert tasks.forget_credit_previews() == 1
    assert not CreditImport.objects.filter(pk=forgotten.pk).exists()


def test_two_hundred_lines_cost_three_queries(
    product: Product, admin: User, django_assert_num_queries: Any
) -> None:
    lines = read_lines(read_text(sheet(*(f"t{n},{product.serial_number},1," for n in range(400)))))
    caller = session_caller(admin)
    with django_assert_num_queries(6):
        assert len(list(judge(lines, caller))) == 400
