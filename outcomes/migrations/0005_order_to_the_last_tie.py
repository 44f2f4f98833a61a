"""Default orders to the last tie: after an amendment two visits may have the same place."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0004_correction_reasons"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="form",
            options={"ordering": ("visit__order", "visit__number", "order", "pk")},
        ),
        migrations.AlterModelOptions(
            name="visit",
            options={"ordering": ("order", "number", "pk")},
        ),
    ]
