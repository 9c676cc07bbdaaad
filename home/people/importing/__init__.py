"""Departments, positions and people from an Excel or CSV file: checked row by row, stored all or nothing."""

from .applying import Result, run
from .problems import FileRefusedError, Problem
from .template import template

__all__ = ["FileRefusedError", "Problem", "Result", "run", "template"]
