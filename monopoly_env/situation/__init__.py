"""A position written by hand, checked against the rules."""
