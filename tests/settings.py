"""Settings of the tests: test keys, cheap passwords, mail in memory; the database is DATABASE_URL's or embedded."""

import base64
import os
import tempfile

for _name in (
    "SECRET_KEY",
    "ARMSLENGTH_IDENTIFIERS_KEY",
    "ARMSLENGTH_SEQUENCE_KEY",
    "ARMSLENGTH_AUDIT_KEY",
    "ARMSLENGTH_HASHES_KEY",
):
    os.environ.setdefault(_name, base64.urlsafe_b64encode(_name.encode().ljust(32, b".")[:32]).decode())
os.environ["ARMSLENGTH_DEMO"] = "0"
os.environ["ARMSLENGTH_PRODUCTION"] = "0"
os.environ.setdefault("CACHE_DIR", tempfile.mkdtemp(prefix="armslength-cache-"))
os.environ.setdefault("CELERY_QUEUE_DIR", tempfile.mkdtemp(prefix="armslength-queue-"))

from config.settings import *  # noqa: E402, F403 -- the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
