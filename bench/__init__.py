"""Measurements: how much of the machine each page and act costs, against a trivial page of the same site."""
