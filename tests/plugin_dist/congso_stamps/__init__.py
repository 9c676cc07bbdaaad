"""The register of stamps (con dấu): a sample plugin that uses every extension point."""
