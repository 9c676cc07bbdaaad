"""Everything that an office may add; `plugins.api` is what a plugin builds on."""
