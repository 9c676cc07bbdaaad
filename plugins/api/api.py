"""The front door of the plugin kernel."""

from .registry import Registry, UnknownCodeError

__all__ = ["Registry", "UnknownCodeError"]
