"""A unit's statement: what it shows, to whom, and at what cost."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.dcm.models import PaymentCommand
from apps.dcm.services.receipts import CreditReport, take_credit_report
from apps.dcm.statement import Line, statement, whole_statement
from apps.products.models import Product
from tests.dcm.conftest import NOW
from tests.dcm.ledger import STAFF, Ledger
from tests.factories import ProductEntityLinkerFactory

pytestmark = pytest.mark.django_db

DAY = 86_400


def heard(product: Product, **said: Any) -> None:
    report = CreditReport(product_imei=product.pk, made_at=NOW, at=NOW, late=False, **said)
    take_credit_report(report=report, by="unit")


def told(product: Product) -> list[tuple[str, str, int | None, bool]]:
    """(entry, amount, in all, void), oldest first."""
    lines = whole_statement(product_imei=product.pk)
    return [(line.entry, line.amount, line.booked, line.void) for line in lines]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, product: Product, **query: Any) -> Any:
    return as_(user).get(reverse("admin:dcm_paymentcommand_statement", args=(product.pk,)), query)


def test_lines_add_up_from_zero_to_zero(product: Product, ledger: Ledger) -> None:
    ledger.pay(2 * DAY)
    ledger.pay(-3_600)
    zero = ledger.zero()
    heard(product, final_balance=(zero, 90_061))
    ledger.pay(60)
    assert told(product) == [
        ("payment", "+2 days", 2 * DAY, True),
        ("bad-payment", "−1 h", 2 * DAY - 3_600, True),
        ("zero-command", "–", 0, False),
        ("payment", "+1 min", 60, False),
        ("final-balance", "1 day 1 h 1 min 1 s", None, False),
    ]


def test_a_removal_after_an_acknowledged_zero_takes_no_more_than_there_is(
    product: Product, ledger: Ledger
) -> None:
    ledger.pay(100)
    heard(product, acks=(ledger.zero(),))
    ledger.pay(-80)
    ledger.pay(30)
    assert [booked for _e, _a, booked, _v in told(product)] == [100, 0, 0, 30]


def test_a_reset_says_what_it_gave_back(product: Product, ledger: Ledger) -> None:
    first = ledger.pay(100)
    heard(product, acks=(first,), balance=58)
    ledger.pay(150)
    ledger.pay(-30)
    ledger.reset()
    reset, *before = statement(product_imei=product.pk).lines
    assert reset.remark == (
        "2 min 58 s given back: 58 s last known on the unit, +2 min waiting for it"
    )
    assert (reset.entry, reset.booked, reset.void) == ("force-reset", 0, False)
    assert [line.void for line in before] == [True] * 3


def test_a_command_booked_after_it_was_void_is_pointed_out(
    product: Product, ledger: Ledger
) -> None:
    late = ledger.pay(100)
    ledger.reset()
    heard(product, acks=(late,))
    line: Line = statement(product_imei=product.pk).lines[-1]
    assert line.remark == "The unit booked it all the same, after it was void"
    assert line.tone == "bad"


def test_the_page_strikes_void_lines_through(
    product: Product, ledger: Ledger, overview: User
) -> None:
    ledger.pay(DAY)
    ledger.reset()
    html = page(overview, product).content.decode()
    assert "<s>Credit added</s>" in html
    assert "<strong>Force reset</strong>" in html


def test_the_reason_stands_next_to_its_command_with_who_gave_it(
    product: Product, ledger: Ledger, overview: User
) -> None:
    ledger.pay(DAY, reason="Paid <in cash>")
    ledger.pay(60)
    assert [line.reason for line in statement(product_imei=product.pk).lines] == [
        "",
        "Paid <in cash>",
    ]
    html = page(overview, product).content.decode()
    assert html.count('<q class="so-reason">') == 1
    _before, after = html.split('<q class="so-reason">Paid &lt;in cash&gt;</q>')
    assert STAFF in after.split("</tr>")[0]


def many(product: Product, count: int) -> None:
    PaymentCommand.objects.bulk_create(
        PaymentCommand(
            product=product, value=60, category="payment", transaction_id=f"many-{count}-{n}"
        )
        for n in range(count)
    )


def test_ten_thousand_commands_cost_as_many_queries_as_ten(
    product: Product, overview: User, django_assert_num_queries: Any
) -> None:
    client = as_(overview)
    url = reverse("admin:dcm_paymentcommand_statement", args=(product.pk,))
    export = reverse("admin:dcm_paymentcommand_statement_export", args=(product.pk,))
    client.get(url)
    many(product, 10)
    with django_assert_num_queries(4):
        assert statement(product_imei=product.pk).pages == 1
    with django_assert_num_queries(8):
        client.get(url)
    many(product, 9_990)
    with django_assert_num_queries(4):
        found = statement(product_imei=product.pk, page=200)
    assert (found.total, found.pages, len(found.lines)) == (10_000, 200, 50)
    assert found.lines[-1].booked == 60
    with django_assert_num_queries(8):
        assert client.get(url, {"p": "2"}).context["statement"].lines[0].booked == 9_950 * 60
    # The lines of the file come in twelve pieces, each with its reasons.
    answer: Any = client.get(export)
    with django_assert_num_queries(1 + 12 * 2):
        assert sum(piece.count(b"\n") for piece in answer.streaming_content) == 10_001


@pytest.mark.parametrize("asked", ["0", "3", "x", "-1", "²", "9" * 30])
def test_a_page_that_is_not_there_is_the_first(
    product: Product, overview: User, asked: str
) -> None:
    many(product, 60)
    assert page(overview, product, p=asked).context["statement"].page == 1


def test_a_unit_out_of_scope_has_no_statement(product: Product, outsider: User) -> None:
    export = reverse("admin:dcm_paymentcommand_statement_export", args=(product.pk,))
    assert page(outsider, product).status_code == 404
    assert as_(outsider).get(export).status_code == 404


def test_an_owner_reads_the_statement_of_its_unit(
    product: Product, ledger: Ledger, insider: User, entity: Any
) -> None:
    ProductEntityLinkerFactory.create(product=product, entity=entity, date_removed=None)
    ledger.pay(DAY)
    assert b"Credit added" in page(insider, product).content


def test_nobody_reads_it_without_signing_in(product: Product) -> None:
    url = reverse("admin:dcm_paymentcommand_statement", args=(product.pk,))
    assert Client().get(url).status_code == 302


def test_the_file_holds_every_line_and_no_formula(
    product: Product, ledger: Ledger, overview: User
) -> None:
    ledger.pay(DAY, "=1+1", reason="=2+2")
    ledger.pay(-60)
    export = reverse("admin:dcm_paymentcommand_statement_export", args=(product.pk,))
    answer: Any = as_(overview).get(export)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["transaction_id"], first["reason"]) == ("'=1+1", "'=2+2")
    assert (first["by"], second["reason"]) == (STAFF, "")
    assert (second["seconds"], second["booked_in_all_seconds"]) == ("-60", str(DAY - 60))


def test_the_unit_and_its_commands_lead_to_the_statement(
    product: Product, ledger: Ledger, overview: User
) -> None:
    ledger.pay(DAY)
    url = reverse("admin:dcm_paymentcommand_statement", args=(product.pk,))
    command = PaymentCommand.objects.get()
    for name, args in (
        ("admin:products_product_change", (product.pk,)),
        ("admin:dcm_paymentcommand_changelist", ()),
        ("admin:dcm_paymentcommand_change", (command.pk,)),
    ):
        assert f'href="{url}"' in as_(overview).get(reverse(name, args=args)).content.decode()
