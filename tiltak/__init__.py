"""The composition root: settings, wiring, scheduler, command line, demo."""
