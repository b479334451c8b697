"""The page of a unit: its story, its buttons, and who may press them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.entities.models import Entity
from apps.products.models import EnableHistory, EnableState, Product, ProductNote
from apps.products.services.switch import disable_product
from tests.factories import (
    AlertFactory,
    ConnectionFactory,
    EnableHistoryFactory,
    PaymentCommandFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductGroupFactory,
    ProductNoteFactory,
    ProductParameterFactory,
    ProductProductGroupLinkerFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    RepairFactory,
    SmsHistoryFactory,
    StateFactory,
)

NOW = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
VERBS = ("enable", "disable", "tamper-on", "tamper-off", "note")


@pytest.fixture
def unit(db: None) -> Product:
    """A unit that is on, because staff asked for it and it confirmed."""
    made = ProductFactory.create(current_enable_flag=True, desired_enable_flag=True)
    asked = EnableHistoryFactory.create(
        product=made, date=NOW - dt.timedelta(days=3), user="ann@example.com"
    )
    heard = EnableHistoryFactory.create(
        product=made,
        prev_enable_state=asked.current_enable_state,
        current_enable_state=EnableState.ENABLED,
        user="unit",
        date=NOW - dt.timedelta(days=3) + dt.timedelta(minutes=14),
    )
    Product.objects.filter(pk=made.pk).update(latest_enable_history=heard)
    made.refresh_from_db()
    return made


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def as_(user: User, *, csrf: bool = False) -> Client:
    session = Client(enforce_csrf_checks=csrf)
    session.force_login(user)
    return session


def page_of(unit: Product) -> str:
    return reverse("admin:products_product_change", args=(unit.pk,))


def button(unit: Product, verb: str) -> str:
    return reverse("admin:products_product_act", args=(unit.pk, verb))


def told(client: Client, unit: Product, **params: Any) -> list[str]:
    events = client.get(page_of(unit), params).context["timeline"].events
    return [f"{event.title}: {event.detail}" if event.detail else event.title for event in events]


def snapshot() -> tuple[Any, ...]:
    return (
        list(Product.objects.order_by("pk").values()),
        list(EnableHistory.objects.order_by("pk").values()),
        ProductNote.objects.count(),
    )


def test_what_was_asked_and_what_the_unit_heard_is_one_event(unit: Product, overview: User) -> None:
    assert told(as_(overview), unit) == [
        "Enabled by ann@example.com: Heard by the unit 14 min later"
    ]


def test_a_change_waits_for_the_unit_until_it_is_heard(unit: Product, technician: User) -> None:
    client = as_(technician)
    client.post(button(unit, "disable"))
    assert told(client, unit)[0] == (
        f"Asked to switch off by {technician.email}: Waiting for the unit's next contact"
    )
    shown = client.get(page_of(unit)).content.decode()
    assert "Undo: keep it on" in shown
    assert "To be disabled" in shown


def test_undo_leaves_the_unit_on(unit: Product, technician: User) -> None:
    client = as_(technician)
    client.post(button(unit, "disable"))
    client.post(button(unit, "enable"))
    unit.refresh_from_db()
    assert unit.desired_enable_flag is True
    assert "Undo" not in client.get(page_of(unit)).content.decode()


def test_a_button_pressed_twice_asks_once(unit: Product, technician: User) -> None:
    client = as_(technician)
    for _press in range(2):
        client.post(button(unit, "disable"))
        client.post(button(unit, "note"), {"text": "Called the customer"})
    assert EnableHistory.objects.filter(current_enable_state="pending_disabled").count() == 1
    assert ProductNote.objects.count() == 1


def test_a_note_is_told_under_its_writers_name(unit: Product, technician: User) -> None:
    client = as_(technician)
    client.post(button(unit, "note"), {"text": "Roof <b>leaks</b>\r\nCall first"})
    note = ProductNote.objects.get()
    assert (note.note_text, note.created_by) == ("Roof <b>leaks</b>\nCall first", technician.email)
    assert "<b>leaks</b>" not in client.get(page_of(unit)).content.decode()


def test_an_empty_note_is_refused_in_words(unit: Product, technician: User) -> None:
    answer = as_(technician).post(button(unit, "note"), {"text": "  "}, follow=True)
    assert "A note needs some text" in answer.content.decode()
    assert not ProductNote.objects.exists()


def test_overview_sees_no_button_and_may_press_none(unit: Product, overview: User) -> None:
    client = as_(overview)
    shown = client.get(page_of(unit)).content.decode()
    assert "/act/" not in shown
    before = snapshot()
    for verb in VERBS:
        assert client.post(button(unit, verb), {"text": "x"}).status_code == 403
    assert snapshot() == before


def test_a_technician_sees_the_buttons(unit: Product, technician: User) -> None:
    shown = as_(technician).get(page_of(unit)).content.decode()
    for verb in ("disable", "tamper-on", "note"):
        assert button(unit, verb) in shown


def test_a_unit_of_another_entity_is_a_unit_that_is_not_there(
    unit: Product, outsider: User
) -> None:
    client = as_(outsider)
    before = snapshot()
    for verb in VERBS:
        theirs = client.post(button(unit, verb), {"text": "x"})
        nobodys = client.post(
            reverse("admin:products_product_act", args=("000000000000000", verb)), {"text": "x"}
        )
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.content == nobodys.content
    assert client.get(page_of(unit)).status_code == 404
    assert client.get(reverse("admin:products_product_edit", args=(unit.pk,))).status_code == 404
    assert snapshot() == before


def test_the_units_of_the_entity_are_the_insiders_to_switch(
    unit: Product, insider: User, entity: Entity
) -> None:
    ProductEntityLinkerFactory.create(product=unit, entity=entity)
    assert as_(insider).post(button(unit, "disable")).status_code == 302
    unit.refresh_from_db()
    assert unit.desired_enable_flag is False


def test_a_button_needs_the_token_of_its_page(unit: Product, technician: User) -> None:
    before = snapshot()
    assert as_(technician, csrf=True).post(button(unit, "disable")).status_code == 403
    assert snapshot() == before


def test_a_button_is_pressed_never_visited(unit: Product, technician: User) -> None:
    before = snapshot()
    for verb in VERBS:
        assert as_(technician).get(button(unit, verb)).status_code == 302
    assert as_(technician).post(page_of(unit)).status_code == 405
    assert as_(technician).post(button(unit, "explode")).status_code == 404
    assert snapshot() == before


def test_the_story_tells_of_every_domain_newest_first(unit: Product, overview: User) -> None:
    ProductEntityLinkerFactory.create(
        product=unit, entity__name="Sunrise", date_added=NOW - dt.timedelta(days=9)
    )
    AlertFactory.create(
        product=unit, alert_type__label="Too hot", start_time=NOW - dt.timedelta(hours=2)
    )
    RepairFactory.create(product=unit, created_at=NOW - dt.timedelta(hours=5))
    SmsHistoryFactory.create(product=unit, sent_time=NOW - dt.timedelta(hours=1))
    PaymentCommandFactory.create(
        product=unit, value=86_400, created_at=NOW - dt.timedelta(days=4), status="pending"
    )
    ProductNoteFactory.create(
        product=unit, note_text="Dog!", created_at=NOW - dt.timedelta(minutes=1)
    )
    for hours in (100, 50, 46):
        ConnectionFactory.create(product=unit, date=NOW - dt.timedelta(hours=hours))
    lines = told(as_(overview), unit)
    starts = [
        "Note: Dog!",
        "Text message sent",
        "Alert: Too hot",
        "Repair #",
        "Last heard of",
        "Heard of again: After 2 days 2 h of silence",
        "Enabled by ann@example.com",
        "Credit added: 24 h",
        "Given to Sunrise",
    ]
    assert [line.startswith(start) for line, start in zip(lines, starts, strict=True)] == [
        True
    ] * len(starts), lines


def test_one_kind_of_events_can_be_read_alone(unit: Product, overview: User) -> None:
    ProductNoteFactory.create(product=unit, note_text="Dog!")
    assert told(as_(overview), unit, kind="notes") == ["Note: Dog!"]


def test_a_long_story_is_read_page_by_page_without_loss(unit: Product, overview: User) -> None:
    for number in range(70):
        ProductNoteFactory.create(
            product=unit, note_text=f"{number}", created_at=NOW - dt.timedelta(minutes=number)
        )
    client = as_(overview)
    read = [line for page in (1, 2, 3) for line in told(client, unit, p=page)]
    assert read[:70] == [f"Note: {number}" for number in range(70)]
    assert len(read) == 71
    assert told(client, unit, p=4) == []


@pytest.mark.parametrize(("persona", "most"), [("overview", 42), ("system", 52)])
def test_the_page_asks_as_often_however_long_the_story(
    unit: Product, request: pytest.FixtureRequest, persona: str, most: int
) -> None:
    client = as_(request.getfixturevalue(persona))
    for _row in range(2):
        # The second of everything; the first of some brings a query of its own.
        lengthen(unit)
    client.get(page_of(unit))
    with CaptureQueriesContext(connection) as short:
        client.get(page_of(unit))
    for _more in range(5):
        lengthen(unit)
    with CaptureQueriesContext(connection) as long:
        client.get(page_of(unit))
    assert len(long) == len(short) <= most, "\n".join(q["sql"][:110] for q in long)


def lengthen(unit: Product) -> None:
    """Add a row of each kind to the unit's story, and something more to choose from."""
    ProductNoteFactory.create(product=unit)
    AlertFactory.create(product=unit)
    RepairFactory.create(product=unit)
    ConnectionFactory.create(product=unit, date=NOW)
    StateFactory.create(product=unit)
    ProductParameterFactory.create(product=unit)
    ProductSoftwareLinkerFactory.create(product=unit)
    SmsHistoryFactory.create(product=unit)
    PaymentCommandFactory.create(product=unit)
    ProductEntityLinkerFactory.create(product=unit)
    group = ProductGroupFactory.create(product_type=unit.product_type)
    ProductProductGroupLinkerFactory.create(product=unit, product_group=group)
    ProductTypeSoftwareVersionTypeLinkerFactory.create(product_type=unit.product_type)


def test_the_page_begins_with_why_the_unit_is_off(unit: Product, technician: User) -> None:
    disable_product(product_imei=unit.pk, by="<b>ann</b>")
    shown = as_(technician).get(page_of(unit)).content.decode()
    sentence = (
        "Switched off by &lt;b&gt;ann&lt;/b&gt; just now; it was never heard, so it may not know"
        " yet."
    )
    assert sentence in shown
    assert shown.index(sentence) < shown.index("Undo: keep it on") < shown.index('id="timeline"')


def test_a_form_that_is_refused_comes_back_as_it_was_typed(unit: Product, system: User) -> None:
    answer = as_(system).post(button(unit, "give-to-entity"), {"entity": "<Nobody>"})
    shown = answer.content.decode()
    assert 'value="&lt;Nobody&gt;"' in shown
    assert "There is no “&lt;Nobody&gt;” to choose." in shown
    assert re.search(r'<details[^>]*id="change-owners"[^>]*\sopen', shown)
    # The page opens where the mistake is.
    assert re.search(r'<input[^>]*name="entity"[^>]*\sautofocus', shown)
    assert told(as_(system), unit)[0].startswith("Enabled by")


def test_a_dialog_that_is_refused_opens_again(unit: Product, technician: User) -> None:
    shown = as_(technician).post(button(unit, "note"), {"text": " "}).content.decode()
    assert re.search(r'<dialog[^>]*id="ask-note"[^>]*data-open', shown)


def test_the_list_says_since_when_without_asking_more(unit: Product, overview: User) -> None:
    shown = as_(overview).get(reverse("admin:products_product_changelist")).content.decode()
    assert 'title="Since 2 days ago"' in shown
    disable_product(product_imei=unit.pk, by="ann@example.com")
    shown = as_(overview).get(reverse("admin:products_product_changelist")).content.decode()
    assert 'title="Asked for by ann@example.com just now"' in shown


def test_the_list_of_units_asks_as_often_whatever_its_length(unit: Product, overview: User) -> None:
    client = as_(overview)
    page = reverse("admin:products_product_changelist")
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for _more in range(6):
        AlertFactory.create()
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few) <= 15


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"switch": "enabled"}, ["ON"]),
        ({"switch": "pending"}, ["ASKED"]),
        ({"switch": "disabled"}, ["NEW", "OFF"]),
        ({"contact": "4h"}, ["ON"]),
        ({"contact": "24h"}, ["ASKED"]),
        ({"contact": "older"}, ["OFF"]),
        ({"contact": "never"}, ["NEW"]),
        ({"switch": "nonsense", "contact": "nonsense"}, ["ASKED", "NEW", "OFF", "ON"]),
        ({"q": "as"}, ["ASKED"]),
    ],
)
def test_units_are_found_by_switch_contact_and_name(
    overview: User, question: dict[str, str], found: list[str]
) -> None:
    flags = {
        "ON": (True, True, 1),
        "ASKED": (True, False, 10),
        "OFF": (False, False, 100),
        "NEW": (False, False, None),
    }
    for name, (current, desired, hours) in flags.items():
        made = ProductFactory.create(
            serial_number=name, current_enable_flag=current, desired_enable_flag=desired
        )
        if hours is not None:
            latest = ConnectionFactory.create(product=made, date=NOW - dt.timedelta(hours=hours))
            Product.objects.filter(pk=made.pk).update(latest_connection=latest)
    answer = as_(overview).get(reverse("admin:products_product_changelist"), question)
    assert sorted(row.serial_number for row in answer.context["cl"].result_list) == found


def test_a_unit_is_found_by_its_whole_imei_and_imsi(unit: Product, overview: User) -> None:
    ProductFactory.create_batch(2)
    for term in (unit.product_imei, unit.imsi):
        answer = as_(overview).get(reverse("admin:products_product_changelist"), {"q": term})
        assert [row.pk for row in answer.context["cl"].result_list] == [unit.pk]


def test_a_terminated_units_button_says_why_it_does_nothing(
    unit: Product, technician: User
) -> None:
    state = StateFactory.create(product=unit, current_state_type__name="TERMINATED")
    Product.objects.filter(pk=unit.pk).update(
        latest_state=state, current_enable_flag=False, desired_enable_flag=False
    )
    answer = as_(technician).post(button(unit, "enable"), follow=True)
    assert answer.status_code == 200
    unit.refresh_from_db()
    assert unit.desired_enable_flag is False
    assert [str(m) for m in answer.context["messages"]] != []


def test_the_home_page_names_units_that_wait_long(unit: Product, overview: User) -> None:
    disable_product(product_imei=unit.pk, by="ann@example.com")
    home = reverse("admin:index")

    def waiting() -> list[str]:
        agendas = as_(overview).get(home).context["agendas"]
        return [line.title for agenda in agendas for line in agenda.lines]

    assert unit.serial_number not in waiting()
    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):
        assert unit.serial_number in waiting()
