"""The settings: one file, read from the environment. README.md lists the variables."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config.data_folder import data_folder
from config.pooled_connections import check_connection, try_again
from eventtypes.rates import Rate

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
DATA_DIR = data_folder()

SECRET_KEY = env.str("SECRET_KEY", default="only-for-debugging" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text (`make run` makes one by itself).")

# --- Where the site is -------------------------------------------------------------------------------------------

SITE_ORIGIN = urlsplit(SITE_URL)
if SITE_ORIGIN.scheme not in ("http", "https") or not SITE_ORIGIN.hostname or SITE_ORIGIN[2:] != ("", "", ""):
    raise ImproperlyConfigured(f"SITE_URL must be like https://book.example.org, without a path, not {SITE_URL!r}.")
IS_HTTPS = SITE_ORIGIN.scheme == "https"
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [SITE_ORIGIN.hostname, *(host.strip() for host in env.list("ALLOWED_HOSTS", default=[]))]
if SITE_ORIGIN.hostname in ("localhost", "127.0.0.1", "::1"):
    ALLOWED_HOSTS += LOOPBACK_HOSTS
CSRF_TRUSTED_ORIGINS = [f"{SITE_ORIGIN.scheme}://{SITE_ORIGIN.netloc}"]

# The number of reverse proxies in front of the site whose X-Forwarded-* headers are believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Limits: how often one address may book, be booked for, and be signed up. Blank is no limit --------------------


def rate(name: str, default: str) -> Rate | None:
    """Return the limit that the variable sets, such as 60/10m."""
    text = env.str(name, default=default).strip()
    try:
        return Rate.parse(text) if text else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


BOOKINGS_PER_ADDRESS = rate("BOOKINGS_PER_ADDRESS", "60/10m")
BOOKINGS_PER_EMAIL = rate("BOOKINGS_PER_EMAIL", "20/1h")
SIGN_UPS_PER_EMAIL = rate("SIGN_UPS_PER_EMAIL", "5/1h")
LINKS_SENT_PER_HOST = rate("LINKS_SENT_PER_HOST", "200/1d")

# --- Privacy: after how many days what is known of the invitees of past bookings is erased. Blank is never ----------


def days(name: str) -> int | None:
    """Return the number of days that the variable sets, if it does."""
    text = env.str(name, default="").strip()
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_DAYS):
        raise ImproperlyConfigured(f"{name} must be a number of days from 1 to {MAX_DAYS}, or blank, not {text!r}.")
    return int(text) if text else None


# A hundred years: long enough for everybody, and far enough from the beginning of the calendar.
MAX_DAYS = 36_500
BOOKINGS_KEPT_DAYS = days("BOOKINGS_KEPT_DAYS")

# What accounts count (django-allauth) is counted in the database, for all processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Nobody shall make room by filling it.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}

# --- Parts -------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.SiteConfig",
    "bookings",
    "privatelinks",
    "eventtypes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    # Above what answers by itself: redirects to HTTPS and static files have these headers too.
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.redirects.traceless_redirects",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "config.renderers.FormRenderer"

# --- Database ----------------------------------------------------------------------------------------------------

# Without DATABASE_URL, manage.py, wsgi and the tests start the embedded server and set it before this is read.
DATABASES: dict[str, dict[str, Any]] = {"default": env.db("DATABASE_URL", default="postgresql://localhost/sidedoor")}
# There is a connection for each thread, so one waits only while the database is away: not long, to say so on a page
# soon. After that, the pool tries anew with the next request; left to itself it waits longer after each try.
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 1,
    "max_size": 8,
    "timeout": 3,
    "reconnect_timeout": 3,
    "check": check_connection,
    "reconnect_failed": try_again,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The database itself blanks a booking's link and event type when they go, and deletes a link's history. Django would
# rather have that for all foreign keys or for none: what the database deletes, Python's cascades do not see. Nothing
# hangs on what it deletes here.
# And what HTTPS means for the site's subdomains is said by HSTS_SUBDOMAINS.
SILENCED_SYSTEM_CHECKS = ["fields.E323", "models.E050", "security.W005", "security.W021"]

# --- Accounts ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "eventtypes.Host"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "event_types"
LOGOUT_REDIRECT_URL = "account_login"

SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=True)
ACCOUNT_ADAPTER = "eventtypes.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "eventtypes.forms.signup.SignupFields"
ACCOUNT_FORMS = {
    "login": "eventtypes.forms.accounts.LoginForm",
    "signup": "eventtypes.forms.accounts.SignupForm",
    "add_email": "eventtypes.forms.accounts.AddEmailForm",
    "change_password": "eventtypes.forms.accounts.ChangePasswordForm",
    "set_password": "eventtypes.forms.accounts.SetPasswordForm",
    "reset_password": "eventtypes.forms.accounts.ResetPasswordForm",
    "reset_password_from_key": "eventtypes.forms.accounts.ResetPasswordKeyForm",
    "reauthenticate": "eventtypes.forms.accounts.ReauthenticateForm",
}
ACCOUNT_SIGNUP_REDIRECT_URL = "event_type_create"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_ORIGIN.scheme
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_ADAPTER = "eventtypes.accounts.MFAAdapter"
MFA_FORMS = {
    "authenticate": "eventtypes.forms.accounts.AuthenticateForm",
    "reauthenticate": "eventtypes.forms.accounts.ReauthenticateWithCodeForm",
    "activate_totp": "eventtypes.forms.accounts.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Sidedoor"

# --- Mail and jobs -----------------------------------------------------------------------------------------------


def mailer(email_url: dict[str, Any]) -> dict[str, Any]:
    """Return the entry of MAILERS for what django-environ reads from EMAIL_URL."""
    backend = email_url["EMAIL_BACKEND"]
    if backend.endswith("filebased.EmailBackend"):
        return {"BACKEND": backend, "OPTIONS": {"file_path": email_url["EMAIL_FILE_PATH"] or str(DATA_DIR / "mail")}}
    if not backend.endswith("smtp.EmailBackend"):
        return {"BACKEND": backend}
    options = {
        "host": email_url["EMAIL_HOST"],
        "port": email_url["EMAIL_PORT"] or 25,
        "username": email_url["EMAIL_HOST_USER"] or "",
        "password": email_url["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": email_url.get("EMAIL_USE_TLS", False),
        "use_ssl": email_url.get("EMAIL_USE_SSL", False),
        "timeout": 20,
    }
    return {"BACKEND": backend, "OPTIONS": options}


MAILERS = {"default": mailer(env.email_url("EMAIL_URL", default="filemail://"))}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Sidedoor <sidedoor@{SITE_ORIGIN.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

PROCRASTINATE_IMPORT_PATHS = ["eventtypes.periodic", "privatelinks.periodic", "bookings.periodic"]

# --- Language, time, static files --------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
# Hashed and compressed once they are collected; before that (tests, a single command) straight from the sources.
COLLECTING = {"collectstatic", "prepare"}
STATIC_FILES_ARE_COLLECTED = not COLLECTING.isdisjoint(sys.argv) or (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "staticfiles": {
        "BACKEND": "config.static_files.StaticFilesStorage"
        if STATIC_FILES_ARE_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not STATIC_FILES_ARE_COLLECTED
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Security ----------------------------------------------------------------------------------------------------

# The Advanced tab sends some twenty fields for each of its sixty rows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
# What a page of ours never asks a browser for, no script shall be able to. (Copying a link is no reading.)
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "bluetooth": [],
    "browsing-topics": [],
    "camera": [],
    "clipboard-read": [],
    "display-capture": [],
    "encrypted-media": [],
    "geolocation": [],
    "gyroscope": [],
    "hid": [],
    "idle-detection": [],
    "local-fonts": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "publickey-credentials-create": [],
    "publickey-credentials-get": [],
    "screen-wake-lock": [],
    "serial": [],
    "sync-xhr": [],
    "usb": [],
    "window-management": [],
    "xr-spatial-tracking": [],
}
SECURE_SSL_REDIRECT = IS_HTTPS
# Load balancers ask from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
# What else runs below the site's domain is for its operator to say.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=False)
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
# No script of ours reads the token from its cookie: each form carries one.
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "strict-origin"
X_FRAME_OPTIONS = "DENY"

# --- Logs: hashes of links never reach them (config/redaction.py) -------------------------------------------------

DEFAULT_EXCEPTION_REPORTER = "config.redaction.RedactingExceptionReporter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "redacting": {
            "()": "config.redaction.RedactingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "redacting"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # In the place of the handlers that Django gives these two, which print and mail what is not redacted.
    "loggers": {
        "django": {"handlers": []},
        "django.server": {"handlers": ["console"], "propagate": False},
        # It tells of every job; what fails is still told.
        "procrastinate": {"level": "WARNING"},
    },
}
