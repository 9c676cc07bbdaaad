"""The Step registry and the built-in step kinds."""
