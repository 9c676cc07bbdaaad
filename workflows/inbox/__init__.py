"""Task lists, task page, dossier page."""
