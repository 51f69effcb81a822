"""Settings: embedded by default, scaled by environment variables only (README, "Settings")."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from django.utils.csp import CSP

from fondaco.config import env

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FONDACO_DATA", ".data")).resolve()
TESTING = "pytest" in sys.modules and "FONDACO_DATA" not in os.environ
DEMO = env.flag("FONDACO_DEMO")
DEBUG = env.flag("FONDACO_DEBUG")
SANDBOX = env.flag(
    "FONDACO_SANDBOX"
)  # set by `fondaco sandbox` only: repeatable chance, a clock that stands, the control API
VISION = env.flag("FONDACO_VISION")  # ask the optional models about every picture that comes in

SECRET_KEY = "tests only" if TESTING else env.secret_key(DATA)
ALLOWED_HOSTS = os.environ.get("FONDACO_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
FONDACO_BASE_URL = os.environ.get("FONDACO_BASE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("FONDACO_ORIGINS", "").split(",") if o]
HTTPS = FONDACO_BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "fondaco.sandbox",
    "fondaco.demo",
    "fondaco.operator",
    "fondaco.help",
    "fondaco.service",
    "fondaco.spapi",
    "fondaco.feeds",
    "fondaco.returns",
    "fondaco.messaging",
    "fondaco.makers",
    "fondaco.studio",
    "fondaco.fulfilment",
    "fondaco.orders",
    "fondaco.catalogue",
    "fondaco.cases",
    "fondaco.ledger",
    "fondaco.images",
    "fondaco.sellers",
    "fondaco.policy",
    "fondaco.history",
    "fondaco.api",
    "fondaco.web",
    "fondaco.engine",
    "dj_queue",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "fondaco.web.middleware.RequestId",
    "fondaco.spapi.door.replay.StaticReplay",
    "fondaco.spapi.door.host.FriendlyHost",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "fondaco.web.security.SafetyHeaders",
    "fondaco.spapi.door.gate.Gate",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fondaco.web.middleware.Toasts",
    "fondaco.sellers.middleware.CallerMiddleware",
    "fondaco.web.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "fondaco.config.urls"
WSGI_APPLICATION = "fondaco.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fondaco.web.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "fondaco.web.forms.Renderer"
CSRF_FAILURE_VIEW = "fondaco.web.views.csrf_failure"

DATABASES = {"default": env.database(os.environ.get("FONDACO_DATABASE_URL", f"sqlite:///{DATA / 'fondaco.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA.mkdir(parents=True, exist_ok=True)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}}
if _redis := os.environ.get("FONDACO_CACHE_URL"):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis}}

# Sign-in
AUTH_USER_MODEL = "sellers.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "fondaco.sellers.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"signup": "fondaco.sellers.sign_in.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "fondaco.sellers.sign_in.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a form must not send mail to strangers' addresses
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("FONDACO_PROXIES", "0"))
MFA_ADAPTER = "fondaco.sellers.sign_in.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow it on localhost only

# Languages and time (Q-54: stored in UTC, shown in the viewer's zone)
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("vi", "Tiếng Việt"), ("zh-hant", "繁體中文")]
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DATA / "files")}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    **env.file_stores(os.environ.get("FONDACO_FILES", "folder"), DATA),
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING or SANDBOX
if WHITENOISE_USE_FINDERS:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

# Work (docs/decisions: the domain row is the truth, a task is a nudge)
TASK_THREADS = int(os.environ.get("FONDACO_TASK_THREADS", "2"))
TASKS = {
    "default": {
        "BACKEND": "dj_queue.backend.DjQueueBackend",
        "QUEUES": [],
        "OPTIONS": {
            "mode": "async",
            "workers": [{"queues": ["fast", "default", "bulk"], "threads": TASK_THREADS, "polling_interval": 0.25}],
            "dispatchers": [{"batch_size": 500, "polling_interval": 1}],
            "recurring": {
                "sweep": {"task_path": "fondaco.engine.sweeps.sweep_all", "schedule": "* * * * *", "queue_name": "fast"}
            },
            "process_heartbeat_interval": 10,
            "process_alive_threshold": 40,
            "preserve_finished_jobs": False,
            "clear_failed_jobs_after": 14 * 86400,
            "clear_recurring_executions_after": 86400,
            "async_close_connections": False,
        },
    }
}
if TESTING:
    # One database per test process, so that runs beside each other never meet; a file, because threads share it.
    _db = DATABASES["default"]
    if _db["ENGINE"].endswith("sqlite"):
        _db["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"fondaco-test-{os.getpid()}.sqlite3")}
        _db["OPTIONS"]["init_command"] = _db["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    else:
        _db["TEST"] = {"NAME": f"test_fondaco_{os.getpid()}"}
        _db["OPTIONS"].pop("pool", None)
    TASKS = {"default": {"BACKEND": "fondaco.engine.testing.HeldTasks", "QUEUES": []}}
    STORAGES.update(env.file_stores("folder", DATA / "tests"))
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if SANDBOX:
    # Thrown away soon: nothing has to survive a power cut. Tasks run one after the other, between the requests.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    TASKS = {"default": {"BACKEND": "fondaco.sandbox.queue.SandboxTasks", "QUEUES": []}}
    WSGI_APPLICATION = "fondaco.sandbox.wsgi.application"

# Browser safety
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

# The marketplace's own names (SPEC: programme names are the operator's)
FONDACO_MARKETPLACE_NAME = os.environ.get("FONDACO_MARKETPLACE_NAME", "Fondaco")
FONDACO_PROGRAMMES = {
    "prime": {"en": "Prime", "vi": "Prime", "zh-hant": "Prime"},
    "handmade": {"en": "Handmade", "vi": "Thủ công", "zh-hant": "手作市集"},
}
FONDACO_DEFAULT_STORE = "US"
# The door for Selling Partner API clients: how wide the published limits are (0 lifts them).
FONDACO_SPAPI_LIMITS = float(os.environ.get("FONDACO_SPAPI_LIMITS", "1"))
# Notifications: host:port pairs of webhooks that may be private and plain ("loopback": every port here), and the SQS-speaking
# service that queue destinations are sent to ("{region}" in it is filled in from the queue's ARN)
FONDACO_WEBHOOK_ALLOW = [h for h in os.environ.get("FONDACO_WEBHOOK_ALLOW", "").split(",") if h]
FONDACO_SQS_ENDPOINT = os.environ.get("FONDACO_SQS_ENDPOINT", "")
FONDACO_SQS_ACCESS_KEY = os.environ.get("FONDACO_SQS_ACCESS_KEY", "")
FONDACO_SQS_SECRET_KEY = os.environ.get("FONDACO_SQS_SECRET_KEY", "")
FONDACO_DEMO_ACCOUNTS = "fondaco.sellers.demo.accounts"
FONDACO_DEMO_PASSWORD = os.environ.get("FONDACO_DEMO_PASSWORD", "fondaco-demo")
# host:port pairs that the picture fetcher may reach although they are private (demo's image host, tests)
FONDACO_FETCH_ALLOW = [h for h in os.environ.get("FONDACO_FETCH_ALLOW", "").split(",") if h]

# Mail: written to the database with its cause, where it can be looked at; sent from there when a provider is set
MAILERS = {
    "default": {"BACKEND": "fondaco.engine.outbox.OutboxBackend"},
    **env.mail_provider(os.environ.get("FONDACO_MAIL", "")),
}
# A provider that takes mail in passes it on to /anymail/PROVIDER/inbound/, with this secret (user:password)
ANYMAIL = {"WEBHOOK_SECRET": _webhook_secret} if (_webhook_secret := os.environ.get("FONDACO_MAIL_WEBHOOK", "")) else {}
# Letters between buyers and sellers come from and go to aliases of this domain
FONDACO_MESSAGE_DOMAIN = os.environ.get("FONDACO_MESSAGE_DOMAIN", "messages.fondaco.example")
DEFAULT_FROM_EMAIL = os.environ.get("FONDACO_FROM_EMAIL", "no-reply@fondaco.example")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("FONDACO_LOG", "WARNING")},
}
