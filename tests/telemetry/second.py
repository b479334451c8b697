"""An InfluxDB 2.x as its documentation and its published source have it, as far as we speak to it.

https://docs.influxdata.com/influxdb/v2/api/ and, for the paths of 1.x, `http/legacy`, `dbrp` and
`tenant` of https://github.com/influxdata/influxdb. No 2.x has been asked.
"""

from __future__ import annotations

import json
from typing import Any

from tests.telemetry.recorder import Answer, Recorder

TOKEN = "secret"
ORG = "0f0f0f0f0f0f0f0f"


class Second(Recorder):
    """Organisations, buckets and mappings in lists; lines by bucket."""

    def __init__(self) -> None:
        super().__init__()
        self.orgs = {ORG: "org"}
        self.buckets: list[dict[str, Any]] = []
        self.mappings: list[dict[str, Any]] = []
        self.lines: dict[str, list[bytes]] = {}
        self.most_bytes = 1_000_000

    def add_bucket(self, name: str, seconds: int = 0, org: str = ORG) -> dict[str, Any]:
        rules = [{"type": "expire", "everySeconds": seconds}] if seconds else []
        made = {"id": f"b{len(self.buckets):015x}", "orgID": org, "name": name,
                "retentionRules": rules}  # fmt: skip
        self.buckets.append(made)
        return made

    def add_mapping(self, policy: str, bucket: dict[str, Any]) -> None:
        self.mappings.append(
            {"id": f"d{len(self.mappings):015x}", "orgID": ORG, "bucketID": bucket["id"],
             "database": "solar", "retention_policy": policy, "default": not self.mappings}
        )  # fmt: skip

    def reply(
        self, method: str, path: str, query: dict[str, list[str]], body: bytes,
        headers: dict[str, str],
    ) -> Answer:  # fmt: skip
        if path == "/ping":
            return 204, None, {"X-Influxdb-Version": "v2.7.1"}
        if headers.get("Authorization") != f"Token {TOKEN}":
            return error(401, "unauthorized", "unauthorized access")
        if (method, path) in self.answers:
            return super().reply(method, path, query, body, headers)
        asked = {name: values[0] for name, values in query.items()}
        if path.startswith("/api/v2/buckets/"):
            return self._bucket(method, path.rpartition("/")[2], body)
        return {
            "/api/v2/orgs": self._orgs,
            "/api/v2/buckets": self._buckets,
            "/api/v2/dbrps": self._dbrps,
            "/api/v2/delete": self._delete,
            "/write": self._write,
        }[path](method, asked, body)

    def _orgs(self, _method: str, asked: dict[str, str], _body: bytes) -> Answer:
        found = [
            {"id": key, "name": name}
            for key, name in self.orgs.items()
            if asked.get("org", name) == name and asked.get("orgID", key) == key
        ]
        if asked.keys() & {"org", "orgID"} and not found:
            return error(404, "not found", "organization not found")
        return 200, {"orgs": found}, {}

    def _buckets(self, method: str, asked: dict[str, str], body: bytes) -> Answer:
        if method == "POST":
            new = json.loads(body)
            if any(self._same(one, new) for one in self.buckets):
                return error(422, "conflict", f"bucket with name {new['name']} already exists")
            made = self.add_bucket(new["name"], org=new["orgID"])
            made["retentionRules"] = new["retentionRules"]
            return 201, made, {}
        named = [one for one in self.buckets if asked.get("name", one["name"]) == one["name"]]
        if "orgID" not in asked:
            return 200, {"buckets": named}, {}
        named = [one for one in named if one["orgID"] == asked["orgID"]]
        if "name" in asked and not named:
            return error(404, "not found", f'bucket "{asked["name"]}" not found')
        return 200, {"buckets": named}, {}

    @staticmethod
    def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
        return (one["name"], one["orgID"]) == (other["name"], other["orgID"])

    def _bucket(self, method: str, key: str, body: bytes) -> Answer:
        found = next((one for one in self.buckets if one["id"] == key), None)
        if found is None:
            return error(404, "not found", "bucket not found")
        if method == "DELETE":
            self.buckets.remove(found)
            self.mappings = [one for one in self.mappings if one["bucketID"] != key]
            return 204, None, {}
        if method == "PATCH" and (rules := json.loads(body).get("retentionRules")):
            # Without a rule nothing changes; 0 seconds are for ever.
            found["retentionRules"] = [rule for rule in rules if rule["everySeconds"]]
        return 200, found, {}

    def _dbrps(self, method: str, asked: dict[str, str], body: bytes) -> Answer:
        if method == "POST":
            new = json.loads(body)
            if "orgID" not in new:
                return error(400, "invalid", "invalid orgID")
            if all(one["id"] != new["bucketID"] for one in self.buckets):
                return error(404, "not found", "bucket not found")
            if any(
                (one["database"], one["retention_policy"])
                == (new["database"], new["retention_policy"])
                for one in self.mappings
            ):
                return error(422, "conflict", "another DBRP mapping with same orgID, db, and rp")
            self.mappings.append({**new, "id": f"d{len(self.mappings):015x}"})
            return 201, self.mappings[-1], {}
        if "orgID" not in asked:
            return error(400, "invalid", "must provide 'org_id' or 'org'")
        return 200, {"content": self._mapped(asked)}, {}

    def _mapped(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        virtual = []
        for one in self.buckets:
            database, _slash, policy = one["name"].partition("/")
            virtual.append(
                {"id": one["id"], "orgID": one["orgID"], "bucketID": one["id"], "virtual": True,
                 "database": database, "retention_policy": policy or "autogen", "default": False}
            )  # fmt: skip
        every = [{**one, "virtual": False} for one in self.mappings] + virtual
        return [
            one
            for one in every
            if asked.get("db", one["database"]) == one["database"]
            and asked.get("rp", one["retention_policy"]) == one["retention_policy"]
        ]

    def _write(self, _method: str, asked: dict[str, str], body: bytes) -> Answer:
        found = self._mapped(asked)
        if not found:
            return error(404, "not found", "no dbrp mapping found")
        if len(body) > self.most_bytes:
            return error(413, "request too large", "unable to read data: points batch is too large")
        self.lines.setdefault(found[0]["bucketID"], []).extend(body.split(b"\n"))
        return 204, None, {}

    def _delete(self, _method: str, asked: dict[str, str], _body: bytes) -> Answer:
        return (204, None, {}) if "bucketID" in asked else error(400, "invalid", "no bucket")


def error(status: int, code: str, message: str) -> Answer:
    return status, {"code": code, "message": message}, {}
