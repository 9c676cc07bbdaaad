"""Wagtail page types and blocks: home, news, notice, standard page, form page, people, search."""
