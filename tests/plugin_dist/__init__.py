"""A plugin as a distribution of its own; `congso_stamps` is only imported once it is installed."""
