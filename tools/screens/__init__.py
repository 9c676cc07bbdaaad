"""Which screens the documentation shows: one module for each part of the office, each with a list `SCREENS`."""
