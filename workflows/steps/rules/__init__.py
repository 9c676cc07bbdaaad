"""The built-in assignment rules."""
