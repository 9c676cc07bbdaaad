"""What every environment shares."""

from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from plugins.api.discovery import discover

from .environment import DATA, ROOT, env
from .policy import STRICT
from .scanner import read_scanner
from .static import ICONS_DIR as ICONS_DIR
from .static import PACKAGES
from .webhooks import read_webhooks

SITE_DIR = ROOT / "site"

# Labels of plugins that are switched off; a broken one can be taken out this way.
PLUGINS_DISABLED = env.list("PLUGINS_DISABLED", default=[])

INSTALLED_APPS = [
    *discover(disabled=PLUGINS_DISABLED),
    "workflows.inbox",
    "workflows.designer",
    "workflows.engine",
    "workflows.definitions",
    "workflows.steps",
    "workflows.dossiers",
    "home.setup",
    "home.help",
    "home.pages",
    "home.dashboard",
    "home.delegation",
    "home.meetings",
    "home.forms",
    "home.notifications",
    "home.worktime",
    "home.audit",
    "home.people",
    "home.office",
    "plugins.api",
    "wagtail.contrib.settings",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "home.people.wagtail_users.OfficeUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "home.base",  # after the admin, which sets its own page form when it starts
    "wagtail",
    "modelcluster",
    "taggit",
    "axes",
    "csp",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "viewflow",
    "viewflow.workflow",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "settings.static.OfficeStaticFilesConfig",
]

MIDDLEWARE = [
    "settings.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "settings.policy.OfficePolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "settings.policy.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "home.people.middleware.AuthenticationMiddleware",
    "home.people.middleware.RememberMiddleware",
    "home.people.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "home.people.middleware.LoginRequiredMiddleware",
    "home.setup.middleware.SetupMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "home.base.middleware.NulMiddleware",
    "home.base.middleware.BusyMiddleware",
    "home.base.admin_gate.AdminGateMiddleware",
    "workflows.designer.gate.ReportGateMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "settings.urls"
WSGI_APPLICATION = "settings.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ]
        },
    }
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "home.people.backends.OfficeBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "home.forms.expiry.csrf_failure"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [SITE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: After so many runs on one connection PostgreSQL keeps the plan of a statement that asks for it; None keeps none.
PREPARE_AFTER = 5 if env.bool("DATABASE_PREPARE", default=True) else None

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [SITE_DIR / "static", *PACKAGES]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"

# Uploaded files are served by the gate alone, never from MEDIA_URL.
PRIVATE_ROOT = DATA / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

WAGTAIL_PAGE_MODEL = "base.BasePage"
WAGTAIL_SITE_NAME = env.str("OFFICE_NAME", default="Công sở")
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_LOGIN_URL = "/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
#: A broken picture, or a file in which the scanner finds something, is refused with a reason.
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.base.file_forms.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "home.base.file_forms.DocumentForm"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- safety ---
CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}
# A form with full tables posts more names than Django expects; what is larger is refused before it is read.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
X_FRAME_OPTIONS = "DENY"  # Wagtail lifts it itself for the preview panel of its admin
SESSION_ENGINE = "home.people.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

PROXY_COUNT = env.int("PROXY_COUNT", default=0)
AXES_CLIENT_IP_CALLABLE = "settings.proxy.client_ip"
AXES_USERNAME_CALLABLE = "home.people.backends.login_name"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a whole office may share one address
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_PAUSE_MINUTES", default=15))
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else anybody could keep a colleague out for ever
AXES_LOCKOUT_TEMPLATE = "lockout.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# viewflow would append two middlewares of its own.
VIEWFLOW = {"AUTOREGISTER": False}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Systems that dossiers may call: those that the operator names, and no other.
# Uploads are scanned where a ClamAV daemon is named; when it does not answer, nothing is taken in.
CLAMAV_URL = read_scanner(env.str("CLAMAV_URL", default=""))
CLAMAV_TIMEOUT = env.int("CLAMAV_TIMEOUT", default=30)

WEBHOOKS = read_webhooks(env.str("WEBHOOKS", default=""))

# Fonts beside those of the system that papers may be set in.
PAPER_FONTS = DATA / "fonts"

# Profiles: folders of YAML. Demo logins get this password; empty means that nobody can log in with one.
PROFILE_DIRS = [SITE_DIR / "profiles"]
# The chapters of the help: a folder for each language, Markdown.
HELP_DIR = SITE_DIR / "help"
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="congso")
