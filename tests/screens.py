"""Which tests draw screens: `make test` runs them on SQLite, `make test-all` on both databases (docs/adr/0017).

A module stands here when all that it asks of the database are plain look-ups through the ORM, by way of doors whose
own tests run on both databases. Whatever has SQL of its own, prepared queries, questions to JSON, dates, search,
locks, transactions that commit, or hostile input, may not stand here.
"""

from __future__ import annotations

SCREENS = (
    "tests/home/base/test_layout.py",
    "tests/home/delegation/test_admin.py",
    "tests/home/delegation/test_away_page.py",
    "tests/home/help/",
    "tests/home/notifications/test_pages.py",
    "tests/home/office/",
    "tests/home/pages/test_calling_blocks.py",
    "tests/home/pages/test_form_page.py",
    "tests/home/pages/test_form_page_admin.py",
    "tests/home/pages/test_form_rules.py",
    "tests/home/pages/test_living_blocks.py",
    "tests/home/pages/test_meetings_panel.py",
    "tests/home/pages/test_moderation.py",
    "tests/home/pages/test_preview_as.py",
    "tests/home/pages/test_shared_blocks.py",
    "tests/home/people/test_admin.py",
    "tests/home/people/test_import_admin.py",
    "tests/home/worktime/test_admin.py",
    "tests/plugins/test_addons.py",
    "tests/workflows/definitions/test_paper_admin.py",
    "tests/workflows/designer/test_admin.py",
    "tests/workflows/designer/test_bpmn.py",
    "tests/workflows/designer/test_findings.py",
    "tests/workflows/designer/test_reading.py",
    "tests/workflows/designer/test_samples.py",
    "tests/workflows/designer/test_sketch.py",
    "tests/workflows/designer/test_tryout.py",
    "tests/workflows/inbox/test_enclosed_files.py",
    "tests/workflows/inbox/test_field_kinds.py",
    "tests/workflows/inbox/test_file_versions.py",
    "tests/workflows/inbox/test_typed_answers.py",
    "tests/workflows/inbox/test_why_due.py",
    "tests/workflows/inbox/test_words_of_acts.py",
)


def is_screen(node: str) -> bool:
    """Say whether the test with this name stands in one of these modules."""
    return node.startswith(SCREENS)
