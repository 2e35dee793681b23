"""A draft plan from somebody's document: what was found in it, where, and every hole."""
