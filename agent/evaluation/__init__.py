"""Matches, leagues, odds and explanations, with their statistics and reports."""

AGAINST = ("random", "landlord", "fp-a,fp-b,fp-c")  # whom an evaluation plays where nobody is named
