"""Personal home page: panel registry and layout."""
