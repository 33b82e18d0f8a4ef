"""A wrong mail went out: stopped, sorted out, apologised for. Start with `withdrawing.withdraw` and `book.read`."""
