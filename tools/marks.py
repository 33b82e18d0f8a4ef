"""Pages whose parts are written by a tool stand between marks: `<!-- name -->` and `<!-- /name -->`. See `between`."""

from __future__ import annotations


def between(page: str, name: str, text: str) -> str:
    """The page with this text between the marks of that name. Raises ValueError where they are missing."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"no {begin.strip()} … {end.strip()} in the page")
    return f"{before}{begin}\n{text}\n{end}{after}"
