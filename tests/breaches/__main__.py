"""Prints every breach in the workspace of the folder given, or that there is none; 1 when there is one."""

import sys
from pathlib import Path

from tests.breaches import RULES, Book, find_breaches


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    book = Book(folder)
    found = find_breaches(folder)
    for breach in found:
        print(*breach, sep="\t")
    print(f"{len(book.sent)} letters, {len(RULES)} rules, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
