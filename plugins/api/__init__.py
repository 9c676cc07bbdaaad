"""All that a plugin may build on: `PluginConfig`, `Registry`, discovery, profiles, enabled state."""
