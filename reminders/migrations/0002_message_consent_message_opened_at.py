import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial"), ("reminders", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="participants.consent",
            ),
        ),
        migrations.AddField(
            model_name="message", name="opened_at", field=models.DateTimeField(null=True)
        ),
    ]
