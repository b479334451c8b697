"""Django's PostgreSQL backend, spared what a kept connection need not pay on every request."""
