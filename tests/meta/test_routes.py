"""Every route is somebody's: a table's, whose tests are generated, or an action's, named here."""

from __future__ import annotations

from pathlib import Path

import pytest

from apps.core.actions import ActionView
from apps.core.resources import registry
from apps.core.urls import actions, routes

TESTS = Path(__file__).resolve().parents[1]

# Path of an action -> the test module that shows what it does.
SHOWN_IN = {
    "home": "accounts/test_sign_in_through_the_api.py",
    "auth/login": "accounts/test_sign_in_through_the_api.py",
    "auth/validate_user": "accounts/test_sign_in_through_the_api.py",
    "auth/validate_user_and_password": "accounts/test_sign_in_through_the_api.py",
    "customers/create_customer": "entities/test_customers.py",
    "products/<imei>/assign_entity": "entities/test_owners.py",
    "products/<imei>/change_entity": "entities/test_owners.py",
    "products/<imei>/remove_entity": "entities/test_owners.py",
    "products/<imei>/remove": "entities/test_owners.py",
    "products/<imei>/change_customer": "entities/test_customers_of_units.py",
    "products/<imei>/expire_customer": "entities/test_customers_of_units.py",
    "products/<imei>/enable": "products/test_switch.py",
    "products/<imei>/disable": "products/test_switch.py",
    "products/<imei>/enable_tamper_switch": "products/test_switch.py",
    "products/<imei>/disable_tamper_switch": "products/test_switch.py",
    "products/<imei>/change_state": "products/test_change_state.py",
    "products/<imei>/set_is_payg": "products/test_payg.py",
    "products/<imei>/set_dcm_enabled_flag": "products/test_payg.py",
    "products/<imei>/update_software": "products/test_software.py",
    "products/<imei>/lock_software": "products/test_software.py",
    "products/<imei>/expire_software_updates": "products/test_software.py",
    "products/<imei>/parameters/history": "parts/test_parameter_history.py",
    "products/<imei>/suggest_energy_limit": "parts/test_energy_limit.py",
    "products/<imei>/parts": "parts/test_parts_of_a_unit.py",
    "product_groups/<product_group_id>/add_product": "products/test_group_requests.py",
    "product_groups/<product_group_id>/remove_product": "products/test_group_requests.py",
    "parts/create_tiger_pcb": "factory/test_pcbs.py",
    "parts/create_hyena_pcb": "factory/test_pcbs.py",
    "parts/create_koala_pcb": "factory/test_pcbs.py",
    "parts/create_jackal_pcb": "factory/test_pcbs.py",
    "products/create_product/home2": "factory/test_units.py",
    "products/create_product/home3": "factory/test_units.py",
    "products/create_product/hub2": "factory/test_units.py",
    "products/create_product/enterprise": "factory/test_units.py",
    "products/create_hub2": "factory/test_units.py",
    "products/create_enterprise": "factory/test_units.py",
    "upload_tool_log": "factory/test_tool_logs.py",
    "products/<imei>/add_payment_command": "dcm/test_add_payment_command.py",
    "products/<imei>/force_reset": "dcm/test_force_reset.py",
    "products/<imei>/balance_and_pending_payments": "dcm/test_balance_and_pending.py",
    "rc_data": "connectivity/test_reports.py",
    "rm_data": "telemetry/test_rm_data.py",
    "products/<imei>/data": "telemetry/test_data_read.py",
    "products/<imei>/send_wakeup": "connectivity/test_wakeup.py",
    "products/<imei>/force_connection": "connectivity/test_wakeup.py",
    "sms_deliveries": "connectivity/test_sms_deliveries.py",
    "fleet_commands": "fleet/test_previews.py",
    "fleet_commands/<fleet_command_id>": "fleet/test_previews.py",
    "fleet_commands/<fleet_command_id>/confirm": "fleet/test_work.py",
    "fleet_commands/<fleet_command_id>/retry": "fleet/test_work.py",
    "fleet_commands/<fleet_command_id>/cancel": "fleet/test_work.py",
    "fleet_commands/<fleet_command_id>/units": "fleet/test_results.py",
    "products/<imei>/connectivity_reliability_rate": "connectivity/test_reliability.py",
    "products/<imei>/available_networks": "connectivity/test_available_networks.py",
    "dashboard2": "connectivity/test_dashboard.py",
    "products/locations": "connectivity/test_locations_of_the_fleet.py",
    "current_enable_status": "products/test_enable_status.py",
}


def action_paths() -> set[str]:
    return {path for action in actions() for path in (action.path, *action.aliases)}


def test_every_route_is_a_tables_or_a_named_action():
    tables = {path for resource in registry for path in resource.paths}
    tables |= {f"{path}/<key>" for path in tables}
    unknown = {route for route, _view in routes()} - tables - set(SHOWN_IN)
    assert not unknown, "name the test that shows what they do"


def test_no_name_outlives_its_route():
    assert set(SHOWN_IN) == action_paths()


@pytest.mark.parametrize("module", sorted(set(SHOWN_IN.values())))
def test_the_test_named_is_there(module):
    assert "\ndef test_" in (TESTS / module).read_text(encoding="utf-8")


@pytest.mark.parametrize("action", actions(), ids=lambda action: action.path)
def test_every_verb_of_an_action_says_its_level(action: type[ActionView]):
    assert action.operations(), "no method is marked with `operation`"
    for verb, spec in action.operations().items():
        assert spec.summary, verb
