"""The pool of one role in the order of its list, to the last column: a page is read, not sorted."""

from django.db import migrations

_WHERE = "WHERE status = 'NEW' AND flow_task_type = 'HUMAN'"


class Migration(migrations.Migration):
    dependencies = [("engine", "0003_timers_and_drafts")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX engine_task_claim ON viewflow_task (owner_permission, scheduled, created, id) {_WHERE}",
            "DROP INDEX engine_task_claim",
        ),
        migrations.RunSQL(
            "DROP INDEX engine_task_pool",
            f"CREATE INDEX engine_task_pool ON viewflow_task (owner_permission, scheduled, created) {_WHERE}",
        ),
    ]
