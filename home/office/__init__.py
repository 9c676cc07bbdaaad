"""What this office is called and how it looks."""
