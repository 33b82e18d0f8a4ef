"""The language of the terminal we run in. Imports the standard library only."""

from __future__ import annotations

import os


def environment_lang() -> str:
    """ja or en by LC_ALL, LC_MESSAGES or LANG; Japanese where they say nothing."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if said.startswith("ja") or said.partition(".")[0] in ("", "C", "POSIX") else "en"
