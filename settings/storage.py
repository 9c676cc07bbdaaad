"""Where files lie: below the data folder, or in a bucket that speaks S3."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from storages.backends.s3 import S3Storage

from .environment import env

FILES = "django.core.files.storage.FileSystemStorage"


class BucketStorage(S3Storage):
    """A private bucket whose files are served by us, so that one rule decides who may read what."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return our own address of the file, not the bucket's."""
        return f"{settings.MEDIA_URL}{quote(name)}"


def local(data: Path) -> dict[str, Any]:
    """Return the storages of a copy that keeps its files below its data folder."""
    return {
        "default": {"BACKEND": FILES},
        "private": {"BACKEND": FILES, "OPTIONS": {"location": data / "private", "base_url": None}},
    }


def from_environment(data: Path) -> dict[str, Any]:
    """Return the storages: the bucket named by S3_BUCKET where there is one, else the data folder."""
    bucket = env.str("S3_BUCKET", default="")
    if not bucket:
        return local(data)
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
        "region_name": env.str("S3_REGION", default=None),
        "access_key": env.str("S3_ACCESS_KEY", default=None),
        "secret_key": env.str("S3_SECRET_KEY", default=None),
        "addressing_style": env.str("S3_ADDRESSING_STYLE", default="path"),
        "default_acl": None,
        "file_overwrite": False,
    }
    backend = "settings.storage.BucketStorage"
    return {
        "default": {"BACKEND": backend, "OPTIONS": {**options, "location": "media"}},
        "private": {"BACKEND": backend, "OPTIONS": {**options, "location": "private"}},
    }
