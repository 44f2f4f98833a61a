"""A key is of one request: the participant and the revision that was sent.

Keys of before hold no revision; 0 is none that a participant ready to be randomized can have, so that such a key is
refused, not answered by guess.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('api', '0001_initial')]

    operations = [
        migrations.AddField(
            model_name='idempotencykey',
            name='seen',
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
    ]
