"""Opening a new office: the wizard of the first run."""
