"""What reports over years stand on: steps and dossiers by the moment at which they ended; partial, as most pages need."""

from django.db import migrations

INDEXES = {
    "engine_task_finished": "viewflow_task (finished) WHERE status = 'DONE' AND flow_task_type = 'HUMAN'",
    "dossier_closed": "dossiers_dossier (closed_at) WHERE closed_at IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [("engine", "0007_timers_of_dossiers"), ("dossiers", "0007_follow_and_remarks")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {where}", f"DROP INDEX {name}")
        for name, where in INDEXES.items()
    ]
