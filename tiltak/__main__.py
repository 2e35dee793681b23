"""`python -m tiltak` is the same as `tiltak`."""

from tiltak.cli import main

main()
