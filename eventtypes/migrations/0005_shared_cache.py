"""The table of the cache that all processes share: what accounts count for their limits."""

from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def create_table(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ('eventtypes', '0004_request_counts'),
    ]

    operations = [
        migrations.RunPython(create_table, migrations.RunPython.noop),
    ]
