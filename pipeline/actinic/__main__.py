"""`python -m actinic`."""

from actinic.cli import main

main()
