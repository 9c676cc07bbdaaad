"""The bell, e-mail; channel registry; personal preferences."""
