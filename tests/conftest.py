"""What every test gets."""

from tests.pristine import pristine_database

__all__ = ["pristine_database"]
