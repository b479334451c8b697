"""Settings of the test suite: the project's own, in a data directory that each run throws away.

DATABASE_URL, BROKER_URL and INFLUXDB_URL of the real environment hold, those of a .env file do not.
"""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="smartsolar-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ.update(
    SMARTSOLAR_DATA_DIR=_data_dir,
    SECRET_KEY="only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    DEBUG="false",
    HTTPS="false",
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    # Tests tell of years long past, as the reference does.
    TELEMETRY_RETENTION_DAYS="0",
    ANALYSIS_RETENTION_DAYS="0",
    SMS_GATEWAY_URL="",
    SMS_COST="0.05",
    SMS_CURRENCY="USD",
)
for _name in ("DATABASE_URL", "BROKER_URL", "INFLUXDB_URL"):
    os.environ.setdefault(_name, "")

from smartsolar.settings import *  # noqa: E402, F403  (the environment must be set first)

# Nothing of a test run need outlive a power cut.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"  # noqa: F405
# The real hasher is slow on purpose, which no test needs.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest exists only after collectstatic.
STATIC_ROOT = DATA_DIR / "staticfiles"  # noqa: F405
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
