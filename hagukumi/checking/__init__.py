"""Checks everything a workspace contains as one compiler would. Opens no database. Start with run.py."""

from hagukumi.checking.found import Checked
from hagukumi.checking.run import check_files, check_letters, check_workspace

__all__ = ["Checked", "check_files", "check_letters", "check_workspace"]
