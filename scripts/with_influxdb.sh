#!/usr/bin/env bash
# scripts/with_influxdb.sh COMMAND...: runs a command with an InfluxDB of its own, empty and gone
# afterwards, whose address is in INFLUXDB_URL. Needs Debian's package influxdb, as a program alone.
set -euo pipefail

command -v influxd >/dev/null || { echo "influxd is missing: apt-get install influxdb" >&2; exit 1; }
folder=$(mktemp -d -t smartsolar-influxdb-XXXXXX)
server=
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Both at once, so that they differ.
read -r http rpc < <(python3 - <<'PYTHON'
import socket

held = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in held))
PYTHON
)
cat >"$folder/influxdb.conf" <<CONFIG
reporting-disabled = true
bind-address = "127.0.0.1:$rpc"
[meta]
  dir = "$folder/meta"
[data]
  dir = "$folder/data"
  wal-dir = "$folder/wal"
  index-version = "tsi1"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:$http"
  log-enabled = false
[logging]
  level = "warn"
CONFIG
influxd -config "$folder/influxdb.conf" >"$folder/log" 2>&1 &
server=$!

for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$http") 2>/dev/null; then
        INFLUXDB_URL="http://127.0.0.1:$http/smartsolar" INFLUXD_PID=$server "$@"
        exit
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.2
done
echo "influxd did not start:" >&2
cat "$folder/log" >&2
exit 1
