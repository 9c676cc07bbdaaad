"""Dossier, dossier types and their frozen versions, attachments, register numbers, the access gate."""
