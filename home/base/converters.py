"""Parts of addresses that several rooms use."""

from django.urls.converters import IntConverter


class KeyConverter(IntConverter):
    """A key that a database can hold; a longer number is no address."""

    regex = "[0-9]{1,18}"
