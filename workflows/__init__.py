"""Dossiers and the flows that carry them."""
