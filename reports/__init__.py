"""Documents: plan files in and out, tables of a year, and the one-year report."""
