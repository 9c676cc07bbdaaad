"""Departments, positions and people from an Excel or CSV file: checked row by row, stored all or nothing."""

from .applying import Result, run
from .problems import FileRefusedError, Problem
from .template import template
from .upload import UploadForm, summary_of

__all__ = ["FileRefusedError", "Problem", "Result", "UploadForm", "run", "summary_of", "template"]
