"""The editor with which a department builds a dossier type: drafts, what they mean, and their publication."""
