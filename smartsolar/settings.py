"""Django settings. Whatever differs between installations comes from smartsolar.env."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from smartsolar import env as environment
from smartsolar.log import logging_config
from smartsolar.unfold import UNFOLD as BACK_OFFICE

ENV = environment.load()

BASE_DIR = environment.BASE_DIR
DATA_DIR = ENV.data_dir
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
ALLOWED_HOSTS = ENV.allowed_hosts
ROOT_URLCONF = "smartsolar.urls"
WSGI_APPLICATION = "smartsolar.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Before the admin, whose templates it replaces.
    # Only its pages: the site itself is ours.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "apps.core.admin_site_config.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "import_export",
    "auditlog",
    "axes",
    "apps.core",
    "apps.accounts",
    "apps.entities",
    "apps.products",
    "apps.parts",
    "apps.factory",
    "apps.connectivity",
    "apps.telemetry",
    "apps.dcm",
    "apps.repairs",
    "apps.appliances",
    "apps.rtc",
    "apps.alerts",
    "apps.notifications",
    "apps.fleet",
]

MIDDLEWARE = [
    # First: whatever is answered, over which transport is decided here.
    "django.middleware.security.SecurityMiddleware",
    # Gives every request its id; the API goes no further down, the rest is for people.
    "apps.core.middleware.ApiMiddleware",
    # Before all that follows, so that a static file costs no session and no database.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # After sessions, before anything that speaks to a person.
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # After authentication: a user's own choice of language comes before the browser's.
    "apps.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # After authentication: it notes who makes a change.
    "auditlog.middleware.AuditlogMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last, as django-axes asks: it turns a locked-out login into 429.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": ENV.database}

# Language and time

TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = DATA_DIR / "media"

# Signing in

AUTHENTICATION_BACKENDS = [
    # First: refuses before the password of a locked-out login is even compared.
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "apps.accounts.lockout.counted_name"
AXES_LOCKOUT_CALLABLE = "apps.accounts.lockout.shut"
# A retry while locked out does not start the wait anew: Retry-After would be a lie.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Transport security

SECURE_SSL_REDIRECT = ENV.https
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENV.https
SECURE_HSTS_PRELOAD = ENV.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https else None
SESSION_COOKIE_SECURE = ENV.https
CSRF_COOKIE_SECURE = ENV.https
# The health probes ask over plain HTTP from inside the machine.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# API

# The largest body anybody may send; apps.core.bodies answers 413 beyond it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.accounts.authentication.TokenAuthentication"],
    # Levels and scope are checked by apps.core for every resource and action.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "apps.core.openapi.ResourceSchema",
    "EXCEPTION_HANDLER": "apps.core.handlers.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
# Who an Authorization header names; apps.core asks without knowing the accounts app.
CALLER_RESOLVER = "apps.accounts.authentication.resolve_token"
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "SMARTSolar API",
    "DESCRIPTION": (BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8"),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    # The stock hook, left out, would give each set of options a shared name that helps nobody.
    "POSTPROCESSING_HOOKS": ["apps.core.openapi.share_errors"],
    # Operations come in the order of the paths, tags in that of the alphabet.
    "SORT_OPERATIONS": True,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "token": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "Token token=<64 characters>",
            }
        }
    },
}

# Back office

UNFOLD = BACK_OFFICE
SESSION_CALLER_RESOLVER = "apps.accounts.authentication.session_caller"
FORMAT_MODULE_PATH = ["smartsolar.formats"]

# Spreadsheet programs run a cell that starts like a formula.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# Background work

CELERY_BROKER_URL = ENV.broker_url
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# Without results there are none for beat to clean up.
CELERY_RESULT_EXPIRES = None
# A task is acknowledged when done: a killed worker's task runs again, so tasks are idempotent.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"

if ENV.broker_url.startswith("filesystem"):
    _broker_dir = DATA_DIR / "broker"
    for _name in ("queue", "processing", "control"):
        (_broker_dir / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Whoever sends and whoever receives look into the same folder.
        "data_folder_in": str(_broker_dir / "queue"),
        "data_folder_out": str(_broker_dir / "queue"),
        "processed_folder": str(_broker_dir / "processing"),
        "control_folder": str(_broker_dir / "control"),
        "polling_interval": 0.05,
    }
elif ENV.broker_url.startswith("amqp"):
    # A publish returns only after the broker has taken the message.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    # Delayed tasks wait in the broker, which it can do for topics only.
    CELERY_TASK_DEFAULT_EXCHANGE_TYPE = "topic"
    CELERY_TASK_DEFAULT_EXCHANGE = "tasks"
    # So too for the queues that an operator names with `worker -Q`.
    CELERY_TASK_CREATE_MISSING_QUEUE_TYPE = "quorum"
    CELERY_TASK_CREATE_MISSING_QUEUE_EXCHANGE_TYPE = "topic"

# Text messages to units

SMS_GATEWAY_URL = ENV.sms.url
SMS_GATEWAY_TOKEN = ENV.sms.token
SMS_GATEWAY_SECRET = ENV.sms.secret
SMS_SENDER = ENV.sms.sender
SMS_COST = ENV.sms.cost
SMS_CURRENCY = ENV.sms.currency

# Commands to many units

FLEET_PER_MINUTE = ENV.fleet_per_minute

# Device credit

# Hours of silence after which a unit that credit waits for is woken up.
CREDIT_SMS_AFTER_HOURS = ENV.credit_sms_after_hours
# What a unit's report may lie beside the ledger's bounds before it is called drift.
CREDIT_DRIFT_TOLERANCE_MINUTES = ENV.credit_drift_tolerance_minutes

# Time series

INFLUXDB_URL = ENV.influxdb_url
INFLUXDB_TOKEN = ENV.influxdb_token
INFLUXDB_ORG = ENV.influxdb_org
# Retention policy -> days its points are kept; 0: for ever.
TELEMETRY_RETENTION_DAYS = {
    "telemetry_rp": ENV.telemetry_retention_days,
    "analysis_rp": ENV.analysis_retention_days,
}
# How much may wait in the database while the store is away, in megabytes.
TELEMETRY_SPOOL_MB = ENV.telemetry_spool_mb

LOGGING = logging_config(level=ENV.log_level)
