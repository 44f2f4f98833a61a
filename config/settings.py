"""All settings, from the environment only. ``docs/operations.md`` lists every variable."""

from datetime import time
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import demo_keys

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
_dotenv = env.str("ARMSLENGTH_ENV_FILE", default="")
if _dotenv:
    env.read_env(_dotenv)

# Three ways to run. Production: keys from the environment. Demo: asked for by name. Bare (neither, no keys given):
# commands and development, with keys that production refuses and without the demo's open doors.
ARMSLENGTH_DEMO = env.bool("ARMSLENGTH_DEMO", default=False)
PRODUCTION = env.bool("ARMSLENGTH_PRODUCTION", default="SECRET_KEY" in env.ENVIRON and not ARMSLENGTH_DEMO)
if ARMSLENGTH_DEMO and PRODUCTION:
    raise ImproperlyConfigured("The demo does not run with production settings. Unset ARMSLENGTH_DEMO.")
DEBUG = False

DEMO_DIR = Path(env.str("ARMSLENGTH_DEMO_DIR", default=str(VAR_DIR)))
if ARMSLENGTH_DEMO or not (PRODUCTION or "SECRET_KEY" in env.ENVIRON):
    _keys = demo_keys.ensure(DEMO_DIR / "demo-keys.env")
else:
    _keys = {name: env.str(name if name == "SECRET_KEY" else f"ARMSLENGTH_{name}") for name in demo_keys.NAMES}
if PRODUCTION and any(value.startswith(demo_keys.PREFIX) for value in _keys.values()):
    raise ImproperlyConfigured("A key of the demo (it begins with demo-) may not be used in production.")
if PRODUCTION and (_same := demo_keys.same(_keys)):
    raise ImproperlyConfigured(
        f"{' and '.join(_same)} are the same key. Make each key anew; docs/operations.md says how."
    )

SECRET_KEY = _keys["SECRET_KEY"]
ARMSLENGTH_KEYS = {
    "identifiers": _keys["IDENTIFIERS_KEY"],
    "sequence": _keys["SEQUENCE_KEY"],
    "audit": _keys["AUDIT_KEY"],
    "hashes": _keys["HASHES_KEY"],
}

PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "core",
    "audit",
    "accounts",
    "instruments",
    "trials",
    "review",
    "participants",
    "outcomes",
    "safety",
    "reminders",
    "randomization",
    "therapy",
    "exports",
    "web",
    "api",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the check of the form's token, which reads the body.
    "web.middleware.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.keeping.doors.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.NoStoreMiddleware",
    "web.refusals.RefusalMiddleware",
    "web.viewing.ViewingMiddleware",
    "web.keeping.showing.KeptEntriesMiddleware",
    "web.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "web.forms.Renderer"
TEMPLATES = [
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
                "web.context.house",
            ],
            # Every form says whose page it is, so that nothing typed is lost with a login that ran out.
            # And every date is written as its language does.
            "builtins": ["web.templatetags.typed_by", "web.templatetags.dates"],
        },
    }
]

if ARMSLENGTH_DEMO:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("demo.context.cast")  # type: ignore[index]

# --- Database: embedded by default, PostgreSQL by DATABASE_URL -------------------------------------------
_FILE = DEMO_DIR / "demo.sqlite3" if ARMSLENGTH_DEMO else VAR_DIR / "armslength.sqlite3"
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{_FILE}")}
DATABASE_WEB_ROLE = env.str("DATABASE_WEB_ROLE", default="armslength_web")
DATABASE_WEB_PASSWORD = env.str("DATABASE_WEB_PASSWORD", default="")
DATABASE_UNBLINDED_ROLE = env.str("DATABASE_UNBLINDED_ROLE", default="armslength_unblinded")
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # FULL: an allocation that was shown survives a power cut. IMMEDIATE: writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Keys are random, so inserts touch pages all over the file: 16 MB hold those of a trial, SQLite's own 2 do not.
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-16000;",
    }
else:
    # A transaction pooler may give each transaction another connection to the server: nothing of a session lasts.
    BEHIND_POOLER = env.bool("BEHIND_POOLER", default=False)
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = BEHIND_POOLER
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=0 if BEHIND_POOLER else 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache and tasks: one broker setting decides --------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": env.str("CACHE_DIR", default=str(VAR_DIR / "cache")),
            # Counts of failed logins live here: a few hundred strange names must not push them out.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
REDIS_PREFIX = env.str("REDIS_PREFIX", default="armslength:")
SWEEP_EVERY_SECONDS = env.float("SWEEP_EVERY_SECONDS", default=60)
CELERY_QUEUE_DIR = Path(env.str("CELERY_QUEUE_DIR", default=str(VAR_DIR / "queue")))

# --- Audit trail: where its ends are kept outside the database ---------------------------------------------
ANCHORS_DIR = Path(env.str("ARMSLENGTH_ANCHORS_DIR", default=str(DEMO_DIR / "anchors")))
ANCHORS_MAIL = env.str("ARMSLENGTH_ANCHORS_MAIL", default="")
# Where visitors find program and documentation, to verify a list by themselves.
SOURCE_URL = env.str("ARMSLENGTH_SOURCE_URL", default="")

# --- Accounts --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
# A clinic sits behind one address: limit by account, and by address only against floods.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/5m/key"}
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "web.keeping.doors.csrf_failure"

# --- Security headers ------------------------------------------------------------------------------------
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Limits by address count the visitor's, as the outermost of our own proxies names it (core/addresses.py); else one
# stranger's wrong passwords would hold up everybody.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if BEHIND_PROXY else 0)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
# A page may be big, never huge: a 10 MB paste is refused with a sentence (web.middleware, api.bodies). The pages that
# take allocation tables say themselves that they take more.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- Languages and times ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# --- Mail ------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Armslength <no-reply@localhost>")
if ARMSLENGTH_DEMO:
    EMAIL_BACKEND = "demo.outbox.OutboxBackend"
    EMAIL_FILE_PATH = str(DEMO_DIR / "outbox")
else:
    EMAIL_CONFIG = env.email("EMAIL_URL", default="smtp://localhost:25")
    vars().update(EMAIL_CONFIG)
    EMAIL_TIMEOUT = 20
    # Another backend than SMTP, such as one of django-anymail, with its own settings as JSON.
    if _backend := env.str("EMAIL_BACKEND", default=""):
        EMAIL_BACKEND = _backend
    ANYMAIL = env.json("ANYMAIL", default={})
MAIL_RECEIPTS = not ARMSLENGTH_DEMO and EMAIL_BACKEND.startswith("anymail.") and bool(ANYMAIL.get("WEBHOOK_SECRET"))
"""Whether a mail service may tell what became of messages; without a secret anybody could."""

# --- Text messages ----------------------------------------------------------------------------------------
SMS_SERVICES = {
    "46elks": "fortysixelks.Notify46Elks",
    "bulksms": "bulksms.NotifyBulkSMS",
    "burstsms": "burstsms.NotifyBurstSMS",
    "clicksend": "clicksend.NotifyClickSend",
    "d7sms": "d7networks.NotifyD7Networks",
    "httpsms": "httpsms.NotifyHttpSMS",
    "msgbird": "messagebird.NotifyMessageBird",
    "plivo": "plivo.NotifyPlivo",
    "seven": "seven.NotifySeven",
    "sinch": "sinch.NotifySinch",
    "smseagle": "smseagle.NotifySMSEagle",
    "smseagles": "smseagle.NotifySMSEagle",
    "sns": "sns.NotifySNS",
    "telnyx": "telnyx.NotifyTelnyx",
    "twilio": "twilio.NotifyTwilio",
    "voipms": "voipms.NotifyVoipms",
    "vonage": "vonage.NotifyVonage",
}
"""Of apprise's many services those that send text messages to a number; no other is even loaded."""
SMS_URL = env.str("SMS_URL", default="")
if SMS_URL and (SMS_URL.partition("://")[0] not in SMS_SERVICES or "{number}" not in SMS_URL):
    raise ImproperlyConfigured(
        f"SMS_URL must begin with one of {', '.join(SMS_SERVICES)} and hold {{number}} where the number belongs."
    )
# What is put before a number that was written without its country's.
SMS_COUNTRY_CODE = env.str("SMS_COUNTRY_CODE", default="1")
# Who takes text messages instead of a gateway, by dotted path; the demo keeps them beside its mail.
SMS_SINK = "demo.outbox.keep_text" if ARMSLENGTH_DEMO else ""

# --- The staff's mail of what is due ------------------------------------------------------------------------
STAFF_DIGEST_AT = env.str("STAFF_DIGEST_AT", default="07:00")
try:
    time.fromisoformat(STAFF_DIGEST_AT or "07:00")
except ValueError:
    raise ImproperlyConfigured("STAFF_DIGEST_AT is a time such as 07:00, or empty for no such mail.") from None

# --- API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.answer",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Armslength",
    "DESCRIPTION": "Trial data capture for rehabilitation trials.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Logs: to standard output; no request bodies, no secrets, no keys of links ------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.logs.KeylessFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    # Both write numbers, texts and the gateway's password.
    "loggers": {name: {"handlers": ["nowhere"], "propagate": False} for name in ("apprise", "urllib3")},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
