"""The built-in field kinds."""
