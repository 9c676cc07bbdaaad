"""Indexes that viewflow's tables lack for inboxes, deploy checks and timers; partial, so that they stay small."""

from django.db import migrations

INDEXES = {
    "engine_task_mine": "viewflow_task (owner_id, scheduled, created) "
    "WHERE status = 'ASSIGNED' AND flow_task_type = 'HUMAN'",
    "engine_task_pool": "viewflow_task (owner_permission, scheduled, created) "
    "WHERE status = 'NEW' AND flow_task_type = 'HUMAN'",
    "engine_task_open_node": "viewflow_task (flow_task) WHERE finished IS NULL",
    "engine_task_timer": "viewflow_task (scheduled) WHERE status = 'SCHEDULED'",
    "engine_process_flow": "viewflow_process (flow_class, status, created)",
}


class Migration(migrations.Migration):
    dependencies = [("engine", "0001_initial"), ("viewflow", "0015_task_scheduled")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {where}", f"DROP INDEX {name}")
        for name, where in INDEXES.items()
    ]
