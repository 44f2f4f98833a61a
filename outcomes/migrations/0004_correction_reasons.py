"""Why a correction was asked for becomes a code: words of participants, who know their arm, leave the table."""

from django.db import migrations, models

CODES = [
    ("pressed_wrong", "Pressed the wrong answer"),
    ("misread", "Misread the question"),
    ("remembered", "Remembered better since"),
    ("other", "Another reason"),
]


def to_codes(apps, _schema_editor):
    """Words written before stay in the trail alone."""
    requests = apps.get_model("outcomes", "CorrectionRequest").objects
    requests.exclude(why__in=[code for code, _words in CODES]).update(why="other")


class Migration(migrations.Migration):

    dependencies = [
        ('outcomes', '0003_guesses'),
    ]

    operations = [
        migrations.RunPython(to_codes, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='correctionrequest',
            name='why',
            field=models.CharField(choices=CODES, max_length=16),
        ),
    ]
