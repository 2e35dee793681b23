"""What each command of `tiltak` does, a file for each kind of errand."""
