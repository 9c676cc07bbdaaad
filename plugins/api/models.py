"""What the kernel remembers."""

from .profile_models import LoadedProfile

__all__ = ["LoadedProfile"]
