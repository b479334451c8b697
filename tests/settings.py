"""Settings of the test suite: the project's own, in a data directory that each run throws away."""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="smartsolar-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["SMARTSOLAR_DATA_DIR"] = _data_dir
os.environ["SECRET_KEY"] = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
os.environ["DEBUG"] = "false"
os.environ["HTTPS"] = "false"

from smartsolar.settings import *  # noqa: E402, F403  (the environment must be set first)

# The real hasher is slow on purpose, which no test needs.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest exists only after collectstatic.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
