"""Fills a database with a fleet, by SQL alone: a million units in about a minute."""

from __future__ import annotations

from hashlib import sha256

from bench.case import Connection

# Whoever signs in to a benchmark's database; it holds nothing that is worth a secret.
TOKEN = "bench".ljust(64, "0")

_REFERENCE = """
INSERT INTO entity (entity_id, name, bboxx_company_flag, created_at)
    SELECT n, 'Bench Entity ' || n, false, now() FROM generate_series(9001, 9010) n
    ON CONFLICT DO NOTHING;
INSERT INTO product_type (product_type_id, name, parameter_types, created_at)
    SELECT n, 'Bench Type ' || n, '[]', now() FROM generate_series(9001, 9008) n
    ON CONFLICT DO NOTHING;
INSERT INTO state_type (state_type_id, name, created_at)
    VALUES (9001, 'BENCH STOCK', now()), (9002, 'BENCH RENTED', now()) ON CONFLICT DO NOTHING;
INSERT INTO software_version_type (software_version_type_id, name, release_date, parameter_types,
                                   status, created_at)
    VALUES (9001, 'bench-3.6a', now(), '[]', 'stable', now()) ON CONFLICT DO NOTHING;
INSERT INTO accounts_user (id, password, email, name, display_name, level, scope, is_active,
                           language, date_joined, entity_id)
    VALUES (9001, '!', 'bench@example.com', '', '', 5, 'GLOBAL', true, 'en', now(), NULL),
           (9002, '!', 'entity@example.com', '', '', 5, 'ENTITY', true, 'en', now(), 9001)
    ON CONFLICT DO NOTHING;
"""

# Times come in every shape PostgreSQL prints: with microseconds, with trailing zeros, whole.
_PRODUCTS = """
INSERT INTO product (
    product_imei, serial_number, imsi, iccid, device_key, product_type_id, current_enable_flag,
    desired_enable_flag, current_tamper_flag, desired_tamper_flag, is_payg, dcm_enabled_flag,
    rtc_enabled_flag, disable_date, capacity_limit, latest_rtc_mo_status_report_time,
    latest_rtc_mt_status_update_time, rtc_network_name, ip_address, analysis_timestamp, assembler,
    warranty_start_date, gps_lat, gps_lon, latest_connection_id, latest_connection_location_id,
    latest_enable_history_id, latest_state_id, created_at, created_by, modified_at, modified_by)
SELECT (350000000000000 + n)::text, 'BX' || lpad(n::text, 8, '0'),
    (901000000000000 + n)::text, (8944000000000000000 + n)::text, lpad(to_hex(n), 24, '0'),
    9001 + n % 8, n % 5 > 0, n / 8 % 6 > 0, n % 50 = 0, n % 49 = 0, true, n % 3 = 0, n % 4 = 0,
    CASE WHEN n / 8 % 6 = 0 THEN started + n * interval '1.25 s' END, '300',
    started + n * interval '1.000001 s', started + n * interval '1.1 s', 'Aeris',
    '10.' || n % 250 || '.' || n / 250 % 250 || '.1', started + n * interval '1 s',
    'assembler ' || n % 9, started::date + (n % 365)::int, -1.9 + n % 1000 / 1000.0,
    30.1 + n % 997 / 1000.0, n + 1, n + 1, n + 1, n + 1, started + n * interval '1.000003 s',
    'factory@example.com', started + n * interval '2.5 s', 'rc_data'
FROM generate_series({first:d}::bigint, {last:d}) n, (SELECT timestamptz '2016-08-08') s (started)
"""

_OWNERS = """
INSERT INTO product_entity_linker (product_imei, entity_id, date_added, created_at)
SELECT (350000000000000 + n)::text, 9001 + n % 10, now(), now()
FROM generate_series({first:d}::bigint, {last:d}) n
"""

# What a unit has gone through before. What a benchmark adds is numbered beyond all fleets, so that
# a fleet can grow out of one that was measured.
_HISTORIES = """
INSERT INTO connection (connection_id, product_imei, date, location_failed_flag, mcc, mnc,
                        cell_1_lac, cell_1_cid, cell_1_signal, latitude, longitude, created_at)
SELECT n + 1, (350000000000000 + n)::text, now() - interval '4 h' - n * interval '1 ms', false,
    635, 10, 4021, 27113, -71, '-1.95', '30.06', now() - interval '4 h'
FROM generate_series({first:d}::bigint, {last:d}) n;
INSERT INTO state (state_id, product_imei, prev_state_type, current_state_type, created_at)
SELECT n + 1, (350000000000000 + n)::text, 9001, 9002, now() - interval '90 d'
FROM generate_series({first:d}::bigint, {last:d}) n;
INSERT INTO enable_history (enable_history_id, product_imei, prev_enable_state,
                            current_enable_state, "user", date, created_at)
SELECT n + 1, (350000000000000 + n)::text, 'init',
    CASE WHEN n % 5 > 0 THEN 'enabled' ELSE 'disabled' END, 'unit', now() - interval '90 d',
    now() - interval '90 d'
FROM generate_series({first:d}::bigint, {last:d}) n;
INSERT INTO product_software_linker (product_imei, software_version_type_id, date_added, created_at)
SELECT (350000000000000 + n)::text, 9001, now() - interval '90 d', now() - interval '90 d'
FROM generate_series({first:d}::bigint, {last:d}) n;
INSERT INTO balance (product_imei, balance, expected_expiry, created_at)
SELECT (350000000000000 + n)::text, 86400, now() + interval '1 d', now()
FROM generate_series({first:d}::bigint, {last:d}) n;
SELECT setval(pg_get_serial_sequence('connection', 'connection_id'), 10000000),
    setval(pg_get_serial_sequence('state', 'state_id'), 10000000),
    setval(pg_get_serial_sequence('enable_history', 'enable_history_id'), 10000000);
"""

_SIGN_IN = """
INSERT INTO accounts_token (user_id, digest, created_at, last_used, expires_at)
VALUES (9001, %(digest)s, now(), now(), now() + interval '3 hours')
ON CONFLICT (digest) DO UPDATE SET last_used = now(), expires_at = now() + interval '3 hours'
"""

_SPARE_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = 'product'::regclass
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def fill(connection: Connection, units: int) -> None:
    """Bring a migrated database to `units` units, each with an owner, ready to be measured."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        cursor.execute(_REFERENCE)
        cursor.execute("SELECT count(*) FROM product")
        (have,) = cursor.fetchone()
        if have < units:
            span = {"first": have, "last": units - 1}
            cursor.execute("BEGIN; SET CONSTRAINTS ALL IMMEDIATE")
            # Built anew in one go, an index costs a fraction of a million insertions.
            cursor.execute(_SPARE_INDEXES)
            indexes = cursor.fetchall()
            for name, _definition in indexes:
                cursor.execute(f"DROP INDEX {name}")
            cursor.execute(_PRODUCTS.format(**span))
            for _name, definition in indexes:
                cursor.execute(definition)
            cursor.execute(_OWNERS.format(**span))
            cursor.execute(_HISTORIES.format(**span))
            cursor.execute("COMMIT")
            cursor.execute("VACUUM (ANALYZE, FREEZE)")


def sign_in(connection: Connection) -> str:
    """Start or renew the sign-in of the benchmarks; returns its token."""
    with connection.cursor() as cursor:
        cursor.execute(_SIGN_IN, {"digest": sha256(TOKEN.encode("ascii")).hexdigest()})
    return TOKEN
