"""Dossier types: validate, lint, publish, import and export."""
