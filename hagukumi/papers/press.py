"""The press for paper: what is printed for accounts and letters by post."""

from __future__ import annotations

from hagukumi.papers.printing import pdf

__all__ = ["pdf"]
