"""What every test run needs before the first test."""

import os

# Playwright's synchronous API runs an event loop in the test's thread, in which Django would refuse
# the database calls of the test itself.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
