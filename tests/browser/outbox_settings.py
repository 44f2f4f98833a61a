"""Settings of a test whose post lies in the demo's outbox, and is read on its page."""

import os

from tests.settings import *  # noqa: F403

EMAIL_BACKEND = "demo.outbox.OutboxBackend"
EMAIL_FILE_PATH = os.environ["OUTBOX_DIR"]
ROOT_URLCONF = "tests.browser.outbox_urls"
