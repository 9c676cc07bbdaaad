"""What nobody comes back for is deleted by the clock."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from home.forms.api import StoredFile
from home.forms.models import Stash
from plugins.api.api import jobs
from tests.factories.forms import StoredFileFactory


@pytest.mark.django_db
def test_the_scheduler_deletes_drafts_and_kept_posts_after_a_week(lan):
    StoredFileFactory(uploaded_by=lan)
    Stash.objects.create(user=lan, path="/a/", data={})
    job = jobs.get("forms.purge")
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        job.run()
        assert StoredFile.objects.count() == Stash.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        job.run()
        job.run()
    assert not StoredFile.objects.exists() and not Stash.objects.exists()
