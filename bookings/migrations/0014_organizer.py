"""The organizer of each meeting, as its calendar entries have named it so far: the host's address."""

from django.db import migrations, models

ORGANIZED_BY_HOSTS = """
    UPDATE bookings_booking SET organizer_email = host.email FROM eventtypes_host host WHERE host.id = host_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0013_mails_in_history'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='organizer_email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='organizer’s e-mail address'),
        ),
        migrations.RunSQL(ORGANIZED_BY_HOSTS, migrations.RunSQL.noop),
    ]
