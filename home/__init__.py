"""A complete intranet without dossiers."""
