"""Saving, deleting, exporting and importing in the back office."""

from __future__ import annotations

import io
from typing import Any

import pytest
import time_machine
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.adminpages.export import harmless
from apps.products.models import Product, ProductType, StateType
from tests.factories import ProductFactory, ProductNoteFactory, ProductTypeFactory, StateTypeFactory

NOON = "2024-05-01 12:00:00+00:00"


@pytest.fixture
def client(system: User) -> Client:
    session = Client()
    session.force_login(system)
    return session


def form_of(row: ProductType, **changes: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "erp_code": row.erp_code or "",
        "parameter_types": "[]",
        "credit_type": row.credit_type or "",
        **changes,
    }


def change_page(row: Any) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(row.pk,))


@time_machine.travel(NOON, tick=False)
def test_a_change_says_who_made_it_and_when(client: Client, system: User) -> None:
    row = ProductTypeFactory.create(name="Home 9")
    client.post(change_page(row), form_of(row, name="Home 10"))
    row.refresh_from_db()
    assert (row.name, row.modified_by) == ("Home 10", system.email)
    assert row.modified_at is not None
    assert row.modified_at.isoformat() == "2024-05-01T12:00:00+00:00"


def test_a_new_row_says_who_made_it(client: Client, system: User) -> None:
    client.post(reverse("admin:products_statetype_add"), {"name": "LENT", "description": ""})
    row = StateType.objects.get(name="LENT")
    assert (row.created_by, row.modified_by) == (system.email, None)


def test_saving_writes_no_column_that_the_form_did_not_change(client: Client) -> None:
    unit = ProductFactory.create(assembler="Ann")
    page = reverse("admin:products_product_edit", args=(unit.pk,))
    form = {
        name: value if value is not None else ""
        for name, value in client.get(page).context["adminform"].form.initial.items()
    }
    # The unit reports while somebody types.
    Product.objects.filter(pk=unit.pk).update(current_enable_flag=True)
    answer = client.post(page, {**form, "assembler": "Bob"})
    unit.refresh_from_db()
    assert answer.status_code == 302
    assert (unit.assembler, unit.current_enable_flag) == ("Bob", True)


def test_the_history_of_a_row_tells_who_changed_what(client: Client, system: User) -> None:
    row = ProductTypeFactory.create(name="Home 9")
    client.post(change_page(row), form_of(row, name="Home 10"))
    page = reverse("admin:products_producttype_history", args=(row.pk,))
    shown = client.get(page).content.decode()
    assert system.email in shown
    assert "<del>Home 9</del>" in shown
    assert "<ins>Home 10</ins>" in shown


def test_who_wrote_a_row_and_when_is_told_in_the_readers_language(
    client: Client, system: User
) -> None:
    row = StateTypeFactory.create(name="LENT")
    system.language = "fr"
    system.save()
    shown = client.get(change_page(row)).content.decode()
    assert "Créé le" in shown
    assert "reated at" not in shown
    listed = client.get(reverse("admin:products_statetype_changelist")).content.decode()
    assert "Créé le" in listed
    assert "reated at" not in listed


def test_nothing_is_logged_of_what_no_person_did(db: None) -> None:
    row = ProductTypeFactory.create()
    row.name = "Another"
    row.save()
    assert not LogEntry.objects.exists()


def test_a_row_still_in_use_is_not_deleted_and_the_page_says_by_what(client: Client) -> None:
    row = ProductTypeFactory.create()
    ProductFactory.create_batch(3, product_type=row)
    page = reverse("admin:products_producttype_delete", args=(row.pk,))
    assert b"3 products" in client.get(page).content
    client.post(page, {"post": "yes"})
    assert ProductType.objects.filter(pk=row.pk).exists()


def test_deleting_several_rows_at_once_is_refused_when_one_is_in_use(client: Client) -> None:
    free, used = ProductTypeFactory.create(), ProductTypeFactory.create()
    ProductFactory.create(product_type=used)
    client.post(
        reverse("admin:products_producttype_changelist"),
        {
            "action": "delete_selected",
            "_selected_action": [free.pk, used.pk],
            "post": "yes",
        },
    )
    assert ProductType.objects.filter(pk__in=[free.pk, used.pk]).count() == 2


def test_a_row_in_no_use_is_deleted_and_that_is_logged(client: Client, system: User) -> None:
    row = StateTypeFactory.create(name="LENT")
    key = row.pk
    client.post(reverse("admin:products_statetype_delete", args=(key,)), {"post": "yes"})
    assert not StateType.objects.filter(pk=key).exists()
    entry = LogEntry.objects.get()
    assert (entry.action, entry.object_pk, entry.actor_email) == (
        LogEntry.Action.DELETE,
        str(key),
        system.email,
    )


def test_a_duplicate_is_refused_in_the_form(client: Client) -> None:
    StateTypeFactory.create(name="LENT")
    answer = client.post(reverse("admin:products_statetype_add"), {"name": "LENT"})
    assert answer.status_code == 200
    assert "name" in answer.context["adminform"].form.errors
    assert StateType.objects.count() == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_text_that_a_spreadsheet_would_run_is_made_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_the_export_is_the_list_as_filtered_and_runs_no_formula(client: Client) -> None:
    unit = ProductFactory.create()
    ProductNoteFactory.create(product=unit, note_text='=HYPERLINK("http://x","y")')
    ProductNoteFactory.create(note_text="of another unit")
    page = reverse("admin:products_productnote_export")
    answer: Any = client.get(page, {"product__product_imei__exact": unit.pk})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("product_note_id,product_imei,note_text,created_at")
    assert len(lines) == 2
    assert "\"'=HYPERLINK" in lines[1]


def test_a_masked_column_is_exported_to_those_who_may_see_it(admin: User, factory: User) -> None:
    unit = ProductFactory.create(device_key="abcdef" * 4)
    page = reverse("admin:products_product_export")
    for user, seen in ((admin, False), (factory, True)):
        session = Client()
        session.force_login(user)
        text = b"".join(session.get(page)).decode()  # type: ignore[arg-type]
        assert (unit.device_key in text) is seen
        assert ("device_key" in text) is seen


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("types.csv", io.BytesIO(text.encode()).read(), "text/csv")


def test_an_import_shows_what_it_would_do_and_then_does_it(client: Client, system: User) -> None:
    old = StateTypeFactory.create(name="LENT", description="before")
    text = f"state_type_id,name,description\n{old.pk},LENT,after\n,FOUND,new here\n"
    page = reverse("admin:products_statetype_import")
    preview = client.post(page, {"format": "0", "import_file": upload(text)})
    assert StateType.objects.count() == 1
    confirm = preview.context["confirm_form"].initial
    client.post(reverse("admin:products_statetype_process_import"), confirm)
    old.refresh_from_db()
    assert (old.description, old.modified_by) == ("after", system.email)
    assert StateType.objects.get(name="FOUND").created_by == system.email


def test_an_import_with_a_bad_row_writes_nothing(client: Client) -> None:
    text = "state_type_id,name,description\n,GOOD,x\n,,no name\n"
    page = reverse("admin:products_statetype_import")
    answer = client.post(page, {"format": "0", "import_file": upload(text)})
    assert answer.status_code == 200
    assert answer.context["result"].has_validation_errors()
    assert not StateType.objects.exists()


def test_nul_in_an_address_is_no_fault(client: Client) -> None:
    page = reverse("admin:products_product_changelist")
    assert client.get(page + "?q=%00").status_code in (200, 302)
    assert client.get(page + "?serial_number__exact=%00").status_code == 302
    assert client.get(page + "%00/change/").status_code == 404


def test_a_change_through_the_api_is_in_the_same_history(
    client: Client, api: Any, system: User
) -> None:
    row = StateTypeFactory.create(name="LENT", description="before")
    api.as_(system).put(f"/v1/state_types/{row.pk}", {"description": "after"})
    shown = client.get(reverse("admin:products_statetype_history", args=(row.pk,))).content.decode()
    assert "<ins>after</ins>" in shown
    assert system.email in shown


@pytest.mark.parametrize("sent", ["1e5", "x", "\x00", "9" * 40, "<b>", "-1"])
@pytest.mark.parametrize(
    "page", ["products_productnote", "products_producttypesoftwareversiontypelinker"]
)
def test_a_row_that_cannot_be_is_refused_beside_its_field(
    client: Client, page: str, sent: str
) -> None:
    names = ("product", "note", "product_type", "software_version_type")
    answer = client.post(reverse(f"admin:{page}_add"), dict.fromkeys(names, sent))
    assert answer.status_code == 200
    assert "Select a valid choice" in str(answer.context["adminform"].form.errors)
