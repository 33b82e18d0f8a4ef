"""`python -m hagukumi.papers`: exit code 0 where this machine can print Japanese; `packages`: what that takes."""

from __future__ import annotations

import sys

from hagukumi.papers.printing import ready
from hagukumi.words.papers import PACKAGES

if sys.argv[1:] == ["packages"]:
    print(PACKAGES)
else:
    sys.exit(ready() is not None)
