import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.ids
import participants.encrypted


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0001_initial"),
        ("trials", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ScreeningDraft",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("group", models.CharField(blank=True, max_length=40)),
                ("token", models.CharField(max_length=64)),
                ("typed", participants.encrypted.SealedField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                (
                    "participant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screening_drafts",
                        to="participants.participant",
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="trials.trial"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["saved_at"], name="screening_draft_age")],
                "constraints": [models.UniqueConstraint(fields=("user", "token"), name="one_screening_draft")],
            },
        ),
    ]
