"""The composition root: what is installed, and where everything comes from. Nobody imports it."""
