"""A small workspace on either database whose letters leave by a real mail server on this machine."""

from tests.shell.conftest import workshop

__all__ = ["workshop"]
