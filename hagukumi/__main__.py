"""python -m hagukumi is the command line."""

from hagukumi.cli import main

main()
