"""Small workspaces, and a served one, as in tests/shell and tests/web."""

from tests.shell.conftest import workshop
from tests.web.conftest import site

__all__ = ["site", "workshop"]
